package eval

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseComparesFilesWithTheirManifest(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"manifest.jsonl": `{"file": "docs/a.md", "snippets": ["Hello  world", "missing words"], "must_not": ["**"], "reference_text": "a.txt"}
{"file": "docs/b.md", "expect": "text", "must_not": ["Hello"]}
{"file": "docs/empty.md", "expect": "empty"}
{"file": "docs/empty.md", "expect": "text"}
{"file": "docs/a.md", "format": "note", "expect": "error"}
{"file": "docs/a.md", "expect": "needs_ocr"}
{"file": "docs/bytes.bin", "expect": "text"}
{"file": "docs/bytes.bin", "expect": "text_or_error"}`,
		"docs/a.md":      "# Greeting\n\n**Hello**\nworld\n",
		"docs/b.md":      "Hello again\n",
		"docs/empty.md":  "",
		"docs/bytes.bin": "\x00\x01\x02\xff\xfe\x00\x9c",
		"a.txt":          "Greeting Hello world",
	})
	report, err := Parse(t.Context(), ParseSet{Manifest: filepath.Join(dir, "manifest.jsonl")}, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	type result struct{ Because, Code string }
	var got []result
	for _, f := range report.Results {
		got = append(got, result{f.Because, f.Code})
	}
	want := []result{{}, {"it holds what it must not", ""}, {"", "empty_file"}, {"its text was expected", "empty_file"},
		{"an error was expected", ""}, {"a refusal with needs_ocr was expected", ""}, {"", "unsupported_media_type"}, {"", "unsupported_media_type"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if f := report.Results[0]; !cmp.Equal(f.Missing, []string{"missing words"}) || f.Similarity == nil || *f.Similarity != 1 || f.Format != "md" {
		t.Errorf("one snippet is missing and the rest like the reference, got %+v", f)
	}
	if report.AsExpected != 4 || report.Unsupported != 2 || report.Snippets != 2 || report.Found != 1 {
		t.Errorf("want 4 of 8 as expected, 2 of them unsupported, got %+v", report)
	}
}

func TestSimilarityCountsTheLongestCommonSubsequence(t *testing.T) {
	t.Parallel()
	long := ""
	for range 40 {
		long += "abcdefg "
	}
	for _, c := range []struct {
		a, b string
		want float64
	}{{"", "", 1}, {"a", "", 0}, {"kitten", "sitting", 8. / 13}, {long, long, 1}, {long, long[1:], 638. / 639}, {"ÄÖÜ", "ÄÜ", .8}} {
		if got := similarityOf(c.a, c.b); got != c.want {
			t.Errorf("%.20q and %.20q: want %f, got %f", c.a, c.b, c.want, got)
		}
	}
}
