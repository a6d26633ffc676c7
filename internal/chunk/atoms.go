package chunk

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"clearwell/internal/parse"
)

// grain says how fine a piece is; a piece without room is cut into those of the next grain.
type grain int

const (
	grainUnit grain = iota
	grainBlock
	grainLine // of a table or a listing, or a sentence of a text
	grainWord
	grainRunes
)

// runesPerPiece is how much of an endless word goes into one piece.
const runesPerPiece = 32

// Ranks of cuts inside a block.
const (
	rankWord = iota + 1
	rankClause
	rankLine
	rankParagraph
)

// atoms cuts p into pieces of at most room tokens, each no finer than need be. A single character stays whole.
func (s *splitter) atoms(p piece, room int) []piece {
	return s.appendAtoms(nil, p, room)
}

func (s *splitter) appendAtoms(atoms []piece, p piece, room int) []piece {
	if p.tokens <= room && p.tokens > 0 {
		return append(atoms, p)
	}
	parts := s.parts(p)
	if len(parts) == 0 {
		return append(atoms, p)
	}
	for i, part := range parts {
		if part.start == p.start && part.end == p.end {
			part.tokens = p.tokens
		} else {
			part.tokens = max(s.count.CountTokens(s.text[part.start:part.end]), 1)
		}
		part.weight = weigh(s.text[part.start:part.end])
		part.block, part.parent = p.block, p.parent
		if i == 0 {
			part.rank, part.weight = p.rank, p.weight
		}
		atoms = s.appendAtoms(atoms, part, room)
	}
	return atoms
}

// parts returns the pieces of the next grain, without tokens; none for a single character.
func (s *splitter) parts(p piece) []piece {
	text := s.text[p.start:p.end]
	switch {
	case p.grain == grainBlock && (s.blocks[p.block].Kind == parse.Table || s.blocks[p.block].Kind == parse.Code):
		return lines(text, p.start)
	case p.grain == grainBlock:
		var parts []piece
		for _, span := range Sentences(text) {
			parts = append(parts, piece{start: p.start + span.Start, end: p.start + span.End, rank: rankLine, grain: grainLine})
		}
		return parts
	case p.grain == grainLine:
		return wordsOf(text, p.start)
	case p.grain == grainWord && utf8.RuneCountInString(text) > runesPerPiece:
		return runs(text, p.start, runesPerPiece)
	case utf8.RuneCountInString(text) > 1:
		return runs(text, p.start, (utf8.RuneCountInString(text)+1)/2)
	}
	return nil
}

// lines cuts at line breaks; a line after an empty one begins a paragraph of its own.
func lines(text string, base int) []piece {
	var parts []piece
	rank := rankLine
	for line := range strings.Lines(text) {
		start := base
		base += len(line)
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" {
			rank = rankParagraph
			continue
		}
		parts = append(parts, piece{start: start, end: start + len(line), rank: rank, grain: grainLine})
		rank = rankLine
	}
	return parts
}

// wordsOf cuts at white space; a word behind a comma or the like begins a clause.
func wordsOf(text string, base int) []piece {
	var parts []piece
	rank := rankWord
	start := -1
	last := ' '
	for i, r := range text + " " {
		switch {
		case !unicode.IsSpace(r):
			if start < 0 {
				start = i
			}
			last = r
		case start >= 0:
			parts = append(parts, piece{start: base + start, end: base + i, rank: rank, grain: grainWord})
			start, rank = -1, rankWord
			if strings.ContainsRune(",;:|،؛，；：、", last) {
				rank = rankClause
			}
		}
	}
	return parts
}

// runs cuts after every n code points; marks stay with the letter that they stand on.
func runs(text string, base, n int) []piece {
	var parts []piece
	start, count := 0, 0
	for i, r := range text {
		if count >= n && (!unicode.IsMark(r) || count >= 2*n) {
			parts = append(parts, piece{start: base + start, end: base + i, rank: rankWord, grain: grainRunes})
			start, count = i, 0
		}
		count++
	}
	return append(parts, piece{start: base + start, end: base + len(text), rank: rankWord, grain: grainRunes})
}
