package chunk

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"clearwell/internal/parse"
)

// unit is what a reader takes in as one: a paragraph, a table or a listing, a list, and with each the short paragraph that leads into it.
type unit struct {
	lead        int  // index of the lead-in, or -1
	isLeadCut   bool // the lead-in stands in another chunk already
	first, last int  // blocks first up to last, exclusive
}

// units groups a section's blocks.
func (s *splitter) units(sec section) []unit {
	var found []unit
	for i := sec.first; i < sec.last; i++ {
		if s.blocks[i].tokens == 0 {
			continue
		}
		u := unit{lead: -1, first: i, last: i + 1}
		if next := s.nextBlock(i+1, sec.last); next < sec.last && s.leadsIn(i, next) {
			u = unit{lead: i, first: next, last: next + 1}
		}
		if s.blocks[u.first].Kind == parse.ListItem {
			for next := u.last; next < sec.last; next++ {
				if s.blocks[next].Kind == parse.ListItem {
					u.last = next + 1
				} else if s.blocks[next].tokens > 0 {
					break
				}
			}
		}
		found = append(found, u)
		i = u.last - 1
	}
	return found
}

// nextBlock returns the first block from i on that says something, or end.
func (s *splitter) nextBlock(i, end int) int {
	for i < end && s.blocks[i].tokens == 0 {
		i++
	}
	return i
}

// leadsIn reports whether block i introduces what stands at next: a list or a table if it is short or ends in a
// colon, a paragraph if it reads like a heading that its format could not mark.
func (s *splitter) leadsIn(i, next int) bool {
	b, n := s.blocks[i], s.blocks[next]
	if b.Kind != parse.Paragraph {
		return false
	}
	text := strings.TrimSpace(b.Text)
	last, _ := utf8.DecodeLastRuneInString(text)
	switch n.Kind {
	case parse.ListItem, parse.Table:
		return last == ':' || last == '：' || b.tokens <= s.cfg.Max/8
	case parse.Paragraph:
		return b.tokens <= s.cfg.Max/24 && (unicode.IsLetter(last) || unicode.IsDigit(last))
	}
	return false
}

func (s *splitter) isList(u unit) bool { return s.blocks[u.first].Kind == parse.ListItem }

func (s *splitter) pieceOfBlock(i int) piece {
	b := s.blocks[i]
	return piece{start: b.start, end: b.end, tokens: b.tokens, rank: 1, weight: weigh(b.Text), grain: grainBlock, block: i, parent: -1}
}

func (s *splitter) pieceOfUnit(u unit) piece {
	p := s.pieceOfBlock(u.first)
	if u.lead < 0 && u.last == u.first+1 {
		return p
	}
	if u.lead >= 0 && !u.isLeadCut {
		p.start = s.blocks[u.lead].start
		p.tokens += s.blocks[u.lead].tokens
	}
	for _, b := range s.blocks[u.first+1 : u.last] {
		p.tokens += b.tokens
	}
	p.end = s.blocks[u.last-1].end
	p.weight, p.grain, p.unit = weigh(s.text[p.start:p.end]), grainUnit, u
	return p
}

// cutUnit cuts a unit that has no room in one chunk.
func (s *splitter) cutUnit(u unit, f frame) {
	if s.isList(u) {
		s.cutList(u, f)
		return
	}
	if u.lead >= 0 && !u.isLeadCut {
		s.emitAll(s.atoms(s.pieceOfBlock(u.lead), f.room), f)
	}
	s.cutBlock(u, f)
}

// cutBlock cuts a unit's only block between rows, lines or sentences. All parts are told the lead-in, and those of a
// table but the first the row of headers.
func (s *splitter) cutBlock(u unit, f frame) {
	lead, leadTokens := s.leadContext(u, s.cfg.maxContext()/2)
	b := s.blocks[u.first]
	header, headerTokens := s.headerRow(b, s.cfg.maxContext()-leadTokens)
	f.room = max(f.room-leadTokens-headerTokens, 1)
	f.context = func(p piece) string {
		if p.start == b.start {
			return lead
		}
		return joinNonEmpty(lead, header)
	}
	parts := s.atoms(s.pieceOfBlock(u.first), f.room)
	for i, part := range parts {
		if i > 0 && part.grain == grainLine && header != "" {
			parts[i].rank = 0 // the first row stays with the headers
			break
		}
	}
	s.emitAll(parts, f)
}

// headerRow returns the first row of a table and its length, nothing where it is longer than room tokens.
func (s *splitter) headerRow(b block, room int) (text string, tokens int) {
	if b.Kind != parse.Table {
		return "", 0
	}
	text, _, _ = strings.Cut(b.Text, "\n")
	if tokens = s.count.CountTokens(text); tokens > room {
		return "", 0
	}
	return text, tokens
}

// cutList cuts a list between its items; each further part is told the lead-in and the items that its first one
// belongs under. An item that is too long is cut by itself.
func (s *splitter) cutList(u unit, f frame) {
	leadRoom := f.room
	lead, tokens := s.leadContext(u, s.cfg.maxContext()/2)
	items := s.items(u)
	reserve := tokens + 1
	if slices.ContainsFunc(items, func(p piece) bool { return p.parent >= 0 }) {
		reserve = s.cfg.maxContext() + 1
	}
	f.room = max(f.room-reserve, 1)
	f.context = func(p piece) string {
		if p.block < u.first || u.lead < 0 && p.start == s.blocks[u.first].start {
			return ""
		}
		return joinNonEmpty(lead, s.parentContext(p, items, s.cfg.maxContext()-tokens))
	}
	var run []piece
	if u.lead >= 0 && !u.isLeadCut {
		if p := s.pieceOfBlock(u.lead); p.tokens <= f.room {
			run = append(run, p)
			items[0].rank = 0
		} else {
			above := f
			above.room = leadRoom
			s.emitAll(s.atoms(p, leadRoom), above)
		}
	}
	for _, p := range items {
		if p.tokens <= f.room {
			run = append(run, p)
			continue
		}
		s.emitAll(run, f)
		s.emitAll(s.atoms(p, f.room), f)
		run = nil
	}
	s.emitAll(run, f)
}

// items returns the pieces of a list, each with the item that it stands under.
func (s *splitter) items(u unit) []piece {
	var items []piece
	var above []int // indexes of items of rising levels
	for i := u.first; i < u.last; i++ {
		if s.blocks[i].tokens == 0 {
			continue
		}
		p := s.pieceOfBlock(i)
		p.rank = max(4-level(s.blocks[i]), 1)
		for len(above) > 0 && level(s.blocks[items[above[len(above)-1]].block]) >= level(s.blocks[i]) {
			above = above[:len(above)-1]
		}
		if len(above) > 0 {
			p.parent = above[len(above)-1]
		}
		above = append(above, len(items))
		items = append(items, p)
	}
	return items
}

// parentContext returns the items above p, outermost first, as far as they fit into room tokens.
func (s *splitter) parentContext(p piece, items []piece, room int) string {
	var texts []string
	for up := p.parent; up >= 0; up = items[up].parent {
		room -= items[up].tokens + 1
		if room < 0 {
			break
		}
		texts = append(texts, strings.Join(strings.Fields(s.blocks[items[up].block].Text), " "))
	}
	slices.Reverse(texts)
	return strings.Join(texts, "\n")
}

// leadContext returns the unit's lead-in, or its last sentence where the whole is longer than room tokens, and its length.
func (s *splitter) leadContext(u unit, room int) (text string, tokens int) {
	if u.lead < 0 {
		return "", 0
	}
	lead := s.blocks[u.lead]
	if lead.tokens <= room {
		return lead.Text, lead.tokens
	}
	sentences := Sentences(lead.Text)
	last := sentences[len(sentences)-1]
	text = lead.Text[last.Start:last.End]
	if tokens = s.count.CountTokens(text); tokens > room {
		return "", 0
	}
	return text, tokens
}

func joinNonEmpty(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "\n")
}
