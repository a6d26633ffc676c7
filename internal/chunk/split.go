package chunk

import (
	"slices"
	"strings"
	"unicode/utf8"

	"clearwell/internal/parse"
)

// slack is kept free in a chunk: tokens of parts may add up to a little less than those of the whole.
const slack = 2

// splitter cuts one document.
type splitter struct {
	text   string
	title  string // stands above all headings; "" where it says nothing
	blocks []block
	count  Counter
	cfg    Config
	chunks []Chunk
	// runes is how many code points stand before byte seen; chunks come in order, so each is counted once.
	seen, runes int
}

// Split cuts doc into chunks, in the order of its text. A chunk is a run of whole blocks of one section, or a part
// of one block; together they hold all text once, but for headings, which stand in the trails, and white space.
// No chunk's Embedded has more than cfg.Max tokens as count counts them, and the same document gives the same
// chunks. Cuts are chosen by the text around them and not by counting from the start: editing, adding or
// removing one paragraph leaves all but about three chunks as they were.
// The document's title stands first in every trail, unless the outermost heading says the same.
// A trail of headings that would take more than half of Max loses its outermost ones.
func Split(doc parse.Document, count Counter, cfg Config) []Chunk {
	cfg = cfg.withDefaults()
	s := &splitter{text: doc.Text(), title: strings.Join(strings.Fields(doc.Title), " "), blocks: measure(doc, count), count: count, cfg: cfg}
	if count.CountTokens(s.title) > cfg.maxHeading() {
		s.title = ""
	}
	for _, sec := range sectionsOf(s.blocks, count, cfg) {
		s.cutSection(sec)
	}
	return s.chunks
}

// frame is what surrounds the text of the chunks of one section or one block.
type frame struct {
	headings []string
	room     int // tokens left for text
	// context returns what a segment that begins with p lacks.
	context func(p piece) string
}

func noContext(piece) string { return "" }

// cutSection packs a section's units; one that has no room in a chunk is cut by itself.
func (s *splitter) cutSection(sec section) {
	headings := s.trail(sec)
	room := s.cfg.Max - slack
	if len(headings) > 0 {
		room -= s.count.CountTokens(strings.Join(headings, trailSeparator)) + 1
	}
	f := frame{headings: headings, room: max(room, 1), context: noContext}
	var run []piece
	for _, u := range s.units(sec) {
		p := s.pieceOfUnit(u)
		if p.tokens <= f.room {
			run = append(run, p)
			continue
		}
		if !s.isList(u) && u.lead >= 0 {
			// A single block is cut without its lead-in, which stays with the text before.
			run = append(run, s.atoms(s.pieceOfBlock(u.lead), f.room)...)
			u.isLeadCut = true
		}
		s.emitAll(run, f)
		s.cutUnit(u, f)
		run = nil
	}
	s.emitAll(run, f)
}

// trail is the headings above a section, the document's title outermost.
func (s *splitter) trail(sec section) []string {
	headings := make([]string, len(sec.trail), len(sec.trail)+1)
	for i, h := range sec.trail {
		headings[i] = strings.Join(strings.Fields(s.blocks[h].Text), " ")
	}
	isTitled := len(headings) > 0 && strings.EqualFold(headings[0], s.title)
	isAlone := len(headings) == 0 && strings.EqualFold(strings.TrimSpace(s.blocks[sec.first].Text), s.title)
	if s.title == "" || isTitled || isAlone {
		return headings
	}
	return slices.Insert(headings, 0, s.title)
}

// emitAll packs pieces and emits the segments.
func (s *splitter) emitAll(pieces []piece, f frame) {
	if len(pieces) == 0 {
		return
	}
	for _, segment := range pack(pieces, min(s.cfg.Target, f.room), s.cfg.window(), f.room) {
		s.emit(segment, f)
	}
}

// emit appends the chunk of a segment. Where the whole has more tokens than its parts, it is cut once more.
func (s *splitter) emit(segment []piece, f frame) {
	c := Chunk{
		Ref:     Ref{Page: s.pageAt(segment[0].start), Headings: f.headings},
		Text:    s.text[segment[0].start:segment[len(segment)-1].end],
		Context: f.context(segment[0]),
	}
	c.Tokens = s.count.CountTokens(c.Embedded())
	if c.Tokens <= s.cfg.Max {
		c.Start = s.runesBefore(segment[0].start)
		c.End = s.runesBefore(segment[len(segment)-1].end)
		s.chunks = append(s.chunks, c)
		return
	}
	if len(segment) > 1 {
		cut := middle(segment, offsets(segment))
		s.emit(segment[:cut], f)
		s.emit(segment[cut:], f)
		return
	}
	s.emitSmaller(segment[0], c, f)
}

// emitSmaller cuts a single piece that turned out too long. A single character that is too long with all that
// surrounds it goes without.
func (s *splitter) emitSmaller(p piece, c Chunk, f frame) {
	if utf8.RuneCountInString(c.Text) > 1 {
		f.room = max(min(f.room, p.tokens)/2, 1)
		if p.grain == grainUnit {
			s.cutUnit(p.unit, f)
			return
		}
		for _, segment := range pack(s.atoms(p, f.room), f.room, s.cfg.window(), f.room) {
			s.emit(segment, f)
		}
		return
	}
	c.Context, c.Headings = "", nil
	c.Tokens = s.count.CountTokens(c.Embedded())
	c.Start, c.End = s.runesBefore(p.start), s.runesBefore(p.end)
	s.chunks = append(s.chunks, c)
}

// runesBefore converts an offset in bytes, not smaller than the one asked for last, to code points.
func (s *splitter) runesBefore(at int) int {
	s.runes += utf8.RuneCountInString(s.text[s.seen:at])
	s.seen = at
	return s.runes
}

// pageAt returns the page of the block in which the byte at stands.
func (s *splitter) pageAt(at int) int {
	i, isStart := slices.BinarySearchFunc(s.blocks, at, func(b block, at int) int { return b.start - at })
	if !isStart {
		i--
	}
	return s.blocks[i].Page
}
