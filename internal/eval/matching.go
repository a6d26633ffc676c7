package eval

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// says reports whether the text holds the wanted words as words: "30" is not said by "130". Case, punctuation, white
// space and thousands separators decide nothing; writing without spaces between words is searched as it is.
func says(text, want string) bool {
	wanted := words(want)
	if strings.TrimSpace(wanted) == "" {
		return false
	}
	if isUnspaced(want) {
		return strings.Contains(strings.ReplaceAll(words(text), " ", ""), strings.ReplaceAll(wanted, " ", ""))
	}
	return strings.Contains(words(text), wanted)
}

// thousands are separators inside a number that only group its digits.
var thousands = regexp.MustCompile(`(\d),(\d{3})\b`)

// words is the text in lower case and NFKC with one space around each word, articles left out as in SQuAD's own
// scoring (P. Rajpurkar et al. 2016).
func words(text string) string {
	text = strings.ToLower(norm.NFKC.String(text))
	for thousands.MatchString(text) {
		text = thousands.ReplaceAllString(text, "$1$2")
	}
	runes := []rune(text)
	var out strings.Builder
	out.WriteByte(' ')
	for _, word := range strings.FieldsFunc(keepWords(runes), unicode.IsSpace) {
		if word != "a" && word != "an" && word != "the" {
			out.WriteString(word + " ")
		}
	}
	return out.String()
}

// keepWords replaces what is neither letter, mark nor digit by a space, but for a point or comma between digits.
func keepWords(runes []rune) string {
	var out strings.Builder
	for i, r := range runes {
		isDecimal := (r == '.' || r == ',') && i > 0 && i+1 < len(runes) && unicode.IsDigit(runes[i-1]) && unicode.IsDigit(runes[i+1])
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || isDecimal {
			out.WriteRune(r)
		} else {
			out.WriteByte(' ')
		}
	}
	return out.String()
}
