package clean

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// repairMojibake undoes UTF-8 that was read as Latin-1 or Windows-1252 ("Ã¼" for "ü"), also when that happened
// twice. It does so only if every character above ASCII in the text fits, and some of them hardly stand beside
// each other in real text: a half-broken text is left as it is.
func repairMojibake(text string) string {
	for {
		repaired, isCertain := misread(text)
		if !isCertain {
			return text
		}
		text = repaired
	}
}

// misread decodes text as bytes that should have been read as UTF-8; isCertain reports whether they should.
func misread(text string) (decoded string, isCertain bool) {
	raw := make([]byte, 0, len(text))
	for _, r := range text {
		b, isByte := byteOf(r)
		if !isByte {
			return "", false
		}
		raw = append(raw, b)
	}
	if !utf8.Valid(raw) {
		return "", false
	}
	sequences := 0
	for i := 0; i < len(raw); {
		if raw[i] < utf8.RuneSelf {
			i++
			continue
		}
		_, size := utf8.DecodeRune(raw[i:])
		sequences++
		isCertain = isCertain || isTelling(raw[i:i+size])
		i += size
	}
	return string(raw), isCertain || sequences > 2
}

// byteOf returns the byte that Latin-1 or Windows-1252 shows as r.
func byteOf(r rune) (byte, bool) {
	if r < 0x100 {
		return byte(r), true
	}
	return charmap.Windows1252.EncodeRune(r)
}

// isTelling reports whether one sequence is proof enough. A capital that a quotation mark, a dash or a space
// follows ("CAFÉ»") is a valid sequence too, and so are two letters of few languages; those need company.
func isTelling(sequence []byte) bool {
	if len(sequence) > 2 {
		return true
	}
	if sequence[0] != 0xc2 && sequence[0] != 0xc3 {
		return false
	}
	return !strings.ContainsRune("\u00a0\u00ab\u00bb\u0082\u0084\u0085\u008b\u0091\u0092\u0093\u0094\u0096\u0097\u0099\u009b", rune(sequence[1]))
}
