package parse

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// docxReader walks the main part and adds its blocks.
type docxReader struct {
	x         *xmlPart
	out       *builder
	styles    docxStyles
	numbering *docxNumbering
	notes     map[string]string // text of foot- and endnotes by kind and id

	sink     *[]Block // where blocks go: a table's cell, or the list that is handed to out after each top-level element
	captured int      // bytes in sinks
	pending  []string // notes referred to since the last top-level element
	page     int      // from 1
	breaks   int      // page breaks that Word noted when it last laid the document out
}

func newDOCXReader(p *docxPackage, folder string, out *builder) (*docxReader, error) {
	r := &docxReader{out: out, page: 1, notes: map[string]string{}}
	var err error
	if r.styles, err = readStyles(p, folder+"/styles.xml"); err != nil {
		return nil, err
	}
	if r.numbering, err = readNumbering(p, folder+"/numbering.xml"); err != nil {
		return nil, err
	}
	for _, kind := range []string{"footnote", "endnote"} {
		if err := p.readOptional(folder+"/"+kind+"s.xml", func(x *xmlPart) error { return r.readNotes(x, kind) }); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// pages is how many pages the document has; 0, and no page on any block, if Word has not noted it.
func (r *docxReader) pages() int {
	if r.breaks > 0 {
		return r.page
	}
	for i := range r.out.blocks {
		r.out.blocks[i].Page = 0
	}
	return 0
}

// readNotes keeps the notes' text; separators and other furniture have a type.
func (r *docxReader) readNotes(x *xmlPart, kind string) error {
	r.x = x
	return x.each(func(root xml.StartElement) error {
		return x.each(func(e xml.StartElement) error {
			if attr(e, "type") != "" {
				return x.skip()
			}
			blocks, err := r.capture(func() error { return x.each(r.block) })
			r.notes[kind+attr(e, "id")] = joinTexts(blocks, " ")
			return err
		})
	})
}

func (r *docxReader) document(x *xmlPart) error {
	r.x = x
	return x.each(func(root xml.StartElement) error {
		return x.each(func(e xml.StartElement) error {
			if e.Name.Local != "body" {
				return x.skip()
			}
			return x.each(r.topLevel)
		})
	})
}

// topLevel reads one element of the body and hands its blocks on, followed by the notes it refers to.
func (r *docxReader) topLevel(e xml.StartElement) error {
	r.captured, r.pending = 0, r.pending[:0]
	blocks, err := r.capture(func() error { return r.block(e) })
	if err != nil {
		return err
	}
	for _, note := range r.pending {
		blocks = append(blocks, Block{Kind: Paragraph, Text: note, Page: r.page})
	}
	for _, b := range blocks {
		if err := r.out.add(b); err != nil {
			return err
		}
	}
	return nil
}

// capture collects the blocks that read emits.
func (r *docxReader) capture(read func() error) ([]Block, error) {
	var blocks []Block
	outer := r.sink
	r.sink = &blocks
	err := read()
	r.sink = outer
	return blocks, err
}

func (r *docxReader) emit(b Block) error {
	if strings.TrimSpace(b.Text) == "" {
		return nil
	}
	if r.captured += len(b.Text); r.captured > r.out.maxBytes {
		return tooMuchText(r.out.maxBytes)
	}
	*r.sink = append(*r.sink, b)
	return nil
}

// block reads an element that holds blocks; what it does not know it skips.
func (r *docxReader) block(e xml.StartElement) error {
	switch e.Name.Local {
	case "p":
		return r.paragraph()
	case "tbl":
		return r.table()
	case "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "txbxContent":
		return r.x.each(r.block)
	}
	return r.x.skip()
}

// docxParagraph gathers one paragraph while its runs are read.
type docxParagraph struct {
	text     strings.Builder
	style    string
	outline  int
	numID    string
	level    int
	hasLevel bool
	page     int     // where its text begins
	boxes    []Block // of text boxes anchored in it
}

func (r *docxReader) paragraph() error {
	p := &docxParagraph{outline: -1}
	if err := r.x.each(func(e xml.StartElement) error { return r.inline(p, e) }); err != nil {
		return err
	}
	if p.page == 0 {
		p.page = r.page
	}
	for _, b := range append([]Block{r.shape(p)}, p.boxes...) {
		if err := r.emit(b); err != nil {
			return err
		}
	}
	return nil
}

// shape decides what the paragraph is. A numbered heading keeps its number: people cite by it.
func (r *docxReader) shape(p *docxParagraph) Block {
	block := Block{Kind: Paragraph, Text: p.text.String(), Page: p.page}
	if r.styles.isHidden(p.style) || strings.TrimSpace(block.Text) == "" {
		return Block{}
	}
	numID, level := r.styles.numbering(p.style)
	if p.numID != "" {
		numID, level = p.numID, 0
	}
	if p.hasLevel {
		level = p.level
	}
	label := ""
	if numID != "" && numID != "0" { // 0 takes a paragraph out of its style's list
		label = r.numbering.next(numID, level)
	}
	heading := r.styles.headingLevel(p.style)
	if p.outline >= 0 && p.outline <= 8 {
		heading = min(6, p.outline+1)
	}
	switch {
	case heading > 0:
		block.Kind, block.Level = Heading, heading
		if label == "-" {
			label = ""
		}
	case label != "":
		block.Kind, block.Level = ListItem, level+1
	}
	if label != "" {
		block.Text = label + " " + strings.TrimSpace(block.Text)
	}
	return block
}

// inline reads an element inside a paragraph.
func (r *docxReader) inline(p *docxParagraph, e xml.StartElement) error {
	switch e.Name.Local {
	case "pPr":
		return r.x.each(func(e xml.StartElement) error { return r.paragraphProperty(p, e) })
	case "r":
		return r.run(p)
	case "hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo",
		"ruby", "rubyBase":
		return r.x.each(func(e xml.StartElement) error { return r.inline(p, e) })
	}
	return r.x.skip() // among others del and moveFrom: text that is deleted
}

func (r *docxReader) paragraphProperty(p *docxParagraph, e xml.StartElement) error {
	switch e.Name.Local {
	case "pStyle":
		p.style = attr(e, "val")
	case "outlineLvl":
		p.outline = number(attr(e, "val"), -1)
	case "numPr":
		return r.x.each(func(e xml.StartElement) error { return r.paragraphProperty(p, e) })
	case "numId":
		p.numID = attr(e, "val")
	case "ilvl":
		p.level, p.hasLevel = number(attr(e, "val"), 0), true
	}
	return r.x.skip()
}

// run reads a stretch of text in one format.
func (r *docxReader) run(p *docxParagraph) error {
	isHidden := false
	var inner func(e xml.StartElement) error
	inner = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "rPr":
			return r.x.each(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "vanish":
					isHidden = isOn(e)
				case "rStyle":
					isHidden = isHidden || r.styles.isHidden(attr(e, "val"))
				}
				return r.x.skip()
			})
		case "lastRenderedPageBreak":
			r.page++
			r.breaks++
		case "ruby", "rubyBase", "r": // a ruby's base text comes as a run inside the run
			return r.x.each(inner)
		case "AlternateContent", "Choice", "drawing", "pict", "object", "inline", "anchor", "graphic", "graphicData", "wsp",
			"wgp", "wpc", "txbx", "shape", "rect", "roundrect", "group", "textbox", "grpSp":
			return r.x.each(inner) // Choice and Fallback hold the same box: Fallback is skipped
		case "txbxContent":
			if isHidden {
				return r.x.skip()
			}
			blocks, err := r.capture(func() error { return r.x.each(r.block) })
			p.boxes = append(p.boxes, blocks...)
			return err
		default:
			if !isHidden {
				return r.character(p, e)
			}
		}
		return r.x.skip()
	}
	return r.x.each(inner)
}

// character adds what a leaf of a run stands for.
func (r *docxReader) character(p *docxParagraph, e xml.StartElement) error {
	switch e.Name.Local {
	case "t":
		if p.page == 0 {
			p.page = r.page
		}
		return r.x.content(func(xml.StartElement) error { return r.x.skip() }, func(s string) { p.text.WriteString(collapseMarkup(s)) })
	case "tab", "ptab":
		p.text.WriteByte('\t')
	case "br", "cr":
		p.text.WriteByte('\n')
	case "noBreakHyphen":
		p.text.WriteByte('-')
	case "sym":
		// Symbol fonts keep their pictures in the private area, where a character says nothing.
		if code, err := strconv.ParseUint(attr(e, "char"), 16, 16); err == nil && code >= 0x20 && code < 0xD800 {
			p.text.WriteRune(rune(code))
		}
	case "footnoteReference":
		r.refer("footnote" + attr(e, "id"))
	case "endnoteReference":
		r.refer("endnote" + attr(e, "id"))
	}
	return r.x.skip()
}

func (r *docxReader) refer(key string) {
	if note := r.notes[key]; note != "" {
		r.pending = append(r.pending, note)
		delete(r.notes, key) // a note that is referred to twice is said once
	}
}
