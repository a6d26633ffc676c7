package parsetest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/parse"
	"clearwell/internal/parse/parsetest"
)

// policies is a collection of real policies beside the repository.
const policies = "../../../../shared/data/versioned-policies/files"

var sampleBlocks = []parse.Block{
	{Kind: parse.Heading, Level: 1, Text: "Travel & expenses <draft>"},
	{Kind: parse.Paragraph, Text: "1. Not a list: *stars*, under_scores, `ticks`, {{ braces }} & §§ – 20 € [sic]."},
	{Kind: parse.Heading, Level: 2, Text: "Limits"},
	{Kind: parse.ListItem, Level: 1, Text: "- Meals"},
	{Kind: parse.ListItem, Level: 2, Text: "- Dinner 30"},
	{Kind: parse.ListItem, Level: 2, Text: "- Lunch 15"},
	{Kind: parse.ListItem, Level: 1, Text: "- Hotels"},
	{Kind: parse.Paragraph, Text: "Steps to take, in this order:"},
	{Kind: parse.ListItem, Level: 1, Text: "3. Ask"},
	{Kind: parse.ListItem, Level: 1, Text: "4. Go"},
	{Kind: parse.Paragraph, Text: "What it costs:"},
	{Kind: parse.Table, Text: "Place | Limit\nBerlin | 120 EUR\nParis | 150 EUR"},
}

func TestWrittenFilesAreReadBackBlockByBlock(t *testing.T) {
	t.Parallel()
	for _, format := range []parsetest.Format{parsetest.Markdown, parsetest.HTML, parsetest.DOCX} {
		doc := read(t, format, sampleBlocks, parsetest.Options{Title: "Travel"})
		if diff := cmp.Diff(sampleBlocks, doc.Blocks); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
	}
}

func TestPDFKeepsWordsAndHeadings(t *testing.T) {
	t.Parallel()
	doc := read(t, parsetest.PDF, sampleBlocks, parsetest.Options{Title: "Travel"})
	if got, want := plain(doc.Text()), plain(parse.Document{Blocks: sampleBlocks}.Text()); got != want {
		t.Errorf("letters and digits:\n got %s\nwant %s", got, want)
	}
	if first := doc.Blocks[0]; first.Kind != parse.Heading || first.Page != 1 {
		t.Errorf("the first block is %+v, want a heading on page 1", first)
	}
}

func TestFilesSayWhatTheOptionsSay(t *testing.T) {
	t.Parallel()
	modified := time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)
	o := parsetest.Options{Title: "Travel", Properties: map[string]string{"document_id": "HR-7"}, Modified: modified}
	for _, format := range parsetest.Formats {
		doc := read(t, format, sampleBlocks, o)
		if doc.Title != "Travel" {
			t.Errorf("%s: the title is %q", format, doc.Title)
		}
		if got := doc.Properties["document_id"]; got != "HR-7" && format != parsetest.PDF {
			t.Errorf("%s: document_id is %q; properties: %v", format, got, doc.Properties)
		}
		isOffice := format == parsetest.DOCX || format == parsetest.PDF
		if got := doc.Properties["modified"] + doc.Properties["mod_date"]; isOffice && !strings.Contains(strings.ReplaceAll(got, "-", ""), "20240301") {
			t.Errorf("%s: modified is %q; properties: %v", format, got, doc.Properties)
		}
	}
}

func TestTheSameTextGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	for _, format := range parsetest.Formats {
		a, b := parsetest.Write(format, sampleBlocks, parsetest.Options{}), parsetest.Write(format, sampleBlocks, parsetest.Options{})
		if !bytes.Equal(a, b) {
			t.Errorf("%s: two files of one text differ", format)
		}
	}
}

// Real policies with nested lists, tables, code and odd characters: what comes back has the letters and digits
// that went in. In a PDF long cells of a table stand beside each other line by line.
func TestRealTextsComeBack(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(policies, "*", "v1_*.md"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("the collection of real policies is not beside this repository")
	}
	equal, total := map[parsetest.Format]int{}, 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source, err := parse.File(t.Context(), parse.Source{Name: file, Body: bytes.NewReader(raw), Size: int64(len(raw))}, parse.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		want := plain(source.Text())
		total++
		for _, format := range parsetest.Formats {
			doc := read(t, format, source.Blocks, parsetest.Options{})
			got := plain(doc.Text())
			if got == want {
				equal[format]++
				continue
			}
			t.Logf("%s as %s: %.3f of the words", filepath.Base(filepath.Dir(file)), format, wordsOf(source.Text(), doc.Text()))
		}
	}
	for _, format := range parsetest.Formats {
		t.Logf("%s: letters and digits equal in %d of %d", format, equal[format], total)
	}
	for format, want := range map[parsetest.Format]float64{parsetest.Markdown: 0.95, parsetest.HTML: 0.95, parsetest.DOCX: 0.95, parsetest.PDF: 0.9} {
		if share := float64(equal[format]) / float64(total); share < want {
			t.Errorf("%s: %.2f of the texts came back letter by letter, want %.2f", format, share, want)
		}
	}
}

func read(t *testing.T, format parsetest.Format, blocks []parse.Block, o parsetest.Options) parse.Document {
	t.Helper()
	raw := parsetest.Write(format, blocks, o)
	doc, err := parse.File(t.Context(), parse.Source{Name: "x." + string(format), Body: bytes.NewReader(raw), Size: int64(len(raw))}, parse.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return doc
}

// plain is letters and digits alone.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// wordsOf is the share of the words of both texts that both have.
func wordsOf(a, b string) float64 {
	count := map[string]int{}
	for _, w := range strings.Fields(a) {
		count[w]++
	}
	both, all := 0, len(strings.Fields(a))+len(strings.Fields(b))
	for _, w := range strings.Fields(b) {
		if count[w] > 0 {
			count[w]--
			both += 2
		}
	}
	return float64(both) / float64(max(all, 1))
}
