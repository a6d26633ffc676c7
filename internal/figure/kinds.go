package figure

import (
	"regexp"
	"strings"
	"unicode"
)

// IsUncounted reports whether a word that may be the number one is an article: "one" counts only what has a unit.
func (f Figure) IsUncounted() bool {
	return f.IsWord && f.Readings[0] == "1" && (f.Unit == "" || f.isOne)
}

var yearForm = regexp.MustCompile(`^(?:1[0-9]|20)\d\d$`)

// IsYear reports whether a number is most likely a year: of four digits from 1000 to 2099, without a mark or a unit.
func (f Figure) IsYear() bool {
	return yearForm.MatchString(f.Readings[0]) && f.Unit == "" && !strings.ContainsAny(f.Text, ".,")
}

// IsPlainNumber reports whether a figure is a number, not a date or a code; "one" is an article more often.
func (f Figure) IsPlainNumber() bool {
	first := f.Readings[0]
	return first != "" && unicode.IsDigit(rune(first[0])) && !IsDate(first) && !(f.IsWord && first == "1")
}

// Measured is a number as the text that it was read from writes it, with what it measures: "28 days", "EUR 50".
func (f Figure) Measured(text string) string {
	end := f.At + len(f.Text)
	if f.Unit == "" || end > len(text) || UnitOf(strings.ToLower(strings.TrimLeft(f.Text, "0123456789.,- "))) != "" {
		return f.Text
	}
	at := end
	for range 3 {
		word, length := nextWord(text[at:])
		if word == "" {
			break
		}
		at += length
		if UnitOf(word) == f.Unit {
			return text[f.At:at]
		}
	}
	before := strings.TrimRight(text[:f.At], " \u00a0")
	cut := strings.LastIndexFunc(before, func(r rune) bool { return unicode.IsSpace(r) || r == '(' }) + 1
	if UnitOf(strings.ToLower(before[cut:])) == f.Unit {
		return text[cut:end]
	}
	return f.Text
}
