package parse

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// listLevels is how deep Word's lists go.
const listLevels = 9

// docxLevel is one level of a list's numbering.
type docxLevel struct {
	format string // decimal, lowerLetter, bullet, …
	label  string // "%1.%2" with the levels' numbers put in
	start  int
}

// docxList is a numbering instance.
type docxList struct {
	abstract string
	starts   map[int]int // level to its own first number
}

// docxNumbering knows the lists of a document and counts their items.
type docxNumbering struct {
	levels map[string]*[listLevels]docxLevel // by abstract list
	lists  map[string]docxList               // by numId
	counts map[string]*[listLevels]int       // by abstract list: numId's of one list count on
	begun  map[string]bool                   // numIds whose own start was applied
}

func readNumbering(p *docxPackage, name string) (*docxNumbering, error) {
	n := &docxNumbering{
		levels: map[string]*[listLevels]docxLevel{}, lists: map[string]docxList{},
		counts: map[string]*[listLevels]int{}, begun: map[string]bool{},
	}
	err := p.readOptional(name, func(x *xmlPart) error {
		return x.each(func(root xml.StartElement) error {
			return x.each(func(e xml.StartElement) error {
				switch e.Name.Local {
				case "abstractNum":
					return n.readAbstract(x, attr(e, "abstractNumId"))
				case "num":
					return n.readList(x, attr(e, "numId"))
				}
				return x.skip()
			})
		})
	})
	return n, err
}

func (n *docxNumbering) readAbstract(x *xmlPart, id string) error {
	levels := new([listLevels]docxLevel)
	for i := range levels {
		levels[i] = docxLevel{format: "bullet", start: 1}
	}
	n.levels[id] = levels
	return x.each(func(e xml.StartElement) error {
		level := number(attr(e, "ilvl"), -1)
		if e.Name.Local != "lvl" || level < 0 || level >= listLevels {
			return x.skip()
		}
		return x.each(func(e xml.StartElement) error {
			switch e.Name.Local {
			case "numFmt":
				levels[level].format = attr(e, "val")
			case "lvlText":
				levels[level].label = attr(e, "val")
			case "start":
				levels[level].start = number(attr(e, "val"), 1)
			}
			return x.skip()
		})
	})
}

func (n *docxNumbering) readList(x *xmlPart, id string) error {
	list := docxList{starts: map[int]int{}}
	level := 0
	var inner func(e xml.StartElement) error
	inner = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "abstractNumId":
			list.abstract = attr(e, "val")
		case "lvlOverride":
			level = number(attr(e, "ilvl"), 0)
			return x.each(inner)
		case "startOverride":
			list.starts[level] = number(attr(e, "val"), 1)
		}
		return x.skip()
	}
	err := x.each(inner)
	n.lists[id] = list
	return err
}

// next counts one item of the list at level and returns its label: "-" for a bullet, "2.1." or "(b)" as the
// list's format says, "" if the list shows none or is unknown.
func (n *docxNumbering) next(numID string, level int) string {
	list, ok := n.lists[numID]
	levels := n.levels[list.abstract]
	if !ok || levels == nil || level < 0 || level >= listLevels {
		return ""
	}
	counts := n.counts[list.abstract]
	if counts == nil {
		counts = new([listLevels]int)
		n.counts[list.abstract] = counts
	}
	if !n.begun[numID] && len(list.starts) > 0 {
		for at := range list.starts {
			if at >= 0 && at < listLevels {
				counts[at] = 0
			}
		}
	}
	n.begun[numID] = true
	if counts[level] == 0 {
		counts[level] = levels[level].start - 1
		if start, ok := list.starts[level]; ok {
			counts[level] = start - 1
		}
	}
	counts[level]++
	clear(counts[level+1:])
	return levels[level].write(levels, counts)
}

func (l docxLevel) write(levels *[listLevels]docxLevel, counts *[listLevels]int) string {
	switch l.format {
	case "bullet":
		return "-"
	case "none":
		return ""
	}
	label := l.label
	for i := range levels {
		n := counts[i]
		if n == 0 {
			n = levels[i].start
		}
		label = strings.ReplaceAll(label, "%"+strconv.Itoa(i+1), writeNumber(levels[i].format, n))
	}
	return strings.TrimSpace(label)
}

func writeNumber(format string, n int) string {
	style := map[string]string{"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}[format]
	if style == "" {
		style = "1"
	}
	if label := strings.TrimSuffix(listLabel(style, n), "."); format != "decimalZero" || n > 9 {
		return label
	}
	return "0" + strconv.Itoa(n)
}
