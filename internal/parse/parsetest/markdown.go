package parsetest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"clearwell/internal/parse"
)

func writeMarkdown(blocks []parse.Block, o Options) []byte {
	var out strings.Builder
	if o.Title != "" || len(o.Properties) > 0 {
		out.WriteString("---\n")
		if o.Title != "" {
			fmt.Fprintf(&out, "title: %q\n", o.Title)
		}
		for _, key := range slices.Sorted(maps.Keys(o.Properties)) {
			fmt.Fprintf(&out, "%s: %q\n", key, o.Properties[key])
		}
		out.WriteString("---\n\n")
	}
	var indents []int // columns at which the text of open list items begins
	for _, b := range blocks {
		if b.Kind != parse.ListItem {
			indents = nil
		}
		switch b.Kind {
		case parse.Heading:
			out.WriteString(strings.Repeat("#", min(max(b.Level, 1), 6)) + " " + escaped(oneLine(b.Text)))
		case parse.ListItem:
			it := itemOf(b)
			indents = indents[:min(len(indents), it.level-1)]
			column := 0
			if len(indents) > 0 {
				column = indents[len(indents)-1]
			}
			marker := "- "
			if it.isOrdered {
				marker = fmt.Sprintf("%d. ", it.number)
			}
			indents = append(indents, column+len(marker))
			out.WriteString(strings.Repeat(" ", column) + marker + escaped(oneLine(it.text)))
		case parse.Table:
			markdownTable(&out, rows(b))
		case parse.Code:
			out.WriteString("~~~~\n" + b.Text + "\n~~~~")
		default:
			out.WriteString(escaped(oneLine(b.Text)))
		}
		out.WriteString("\n\n")
	}
	return []byte(out.String())
}

func markdownTable(out *strings.Builder, table [][]string) {
	for i, cells := range table {
		for _, cell := range cells {
			out.WriteString("| " + escaped(oneLine(cell)) + " ")
		}
		out.WriteString("|")
		if i == 0 {
			out.WriteString("\n" + strings.Repeat("| --- ", len(cells)) + "|")
		}
		if i+1 < len(table) {
			out.WriteString("\n")
		}
	}
}

var (
	markup    = regexp.MustCompile("[\\\\`*_\\[\\]<>#|~&{}$^:]")
	lineStart = regexp.MustCompile(`^(?:([-+=])|(\d+)([.)]))`)
)

// escaped is text of which nothing is taken for markup.
func escaped(text string) string {
	text = markup.ReplaceAllString(text, `\$0`)
	return lineStart.ReplaceAllStringFunc(text, func(s string) string {
		return s[:len(s)-1] + `\` + s[len(s)-1:]
	})
}

// oneLine keeps words apart and lines together.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
