package answer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// quoteReader finds what a text gives in quotation marks. A quotation may run over several statements of a line.
type quoteReader struct{ isOpen bool }

// quoteMarks open and close, by turns: languages disagree which of them does which.
const quoteMarks = "\"“”„‟«»"

// in returns the quoted words of the next statement.
func (r *quoteReader) in(statement string) []string {
	var all []string
	start := 0
	for i, c := range statement {
		if !strings.ContainsRune(quoteMarks, c) || c == '"' && !r.isOpen && isInches(statement[:i]) {
			continue
		}
		if r.isOpen {
			all = append(all, statement[start:i])
		}
		r.isOpen, start = !r.isOpen, i+utf8.RuneLen(c)
	}
	if r.isOpen {
		all = append(all, statement[start:])
	}
	return all
}

// endLine closes what was left open: a quotation doesn't go on in another paragraph.
func (r *quoteReader) endLine() { r.isOpen = false }

func isInches(before string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	return unicode.IsDigit(last)
}

// quotable is a text in the form in which quotations are looked up: words alone, in small letters.
type quotable struct{ spaced, squashed string }

func newQuotable(text string) quotable {
	text = strings.ToLower(norm.NFKC.String(withoutInvisible(text)))
	words := strings.FieldsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) })
	return quotable{spaced: " " + strings.Join(words, " ") + " ", squashed: strings.Join(words, "")}
}

// shortest is how many characters a quotation has at least that may differ in its spaces and hyphens, as a word does
// that was parted at the end of a line. Shorter ones could stand in the middle of other words.
const shortest = 10

// holds reports whether the quotation stands there word for word. White space, hyphens, case, marks and the kind
// of quotation marks don't count. What an ellipsis parts must all stand there, in that order.
func (q quotable) holds(quotation string) bool {
	rest := q
	for part := range strings.SplitSeq(strings.ReplaceAll(quotation, "...", "…"), "…") {
		wanted := newQuotable(part)
		if wanted.squashed == "" {
			continue
		}
		at, end := strings.Index(rest.spaced, wanted.spaced), len(wanted.spaced)-1
		if at >= 0 {
			rest = quotable{spaced: rest.spaced[at+end:], squashed: strings.ReplaceAll(rest.spaced[at+end:], " ", "")}
			continue
		}
		isUnspaced := strings.IndexFunc(wanted.squashed, func(c rune) bool { return unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) }) >= 0
		if !isUnspaced && utf8.RuneCountInString(wanted.squashed) < shortest {
			return false
		}
		before, after, ok := strings.Cut(rest.squashed, wanted.squashed)
		if !ok {
			return false
		}
		rest = quotable{spaced: afterSquashed(rest.spaced, len(before)+len(wanted.squashed)), squashed: after}
	}
	return true
}

// afterSquashed is what stands behind the first n bytes that are no space.
func afterSquashed(spaced string, n int) string {
	for i := range len(spaced) {
		if spaced[i] != ' ' {
			n--
		}
		if n < 0 {
			return " " + spaced[i:]
		}
	}
	return " "
}
