package answer

import (
	"regexp"
	"slices"
	"strings"
)

// cellsOf lists the cells of a row.
func cellsOf(line string) []string {
	var cells []string
	for cell := range strings.SplitSeq(strings.Trim(strings.TrimSpace(line), "|"), "|") {
		cells = append(cells, strings.TrimSpace(cell))
	}
	return cells
}

// isMisplaced reports whether a row of an answer has a number that the tables which it cites have in other rows than
// those of its name, which is its first cell: numbers that stand in a table alone have no words around them to bind them.
func (v *verifier) isMisplaced(claim string, cited []int) bool {
	if !isRow(claim) {
		return false
	}
	name := cellsOf(claim)[0]
	var own, other []string // numbers
	for _, i := range cited {
		for line := range strings.Lines(shown(v.passages[i])) {
			cells := cellsOf(line)
			switch {
			case len(cells) < 2:
			case slices.ContainsFunc(cells, func(cell string) bool { return isSameCell(name, cell) }):
				own = append(own, numbersIn(line)...)
			default:
				other = append(other, numbersIn(line)...)
			}
		}
	}
	return len(own) > 0 && slices.ContainsFunc(numbersIn(claim), func(n string) bool {
		return slices.Contains(other, n) && !slices.Contains(own, n)
	})
}

// isSameCell reports whether two cells have the same numbers, and one the words of the other: 29, 29 days.
func isSameCell(a, b string) bool {
	x, y := newQuotable(a), newQuotable(b)
	return x.squashed != "" && y.squashed != "" && slices.Equal(numbersIn(a), numbersIn(b)) && (x.holds(b) || y.holds(a))
}

var plainNumber = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

func numbersIn(text string) []string { return plainNumber.FindAllString(text, -1) }
