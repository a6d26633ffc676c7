package parse_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"clearwell/internal/parse"
)

// checkBlocks holds a document to what Block promises.
func checkBlocks(t testing.TB, name string, doc parse.Document) {
	t.Helper()
	if len(doc.Blocks) == 0 {
		t.Errorf("%s: no error and no blocks", name)
	}
	for i, b := range doc.Blocks {
		checkText(t, name, b.Text)
		if strings.TrimSpace(b.Text) == "" {
			t.Errorf("%s: block %d is empty", name, i)
		}
		isLevelRight := b.Level == 0
		switch b.Kind {
		case parse.Heading:
			isLevelRight = b.Level >= 1 && b.Level <= 6
		case parse.ListItem:
			isLevelRight = b.Level >= 1
		}
		if !isLevelRight {
			t.Errorf("%s: block %d is a %s of level %d", name, i, b.Kind, b.Level)
		}
		if b.Page < 0 || b.Page > doc.Pages && doc.Pages > 0 {
			t.Errorf("%s: block %d is on page %d of %d", name, i, b.Page, doc.Pages)
		}
	}
	checkText(t, name, doc.Title)
	for key, value := range doc.Properties {
		checkText(t, name, key+value)
	}
}

func checkText(t testing.TB, name, text string) {
	t.Helper()
	if !utf8.ValidString(text) || !norm.NFC.IsNormalString(text) {
		t.Errorf("%s: text is not UTF-8 in NFC: %.60q", name, text)
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); i >= 0 {
		t.Errorf("%s: control character in the text: %.60q", name, text[i:])
	}
}

// sketch writes blocks as short lines: kind, level and text.
func sketch(doc parse.Document) []string {
	lines := make([]string, len(doc.Blocks))
	for i, b := range doc.Blocks {
		kind := map[parse.BlockKind]string{parse.Heading: "h", parse.Paragraph: "p", parse.ListItem: "l", parse.Table: "t", parse.Code: "c"}[b.Kind]
		if b.Level > 0 {
			kind += string(rune('0' + b.Level))
		}
		lines[i] = kind + " " + b.Text
	}
	return lines
}
