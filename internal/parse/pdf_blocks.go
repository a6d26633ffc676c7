package parse

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pdfBlock is a block with what its lines looked like, before it is known what is a heading.
type pdfBlock struct {
	Block
	size   float64
	isBold bool
	lines  int
}

// shapeBlocks makes blocks of the lines of the whole document.
func shapeBlocks(lines []textLine) []Block {
	body := bodySize(lines)
	var blocks []pdfBlock
	for start := 0; start < len(lines); {
		end := start + 1
		for end < len(lines) && lines[end].page == lines[start].page && lines[end].column == lines[start].column {
			end++
		}
		column := columnBlocks(lines[start:end])
		if start > 0 && lines[start-1].page == lines[start].page && goesOn(blocks, column) {
			last := &blocks[len(blocks)-1]
			last.Text += " " + column[0].Text
			last.lines += column[0].lines
			column = column[1:]
		}
		blocks = append(blocks, column...)
		start = end
	}
	markHeadings(blocks, body)
	out := make([]Block, len(blocks))
	for i, b := range blocks {
		out[i] = b.Block
	}
	return out
}

// goesOn says that the next column begins in the middle of the paragraph that the last one ended with.
func goesOn(blocks, column []pdfBlock) bool {
	if len(blocks) == 0 || len(column) == 0 {
		return false
	}
	last, next := blocks[len(blocks)-1], column[0]
	first, _ := utf8.DecodeRuneInString(next.Text)
	return next.Kind == Paragraph && (last.Kind == Paragraph || last.Kind == ListItem) && !endsSentence(last.Text) &&
		last.size == next.size && last.lines > 1 && unicode.IsLower(first)
}

// bodySize is the font size that most of the text has, to a quarter point.
func bodySize(lines []textLine) float64 {
	counts := map[float64]int{}
	for _, l := range lines {
		for _, w := range l.words {
			counts[math.Round(l.size*4)/4] += len(w.text)
		}
	}
	best := 0.0
	for size, n := range counts {
		if n > counts[best] || n == counts[best] && size < best {
			best = size
		}
	}
	return best
}

// columnBlocks parts the lines of one column.
func columnBlocks(lines []textLine) []pdfBlock {
	var blocks []pdfBlock
	leading := usualLeading(lines)
	var paragraph []textLine
	var indents []float64 // of the open lists
	flush := func() {
		if len(paragraph) > 0 {
			block := paragraphBlock(paragraph)
			if block.Kind == ListItem {
				indents, block.Level = nest(indents, paragraph[0].x0, paragraph[0].size)
			} else {
				indents = nil
			}
			blocks = append(blocks, block)
		}
		paragraph = nil
	}
	for i := 0; i < len(lines); i++ {
		if table, n := tableAt(lines[i:]); n > 0 {
			flush()
			blocks = append(blocks, pdfBlock{Block: Block{Kind: Table, Text: table, Page: lines[i].page}, size: lines[i].size, lines: n})
			i += n - 1
			continue
		}
		if len(paragraph) > 0 && beginsBlock(paragraph, lines[i], leading) {
			flush()
		}
		paragraph = append(paragraph, lines[i])
	}
	flush()
	return blocks
}

// usualLeading is the distance of two lines of a paragraph as a share of their size: the lower quartile of the column's
// distances, since in a letter most are those between paragraphs. 1.2 if there are none.
func usualLeading(lines []textLine) float64 {
	var shares []float64
	for i := 1; i < len(lines); i++ {
		if share := (lines[i-1].y - lines[i].y) / max(1, lines[i].size); share > 0.8 && share < 2.5 {
			shares = append(shares, share)
		}
	}
	if len(shares) == 0 {
		return 1.2
	}
	slices.Sort(shares)
	return shares[len(shares)/4]
}

// beginsBlock says that the line does not go on with the paragraph.
func beginsBlock(paragraph []textLine, line textLine, leading float64) bool {
	first, last := paragraph[0], paragraph[len(paragraph)-1]
	size := max(1, last.size)
	isItem := listMarker.MatchString(first.text() + " x")
	switch {
	case listMarker.MatchString(line.text() + " x"):
		return true
	case math.Abs(line.size-last.size) > 0.08*size, line.isBold != last.isBold && (line.isBold || allBold(paragraph)):
		return true
	case last.y-line.y > (leading+0.35)*size, last.y-line.y < 0:
		return true
	case isItem:
		return line.x0 < first.x0-0.5*size // hanging text of the item stands right of its marker
	case line.x0 > last.x0+0.8*size && last.x0 < line.left+0.5*size && len(paragraph) > 0 && line.x0 < line.left+5*size:
		return len(paragraph) > 1 || last.x1 < line.right-2*size // indented first line
	}
	isShort := last.x1 < line.right-endsEarly*(line.right-line.left)
	return isShort && endsSentence(last.text()) && line.right-line.left > 20*size
}

func allBold(lines []textLine) bool {
	for _, l := range lines {
		if !l.isBold {
			return false
		}
	}
	return true
}

func endsSentence(s string) bool {
	s = strings.TrimRight(s, `"'”’)»`)
	return strings.HasSuffix(s, ".") || strings.HasSuffix(s, ":") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?")
}

// paragraphBlock joins lines by spaces. The break stays after a hyphen, so that whoever cleans the text can tell a
// divided word from a compound, and after a line that ends early: it was ended on purpose, as in an address.
func paragraphBlock(lines []textLine) pdfBlock {
	var text strings.Builder
	for i, l := range lines {
		if i > 0 {
			separator := byte(' ')
			before := lines[i-1]
			last := before.words[len(before.words)-1].text
			if strings.HasSuffix(last, "-") || strings.HasSuffix(last, "\u00AD") || before.x1 < l.right-endsEarly*(l.right-l.left) {
				separator = '\n'
			}
			text.WriteByte(separator)
		}
		text.WriteString(l.text())
	}
	block := pdfBlock{size: lines[0].size, isBold: allBold(lines), lines: len(lines)}
	block.Block = Block{Kind: Paragraph, Text: text.String(), Page: lines[0].page}
	if m := listMarker.FindStringSubmatchIndex(block.Text); m != nil {
		block.Kind, block.Level = ListItem, 1
		if m[4] >= 0 { // a bullet of whatever shape
			block.Text = "- " + block.Text[m[8]:]
		}
	}
	return block
}

// nest finds a list item's depth by its indent among the lists that are open.
func nest(indents []float64, x, size float64) ([]float64, int) {
	for len(indents) > 0 && indents[len(indents)-1] > x+0.5*size {
		indents = indents[:len(indents)-1]
	}
	if len(indents) == 0 || indents[len(indents)-1] < x-0.5*size {
		indents = append(indents, x)
	}
	return indents, min(9, len(indents))
}

// endsEarly is how much of the column's width a line leaves free if it was ended on purpose.
const endsEarly = 0.25

const (
	headingSize  = 1.15 // times the body's size
	maxHeading   = 200  // bytes of a heading
	maxBoldLine  = 100
	maxBoldShare = 0.3 // of the blocks: where more is bold, bold means nothing
)

var sectionNumber = regexp.MustCompile(`^(\d{1,2}(\.\d{1,2}){0,4}\.?|[A-Z]\.|[IVX]{1,5}\.)\s+\p{Lu}`)

// markHeadings finds the headings: larger than the body, or a short bold line by itself. Levels go by rank of size.
func markHeadings(blocks []pdfBlock, body float64) {
	var sizes []float64
	bold := 0
	for _, b := range blocks {
		if isLarge(b, body) {
			sizes = append(sizes, b.size)
		}
		if isBoldLine(b) {
			bold++
		}
	}
	slices.Sort(sizes)
	slices.Reverse(sizes)
	ranks := sizes[:0] // one for sizes that look alike
	for _, size := range sizes {
		if len(ranks) == 0 || size < 0.95*ranks[len(ranks)-1] {
			ranks = append(ranks, size)
		}
	}
	boldCounts := float64(bold) <= max(3, maxBoldShare*float64(len(blocks)))
	for i := range blocks {
		b := &blocks[i]
		switch {
		case isLarge(*b, body):
			rank := 0
			for rank+1 < len(ranks) && b.size <= ranks[rank+1] {
				rank++
			}
			b.Kind, b.Level = Heading, min(6, rank+1)
		case boldCounts && isBoldLine(*b) && b.size > 0.95*body:
			b.Kind, b.Level = Heading, min(6, len(ranks)+1)
		}
	}
}

func isLarge(b pdfBlock, body float64) bool {
	return b.Kind != Table && b.size >= headingSize*body && b.lines <= 3 && len(b.Text) <= maxHeading && hasLetter(b.Text) &&
		(b.Kind == Paragraph || sectionNumber.MatchString(b.Text))
}

func isBoldLine(b pdfBlock) bool {
	return b.isBold && b.lines == 1 && len(b.Text) <= maxBoldLine && hasLetter(b.Text) &&
		(b.Kind == Paragraph || b.Kind == ListItem && sectionNumber.MatchString(b.Text)) &&
		!strings.ContainsAny(b.Text[len(b.Text)-1:], ".,;:")
}

func hasLetter(s string) bool { return strings.IndexFunc(s, unicode.IsLetter) >= 0 }
