package answer

import (
	"unicode/utf8"

	"clearwell/internal/chunk"
)

// sentence is a part of a text; start and end count code points, as citations do.
type sentence struct {
	text       string
	start, end int
}

// split cuts a text into its sentences, rows and list items.
func split(text string) []sentence {
	spans := chunk.Sentences(text)
	all := make([]sentence, len(spans))
	at, runes := 0, 0
	for i, span := range spans {
		runes += utf8.RuneCountInString(text[at:span.Start])
		length := utf8.RuneCountInString(text[span.Start:span.End])
		all[i] = sentence{text: text[span.Start:span.End], start: runes, end: runes + length}
		at, runes = span.End, runes+length
	}
	return all
}
