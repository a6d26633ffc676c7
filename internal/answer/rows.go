package answer

import (
	"regexp"
	"slices"
	"strings"
)

// placing says how a row of an answer stands to the rows of the tables that it cites.
type placing int

const (
	unplaced  placing = iota // none of their rows has its name
	inRow                    // one has all its cells, in that order
	misplaced                // it has a number that stands in other rows than those of its name
)

// tabled is a row of a table by its cells.
type tabled []string

func cellsOf(line string) tabled {
	var cells tabled
	for cell := range strings.SplitSeq(strings.Trim(strings.TrimSpace(line), "|"), "|") {
		cells = append(cells, strings.TrimSpace(cell))
	}
	return cells
}

// place finds the row of a statement in the passages that it cites, by its first cell: numbers that stand in a table alone
// have no words around them that could bind them to it.
func (v *verifier) place(claim string, cited []int) placing {
	if !isRow(claim) {
		return unplaced
	}
	row := cellsOf(claim)
	var own, other []string // numbers
	for _, i := range cited {
		for line := range strings.Lines(shown(v.passages[i])) {
			cells := cellsOf(line)
			if len(cells) < 2 {
				continue
			}
			switch {
			case row.isIn(cells):
				return inRow
			case slices.ContainsFunc(cells, func(cell string) bool { return isSameCell(row[0], cell) }):
				own = append(own, numbersIn(line)...)
			default:
				other = append(other, numbersIn(line)...)
			}
		}
	}
	isElsewhere := func(n string) bool { return slices.Contains(other, n) && !slices.Contains(own, n) }
	if len(own) > 0 && slices.ContainsFunc(numbersIn(claim), isElsewhere) {
		return misplaced
	}
	return unplaced
}

// isIn reports whether another row has all the cells of this one, in their order.
func (t tabled) isIn(cells tabled) bool {
	for _, cell := range t {
		at := slices.IndexFunc(cells, func(other string) bool { return isSameCell(cell, other) })
		if at < 0 {
			return false
		}
		cells = cells[at+1:]
	}
	return len(t) > 1
}

// isSameCell reports whether two cells have the same numbers, and one the words of the other: 29, 29 days.
func isSameCell(a, b string) bool {
	x, y := newQuotable(a), newQuotable(b)
	return x.squashed != "" && y.squashed != "" && slices.Equal(numbersIn(a), numbersIn(b)) && (x.holds(b) || y.holds(a))
}

var plainNumber = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

func numbersIn(text string) []string { return plainNumber.FindAllString(text, -1) }
