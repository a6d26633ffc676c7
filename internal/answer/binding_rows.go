package answer

import (
	"slices"

	"clearwell/internal/analysis"
	"clearwell/internal/figure"
)

// cutIntoCells gives the cells of a row the words over them.
func (w *worded) cutIntoCells(row string, head []string, language analysis.Language) {
	cells := cellsOf(row)
	w.label = figure.NewIndex(cells[0], language)
	if len(cells) != len(head) {
		return
	}
	for i, text := range cells[1:] {
		w.cells = append(w.cells, cell{analysis.Passage(head[i+1], language), figure.NewIndex(text, language)})
	}
}

// isRightCell reports whether the cell with a figure stands under what the words speak of: 80 for meals is no hotel's
// limit. Where they say nothing of any column, or also give the figure that stands under the other one, it is right.
func (w worded) isRightCell(words []analysis.QueryWord, f figure.Figure, all []figure.Figure) bool {
	most, here, isThere := 0, 0, false
	for _, c := range w.cells {
		isGiven := slices.ContainsFunc(all, func(other figure.Figure) bool {
			return other.Readings[0] != f.Readings[0] && c.figures.HoldsAnyUnit(other)
		})
		shared := 0
		for _, word := range words {
			if holds(c.head, word) {
				shared++
			}
		}
		if !isGiven {
			most = max(most, shared)
		}
		if c.figures.HoldsAnyUnit(f) {
			here, isThere = max(here, shared), true
		}
	}
	return !isThere || float64(here) >= boundShare*float64(most)
}

// isNamedBy reports whether the first cell of a row is a range whose ends stand among the figures.
func (w worded) isNamedBy(figures []figure.Figure) bool {
	found := make(map[string]bool)
	for _, f := range figures {
		if w.label.HoldsAnyUnit(f) {
			found[f.Readings[0]] = true
		}
	}
	return len(found) > 1
}

// parts of a claim are the cells of a row with what stands over them and what names the row, else the claim itself.
func (v *verifier) parts(claim string) []string {
	cells := cellsOf(claim)
	if !v.isTable || len(cells) != len(v.head) || len(cells) < 2 {
		return []string{claim}
	}
	parts := []string{v.head[0] + " " + cells[0]}
	for i, cell := range cells[1:] {
		parts = append(parts, v.head[i+1]+" "+cells[0]+" "+cell)
	}
	return parts
}
