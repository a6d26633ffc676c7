package parse_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"clearwell/internal/fault"
	"clearwell/internal/parse"
)

// parserDocs is a collection of real and malformed files beside the repository; its README describes the scoring.
const parserDocs = "../../../shared/data/parser-docs"

type sample struct {
	File          string   `json:"file"`
	Format        string   `json:"format"`
	Expect        string   `json:"expect"`
	Snippets      []string `json:"snippets"`
	MustNot       []string `json:"must_not"`
	ReferenceText string   `json:"reference_text"`
}

// supportedFormats are those of the collection that File reads.
var supportedFormats = []string{"md", "txt", "html", "docx", "pdf"}

// minRecall is what each format reached when it was last worked on; a fall below it is a regression. The snippets that
// are not found run across cells of a table, which File parts by " | ", or leave out the tab behind a number.
var minRecall = map[string]float64{"md": 1, "txt": 1, "html": 1, "docx": 0.97, "pdf": 0.97}

func TestRealFilesGiveTheirTextOrATypedError(t *testing.T) {
	t.Parallel()
	samples := readSamples(t)
	recall := map[string][]float64{}
	var similarities []float64
	slowest, slowestFile := time.Duration(0), ""
	for _, s := range samples {
		start := time.Now()
		doc, err := parsePath(t, filepath.Join(parserDocs, s.File))
		if took := time.Since(start); took > slowest {
			slowest, slowestFile = took, s.File
		}
		checkOutcome(t, s, doc, err)
		if err == nil {
			checkBlocks(t, s.File, doc)
		}
		if len(s.Snippets) > 0 && slices.Contains(supportedFormats, s.Format) {
			recall[s.Format] = append(recall[s.Format], snippetRecall(t, s, doc))
		}
		if s.ReferenceText != "" {
			want, readErr := os.ReadFile(filepath.Join(parserDocs, s.ReferenceText))
			if readErr != nil {
				t.Fatal(readErr)
			}
			similarity := similarityOf(collapsed(string(want)), collapsed(doc.Text()))
			t.Logf("%s: character similarity %.3f", s.File, similarity)
			similarities = append(similarities, similarity)
		}
	}
	for _, format := range slices.Sorted(maps.Keys(recall)) {
		got := mean(recall[format])
		t.Logf("snippet recall %s: %.3f over %d files", format, got, len(recall[format]))
		if got < minRecall[format] {
			t.Errorf("snippet recall of %s is %.3f, want at least %.3f", format, got, minRecall[format])
		}
	}
	t.Logf("mean character similarity to the references: %.3f; slowest file: %s, %v", mean(similarities), slowestFile, slowest)
}

// checkOutcome holds each file to the collection's expectation. A format that is not read passes with its code.
func checkOutcome(t *testing.T, s sample, doc parse.Document, err error) {
	t.Helper()
	code := fault.CodeOf(err)
	if err != nil && code == "internal" {
		t.Errorf("%s: error without a code: %v", s.File, err)
	}
	if err != nil && !slices.Contains(supportedFormats, s.Format) {
		return
	}
	switch s.Expect {
	case "text":
		if err != nil {
			t.Errorf("%s: %v", s.File, err)
		}
	case "needs_ocr":
		if code != "needs_ocr" {
			t.Errorf("%s: %v, want needs_ocr", s.File, err)
		}
	case "needs_password":
		if code != "password_protected" {
			t.Errorf("%s: %v, want password_protected", s.File, err)
		}
	case "error":
		if err == nil {
			t.Errorf("%s: no error, but %d blocks", s.File, len(doc.Blocks))
		}
	case "empty":
		if code != "no_text" && code != "empty_file" {
			t.Errorf("%s: %v, want no_text", s.File, err)
		}
	}
}

func snippetRecall(t *testing.T, s sample, doc parse.Document) float64 {
	t.Helper()
	text := collapsed(doc.Text())
	found := 0
	for _, snippet := range s.Snippets {
		if strings.Contains(text, collapsed(snippet)) {
			found++
			continue
		}
		t.Logf("%s: not found: %q", s.File, snippet)
	}
	for _, forbidden := range s.MustNot {
		if strings.Contains(text, forbidden) {
			t.Errorf("%s: holds %q", s.File, forbidden)
		}
	}
	return float64(found) / float64(len(s.Snippets))
}

func readSamples(t *testing.T) []sample {
	t.Helper()
	manifest, err := os.ReadFile(filepath.Join(parserDocs, "manifest.jsonl"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the collection of real files is not beside this repository: real formats stay unchecked here")
	}
	if err != nil {
		t.Fatal(err)
	}
	var samples []sample
	lines := bufio.NewScanner(bytes.NewReader(manifest))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var s sample
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		samples = append(samples, s)
	}
	return samples
}

func parsePath(t *testing.T, path string) (parse.Document, error) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return parseBytes(t, filepath.Base(path), raw)
}

func parseBytes(t testing.TB, name string, raw []byte) (parse.Document, error) {
	t.Helper()
	return parse.File(t.Context(), parse.Source{Name: name, Body: bytes.NewReader(raw), Size: int64(len(raw))}, parse.Limits{})
}

// collapsed is the form in which texts are compared: NFKC, no soft hyphens, white space as one space.
func collapsed(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(norm.NFKC.String(s), "\u00AD", "")), " ")
}

// similarityOf is 2·LCS ÷ (len a + len b), on characters.
func similarityOf(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x)+len(y) == 0 {
		return 1
	}
	previous, row := make([]int, len(y)+1), make([]int, len(y)+1)
	for i := range x {
		for j := range y {
			if x[i] == y[j] {
				row[j+1] = previous[j] + 1
			} else {
				row[j+1] = max(previous[j+1], row[j])
			}
		}
		previous, row = row, previous
	}
	return 2 * float64(previous[len(y)]) / float64(len(x)+len(y))
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(max(1, len(values)))
}
