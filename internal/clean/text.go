package clean

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// tidy repairs and normalises characters, and takes out those that no reader sees. Line breaks become "\n",
// other white space but the tab becomes a space; soft hyphens stay, since joinLines needs them. The result is NFC.
func tidy(text string) string {
	if isPlain(text) {
		return text
	}
	text = strings.ToValidUTF8(text, string(utf8.RuneError))
	text = repairMojibake(text)
	text = strings.ReplaceAll(text, "\r\n", "\n")
	var out strings.Builder
	out.Grow(len(text))
	previous := rune(0)
	for i, r := range text {
		if r >= ' ' && r < 0x7f {
			out.WriteByte(byte(r))
			previous = r
			continue
		}
		mapped, isKept := tidyRune(r)
		if isJoiner(r) {
			next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
			mapped, isKept = r, needsJoiner(previous) && needsJoiner(next)
		}
		if !isKept {
			continue
		}
		if ligature := expandLigature(mapped); ligature != "" {
			out.WriteString(ligature)
		} else {
			out.WriteRune(mapped)
		}
		previous = mapped
	}
	return norm.NFC.String(out.String())
}

// isPlain reports whether text is printable ASCII with line breaks and tabs: nothing to do, the usual case.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c >= 0x7f || c < ' ' && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// tidyRune maps a character to the one it stands for, or says that it is to be dropped.
func tidyRune(r rune) (rune, bool) {
	switch {
	case r == '\n' || r == '\t' || r == softHyphen:
		return r, true
	case r == '\r' || r == '\v' || r == '\f' || r == 0x85 || r == 0x2028 || r == 0x2029:
		return '\n', true
	case r == 0x2010 || r == 0x2011: // hyphen, non-breaking hyphen
		return '-', true
	case unicode.Is(unicode.Zs, r):
		return ' ', true
	case isHidden(r):
		return 0, false
	}
	return r, true
}

// isHidden reports whether r is a character that shows nothing: a control or format character, among them the
// bidirectional controls and the tag characters in which text can be smuggled, a variation selector, or a noncharacter.
func isHidden(r rune) bool {
	switch {
	case unicode.Is(unicode.Cc, r):
		return true
	case unicode.Is(unicode.Cf, r):
		// Signs that stand before a number or verse in Arabic and Syriac are format characters that show.
		return !(r >= 0x600 && r <= 0x605 || r == 0x6dd || r == 0x70f || r == 0x8e2 || r == 0x890 || r == 0x891)
	case r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef: // variation selectors
		return true
	case r >= 0xe0000 && r <= 0xe0fff: // tags and what is reserved beside them
		return true
	case r == 0x34f || r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r == 0xfffc: // joiner, fillers, object mark
		return true
	}
	return r >= 0xfdd0 && r <= 0xfdef || r&0xfffe == 0xfffe
}

func isJoiner(r rune) bool { return r == 0x200c || r == 0x200d }

// needsJoiner reports whether r belongs to a script in which a zero-width joiner or non-joiner changes what is read,
// or is a symbol such as the parts of a joined emoji.
func needsJoiner(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi,
		unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam,
		unicode.Sinhala, unicode.Khmer, unicode.Mongolian, unicode.So, unicode.Sk)
}

// expandLigature returns the letters of a Latin presentation form, which fonts in PDF files leave behind, or "".
func expandLigature(r rune) string {
	switch r {
	case 0xfb00:
		return "ff"
	case 0xfb01:
		return "fi"
	case 0xfb02:
		return "fl"
	case 0xfb03:
		return "ffi"
	case 0xfb04:
		return "ffl"
	case 0xfb05, 0xfb06:
		return "st"
	}
	return ""
}
