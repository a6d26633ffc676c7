package analysis

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// compose brings text into one form before it is cut into words: NFKC (full-width letters, ligatures),
// invisible characters gone, one apostrophe, one hyphen, Western digits, one spelling of Arabic and Persian
// letters. Superscripts become breaks, so that a footnote's number does not grow onto the word before it.
func compose(text string) string {
	if isPlainASCII(text) {
		return text
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar: // soft hyphen, zero-width, byte order mark, direction
			return -1
		case r == '²' || r == '³' || r == '¹' || r == '⁰' || r >= '⁴' && r <= '⁹':
			return ' '
		}
		return r
	}, text)
	return strings.Map(unify, norm.NFKC.String(text))
}

func isPlainASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

func unify(r rune) rune {
	switch {
	case r < 0x80:
		return r
	case r == '’' || r == '‘' || r == 'ʼ' || r == '`' || r == '´' || r == '՚' || r == '׳':
		return '\''
	case r == '\u2010' || r == '\u2011' || r == '\u2212':
		return '-'
	case r == 'ـ': // tatweel only stretches an Arabic word
		return -1
	case r >= '\u064b' && r <= '\u0652' || r == '\u0670': // Arabic vowel signs, seldom written
		return -1
	case r == 'أ' || r == 'إ' || r == 'آ' || r == 'ٱ': // seats of the hamza, often left out
		return 'ا'
	case r == 'ى' || r == 'ی':
		return 'ي'
	case r == 'ک':
		return 'ك'
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	case r >= '۰' && r <= '۹':
		return r - '۰' + '0'
	case r >= '०' && r <= '९':
		return r - '०' + '0'
	}
	return r
}

// folder folds the case of words. It is not for concurrent use.
type folder struct {
	fold      cases.Caser
	isTurkish bool
}

func newFolder(language Language) folder {
	return folder{fold: cases.Fold(), isTurkish: language == "tr" || language == "az"}
}

// word folds case. Letters with two common spellings get one: Russian ё is е.
func (f folder) word(s string) string {
	if isPlainASCII(s) && !f.isTurkish {
		return strings.ToLower(s)
	}
	if f.isTurkish {
		s = strings.ToLowerSpecial(unicode.TurkishCase, s)
	}
	s = f.fold.String(s)
	if isPlainASCII(s) {
		return s
	}
	s = strings.ReplaceAll(s, "i\u0307", "i") // a folded İ
	return strings.ReplaceAll(s, "ё", "е")
}

// surface is the form in which an exact word is looked up. It folds what a stemmer needs to see: the Arabic
// ta marbuta and the dotless ı. Other diacritics are kept.
func surface(word string) string {
	if isPlainASCII(word) {
		return word
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case 'ة':
			return 'ه'
		case 'ı':
			return 'i'
		}
		return r
	}, word)
}

// plain is surface without the diacritics of Latin and Greek, the form in which stems are looked up:
// a question typed without accents still finds. Elsewhere marks are letters in their own right.
func plain(stem string) string {
	stem = surface(stem)
	if isPlainASCII(stem) {
		return stem
	}
	var b strings.Builder
	strip := false
	for _, r := range norm.NFD.String(stem) {
		if unicode.Is(unicode.Mn, r) {
			if !strip {
				b.WriteRune(r)
			}
			continue
		}
		strip = unicode.In(r, unicode.Latin, unicode.Greek)
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}
