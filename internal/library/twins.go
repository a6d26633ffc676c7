package library

import (
	"fmt"
	"strings"
	"unicode"

	"clearwell/internal/diff"
)

// twin says why two texts may be two units' documents made from one form: one name stands for another
// again and again, and little else differs. It is "" when they don't look so.
func twin(report diff.Report) string {
	times := make(map[[2]string]int)
	differences := 0
	for _, change := range report.Changes {
		seen := make(map[[2]string]bool)
		for i, span := range change.Words {
			if span.Op == diff.Removed || span.Op == diff.Added && (i == 0 || change.Words[i-1].Op != diff.Removed) {
				differences++
			}
			if span.Op != diff.Removed || i+1 == len(change.Words) || change.Words[i+1].Op != diff.Added {
				continue
			}
			pair := [2]string{name(span.Text), name(change.Words[i+1].Text)}
			if pair[0] != "" && pair[1] != "" && !seen[pair] {
				seen[pair] = true // once a block: a name repeated in a sentence is one choice
				times[pair]++
			}
		}
	}
	for pair, n := range times {
		if n >= 2 && n*5 >= differences*2 {
			return fmt.Sprintf("%q stands for %q in %d places: it may be another unit's document of the same form.",
				pair[1], pair[0], n)
		}
	}
	return ""
}

// name is the text as the name of a unit, place or company could be: up to four words that begin with
// capitals, without figures; else "".
func name(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) })
	if len(words) == 0 || len(words) > 4 {
		return ""
	}
	for _, w := range words {
		first := []rune(w)[0]
		if !unicode.IsUpper(first) && !unicode.In(first, unicode.Han, unicode.Katakana) {
			return ""
		}
		if strings.ContainsFunc(w, unicode.IsDigit) {
			return ""
		}
	}
	return strings.Join(words, " ")
}
