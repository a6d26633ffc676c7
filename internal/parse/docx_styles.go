package parse

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
)

// docxStyle is what a paragraph or character style says about structure.
type docxStyle struct {
	name     string
	basedOn  string
	outline  int // 0–8 as in the file, -1 if not set
	numID    string
	level    int
	isHidden bool
}

// docxStyles are the styles by id.
type docxStyles map[string]docxStyle

func readStyles(p *docxPackage, name string) (docxStyles, error) {
	styles := docxStyles{}
	err := p.readOptional(name, func(x *xmlPart) error {
		return x.each(func(root xml.StartElement) error {
			return x.each(func(e xml.StartElement) error {
				if e.Name.Local != "style" {
					return x.skip()
				}
				style, err := readStyle(x)
				styles[attr(e, "styleId")] = style
				return err
			})
		})
	})
	return styles, err
}

func readStyle(x *xmlPart) (docxStyle, error) {
	style := docxStyle{outline: -1}
	var inner func(e xml.StartElement) error
	inner = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "name":
			style.name = attr(e, "val")
		case "basedOn":
			style.basedOn = attr(e, "val")
		case "outlineLvl":
			style.outline = number(attr(e, "val"), -1)
		case "numId":
			style.numID = attr(e, "val")
		case "ilvl":
			style.level = number(attr(e, "val"), 0)
		case "vanish":
			style.isHidden = isOn(e)
		case "pPr", "rPr", "numPr":
			return x.each(inner)
		}
		return x.skip()
	}
	return style, x.each(inner)
}

// chain calls visit for the style and those it is based on, until visit has what it wants.
func (s docxStyles) chain(id string, visit func(docxStyle) bool) {
	for range 20 { // a circle of styles ends here
		style, ok := s[id]
		if !ok || visit(style) {
			return
		}
		id = style.basedOn
	}
}

// headingName knows the built-in heading styles. Word stores their English names in every language; other
// programs, and ids without a style, carry the local word.
var headingName = regexp.MustCompile(`(?i)^(?:heading|überschrift|berschrift|titre|t[ií]tulo|titolo|kop|rubrik|overskrift|otsikko|nagłówek|nadpis|заголовок|标题|見出し|제목)[ _]?([1-9])$`)

// headingLevel is 1–6 for a heading style, else 0.
func (s docxStyles) headingLevel(id string) int {
	level := 0
	s.chain(id, func(style docxStyle) bool {
		switch {
		case strings.EqualFold(style.name, "title"):
			level = 1
		case style.outline >= 0 && style.outline <= 8:
			level = min(6, style.outline+1)
		case style.outline == 9:
			return true
		default:
			level = headingNameLevel(style.name)
		}
		return level > 0
	})
	if _, isKnown := s[id]; !isKnown {
		level = headingNameLevel(id)
	}
	return level
}

func headingNameLevel(name string) int {
	if m := headingName.FindStringSubmatch(name); m != nil {
		return min(6, int(m[1][0]-'0'))
	}
	return 0
}

// numbering is the list that a style puts its paragraphs into; "" if none.
func (s docxStyles) numbering(id string) (numID string, level int) {
	s.chain(id, func(style docxStyle) bool {
		numID, level = style.numID, style.level
		return numID != ""
	})
	return numID, level
}

func (s docxStyles) isHidden(id string) bool {
	isHidden := false
	s.chain(id, func(style docxStyle) bool {
		isHidden = isHidden || style.isHidden
		return isHidden
	})
	return isHidden
}

func number(s string, otherwise int) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return otherwise
	}
	return n
}
