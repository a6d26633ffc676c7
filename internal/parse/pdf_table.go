package parse

import (
	"math"
	"strings"
)

// textCell is a stretch of a line between two wide gaps.
type textCell struct {
	text   string
	x0, x1 float64
}

// cells parts the line at its wide gaps.
func (l textLine) cells() []textCell {
	var cells []textCell
	for i, w := range l.words {
		n := len(cells) - 1
		if i > 0 && math.Abs(w.x0-cells[n].x1) <= cellGap*max(w.size, l.size) {
			cells[n].text += " " + w.text
			cells[n].x1 = max(cells[n].x1, w.x1)
			continue
		}
		cells = append(cells, textCell{w.text, w.x0, w.x1})
	}
	return cells
}

// tableAt reads a table that begins with the first line: at least two lines of at least two cells that stand
// under each other. It returns the table's text and how many lines it took, 0 if there is no table.
func tableAt(lines []textLine) (text string, n int) {
	if !isRow(lines[0]) {
		return "", 0
	}
	var rows [][]textCell
	isWrapped := map[int]bool{} // rows that go on with the one above
	for n < len(lines) {
		cells := lines[n].cells()
		if n > 0 {
			distance := lines[n-1].y - lines[n].y
			if distance > 3.5*lines[n].size || distance < 0 {
				break
			}
			isBelow := countAligned(rows, cells) >= min(2, len(cells))
			isClose := distance < 1.4*lines[n].size
			switch {
			case isRow(lines[n]) && isBelow:
				isWrapped[n] = isClose && cells[0].x0 > rows[0][0].x1
			case len(cells) == 1 && isClose && isBelow && cells[0].x0 > rows[0][0].x1:
				isWrapped[n] = true
			default:
				distance = -1
			}
			if distance < 0 {
				break
			}
		}
		rows = append(rows, cells)
		n++
	}
	whole := 0
	for i := range rows {
		if !isWrapped[i] {
			whole++
		}
	}
	if whole < 2 {
		return "", 0
	}
	return writeCells(rows, isWrapped), n
}

// isRow: several cells, the first of which is not just a list's marker.
func isRow(l textLine) bool {
	cells := l.cells()
	return len(cells) > 2 || len(cells) == 2 && !listMarker.MatchString(cells[0].text+" x")
}

// countAligned counts the cells that overlap one of the last rows' cells.
func countAligned(rows [][]textCell, cells []textCell) int {
	aligned := 0
	for _, c := range cells {
		for _, row := range rows[max(0, len(rows)-3):] {
			if columnOf(row, c) >= 0 {
				aligned++
				break
			}
		}
	}
	return aligned
}

// columnOf is the index of the cell of row that c overlaps most, -1 if none.
func columnOf(row []textCell, c textCell) int {
	best, bestOverlap := -1, 0.0
	for i, other := range row {
		if overlap := min(c.x1, other.x1) - max(c.x0, other.x0); overlap > bestOverlap {
			best, bestOverlap = i, overlap
		}
	}
	return best
}

// writeCells puts each cell under the column of the fullest row that it overlaps or is nearest to, so that a row with
// an empty cell keeps its other cells in place.
func writeCells(rows [][]textCell, isWrapped map[int]bool) string {
	columns := rows[0]
	for _, row := range rows {
		if len(row) > len(columns) {
			columns = row
		}
	}
	var grid [][]string
	for i, row := range rows {
		texts := make([]string, len(columns))
		if isWrapped[i] && len(grid) > 0 {
			texts = grid[len(grid)-1]
		} else {
			grid = append(grid, texts)
		}
		for _, c := range row {
			at := columnOf(columns, c)
			if at < 0 {
				at = nearest(columns, c)
			}
			texts[at] = strings.TrimSpace(texts[at] + " " + c.text)
		}
	}
	var out strings.Builder
	for _, texts := range grid {
		writeRow(&out, texts)
	}
	return out.String()
}

func nearest(columns []textCell, c textCell) int {
	best, bestDistance := 0, math.Inf(1)
	for i, column := range columns {
		if d := math.Abs((column.x0 + column.x1 - c.x0 - c.x1) / 2); d < bestDistance {
			best, bestDistance = i, d
		}
	}
	return best
}
