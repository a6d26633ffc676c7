package inference

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTokenizerJSONGivesTheReferencesTokens(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/tiny.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden map[string][]goldenTokens
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	for folder, lines := range golden {
		tokens, err := readTokenizer(filepath.Join("testdata", folder, "tokenizer.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			content := tokens.encode(nil, tidy(line.Text))
			if diff := cmp.Diff(line.IDs, tokens.wrap(content)); diff != "" {
				t.Errorf("%s: tokens of %q (-want +got):\n%s", folder, line.Text, diff)
			}
			if count := tokens.count(tidy(line.Text)); count != len(content) {
				t.Errorf("%s: count of %q = %d, want %d", folder, line.Text, count, len(content))
			}
		}
	}
}

func TestNormalizersOfTokenizerJSON(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]string{
		`{"type":"NFKC"}`:         "fine ÄÖ é",
		`{"type":"NFC"}`:          "ﬁne ÄÖ é",
		`{"type":"Lowercase"}`:    "ﬁne äö é",
		`{"type":"Strip"}`:        "ﬁne ÄÖ é",
		`{"type":"StripAccents"}`: "ﬁne ÄÖ é",
		`{"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"StripAccents"},{"type":"Lowercase"}]}`: "ﬁne ao e",
		`{"type":"Replace","pattern":{"String":"ﬁ"},"content":"FI"}`:                                      "FIne ÄÖ é",
		`{"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}`:                                    "ﬁne ÄÖ é",
	} {
		var parsed normalizerSpec
		if err := json.Unmarshal([]byte(spec), &parsed); err != nil {
			t.Fatal(err)
		}
		normal, err := parsed.build()
		if err != nil {
			t.Errorf("%s: %v", spec, err)
			continue
		}
		if got := string(normal.normalize(nil, "ﬁne ÄÖ é")); got != want {
			t.Errorf("%s makes %q, want %q", spec, got, want)
		}
	}
}

func TestDamagedCharsmapIsRefused(t *testing.T) {
	t.Parallel()
	for _, encoded := range []string{"!", "", "AAAA", "/////w=="} {
		if _, err := parseCharsmap(encoded); err == nil {
			t.Errorf("character map %q was read", encoded)
		}
	}
}

func TestBERTWordsAreCutAtPunctuation(t *testing.T) {
	t.Parallel()
	w := &wordPiece{pieces: map[string]int64{"a": 1, "##b": 2, "-": 3, "c": 4}, highest: 4, continuation: "##", longestWord: 5}
	for text, want := range map[string][]int64{
		"ab-c":     {1, 2, 3, 4},
		"--":       {3, 3},
		"abbbbbbb": {0}, // longer than a word may be
		"abx c":    {0, 4},
		"":         {},
	} {
		if diff := cmp.Diff(want, w.encode([]int64{}, text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func FuzzCharsmap(f *testing.F) {
	f.Add([]byte("\x08\x00\x00\x00\x00\x04\x00\x00\x41\x00\x00\x00a\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		units := make([]uint32, len(data)/4)
		for i := range units {
			units[i] = uint32(data[4*i]) | uint32(data[4*i+1])<<8 | uint32(data[4*i+2])<<16 | uint32(data[4*i+3])<<24
		}
		for _, key := range []string{"a", "é", "世", "🎉"} {
			if at, found := dartsValue(units, key); found && at < 0 {
				t.Errorf("value %d", at)
			}
		}
	})
}
