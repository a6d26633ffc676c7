package parse

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Spans beyond these are mistakes or attacks; browsers cap them too (HTML standard: 1,000 and 65,534).
const (
	maxColspan = 200
	maxRowspan = 2000
)

// table adds a data table as one block. A table that only lays out a page is read like any other element.
func (h *htmlReader) table(n *html.Node) error {
	if err := h.flush(); err != nil {
		return err
	}
	rows := tableRows(n)
	if isLayoutTable(n, rows) {
		return h.children(n)
	}
	for child := range n.ChildNodes() {
		if child.DataAtom == atom.Caption {
			if err := h.children(child); err != nil {
				return err
			}
			if err := h.flush(); err != nil {
				return err
			}
		}
	}
	text, err := h.tableText(rows)
	if err != nil {
		return err
	}
	return h.out.add(Block{Kind: Table, Text: text})
}

// tableText is one line a row. A cell that spans rows is repeated in each of them, so that every line can be
// read by itself; one that spans columns is written once.
func (h *htmlReader) tableText(rows []*html.Node) (string, error) {
	type span struct {
		text string
		rows int
	}
	var out strings.Builder
	spans := map[int]span{} // by column, what reaches down from a row above
	for _, row := range rows {
		var cells []string
		column := 0
		reachDown := func() {
			for spans[column].rows > 0 {
				above := spans[column]
				cells = append(cells, above.text)
				above.rows--
				spans[column] = above
				column++
			}
		}
		for cell := range row.ChildNodes() {
			if cell.DataAtom != atom.Td && cell.DataAtom != atom.Th || isChrome(cell) {
				continue
			}
			reachDown()
			text := cellText(cell)
			cells = append(cells, text)
			if below := spanOf(cell, "rowspan", maxRowspan) - 1; below > 0 {
				spans[column] = span{text, below}
			}
			column += spanOf(cell, "colspan", maxColspan)
		}
		reachDown()
		writeRow(&out, cells)
		if out.Len() > 2*h.out.maxBytes {
			return "", tooMuchText(h.out.maxBytes)
		}
	}
	return out.String(), nil
}

// writeRow writes the cells as one line; a row without text leaves none.
func writeRow(out *strings.Builder, cells []string) {
	line := strings.TrimSpace(strings.Join(cells, " | "))
	if strings.Trim(line, " |") == "" {
		return
	}
	if out.Len() > 0 {
		out.WriteByte('\n')
	}
	out.WriteString(line)
}

func spanOf(cell *html.Node, key string, limit int) int {
	n, err := strconv.Atoi(strings.TrimSpace(attribute(cell, key)))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, limit)
}

// tableRows finds the rows of n itself, not of tables inside it.
func tableRows(n *html.Node) []*html.Node {
	var rows []*html.Node
	for child := range n.ChildNodes() {
		switch child.DataAtom {
		case atom.Tr:
			if !isChrome(child) {
				rows = append(rows, child)
			}
		case atom.Thead, atom.Tbody, atom.Tfoot:
			rows = append(rows, tableRows(child)...)
		}
	}
	return rows
}

// isLayoutTable: it says so, has a single column, or holds headings or tables.
func isLayoutTable(n *html.Node, rows []*html.Node) bool {
	if role := attribute(n, "role"); role == "presentation" || role == "none" {
		return true
	}
	for d := range n.Descendants() {
		switch d.DataAtom {
		case atom.Table, atom.H1, atom.H2, atom.H3:
			return true
		}
	}
	for _, row := range rows {
		cells := 0
		for cell := range row.ChildNodes() {
			if cell.DataAtom == atom.Td || cell.DataAtom == atom.Th {
				cells++
			}
		}
		if cells > 1 {
			return false
		}
	}
	return true
}

// cellText is a cell's text on one line; blocks inside it are parted by a space.
func cellText(cell *html.Node) string {
	var out strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			out.WriteString(n.Data)
			return
		case n.Type != html.ElementNode || isChrome(n):
			return
		case n.DataAtom == atom.Img:
			out.WriteString(attribute(n, "alt"))
			return
		}
		isApart := isBlock[n.DataAtom] || n.DataAtom == atom.Br || n.DataAtom == atom.Li
		if isApart {
			out.WriteByte(' ')
		}
		for child := range n.ChildNodes() {
			walk(child)
		}
		if isApart {
			out.WriteByte(' ')
		}
	}
	for child := range cell.ChildNodes() {
		walk(child)
	}
	return strings.Join(strings.Fields(out.String()), " ")
}
