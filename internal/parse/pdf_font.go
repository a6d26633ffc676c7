package parse

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/ledongthuc/pdf"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// pdfFont turns the codes of a string into text and widths.
type pdfFont struct {
	isBold      bool
	isComposite bool // codes of two bytes, or as codeSpace says
	codes       []codeSpace
	unicode     map[uint32]string // from the ToUnicode table
	simple      [256]string       // without one
	utf16       bool              // codes are UTF-16
	multibyte   encoding.Encoding // codes are of an old East Asian encoding
	widths      map[uint32]float64
	width       float64 // of codes without one, as a share of the font size
}

// codeSpace is a range of codes of one length in bytes.
type codeSpace struct {
	bytes     int
	low, high uint32
}

// pdfCode is one character of a string.
type pdfCode struct {
	text    string // "" if the font doesn't say
	width   float64
	isSpace bool // the one-byte code 32, which word spacing applies to
}

var boldName = regexp.MustCompile(`(?i)bold|black|heavy|demi|cmbx|sfbx`)

func loadFont(v pdf.Value) *pdfFont {
	f := &pdfFont{widths: map[uint32]float64{}, unicode: map[uint32]string{}, width: 0.5}
	name := v.Key("BaseFont").Name()
	descriptor := v.Key("FontDescriptor")
	f.isComposite = v.Key("Subtype").Name() == "Type0"
	if f.isComposite {
		descendant := v.Key("DescendantFonts").Index(0)
		descriptor = descendant.Key("FontDescriptor")
		f.loadCompositeWidths(descendant)
		f.loadCompositeEncoding(v.Key("Encoding"))
	} else {
		f.loadSimpleEncoding(v, name)
		f.loadSimpleWidths(v, name)
	}
	const forceBold = 1 << 18
	f.isBold = boldName.MatchString(name) || descriptor.Key("Flags").Int64()&forceBold != 0 || descriptor.Key("FontWeight").Float64() >= 600
	if stream := v.Key("ToUnicode"); stream.Kind() == pdf.Stream {
		f.readCMap(readStream(stream, maxCMapBytes), true)
	}
	return f
}

// decode parts a string into its characters.
func (f *pdfFont) decode(s string) []pdfCode {
	out := make([]pdfCode, 0, len(s))
	for len(s) > 0 {
		n := f.codeLength(s)
		code := uint32(0)
		for i := range n {
			code = code<<8 | uint32(s[i])
		}
		width, ok := f.widths[code]
		if !ok {
			width = f.width
		}
		out = append(out, pdfCode{text: f.textOf(code, s[:n]), width: width, isSpace: n == 1 && code == ' '})
		s = s[n:]
	}
	return out
}

func (f *pdfFont) codeLength(s string) int {
	if !f.isComposite {
		return 1
	}
	if f.multibyte != nil {
		if s[0] < 0x81 || f.multibyte == japanese.ShiftJIS && s[0] >= 0xA0 && s[0] < 0xE0 {
			return 1
		}
		return min(2, len(s))
	}
	code := uint32(0)
	for n := 1; n <= min(4, len(s)); n++ {
		code = code<<8 | uint32(s[n-1])
		for _, space := range f.codes {
			if space.bytes == n && code >= space.low && code <= space.high {
				return n
			}
		}
	}
	return min(2, len(s))
}

func (f *pdfFont) textOf(code uint32, raw string) string {
	if text, ok := f.unicode[code]; ok && isReadable(text) {
		return text
	}
	switch {
	case !f.isComposite:
		return f.simple[code]
	case f.utf16:
		return utf16Text(raw)
	case f.multibyte != nil:
		text, err := f.multibyte.NewDecoder().String(raw)
		if err != nil {
			return ""
		}
		return text
	}
	return ""
}

func isReadable(s string) bool { return s != "" && s[0] != 0 && !strings.ContainsRune(s, '\uFFFD') }

func utf16Text(raw string) string {
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}

// loadCompositeEncoding knows the predefined encodings by their names' parts (ISO 32000-1, 9.7.5.2).
func (f *pdfFont) loadCompositeEncoding(v pdf.Value) {
	if v.Kind() == pdf.Stream {
		f.readCMap(readStream(v, maxCMapBytes), false)
		return
	}
	name := v.Name()
	switch {
	case strings.Contains(name, "UCS2"), strings.Contains(name, "UTF16"):
		f.utf16 = true
	case strings.Contains(name, "RKSJ"):
		f.multibyte = japanese.ShiftJIS
	case strings.HasPrefix(name, "GB"):
		f.multibyte = simplifiedchinese.GBK
	case strings.Contains(name, "B5"):
		f.multibyte = traditionalchinese.Big5
	case strings.HasPrefix(name, "KSC"):
		f.multibyte = korean.EUCKR
	}
}

func (f *pdfFont) loadCompositeWidths(descendant pdf.Value) {
	f.width = 1
	if v := descendant.Key("DW"); v.Kind() == pdf.Integer || v.Kind() == pdf.Real {
		f.width = v.Float64() / 1000
	}
	list := descendant.Key("W")
	for i := 0; i+1 < list.Len() && len(f.widths) < 1<<16; {
		first, second := uint32(list.Index(i).Int64()), list.Index(i+1)
		if second.Kind() == pdf.Array {
			for j := range second.Len() {
				f.widths[first+uint32(j)] = second.Index(j).Float64() / 1000
			}
			i += 2
			continue
		}
		last, width := uint32(second.Int64()), list.Index(i+2).Float64()/1000
		for code := first; code <= last && code-first < 1<<16; code++ {
			f.widths[code] = width
		}
		i += 3
	}
}

func (f *pdfFont) loadSimpleWidths(v pdf.Value, name string) {
	scale := 1.0 / 1000
	if matrix := v.Key("FontMatrix"); v.Key("Subtype").Name() == "Type3" && matrix.Len() == 6 {
		scale = matrix.Index(0).Float64()
	}
	list := v.Key("Widths")
	if list.Len() == 0 {
		f.width = 0.55
		standardWidths(name, f.widths)
		return
	}
	if missing := v.Key("FontDescriptor").Key("MissingWidth").Float64(); missing > 0 {
		f.width = missing * scale
	}
	first := uint32(v.Key("FirstChar").Int64())
	for i := range min(list.Len(), 256) {
		f.widths[first+uint32(i)] = list.Index(i).Float64() * scale
	}
}

// loadSimpleEncoding fills the table of a one-byte font: base encoding, then the file's differences from it.
func (f *pdfFont) loadSimpleEncoding(v pdf.Value, name string) {
	enc := v.Key("Encoding")
	base := enc.Name()
	if enc.Kind() == pdf.Dict {
		base = enc.Key("BaseEncoding").Name()
	}
	builtIn := map[byte]string{}
	if base == "" {
		builtIn = builtInNames(readStream(v.Key("FontDescriptor").Key("FontFile"), 64<<10))
	}
	for code := range 256 {
		f.simple[code] = baseText(base, name, v.Key("Subtype").Name(), byte(code))
		if glyph, ok := builtIn[byte(code)]; ok {
			f.simple[code] = glyphText(glyph, f.simple[code])
		}
	}
	differences := enc.Key("Differences")
	if differences.Len() == 0 {
		return
	}
	// The library knows the glyph names, but tells them only through the decoder of a font.
	decoder := (&pdf.Font{V: v}).Encoder()
	code := 0
	for i := range min(differences.Len(), 1024) {
		item := differences.Index(i)
		if item.Kind() == pdf.Integer {
			code = int(item.Int64())
			continue
		}
		if code >= 0 && code < 256 {
			f.simple[code] = glyphText(item.Name(), decoder.Decode(string([]byte{byte(code)})))
		}
		code++
	}
}

var type1Encoding = regexp.MustCompile(`dup\s+(\d{1,3})\s*/([A-Za-z0-9._]+)\s+put`)

// builtInNames reads the encoding in the clear part of an embedded Type 1 font: TeX's fonts have ligatures and dashes
// at codes of their own.
func builtInNames(program []byte) map[byte]string {
	names := map[byte]string{}
	for _, m := range type1Encoding.FindAllSubmatch(program, 256) {
		if code := number(string(m[1]), -1); code >= 0 && code < 256 {
			names[byte(code)] = string(m[2])
		}
	}
	return names
}

// baseText is what a code means before the file's differences.
func baseText(base, fontName, subtype string, code byte) string {
	if i := strings.IndexByte(fontName, '+'); i >= 0 {
		fontName = fontName[i+1:]
	}
	switch {
	case base == "MacRomanEncoding":
		return string(charmap.Macintosh.DecodeByte(code))
	case base == "" && strings.HasPrefix(fontName, "Symbol"):
		return symbolText(code)
	case base == "" && strings.Contains(fontName, "Dingbats"):
		return "•"
	case base == "" && subtype == "Type1":
		if text, ok := standardEncoding[code]; ok {
			return text
		}
	}
	if code == 0x7F || code >= 0x80 && base == "WinAnsiEncoding" && charmap.Windows1252.DecodeByte(code) == '\uFFFD' {
		return "•" // WinAnsi shows a bullet for every unused code
	}
	if code < 0x20 {
		return ""
	}
	return string(charmap.Windows1252.DecodeByte(code))
}

const maxCMapBytes = 4 << 20

// readCMap reads a table of codes: the ranges of codes, and what they mean if it is a ToUnicode table.
func (f *pdfFont) readCMap(data []byte, isToUnicode bool) {
	lexer := pdfLexer{data: bytes.ReplaceAll(data, []byte("{"), []byte(" "))}
	var operands []pdfToken
	for len(f.unicode) < 1<<17 {
		token := lexer.next()
		switch {
		case token.kind == pdfEOF:
			return
		case token.kind != pdfKeyword:
			if len(operands) < 1<<16 {
				operands = append(operands, token)
			}
			continue
		}
		switch token.text {
		case "endcodespacerange":
			f.addCodeSpaces(operands)
		case "endbfchar":
			for i := 0; isToUnicode && i+1 < len(operands); i += 2 {
				f.unicode[codeOf(operands[i].text)] = utf16Text(operands[i+1].text)
			}
		case "endbfrange":
			for i := 0; isToUnicode && i+2 < len(operands); i += 3 {
				f.addUnicodeRange(operands[i], operands[i+1], operands[i+2])
			}
		}
		operands = operands[:0]
	}
}

func (f *pdfFont) addCodeSpaces(operands []pdfToken) {
	if !f.isComposite {
		return
	}
	for i := 0; i+1 < len(operands) && len(f.codes) < 100; i += 2 {
		f.codes = append(f.codes, codeSpace{len(operands[i].text), codeOf(operands[i].text), codeOf(operands[i+1].text)})
	}
}

func (f *pdfFont) addUnicodeRange(low, high, to pdfToken) {
	first, last := codeOf(low.text), codeOf(high.text)
	if to.kind == pdfArray {
		for i, item := range to.items {
			if uint32(i) <= last-first {
				f.unicode[first+uint32(i)] = utf16Text(item.text)
			}
		}
		return
	}
	runes := []rune(utf16Text(to.text))
	if len(runes) == 0 {
		return
	}
	for code := first; code <= last && code-first < 1<<16; code++ {
		f.unicode[code] = string(runes)
		runes[len(runes)-1]++
	}
}

func codeOf(raw string) uint32 {
	code := uint32(0)
	for i := range min(4, len(raw)) {
		code = code<<8 | uint32(raw[i])
	}
	return code
}
