package parse

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// decodeText turns the bytes of a text file into UTF-8: by its byte order mark, by being UTF-8,
// by what an HTML page declares, else by the likeliest of the old encodings. It never fails:
// what cannot be read becomes U+FFFD.
func decodeText(raw []byte, isHTML bool) string {
	if enc := markedEncoding(raw); enc != nil {
		return decodeWith(enc, raw)
	}
	raw = bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF"))
	if utf8.Valid(raw) && bytes.IndexByte(raw, 0) < 0 {
		return string(raw)
	}
	if enc := unmarkedUTF16(raw); enc != nil {
		return decodeWith(enc, raw)
	}
	if isHTML {
		enc, name, isCertain := charset.DetermineEncoding(raw[:min(len(raw), 1024)], "")
		if isCertain || name != "windows-1252" && name != "utf-8" {
			return decodeWith(enc, raw)
		}
	}
	if isMostlyUTF8(raw) {
		return strings.ToValidUTF8(string(raw), "\uFFFD")
	}
	if isShiftJIS(raw) {
		return decodeWith(japanese.ShiftJIS, raw)
	}
	return decodeWith(charmap.Windows1252, raw)
}

func decodeWith(enc encoding.Encoding, raw []byte) string {
	text, err := enc.NewDecoder().Bytes(raw)
	if err != nil { // these decoders replace, they don't fail; keep what there is
		return strings.ToValidUTF8(string(raw), "\uFFFD")
	}
	return string(text)
}

// markedEncoding reads the byte order mark; UTF-32's begins like UTF-16's, so it comes first.
func markedEncoding(raw []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE, 0, 0}):
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	case bytes.HasPrefix(raw, []byte{0, 0, 0xFE, 0xFF}):
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	return nil
}

// unmarkedUTF16 knows UTF-16 without a mark by its zero bytes: in most texts each second byte is one.
func unmarkedUTF16(raw []byte) encoding.Encoding {
	head := raw[:min(len(raw), 4096)&^1]
	if len(head) < 8 {
		return nil
	}
	var high, low int
	for i := 0; i+1 < len(head); i += 2 {
		unit := binary.BigEndian.Uint16(head[i:])
		if unit < 0x100 && unit != 0 {
			high++
		}
		if unit&0xFF == 0 && unit != 0 {
			low++
		}
	}
	units := len(head) / 2
	switch {
	case high > units*6/10 && low < units/10:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case low > units*6/10 && high < units/10:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	}
	return nil
}

// isMostlyUTF8 says that the well-formed multi-byte characters outweigh the broken bytes: a damaged UTF-8
// file, not one in another encoding, in which they hardly ever come about. Pure ASCII with few broken bytes is no evidence.
func isMostlyUTF8(raw []byte) bool {
	var good, bad int
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		raw = raw[size:]
	}
	return bad == 0 || good > bad
}

// isShiftJIS asks that all bytes form Shift-JIS characters and that most of the text is double-byte:
// single accented letters of Western text can look like a kanji, but never so densely.
func isShiftJIS(raw []byte) bool {
	var inPairs, visible, common int
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case c <= 0x20:
		case c < 0x80, c >= 0xA1 && c <= 0xDF: // ASCII, half-width katakana
			visible++
		case i+1 < len(raw) && (c >= 0x81 && c <= 0x9F || c >= 0xE0 && c <= 0xEF) &&
			raw[i+1] >= 0x40 && raw[i+1] <= 0xFC && raw[i+1] != 0x7F:
			i++
			visible += 2
			inPairs += 2
			if c <= 0x9F {
				common += 2
			}
		default:
			return false
		}
	}
	return inPairs > 4 && inPairs*10 > visible*3 && common*2 > inPairs
}
