package parse

import (
	"strconv"
	"strings"
)

// standardEncoding is where Adobe's StandardEncoding differs from Latin-1 (ISO 32000-1, annex D.2).
var standardEncoding = map[byte]string{
	0x27: "’", 0x60: "‘", 0xA4: "⁄", 0xA6: "ƒ", 0xA8: "¤", 0xA9: "'", 0xAA: "“", 0xAC: "‹", 0xAD: "›", 0xAE: "fi", 0xAF: "fl",
	0xB1: "–", 0xB2: "†", 0xB3: "‡", 0xB4: "·", 0xB7: "•", 0xB8: "‚", 0xB9: "„", 0xBA: "”", 0xBC: "…", 0xBD: "‰",
	0xC1: "`", 0xC2: "´", 0xC3: "ˆ", 0xC4: "˜", 0xC5: "¯", 0xD0: "—", 0xE1: "Æ", 0xE3: "ª", 0xE8: "Ł", 0xE9: "Ø", 0xEA: "Œ",
	0xEB: "º", 0xF1: "æ", 0xF5: "ı", 0xF8: "ł", 0xF9: "ø", 0xFA: "œ", 0xFB: "ß",
}

// The Greek letters of the Symbol font, which lie on the Latin ones.
const (
	symbolUpper = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
	symbolLower = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
)

var symbolOthers = map[byte]string{
	0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×",
	0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xD6: "√", 0xE5: "∑",
}

func symbolText(code byte) string {
	switch {
	case code >= 'A' && code <= 'Z':
		return string([]rune(symbolUpper)[code-'A'])
	case code >= 'a' && code <= 'z':
		return string([]rune(symbolLower)[code-'a'])
	case code >= 0x20 && code < 0x7F:
		return string(rune(code))
	}
	return symbolOthers[code]
}

// glyphText is the text of a glyph's name; known is what the library makes of it.
// Names are those of Adobe's glyph list, or uni0041, u1F600, f_f_i, a.alt.
func glyphText(name, known string) string {
	name, _, _ = strings.Cut(name, ".")
	switch name {
	case "", "notdef":
		return ""
	case "ff", "ffi", "ffl", "fi", "fl", "st":
		return name
	}
	if text, ok := glyphNames[name]; ok {
		return text
	}
	for _, prefix := range []string{"uni", "u"} {
		digits, ok := strings.CutPrefix(name, prefix)
		if ok && len(digits) >= 4 && len(digits) <= 6 {
			if n, err := strconv.ParseUint(digits, 16, 32); err == nil && n < 0x110000 {
				return string(rune(n))
			}
		}
	}
	if parts := strings.Split(name, "_"); len(parts) > 1 && len(parts) < 5 {
		if joined := strings.Join(parts, ""); len(joined) == len(parts) {
			return joined
		}
	}
	return known
}

// glyphNames are those that fonts put where another encoding has something else.
var glyphNames = map[string]string{
	"space": " ", "nbspace": " ", "nonbreakingspace": " ", "bullet": "•", "periodcentered": "·", "endash": "–", "emdash": "—",
	"quoteleft": "‘", "quoteright": "’", "quotedblleft": "“", "quotedblright": "”", "quotesinglbase": "‚", "quotedblbase": "„",
	"guillemotleft": "«", "guillemotright": "»", "ellipsis": "…", "minus": "−", "dotlessi": "ı", "germandbls": "ß", "ae": "æ",
	"oe": "œ", "oslash": "ø", "AE": "Æ", "OE": "Œ", "Oslash": "Ø", "dagger": "†", "section": "§", "degree": "°", "Euro": "€",
	"exclamdown": "¡", "questiondown": "¿", "multiply": "×", "lessequal": "≤", "greaterequal": "≥", "arrowright": "→",
}

// Widths of the printable ASCII characters in thousandths of the font size, from Adobe's metrics of the fonts that
// a PDF may use without saying how wide they are.
var (
	helveticaWidths = [95]uint16{
		278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
		556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
		1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
		333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
	}
	helveticaBoldWidths = [95]uint16{
		278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
		556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
		975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
		333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
	}
	timesWidths = [95]uint16{
		250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278,
		500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444,
		921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500,
		333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
	}
)

func standardWidths(font string, widths map[uint32]float64) {
	table := &helveticaWidths
	switch {
	case strings.Contains(font, "Courier"):
		for code := range uint32(256) {
			widths[code] = 0.6
		}
		return
	case strings.Contains(font, "Times"):
		table = &timesWidths
	case boldName.MatchString(font):
		table = &helveticaBoldWidths
	}
	for i, width := range table {
		widths[uint32(i+' ')] = float64(width) / 1000
	}
}
