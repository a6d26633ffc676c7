package clean_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/clean"
	"clearwell/internal/parse"
)

func para(text string) parse.Block { return parse.Block{Kind: parse.Paragraph, Text: text} }

func onPage(page int, texts ...string) []parse.Block {
	blocks := make([]parse.Block, len(texts))
	for i, text := range texts {
		blocks[i] = parse.Block{Kind: parse.Paragraph, Text: text, Page: page}
	}
	return blocks
}

// apply cleans blocks and insists on the promise that a second time changes nothing.
func apply(t *testing.T, pages int, blocks ...parse.Block) []parse.Block {
	t.Helper()
	once := clean.Apply(parse.Document{Blocks: blocks, Pages: pages})
	if diff := cmp.Diff(once, clean.Apply(once)); diff != "" {
		t.Errorf("a second time changes (-once +twice):\n%s", diff)
	}
	return once.Blocks
}

func textsOf(blocks []parse.Block) []string {
	texts := []string{}
	for _, b := range blocks {
		texts = append(texts, b.Text)
	}
	return texts
}

func TestApplyRepairsText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want string }{
		"line breaks become spaces":                {"Employees have\n25 days\r\nof vacation.", "Employees have 25 days of vacation."},
		"white space collapses":                    {"  a\u00a0\u2003b\t c ", "a b c"},
		"a broken word is whole again":             {"the vaca-\ntion policy", "the vacation policy"},
		"two broken words in a row":                {"inter-\nnational vaca-\ntion", "international vacation"},
		"with the Unicode hyphen too":              {"the vaca\u2010\ntion policy", "the vacation policy"},
		"a soft hyphen at a line's end":            {"the vaca\u00ad\ntion policy", "the vacation policy"},
		"a soft hyphen inside a line":              {"vaca\u00adtion", "vacation"},
		"a compound keeps its hyphen":              {"full-\ntime work", "full-time work"},
		"a compound seen elsewhere keeps it":       {"carry-over days; the carry-\nover ends", "carry-over days; the carry-over ends"},
		"a third part keeps its hyphen":            {"mother-in-\nlaw", "mother-in-law"},
		"a code keeps its hyphen":                  {"see VPN-\n4721 and A-\nB", "see VPN-4721 and A-B"},
		"a number keeps its hyphen":                {"a 24-\nmonth term, 2024-\n2026", "a 24-month term, 2024-2026"},
		"a part left out keeps hyphen and space":   {"Urlaubs-\nund Krankheitstage", "Urlaubs- und Krankheitstage"},
		"a dash is no hyphen":                      {"one -\ntwo", "one - two"},
		"Chinese lines join without a space":       {"年假二十\n五天", "年假二十五天"},
		"zero-width and bidi characters go":        {"pa\u200bss\u2060word\ufeff \u202eabc\u202c", "password abc"},
		"hidden tag characters go":                 {"hello\U000E0049\U000E0067\U000E006E", "hello"},
		"Persian keeps its non-joiner":             {"می\u200cخواهم", "می\u200cخواهم"},
		"a family stays a family":                  {"👨\u200d👩", "👨\u200d👩"},
		"control characters go":                    {"a\x00b\x1bc\x7fd", "abcd"},
		"characters are composed":                  {"Cafe\u0301", "Café"},
		"ligatures are spelled out":                {"o\ufb03ce \ufb01le", "office file"},
		"mojibake is undone":                       {"fÃ¼r MÃ¤rz â€“ 5 â‚¬", "für März – 5 €"},
		"mojibake as Latin-1 too":                  {"f\u00c3\u00bcr \u00e2\u0080\u0093 x", "für – x"},
		"mojibake of mojibake too":                 {"fÃƒÂ¼r", "für"},
		"Cyrillic mojibake is undone":              {"Ð\u009fÑ€Ð¸Ð²ÐµÑ‚", "Привет"},
		"a capital before a quote is no mojibake":  {"au CAFÉ» rouge", "au CAFÉ» rouge"},
		"right text beside wrong stays as it is":   {"für fÃ¼r", "für fÃ¼r"},
		"a real Ã stays":                           {"NÃO e MAÇÃ", "NÃO e MAÇÃ"},
		"invalid UTF-8 is marked":                  {"a\xffb", "a\ufffdb"},
		"a leader goes, the price stays":           {"Coffee ........ 3.50 €", "Coffee 3.50 €"},
		"a leader of spaced dots goes":             {"Scope . . . . . . 4", "Scope 4"},
		"an ellipsis stays":                        {"Wait... what? Well… 5", "Wait... what? Well… 5"},
		"lines with bullets in a paragraph remain": {"Bring:\n• a pen\n• two\nsheets", "Bring:\n• a pen\n• two sheets"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff([]string{test.want}, textsOf(apply(t, 0, para(test.in)))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestApplyKeepsTheFormOfEachKind(t *testing.T) {
	t.Parallel()
	got := apply(t, 0,
		parse.Block{Kind: parse.Heading, Level: 1, Text: "Annual\nleave"},
		parse.Block{Kind: parse.Table, Text: "Years |  Days\n\n1 | 25 \n5\u00a0 | 28"},
		parse.Block{Kind: parse.Code, Text: "\nif x:\n\treturn  1  \n"},
		parse.Block{Kind: parse.ListItem, Level: 2, Text: "•  first\nitem"},
		parse.Block{Kind: parse.ListItem, Level: 1, Text: "2. second"},
		parse.Block{Kind: parse.ListItem, Level: 1, Text: "\uf0b7third"},
		para("● fourth"),
	)
	want := []parse.Block{
		{Kind: parse.Heading, Level: 1, Text: "Annual leave"},
		{Kind: parse.Table, Text: "Years | Days\n1 | 25\n5 | 28"},
		{Kind: parse.Code, Text: "if x:\n\treturn  1"},
		{Kind: parse.ListItem, Level: 2, Text: "- first item"},
		{Kind: parse.ListItem, Level: 1, Text: "2. second"},
		{Kind: parse.ListItem, Level: 1, Text: "- third"},
		{Kind: parse.ListItem, Level: 1, Text: "- fourth"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestApplyDropsEmptyAndRepeatedBlocks(t *testing.T) {
	t.Parallel()
	got := apply(t, 0, para(" \u200b"), para("* * *"), para("one"), para("———"), para("one "), para("two"), para("one"),
		parse.Block{Kind: parse.ListItem, Text: "•"})
	if diff := cmp.Diff([]string{"one", "two", "one"}, textsOf(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestApplyDropsEntriesOfTheTableOfContents(t *testing.T) {
	t.Parallel()
	got := apply(t, 0, para("1 Scope ........ 3\n2 Days off ...... 12\nBudget ........ 400"),
		parse.Block{Kind: parse.Heading, Level: 1, Text: "1. Scope"}, para("All of us."),
		parse.Block{Kind: parse.Heading, Level: 1, Text: "2. Days off"}, para("Many."))
	if diff := cmp.Diff([]string{"Budget 400", "1. Scope", "All of us.", "2. Days off", "Many."}, textsOf(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestApplyDropsHeadersAndFooters(t *testing.T) {
	t.Parallel()
	subjects := []string{"Apples", "Pears", "Plums", "Figs"}
	var blocks []parse.Block
	for i, subject := range subjects {
		blocks = append(blocks, onPage(i+1,
			"Orchard Ltd", "Fruit policy\n2026",
			subject+" are picked by 12 people.", "They are stored for "+subject+".",
			"Internal use only", fmt.Sprintf("Page %d of 4", i+1))...)
	}
	var want []string
	for _, subject := range subjects {
		want = append(want, subject+" are picked by 12 people.", "They are stored for "+subject+".")
	}
	if diff := cmp.Diff(want, textsOf(apply(t, 4, blocks...))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestApplyKnowsPageNumbers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		footer string // %d is the page, counted from offset
		offset int
		isGone bool
	}{
		"bare":                       {"%d", 1, true},
		"between dashes":             {"- %d -", 1, true},
		"counted from elsewhere":     {"%d", 17, true},
		"with the title":             {"Orchard Handbook %d", 1, true},
		"German":                     {"Seite %d von 12", 1, true},
		"Chinese":                    {"第 %d 页", 1, true},
		"behind other words":         {"Orchard Ltd · p. %d", 5, true},
		"a step is text":             {"Step %d", 1, false},
		"a number inside a sentence": {"The team of %d people picks.", 1, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var blocks []parse.Block
			for page := 1; page <= 4; page++ {
				subject := strings.Repeat("abcd"[page-1:page], 5)
				blocks = append(blocks, onPage(page, "On "+subject+".", "More on "+subject+".", "Last on "+subject+".",
					fmt.Sprintf(test.footer, test.offset+page-1))...)
			}
			want := len(blocks)
			if test.isGone {
				want -= 4
			}
			if got := apply(t, 4, blocks...); len(got) != want {
				t.Errorf("%d blocks left, want %d: %q", len(got), want, textsOf(got))
			}
		})
	}
}

func TestApplyKeepsWhatOnlyLooksLikeFurniture(t *testing.T) {
	t.Parallel()
	tests := map[string][]parse.Block{
		"without pages":       {para("Orchard"), para("a"), para("Orchard"), para("b"), para("Orchard"), para("c")},
		"in a page's middle":  append(onPage(1, "A1.", "A2.", "Note well.", "A3.", "A4."), onPage(2, "B1.", "B2.", "Note well.", "B3.", "B4.")...),
		"a sentence":          onPage(3, "See page 3"),
		"numbers that differ": append(onPage(1, "The limit is 40 euros"), onPage(2, "The limit is 60 euros")...),
		"numbered headings": {
			{Kind: parse.Heading, Text: "Lesson plan 1", Page: 1}, {Kind: parse.Heading, Text: "Lesson plan 2", Page: 2},
			{Kind: parse.Heading, Text: "Lesson plan 3", Page: 3},
		},
	}
	for name, blocks := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(textsOf(blocks), textsOf(apply(t, 0, blocks...))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestApplyKeepsAHeadingThatTheRunningTitleRepeats(t *testing.T) {
	t.Parallel()
	var blocks []parse.Block
	for page := 1; page <= 3; page++ {
		kind := parse.Paragraph
		if page == 1 {
			kind = parse.Heading
		}
		blocks = append(blocks, parse.Block{Kind: kind, Text: "Fruit policy", Page: page})
		blocks = append(blocks, onPage(page, strings.Repeat("x", page)+" first.", strings.Repeat("y", page)+" last.")...)
	}
	got := textsOf(apply(t, 3, blocks...))
	if diff := cmp.Diff([]string{"Fruit policy", "x first.", "y last.", "xx first.", "yy last.", "xxx first.", "yyy last."}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestApplyJoinsAParagraphOverAPageBreak(t *testing.T) {
	t.Parallel()
	blocks := append(onPage(1, "Intro.", "Staff may carry over vaca-", "Footer"), onPage(2, "tion until March.", "the end", "Footer")...)
	want := []parse.Block{
		{Kind: parse.Paragraph, Text: "Intro.", Page: 1},
		{Kind: parse.Paragraph, Text: "Staff may carry over vacation until March.", Page: 1},
		{Kind: parse.Paragraph, Text: "the end", Page: 2},
	}
	if diff := cmp.Diff(want, apply(t, 2, blocks...)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestApplyLeavesItsArgumentAlone(t *testing.T) {
	t.Parallel()
	blocks := onPage(1, "a\nb", "* * *", "c")
	before := append([]parse.Block(nil), blocks...)
	clean.Apply(parse.Document{Title: "A\nB", Blocks: blocks})
	if diff := cmp.Diff(before, blocks); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}
