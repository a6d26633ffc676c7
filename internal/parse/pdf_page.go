package parse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/ledongthuc/pdf"
)

// glyph is one character as it is drawn, in points, y upwards, the page turned so that most of its text is level.
type glyph struct {
	text   string
	x, y   float64 // where it begins, on its baseline
	width  float64
	size   float64
	isBold bool
	turned int // direction of the text: quarter turns from level, -1 if slanted
}

// ligatures are one glyph for several letters. U+F0B7 is the bullet of symbol fonts, at its place in the private area.
var ligatures = strings.NewReplacer("\uFB00", "ff", "\uFB01", "fi", "\uFB02", "fl", "\uFB03", "ffi", "\uFB04", "ffl",
	"\uFB05", "st", "\uFB06", "st", "\uF0B7", "•")

// affine is a transformation [a b c d e f] as PDF writes it.
type affine [6]float64

// then applies m first and n afterwards.
func (m affine) then(n affine) affine {
	return affine{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

var identity = affine{1, 0, 0, 1, 0, 0}

// textState is the part of the graphics state that text depends on.
type textState struct {
	ctm                          affine
	font                         *pdfFont
	size, leading, rise          float64
	charSpace, wordSpace, hscale float64
}

// pdfPainter runs the content of pages and notes where glyphs come to lie.
type pdfPainter struct {
	ctx       context.Context // one call's, like an http.Request's
	fonts     map[string]*pdfFont
	glyphs    []glyph
	maxGlyphs int
	unmapped  int // characters whose font does not say what they are
	operators int

	state  textState
	stack  []textState
	matrix affine // of text
	line   affine // of the text line's start
	actual []actualText
}

// actualText is a stretch of marked content that says what its glyphs mean.
type actualText struct {
	text   string
	isSet  bool
	isUsed bool
}

const (
	maxFormDepth    = 12
	maxContentBytes = 64 << 20
	maxGlyphsAPage  = 1 << 20
	maxFonts        = 1000 // kept at a time
)

var errTooManyGlyphs = errors.New("too much text on a page")

// page draws one page and returns its glyphs, valid until the next call.
func (p *pdfPainter) page(page pdf.Value, resources pdf.Value) (glyphs []glyph, err error) {
	p.glyphs, p.stack, p.actual = p.glyphs[:0], p.stack[:0], p.actual[:0]
	p.state = textState{ctm: identity, hscale: 1}
	defer func() { // what was drawn before the damage is worth having
		if cause := recover(); cause != nil {
			glyphs, err = p.glyphs, fmt.Errorf("page content: %v", cause)
		}
	}()
	var content bytes.Buffer
	contents := page.Key("Contents")
	if contents.Kind() == pdf.Array {
		for i := range min(contents.Len(), 10_000) {
			content.Write(readStream(contents.Index(i), maxContentBytes-int64(content.Len())))
			content.WriteByte('\n')
		}
	} else {
		content.Write(readStream(contents, maxContentBytes))
	}
	err = p.run(content.Bytes(), resources, 0)
	return p.glyphs, err
}

// run executes a content stream.
func (p *pdfPainter) run(content []byte, resources pdf.Value, depth int) error {
	lexer := pdfLexer{data: content}
	operands := make([]pdfToken, 0, 8)
	fonts := map[string]*pdfFont{} // by their names in these resources
	for {
		token := lexer.next()
		switch token.kind {
		case pdfEOF:
			return nil
		case pdfKeyword:
		default:
			if len(operands) < 64 {
				operands = append(operands, token)
			}
			continue
		}
		if p.operators++; p.operators%256 == 0 && p.ctx.Err() != nil {
			return p.ctx.Err()
		}
		switch token.text {
		case "ID":
			lexer.skipInlineImage()
		case "Do":
			if err := p.form(operands, resources, depth); err != nil {
				return err
			}
		case "Tf":
			if len(operands) == 2 {
				name := operands[0].text
				if fonts[name] == nil {
					fonts[name] = p.font(resources.Key("Font").Key(name))
				}
				p.state.font, p.state.size = fonts[name], operands[1].num
			}
		case "BDC":
			p.beginMarked(operands, resources)
		case "BMC":
			p.actual = append(p.actual, actualText{})
		case "EMC":
			if len(p.actual) > 0 {
				p.actual = p.actual[:len(p.actual)-1]
			}
		default:
			p.operator(token.text, operands)
		}
		if len(p.glyphs) > p.maxGlyphs {
			return errTooManyGlyphs
		}
		operands = operands[:0]
	}
}

// operator handles the operators that need nothing but their operands.
func (p *pdfPainter) operator(name string, operands []pdfToken) {
	arg := func(i int) float64 {
		if i < len(operands) {
			return operands[i].num
		}
		return 0
	}
	s := &p.state
	switch name {
	case "q":
		if len(p.stack) < 1000 {
			p.stack = append(p.stack, *s)
		}
	case "Q":
		if n := len(p.stack); n > 0 {
			*s, p.stack = p.stack[n-1], p.stack[:n-1]
		}
	case "cm":
		s.ctm = affine{arg(0), arg(1), arg(2), arg(3), arg(4), arg(5)}.then(s.ctm)
	case "BT":
		p.matrix, p.line = identity, identity
	case "Tc":
		s.charSpace = arg(0)
	case "Tw":
		s.wordSpace = arg(0)
	case "Tz":
		s.hscale = arg(0) / 100
	case "TL":
		s.leading = arg(0)
	case "Ts":
		s.rise = arg(0)
	case "Td":
		p.move(arg(0), arg(1))
	case "TD":
		s.leading = -arg(1)
		p.move(arg(0), arg(1))
	case "Tm":
		p.line = affine{arg(0), arg(1), arg(2), arg(3), arg(4), arg(5)}
		p.matrix = p.line
	case "T*":
		p.move(0, -s.leading)
	case "Tj":
		p.show(operands)
	case "'":
		p.move(0, -s.leading)
		p.show(operands)
	case "\"":
		s.wordSpace, s.charSpace = arg(0), arg(1)
		p.move(0, -s.leading)
		p.show(operands[min(2, len(operands)):])
	case "TJ":
		if len(operands) > 0 {
			p.show(operands[0].items)
		}
	}
}

func (p *pdfPainter) move(x, y float64) {
	p.line = affine{1, 0, 0, 1, x, y}.then(p.line)
	p.matrix = p.line
}

// show draws strings; a number between them moves the pen back by thousandths of the font size.
func (p *pdfPainter) show(items []pdfToken) {
	s := &p.state
	for _, item := range items {
		if item.kind == pdfNumber {
			p.matrix = affine{1, 0, 0, 1, -item.num / 1000 * s.size * s.hscale, 0}.then(p.matrix)
			continue
		}
		if item.kind != pdfString || s.font == nil {
			continue
		}
		for _, code := range s.font.decode(item.text) {
			p.draw(code)
		}
	}
}

func (p *pdfPainter) draw(code pdfCode) {
	s := &p.state
	advance := code.width*s.size + s.charSpace
	if code.isSpace {
		advance += s.wordSpace
	}
	at := affine{s.size * s.hscale, 0, 0, s.size, 0, s.rise}.then(p.matrix).then(s.ctm)
	p.matrix = affine{1, 0, 0, 1, advance * s.hscale, 0}.then(p.matrix)

	text := ligatures.Replace(code.text)
	if n := len(p.actual); n > 0 && p.actual[n-1].isSet {
		text = ""
		if !p.actual[n-1].isUsed {
			text, p.actual[n-1].isUsed = p.actual[n-1].text, true
		}
	} else if text == "" {
		p.unmapped++
	}
	g := glyph{text: text, x: at[4], y: at[5], size: math.Hypot(at[2], at[3]), isBold: s.font.isBold}
	g.width = code.width * math.Hypot(at[0], at[1])
	if text == "" || len(p.glyphs) > p.maxGlyphs || math.IsNaN(g.x+g.y+g.size) || math.IsInf(g.x+g.y+g.size, 0) {
		return
	}
	switch a, b := at[0], at[1]; {
	case math.Abs(b) <= 0.1*math.Abs(a):
		if a < 0 {
			g.turned = 2
		}
	case math.Abs(a) <= 0.1*math.Abs(b):
		g.turned = 1
		if b < 0 {
			g.turned = 3
		}
	default:
		g.turned = -1
	}
	p.glyphs = append(p.glyphs, g)
}

// form draws a form: a content stream that is used like a picture.
func (p *pdfPainter) form(operands []pdfToken, resources pdf.Value, depth int) error {
	if len(operands) == 0 || depth >= maxFormDepth {
		return nil
	}
	form := resources.Key("XObject").Key(operands[0].text)
	if form.Key("Subtype").Name() != "Form" {
		return nil
	}
	saved, stacked := p.state, len(p.stack)
	if m := form.Key("Matrix"); m.Len() == 6 {
		var matrix affine
		for i := range matrix {
			matrix[i] = m.Index(i).Float64()
		}
		p.state.ctm = matrix.then(p.state.ctm)
	}
	own := form.Key("Resources")
	if own.Kind() != pdf.Dict {
		own = resources
	}
	err := p.run(readStream(form, maxContentBytes), own, depth+1)
	p.state, p.stack = saved, p.stack[:min(stacked, len(p.stack))]
	return err
}

// beginMarked opens a stretch of marked content, which may bring its text with it.
func (p *pdfPainter) beginMarked(operands []pdfToken, resources pdf.Value) {
	mark := actualText{}
	if len(operands) == 2 && operands[1].kind == pdfDict {
		items := operands[1].items
		for i := 0; i+1 < len(items); i += 2 {
			if items[i].text == "ActualText" && items[i+1].kind == pdfString {
				mark.text, mark.isSet = textString(items[i+1].text), true
			}
		}
	}
	if len(operands) == 2 && operands[1].kind == pdfName {
		if v := resources.Key("Properties").Key(operands[1].text).Key("ActualText"); v.Kind() == pdf.String {
			mark.text, mark.isSet = textString(v.RawString()), true
		}
	}
	if len(p.actual) < 1000 {
		p.actual = append(p.actual, mark)
	}
}

// font loads a font once: the same dictionary, with the same references in it, is the same font.
func (p *pdfPainter) font(v pdf.Value) *pdfFont {
	key := v.String()
	f, ok := p.fonts[key]
	if !ok {
		f = func() (f *pdfFont) {
			defer func() {
				if recover() != nil { // a damaged font: its text is lost, the others' is not
					f = &pdfFont{width: 0.5}
				}
			}()
			return loadFont(v)
		}()
		if len(p.fonts) > maxFonts {
			clear(p.fonts)
		}
		p.fonts[key] = f
	}
	return f
}
