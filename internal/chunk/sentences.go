package chunk

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a stretch of a text by offsets in bytes; End is exclusive.
type Span struct{ Start, End int }

// Sentences returns the sentences of text in order, without the white space around them; together they hold
// everything else. A line break always ends one, so rows of a table, lines of a listing and items of a list are
// sentences of their own. A full stop ends none after an abbreviation, an initial, a list number or a German
// ordinal, nor before a small letter; in doubt two sentences stay one. Works for languages of any script that
// marks the end of a sentence, without being told which.
func Sentences(text string) []Span {
	var spans []Span
	start := 0
	end := func(at int) {
		if begin := at - len(strings.TrimLeftFunc(text[start:at], unicode.IsSpace)); begin < at {
			spans = append(spans, Span{begin, begin + len(strings.TrimSpace(text[begin:at]))})
		}
		start = at
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\n':
			end(i)
			i += size
		case isStop(r):
			after := i + endOfStop(text[i:])
			if endsSentence(text, start, i, after) {
				end(after)
			}
			i = after
		default:
			i += size
		}
	}
	end(len(text))
	return spans
}

const (
	// wideStops end a sentence whatever follows.
	wideStops = "。！？｡"
	// stops end a sentence before white space.
	stops   = ".!?…؟۔।॥։።‼⁇⁈⁉"
	closers = "\"'”’»«›‹)]}）」』】〉》"
	openers = "\"'“‘„‚«»‹›([{（「『【〈《¿¡*_-–—•#"
)

func isStop(r rune) bool { return strings.ContainsRune(stops, r) || strings.ContainsRune(wideStops, r) }

// endOfStop returns how many bytes the marks at the beginning of text take, with the quotes and brackets they close.
func endOfStop(text string) int {
	for i, r := range text {
		if !isStop(r) && !strings.ContainsRune(closers, r) {
			return i
		}
	}
	return len(text)
}

// endsSentence decides about the marks from at to after, in a sentence that begins at start.
func endsSentence(text string, start, at, after int) bool {
	if strings.ContainsAny(text[at:after], wideStops) {
		return true
	}
	rest := text[after:]
	next := strings.TrimLeft(rest, " \t\u00a0\u3000")
	if next == "" || next[0] == '\n' || next[0] == '\r' {
		return true
	}
	if len(next) == len(rest) {
		return false // "3.5", "example.org"
	}
	next = strings.TrimLeft(next, openers)
	first, _ := utf8.DecodeRuneInString(next)
	if unicode.IsLower(first) {
		return false
	}
	isFullStop := strings.TrimRight(text[at:after], closers) == "."
	return !isFullStop || !isAbbreviation(text[start:at], next)
}

// isAbbreviation reports whether the full stop between before and next belongs to the word before it.
func isAbbreviation(before, next string) bool {
	word, previous := lastWords(before)
	lower := strings.ToLower(word)
	first, _ := utf8.DecodeRuneInString(next)
	switch {
	case word == "":
		return strings.TrimSpace(before) == ""
	case strings.Trim(word, "0123456789.") == "":
		return isOrdinal(word, previous, next)
	case endingAbbreviations.has(lower):
		return !unicode.IsUpper(first)
	case numberAbbreviations.has(lower):
		return unicode.IsDigit(first)
	case abbreviations.has(lower):
		return true
	case strings.Contains(word, "."):
		return isDotted(word)
	}
	letter, size := utf8.DecodeRuneInString(word)
	return size == len(word) && (unicode.IsUpper(letter) || unicode.IsLower(letter))
}

// longestWord bounds how many bytes are looked at for a word before a full stop; no abbreviation is longer.
const longestWord = 48

// lastWords returns the last word of text and the one before it, without quotes and brackets around them.
func lastWords(text string) (word, previous string) {
	if len(text) > 2*longestWord {
		text = text[len(text)-2*longestWord:]
	}
	fields := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '/' })
	if len(fields) == 0 || strings.TrimRightFunc(text, unicode.IsSpace) != text {
		return "", ""
	}
	if len(fields) > 1 {
		previous = strings.ToLower(strings.TrimFunc(fields[len(fields)-2], isQuoting))
	}
	return strings.TrimFunc(fields[len(fields)-1], isQuoting), previous
}

func isQuoting(r rune) bool { return strings.ContainsRune(openers+closers, r) }

// isOrdinal reports whether digits with a full stop are the number of a list item or a German ordinal ("am 1. Januar").
func isOrdinal(digits, previous, next string) bool {
	if len(digits) > 3 {
		return false
	}
	word := next
	if end := strings.IndexFunc(next, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
		word = next[:end]
	}
	return previous == "" || months.has(strings.ToLower(word)) || beforeOrdinals.has(previous)
}

// isDotted reports whether word is made of short parts with dots between, such as "e.g" or "U.S".
func isDotted(word string) bool {
	for part := range strings.SplitSeq(word, ".") {
		if utf8.RuneCountInString(part) > 2 || strings.ContainsAny(part, "0123456789") {
			return false
		}
	}
	return true
}
