package eval

import (
	"bytes"
	"context"
	"fmt"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"clearwell/internal/clean"
	"clearwell/internal/fault"
	"clearwell/internal/parse"
)

// ParseSet is a manifest: JSON lines {file, format?, expect?, snippets?, must_not?, reference_text?}, files relative
// to it. expect is text (the default), empty, needs_ocr, needs_password, error, or text_or_error.
type ParseSet struct{ Manifest string }

// ParseReport is what became of the files, as the index would get them: parsed and cleaned.
type ParseReport struct {
	Files       int          `json:"files"`
	AsExpected  int          `json:"as_expected"`
	Unsupported int          `json:"unsupported"` // formats that are refused by a clear error, which is as expected, too
	Snippets    int          `json:"snippets"`
	Found       int          `json:"snippets_found"`
	Results     []FileReport `json:"results"`
	Run         Run          `json:"run"`
}

// FileReport is what became of one file.
type FileReport struct {
	File       string   `json:"file"`
	Format     string   `json:"format"`
	Expect     string   `json:"expect"`
	AsExpected bool     `json:"as_expected"`
	Because    string   `json:"because,omitempty"` // it is not as expected
	Code       string   `json:"code,omitempty"`    // of the refusal
	Message    string   `json:"message,omitempty"`
	Snippets   int      `json:"snippets"`
	Missing    []string `json:"missing"`
	Forbidden  []string `json:"forbidden"` // what must not be there and is
	// Similarity to the reference text, 2·LCS ÷ (length a + length b) in characters; nil without one.
	Similarity *float64 `json:"similarity,omitempty"`
	Seconds    float64  `json:"seconds"`
}

type manifestEntry struct {
	File      string   `json:"file"`
	Format    string   `json:"format"`
	Expect    string   `json:"expect"`
	Snippets  []string `json:"snippets"`
	MustNot   []string `json:"must_not"`
	Reference string   `json:"reference_text"`
}

var parseMetrics = []Metric{{Name: "as expected"}, {Name: "snippets"}, {Name: "similarity"}, {Name: "seconds", LowerIsBetter: true}}

// slowFile is how long a file may take.
const slowFile = 10 * time.Second

func (set ParseSet) path(file string) string {
	return filepath.Join(filepath.Dir(set.Manifest), filepath.FromSlash(file))
}

// Fingerprint is the SHA-256 of the manifest and all files that it names.
func (set ParseSet) Fingerprint() (string, error) {
	entries, err := readLines[manifestEntry](set.Manifest)
	if err != nil {
		return "", err
	}
	files := []string{set.Manifest}
	for _, e := range entries {
		files = append(files, set.path(e.File))
		if e.Reference != "" {
			files = append(files, set.path(e.Reference))
		}
	}
	return fingerprint(files)
}

// Parse reads every file of the manifest.
func Parse(ctx context.Context, set ParseSet, settings Settings) (ParseReport, error) {
	hash, err := set.Fingerprint()
	if err != nil {
		return ParseReport{}, err
	}
	entries, err := readLines[manifestEntry](set.Manifest)
	if err != nil {
		return ParseReport{}, err
	}
	report := ParseReport{Files: len(entries)}
	var outcomes []Outcome
	for _, e := range entries {
		result, err := set.try(ctx, e)
		if err != nil {
			return ParseReport{}, err
		}
		report.AsExpected += int(one(result.AsExpected))
		report.Unsupported += int(one(result.Code == Unsupported))
		report.Snippets += result.Snippets
		report.Found += result.Snippets - len(result.Missing)
		report.Results = append(report.Results, result)
		outcomes = append(outcomes, result.outcome())
	}
	report.Run = newRun(OfParse, hash, settings, parseMetrics, outcomes)
	return report, nil
}

func (set ParseSet) try(ctx context.Context, e manifestEntry) (FileReport, error) {
	body, err := os.ReadFile(set.path(e.File))
	if err != nil {
		return FileReport{}, fmt.Errorf("read a file of the manifest: %w", err)
	}
	out := FileReport{File: e.File, Format: e.Format, Expect: e.Expect, Snippets: len(e.Snippets), Missing: []string{}, Forbidden: []string{}}
	if out.Expect == "" {
		out.Expect = "text"
	}
	if out.Format == "" {
		out.Format = strings.TrimPrefix(filepath.Ext(e.File), ".")
	}
	started := time.Now()
	doc, failure := parse.File(ctx, parse.Source{Name: filepath.Base(e.File), Body: bytes.NewReader(body), Size: int64(len(body))}, parse.Limits{})
	if ctx.Err() != nil {
		return out, ctx.Err()
	}
	text := ""
	if failure == nil {
		text = collapsed(clean.Apply(doc).Text())
	} else {
		out.Code, out.Message = fault.CodeOf(failure), fault.MessageOf(failure)
	}
	out.Seconds = time.Since(started).Seconds()
	out.compare(e, text)
	if e.Reference != "" {
		reference, err := os.ReadFile(set.path(e.Reference))
		if err != nil {
			return out, fmt.Errorf("read a reference text: %w", err)
		}
		similarity := similarityOf(collapsed(string(reference)), text)
		out.Similarity = &similarity
	}
	out.Because = out.complaint()
	out.AsExpected = out.Because == ""
	return out, nil
}

func (out *FileReport) compare(e manifestEntry, text string) {
	for _, snippet := range e.Snippets {
		if !strings.Contains(text, collapsed(snippet)) {
			out.Missing = append(out.Missing, snippet)
		}
	}
	for _, forbidden := range e.MustNot {
		if strings.Contains(text, collapsed(forbidden)) {
			out.Forbidden = append(out.Forbidden, forbidden)
		}
	}
}

// Unsupported is the code by which a format that isn't read is refused.
const Unsupported = "unsupported_media_type"

// refusals are the codes that an expectation allows.
var refusals = map[string][]string{
	"needs_ocr": {"needs_ocr"}, "needs_password": {"password_protected"}, "empty": {"no_text", "empty_file"},
}

// complaint says in what the file is not as the manifest expects; "" if it is.
func (out *FileReport) complaint() string {
	switch {
	case out.Code == "internal":
		return "the error has no code"
	case len(out.Forbidden) > 0:
		return "it holds what it must not"
	case out.Seconds > slowFile.Seconds():
		return fmt.Sprintf("it took more than %v", slowFile)
	case out.Code == Unsupported || out.Expect == "text_or_error":
		return ""
	case out.Expect == "text" && out.Code != "":
		return "its text was expected"
	case out.Expect == "error" && out.Code == "":
		return "an error was expected"
	case refusals[out.Expect] != nil && !slices.Contains(refusals[out.Expect], out.Code):
		return "a refusal with " + strings.Join(refusals[out.Expect], " or ") + " was expected"
	}
	return ""
}

func (out *FileReport) outcome() Outcome {
	values := map[string]float64{"as expected": one(out.AsExpected), "seconds": out.Seconds}
	if out.Snippets > 0 && out.Code != Unsupported {
		values["snippets"] = float64(out.Snippets-len(out.Missing)) / float64(out.Snippets)
	}
	if out.Similarity != nil {
		values["similarity"] = *out.Similarity
	}
	return Outcome{Part: "files", Type: out.Format, ID: out.File, Values: values}
}

// collapsed is the form in which texts are compared: NFKC, no soft hyphens, white space as one space.
func collapsed(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(norm.NFKC.String(text), "\u00AD", "")), " ")
}

// similarityOf is 2·LCS ÷ (length a + length b), on characters, with 64 columns of the table in a word
// (M. Crochemore et al., "A fast and practical bit-vector algorithm for the longest common subsequence problem", 2001).
func similarityOf(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x)+len(y) == 0 {
		return 1
	}
	size := (len(x) + 63) / 64
	places := make(map[rune][]uint64)
	for i, r := range x {
		if places[r] == nil {
			places[r] = make([]uint64, size)
		}
		places[r][i/64] |= 1 << (i % 64)
	}
	row := slices.Repeat([]uint64{^uint64(0)}, size)
	for _, r := range y {
		match, carry := places[r], uint64(0)
		if match == nil {
			continue
		}
		for w := range row {
			common := row[w] & match[w]
			var sum uint64
			sum, carry = bits.Add64(row[w], common, carry)
			row[w] = sum | (row[w] &^ match[w])
		}
	}
	length := 0
	for i := range x {
		if row[i/64]&(1<<(i%64)) == 0 {
			length++
		}
	}
	return 2 * float64(length) / float64(len(x)+len(y))
}
