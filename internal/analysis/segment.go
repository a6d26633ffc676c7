package analysis

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestCode is the longest code in bytes that is also kept whole: a UUID or a path fits, a data URL doesn't.
const longestCode = 100

// token is a word of the text or, where isWhole is set, a code that stands beside its parts.
type token struct {
	text    string // composed, case as written
	isWhole bool
}

// segment cuts composed text into tokens: words, codes whole and in parts, and pairs of characters in scripts
// that put no spaces between words. Unlike UAX 29 it keeps "ERR_FS_FILE" and "SPARK-43242" both ways.
func segment(text string, language Language, emit func(token)) {
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case isUnspaced(r):
			end := unspacedEnd(text)
			emitPairs(text[:end], emit)
			text = text[end:]
		case isWordRune(r):
			end := compoundEnd(text)
			emitCompound(text[:end], language, emit)
			if suffix := symbolSuffix(text[:end], text[end:]); suffix != "" {
				emit(token{text[:end] + suffix, true})
			}
			text = text[end:]
		case r == '§':
			rest := strings.TrimLeft(text[size:], " ")
			if end := compoundEnd(rest); end > 0 && unicode.IsDigit(rune(rest[0])) && end < longestCode {
				emit(token{"§" + rest[:end], true})
			}
			text = text[size:]
		default:
			text = text[size:]
		}
	}
}

// isUnspaced reports whether r belongs to a script whose words have no spaces between them, or, as in
// Korean, whose words carry particles that pairs of syllables see through.
func isUnspaced(r rune) bool {
	if r < 0x0e00 {
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai,
		unicode.Lao, unicode.Khmer, unicode.Myanmar) && !unicode.IsPunct(r) || r == 'ー'
}

func isWordRune(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)) && !isUnspaced(r)
}

func unspacedEnd(text string) int {
	for i, r := range text {
		if !isUnspaced(r) {
			return i
		}
	}
	return len(text)
}

// emitPairs emits each pair of neighbouring characters, a lone character by itself. Marks, as in Thai,
// belong to the character before them. Chinese characters stand beside their pairs too, as there are words
// of one.
func emitPairs(run string, emit func(token)) {
	var starts []int
	for i, r := range run {
		if len(starts) == 0 || !unicode.IsMark(r) {
			starts = append(starts, i)
		}
	}
	if len(starts) == 1 {
		emit(token{run, false})
		return
	}
	starts = append(starts, len(run))
	for i := range len(starts) - 1 {
		if r, _ := utf8.DecodeRuneInString(run[starts[i]:]); unicode.Is(unicode.Han, r) {
			emit(token{run[starts[i]:starts[i+1]], true})
		}
	}
	for i := range len(starts) - 2 {
		emit(token{run[starts[i]:starts[i+2]], false})
	}
}

// isConnector reports whether r joins words into one compound when it stands between two of them.
func isConnector(r rune) bool { return strings.ContainsRune("-_./:@&',", r) }

// compoundEnd is where the compound at the beginning of text ends: word characters, and single connectors
// with a word character on both sides. A comma connects digits only.
func compoundEnd(text string) int {
	end, before := 0, rune(0)
	for i, r := range text {
		switch {
		case isWordRune(r):
			if i > end && text[end] == ',' && !(unicode.IsDigit(before) && unicode.IsDigit(r)) {
				return end
			}
			before, end = r, i+utf8.RuneLen(r)
		case i > end || end == 0 || !isConnector(r):
			return end
		}
	}
	return end
}

// symbolSuffix returns what makes "C++" and "C#" more than their letter, "" for other words.
func symbolSuffix(word, rest string) string {
	if len(word) > 3 {
		return ""
	}
	for _, suffix := range []string{"++", "#"} {
		if tail, ok := strings.CutPrefix(rest, suffix); ok {
			if r, _ := utf8.DecodeRuneInString(tail); !isWordRune(r) {
				return suffix
			}
		}
	}
	return ""
}

// IsUnspaced reports whether a word of Question is a piece of writing without spaces, such as a pair of
// Chinese characters: what is known of words in general does not apply to it.
func IsUnspaced(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return isUnspaced(r)
}
