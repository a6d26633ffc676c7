package chunk

import (
	"slices"
	"strings"

	"clearwell/internal/parse"
)

// block is a block of the document with its place in the document's text.
type block struct {
	parse.Block
	start, end int // offsets in bytes
	tokens     int
}

// section is a run of blocks under the same headings.
type section struct {
	trail       []int // indexes of headings, outermost first
	first, last int   // blocks first up to last, exclusive
}

// outline finds the sections of a document.
type outline struct {
	blocks   []block
	count    Counter
	cfg      Config
	ancestry map[int][]int // trail above each heading
	sections []section
}

// measure finds where the blocks stand in the document's text and counts their tokens.
func measure(doc parse.Document, count Counter) []block {
	blocks := make([]block, len(doc.Blocks))
	at := 0
	for i, b := range doc.Blocks {
		blocks[i] = block{Block: b, start: at, end: at + len(b.Text)}
		if strings.TrimSpace(b.Text) != "" {
			blocks[i].tokens = max(count.CountTokens(b.Text), 1)
		}
		at += len(b.Text) + len(parse.BlockSeparator)
	}
	return blocks
}

// sectionsOf returns the document's sections in order. A heading that would stand in no section's trail, since
// nothing is below it, is a section of its own, so that it can be found.
func sectionsOf(blocks []block, count Counter, cfg Config) []section {
	o := &outline{blocks: blocks, count: count, cfg: cfg, ancestry: map[int][]int{}}
	o.open()
	o.addLoneHeadings()
	slices.SortFunc(o.sections, func(a, b section) int { return a.first - b.first })
	return o.sections
}

// open makes a section of each run of blocks between headings.
func (o *outline) open() {
	var above []int
	begin := 0
	flush := func(end int) {
		if slices.ContainsFunc(o.blocks[begin:end], func(b block) bool { return b.tokens > 0 }) {
			o.sections = append(o.sections, section{trail: o.trim(above), first: begin, last: end})
		}
		begin = end + 1
	}
	for i, b := range o.blocks {
		if !o.isHeading(b) {
			continue
		}
		flush(i)
		for len(above) > 0 && level(o.blocks[above[len(above)-1]]) >= level(b) {
			above = above[:len(above)-1]
		}
		o.ancestry[i] = o.trim(above)
		above = append(slices.Clone(above), i)
	}
	flush(len(o.blocks))
}

// addLoneHeadings goes from the last heading to the first: one that is alone shows those above it.
func (o *outline) addLoneHeadings() {
	isShown := map[int]bool{}
	for _, s := range o.sections {
		for _, h := range s.trail {
			isShown[h] = true
		}
	}
	for i := len(o.blocks) - 1; i >= 0; i-- {
		if !o.isHeading(o.blocks[i]) || isShown[i] {
			continue
		}
		o.sections = append(o.sections, section{trail: o.ancestry[i], first: i, last: i + 1})
		for _, h := range o.ancestry[i] {
			isShown[h] = true
		}
	}
}

// isHeading reports whether b opens a section; what is too long to stand in a trail is text.
func (o *outline) isHeading(b block) bool {
	return b.Kind == parse.Heading && b.tokens > 0 && b.tokens <= o.cfg.maxHeading()
}

func level(b block) int { return min(max(b.Level, 1), 6) }

// trim takes headings off the outer end of a trail until it leaves room for text.
func (o *outline) trim(trail []int) []int {
	tokens := 0
	for i := len(trail) - 1; i >= 0; i-- {
		tokens += o.blocks[trail[i]].tokens + 1 // and the ">"
		if tokens > o.cfg.maxTrail() {
			return trail[i+1:]
		}
	}
	return trail
}
