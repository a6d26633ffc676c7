package clean

import (
	"regexp"
	"strings"

	"clearwell/internal/parse"
)

// leader matches a line of a table of contents or a price list: label, a row of dots, what it leads to.
var leader = regexp.MustCompile(`^(.*?[^\s.·…])\s*(?:[.·…]{4,}|…{2,}|(?:[.·…]\s+){3,}[.·…]?)\s*([^\s.·…]\S{0,11}(?:\s\S{1,6})?)$`)

var (
	pageReference = regexp.MustCompile(`^(?:\d{1,4}|[ivxlcIVXLC]{1,7})$`)
	numbering     = regexp.MustCompile(`^(?:\d+(?:\.\d+)*\.?|[A-Z]\.|§ ?\d+)\s+`)
)

// contents holds the labels of a document's headings, by which an entry of its table of contents is known.
type contents struct{ headings map[string]struct{} }

func findContents(blocks []parse.Block) contents {
	c := contents{headings: map[string]struct{}{}}
	for _, b := range blocks {
		if b.Kind == parse.Heading && !leader.MatchString(b.Text) {
			c.headings[label(b.Text)] = struct{}{}
		}
	}
	return c
}

// strip takes dot leaders out of a block's lines. A line that leads from one of the document's headings to a
// page number goes as a whole; any other keeps its words and its number.
func (c contents) strip(b parse.Block) string {
	if b.Kind == parse.Code || !hasLeader(b.Text) {
		return b.Text
	}
	var lines []string
	for line := range strings.SplitSeq(b.Text, "\n") {
		match := leader.FindStringSubmatch(strings.TrimSpace(line))
		if match == nil {
			lines = append(lines, line)
			continue
		}
		if _, isHeading := c.headings[label(match[1])]; isHeading && pageReference.MatchString(match[2]) {
			continue
		}
		lines = append(lines, match[1]+" "+match[2])
	}
	return strings.Join(lines, "\n")
}

// hasLeader is a cheap look before the regular expression.
func hasLeader(text string) bool {
	return strings.Contains(text, "...") || strings.Contains(text, ". .") || strings.Contains(text, "·") || strings.Contains(text, "…")
}

// label is a heading's text without number, case and spacing.
func label(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return strings.ToLower(strings.TrimPrefix(text, numbering.FindString(text)))
}
