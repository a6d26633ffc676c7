package parse

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
)

// Distances as shares of the font size. Spaces are about 0.25 wide, in tight setting 0.2; letters of one word are
// less than 0.1 apart; two columns of text at least 0.7; lines of a text about 1.2.
const (
	wordGap     = 0.15
	cellGap     = 1.0
	columnGap   = 0.7
	sameLine    = 0.4
	doubleDrawn = 0.1
)

// textWord is a run of glyphs without a gap.
type textWord struct {
	text    string
	x0, x1  float64
	y, size float64
	isBold  bool
}

// textLine is a line of one column.
type textLine struct {
	words       []textWord
	x0, x1      float64
	y, size     float64
	isBold      bool // all of it
	page        int
	column      int     // lines of a page with the same number follow each other in one column
	left, right float64 // of the column
}

// layOut puts a page's glyphs into lines in reading order.
func layOut(glyphs []glyph, page int) []textLine {
	words := joinWords(level(glyphs))
	var lines []textLine
	for i, column := range splitColumns(words, 2) {
		lines = append(lines, joinLines(column, page, i)...)
	}
	return lines
}

// level keeps the glyphs in the direction of most of the page's text and turns them level. A stamp across the page
// or a note up its margin is left out.
func level(glyphs []glyph) []glyph {
	counts := map[int]int{}
	for _, g := range glyphs {
		counts[g.turned]++
	}
	turned := 0
	for _, t := range []int{1, 2, 3} {
		if counts[t] > counts[turned] {
			turned = t
		}
	}
	kept := make([]glyph, 0, counts[turned])
	for _, g := range glyphs {
		if g.turned != turned || g.size < 0.5 {
			continue
		}
		switch turned {
		case 1:
			g.x, g.y = g.y, -g.x
		case 2:
			g.x, g.y = -g.x, -g.y
		case 3:
			g.x, g.y = -g.y, g.x
		}
		kept = append(kept, g)
	}
	return kept
}

// rows groups things by baseline, top to bottom. Superscripts stay with their line.
func rows[T any](things []T, place func(T) (y, size float64)) [][]T {
	slices.SortStableFunc(things, func(a, b T) int {
		ya, _ := place(a)
		yb, _ := place(b)
		return cmp.Compare(yb, ya)
	})
	var out [][]T
	var rowY, rowSize float64
	for _, thing := range things {
		y, size := place(thing)
		if n := len(out); n > 0 && rowY-y <= sameLine*max(size, rowSize) {
			out[n-1] = append(out[n-1], thing)
			if size > rowSize {
				rowY, rowSize = y, size
			}
			continue
		}
		out = append(out, []T{thing})
		rowY, rowSize = y, size
	}
	return out
}

func joinWords(glyphs []glyph) []textWord {
	var words []textWord
	for _, row := range rows(glyphs, func(g glyph) (float64, float64) { return g.y, g.size }) {
		slices.SortStableFunc(row, func(a, b glyph) int { return cmp.Compare(a.x, b.x) })
		words = append(words, wordsOfRow(row)...)
	}
	return words
}

// wordsOfRow joins the glyphs of one baseline, in order of x, into words.
func wordsOfRow(row []glyph) []textWord {
	var words []textWord
	var parts []string // of the open word, glyph by glyph
	var last glyph
	closeWord := func() {
		if len(parts) == 0 {
			return
		}
		if isRightToLeft(strings.Join(parts, "")) {
			slices.Reverse(parts)
		}
		words[len(words)-1].text = strings.Join(parts, "")
		parts = parts[:0]
	}
	for _, g := range row {
		pieces := strings.Fields(g.text)
		if len(pieces) == 0 || strings.HasPrefix(g.text, " ") {
			closeWord()
		}
		if len(parts) > 0 && g.text == last.text && math.Abs(g.x-last.x) < doubleDrawn*g.size {
			continue // drawn twice to look bold
		}
		for i, piece := range pieces { // nearly always one: a glyph can stand for several words
			n := len(words) - 1
			if i > 0 || len(parts) > 0 && g.x-words[n].x1 > wordGap*max(g.size, last.size) {
				closeWord()
			}
			if len(parts) == 0 {
				words = append(words, textWord{x0: g.x, x1: g.x + g.width, y: g.y, size: g.size, isBold: g.isBold})
				n = len(words) - 1
			}
			parts = append(parts, piece)
			words[n].x1 = max(words[n].x1, g.x+g.width)
			words[n].isBold = words[n].isBold && g.isBold
			if g.size > words[n].size {
				words[n].size, words[n].y = g.size, g.y
			}
			last = g
		}
		if strings.HasSuffix(g.text, " ") {
			closeWord()
		}
	}
	closeWord()
	return words
}

// joinLines puts one column's words into lines.
func joinLines(words []textWord, page, column int) []textLine {
	if len(words) == 0 {
		return nil
	}
	left, right := math.Inf(1), math.Inf(-1)
	for _, w := range words {
		left, right = min(left, w.x0), max(right, w.x1)
	}
	var lines []textLine
	for _, row := range rows(words, func(w textWord) (float64, float64) { return w.y, w.size }) {
		slices.SortStableFunc(row, func(a, b textWord) int { return cmp.Compare(a.x0, b.x0) })
		line := textLine{words: row, page: page, column: column, left: left, right: right, isBold: true, x0: row[0].x0, x1: row[0].x1}
		rightToLeft, longest := 0, 0
		for _, w := range row {
			line.x1 = max(line.x1, w.x1)
			line.isBold = line.isBold && w.isBold
			if len(w.text) > longest { // the longest word's size is the line's: notes and initials are short
				longest, line.size, line.y = len(w.text), w.size, w.y
			}
			if isRightToLeft(w.text) {
				rightToLeft++
			}
		}
		if 2*rightToLeft > len(row) {
			slices.Reverse(line.words)
		}
		lines = append(lines, line)
	}
	return lines
}

// text is the line's words with a space between them.
func (l textLine) text() string {
	texts := make([]string, len(l.words))
	for i, w := range l.words {
		texts[i] = w.text
	}
	return strings.Join(texts, " ")
}

// isRightToLeft says that the word's first letter is Arabic or Hebrew. Its glyphs lie in the opposite order.
func isRightToLeft(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) {
			return unicode.In(r, unicode.Arabic, unicode.Hebrew)
		}
	}
	return false
}

func countRunes(lines []textLine) int {
	total := 0
	for _, l := range lines {
		for _, w := range l.words {
			total += len([]rune(w.text))
		}
	}
	return total
}
