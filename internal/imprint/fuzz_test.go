package imprint_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"clearwell/internal/analysis"
	"clearwell/internal/imprint"
	"clearwell/internal/parse"
)

// FuzzRead: no text panics, and what is found keeps the promises of Facts.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"Effective date: 1 March 2024", "Gültig vom 1.1. bis 31.12.2026", "Effective date:\n0226-01-01", "tritt am 1. Januar 2026 in Kraft und am 2.2.2027 außer Kraft",
		"Version | Date | Change\n1 | 2024-01-01 | x\n2 | 03/04/2025 | y", "Effective date |\n|", "This policy (effective \xff 2026", "valid until the end of 2026 and", "1er", "Effective: 9999999-99-99",
		"“This policy is effective 1 March 2024", strings.Repeat("effective ", 300) + "1 March 2024", "en vigueur du 1 au 3 mars 2024", "Version: v", "Effective 1 ", "Supersedes: 2020. ",
	} {
		f.Add(seed, "effective_from", "en-US")
	}
	f.Fuzz(func(t *testing.T, text, key, locale string) {
		doc := parse.Document{Title: text, MediaType: "application/pdf", Properties: map[string]string{key: text, "modified": text}}
		for _, part := range strings.Split(text, "\n\n") {
			for _, kind := range []parse.BlockKind{parse.Heading, parse.Paragraph, parse.ListItem, parse.Table, parse.Code} {
				doc.Blocks = append(doc.Blocks, parse.Block{Kind: kind, Text: part})
			}
		}
		facts := imprint.Read(doc, analysis.Language("en"), imprint.Locale(locale))
		check := func(d *imprint.Date) {
			if d != nil && (d.At.Year() < 1899 || d.At.Year() > 9999 || d.Source == "" || !isQuote(d.Quote)) {
				t.Errorf("date %+v", *d)
			}
		}
		check(facts.From)
		check(facts.Until)
		if u := facts.Unclear; u != nil && (!isQuote(u.Quote) || u.Field == "effective_from" && facts.From != nil || u.Field == "effective_until" && facts.Until != nil) {
			t.Errorf("unclear %+v with from %v, until %v", *u, facts.From, facts.Until)
		}
	})
}

func isQuote(quote string) bool {
	return quote != "" && !strings.Contains(quote, "\n") && utf8.ValidString(quote) && utf8.RuneCountInString(quote) <= 200
}

// A text of 20 MiB costs as much as its beginning, its end and its sections about validity.
func TestReadLooksAtABoundedPartOfLongTexts(t *testing.T) { // not parallel: it counts allocations
	doc := page(t, inHead("Draft."))
	long := strings.Repeat("On 3 March 2024 this policy was effective for all 300 employees. ", 200)
	for range 1500 {
		doc.Blocks = append(doc.Blocks, parse.Block{Kind: parse.Heading, Level: 2, Text: "Effective date"}, parse.Block{Kind: parse.Paragraph, Text: long})
	}
	doc.Blocks = append(doc.Blocks, parse.Block{Kind: parse.Paragraph, Text: "Valid from 1 January 2026"})
	allocations := testing.AllocsPerRun(1, func() {
		if from, _ := dates(imprint.Read(doc, english, "")); from != "2026-01-01" {
			t.Errorf("from %q", from)
		}
	})
	if allocations > 1e6 {
		t.Errorf("%v allocations", allocations)
	}
}

func BenchmarkRead(b *testing.B) {
	doc := page(b, strings.Repeat("## Costs of 2024\n\n"+body+"\n\nIn 2024 and 2025 this policy was effective for 300 employees and on 3 March 2024 it applied to all staff.\n\n", 400))
	for b.Loop() {
		imprint.Read(doc, english, "")
	}
}
