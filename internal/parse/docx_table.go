package parse

import (
	"encoding/xml"
	"strings"
)

// docxCell is a cell of a table row.
type docxCell struct {
	blocks  []Block
	columns int  // how many it spans
	isBelow bool // it continues the cell above it
}

// table emits the table that has begun as one block, or, if no row has two cells, the blocks in it: then it is a frame.
func (r *docxReader) table() error {
	page := r.page
	var rows [][]docxCell
	var inner func(e xml.StartElement) error
	inner = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "tr":
			row, err := r.row()
			if len(row) > 0 {
				rows = append(rows, row)
			}
			return err
		case "sdt", "sdtContent", "customXml", "ins", "moveTo":
			return r.x.each(inner)
		}
		return r.x.skip()
	}
	if err := r.x.each(inner); err != nil {
		return err
	}
	isFrame := true
	for _, row := range rows {
		isFrame = isFrame && len(row) == 1
	}
	if isFrame {
		for _, row := range rows {
			*r.sink = append(*r.sink, row[0].blocks...)
		}
		return nil
	}
	text, err := r.tableText(rows)
	if err != nil {
		return err
	}
	return r.emit(Block{Kind: Table, Text: text, Page: page})
}

// row reads one table row; a deleted row has no cells.
func (r *docxReader) row() ([]docxCell, error) {
	var cells []docxCell
	isDeleted := false
	var inner func(e xml.StartElement) error
	inner = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "trPr", "sdt", "sdtContent", "customXml":
			return r.x.each(inner)
		case "del":
			isDeleted = true
		case "tc":
			cell, err := r.cell()
			cells = append(cells, cell)
			return err
		}
		return r.x.skip()
	}
	err := r.x.each(inner)
	if isDeleted {
		return nil, err
	}
	return cells, err
}

func (r *docxReader) cell() (docxCell, error) {
	cell := docxCell{columns: 1}
	property := func(e xml.StartElement) error {
		switch e.Name.Local {
		case "gridSpan":
			cell.columns = max(1, min(maxColspan, number(attr(e, "val"), 1)))
		case "vMerge":
			cell.isBelow = attr(e, "val") != "restart"
		}
		return r.x.skip()
	}
	var err error
	cell.blocks, err = r.capture(func() error {
		return r.x.each(func(e xml.StartElement) error {
			if e.Name.Local == "tcPr" {
				return r.x.each(property)
			}
			return r.block(e)
		})
	})
	return cell, err
}

// tableText is one line a row; a cell merged over rows is repeated, so that each line can be read by itself.
func (r *docxReader) tableText(rows [][]docxCell) (string, error) {
	var out strings.Builder
	above := map[int]string{} // by column
	for _, row := range rows {
		texts := make([]string, len(row))
		column := 0
		for i, cell := range row {
			texts[i] = joinTexts(cell.blocks, " ")
			if cell.isBelow && texts[i] == "" {
				texts[i] = above[column]
			}
			above[column] = texts[i]
			column += cell.columns
		}
		writeRow(&out, texts)
		if out.Len() > r.out.maxBytes {
			return "", tooMuchText(r.out.maxBytes)
		}
	}
	return out.String(), nil
}

// joinTexts puts the blocks' texts on one line.
func joinTexts(blocks []Block, separator string) string {
	texts := make([]string, 0, len(blocks))
	for _, b := range blocks {
		texts = append(texts, strings.Join(strings.Fields(b.Text), " "))
	}
	return strings.Join(texts, separator)
}
