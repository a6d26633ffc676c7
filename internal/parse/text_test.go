package parse_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/parse"
)

func TestTextIsReadInItsEncoding(t *testing.T) {
	t.Parallel()
	utf16 := func(s string, isBig bool) string {
		var out strings.Builder
		for _, r := range s {
			if isBig {
				out.Write([]byte{byte(r >> 8), byte(r)})
			} else {
				out.Write([]byte{byte(r), byte(r >> 8)})
			}
		}
		return out.String()
	}
	for _, tt := range []struct{ what, content, want string }{
		{"UTF-8 with mark and CRLF", "\xEF\xBB\xBFFrist:\r\n30 Tage", "Frist:\n30 Tage"},
		{"UTF-16 little-endian", "\xFF\xFE" + utf16("Größe 5 €", false), "Größe 5 €"},
		{"UTF-16 big-endian", "\xFE\xFF" + utf16("Größe 5 €", true), "Größe 5 €"},
		{"UTF-16 without a mark", utf16("twenty days of leave", false), "twenty days of leave"},
		{"UTF-32", "\xFF\xFE\x00\x00G\x00\x00\x00\xFC\x00\x00\x00", "Gü"},
		{"Windows-1252", "Gr\xF6\xDFe 5 \x80, don\x92t", "Größe 5 €, don’t"},
		{"Shift-JIS", "\x96\xBC\x91\x4F\x82\xCD\x8D\xB2\x93\xA1\x82\xC5\x82\xB7", "名前は佐藤です"},
		{"damaged UTF-8", "Größe, Fläche, Länge, Höhe \xFF mm", "Größe, Fläche, Länge, Höhe \uFFFD mm"},
		{"NUL and other controls", "twenty\x00 \x01days of leave in each year", "twenty days of leave in each year"},
		{"decomposed letters", "Gro\u0308\u00DFe", "Größe"},
	} {
		doc, err := parseBytes(t, "a.txt", []byte(tt.content))
		if err != nil || doc.Text() != tt.want {
			t.Errorf("%s: %q, %v, want %q", tt.what, doc.Text(), err, tt.want)
		}
	}
}

func TestTextIsPartedIntoBlocks(t *testing.T) {
	t.Parallel()
	doc, err := parseBytes(t, "a.txt", []byte(`Vacation Policy
===============

SCOPE AND PURPOSE

All employees,
in every office. Call (415) 555-0199.

Steps:
1. Ask.
   Then wait.
2) Enter it.
  - online
(a) or on paper
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"h1 Vacation Policy", "h2 SCOPE AND PURPOSE", "p All employees,\nin every office. Call (415) 555-0199.",
		"p Steps:", "l1 1. Ask.\nThen wait.", "l1 2) Enter it.", "l2 - online", "l1 (a) or on paper",
	}
	if diff := cmp.Diff(want, sketch(doc)); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
	if doc.Title != "Vacation Policy" {
		t.Errorf("title %q", doc.Title)
	}
}

func TestOneWordOfAMegabyteIsOneBlock(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a.txt", "a.html"} {
		doc, err := parseBytes(t, name, []byte(strings.Repeat("w", 1<<20)+" end"))
		if err != nil || len(doc.Blocks) != 1 || !strings.HasSuffix(doc.Text(), "w end") {
			t.Errorf("%s: %d blocks, %v", name, len(doc.Blocks), err)
		}
	}
	checkBlocks(t, "none", parse.Document{Blocks: []parse.Block{{Kind: parse.Paragraph, Text: "x"}}})
}
