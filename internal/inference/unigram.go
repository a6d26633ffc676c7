package inference

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// wordStart marks the beginning of a word in pieces: U+2581.
const wordStart = "\u2581"

// unknownPenalty is how far below the worst piece a character without a piece scores, as in SentencePiece.
const unknownPenalty = 10

// unigram is a SentencePiece unigram model: it cuts each word into the pieces whose scores sum highest (Viterbi).
// No piece spans words, so words are cut one by one.
type unigram struct {
	scores  []float32 // by piece id
	pieces  trie
	normal  normalizer
	unknown int64
	floor   float64 // the score of an unknown character
	scratch sync.Pool
}

// normalizer appends the form of text that pieces are written in to dst. Spaces in it separate words.
type normalizer interface {
	normalize(dst []byte, text string) []byte
}

// lattice is the working memory for one word: entry i is about the best way to cut its first i bytes.
type lattice struct {
	normal []byte
	word   []byte
	score  []float64
	from   []int32
	piece  []int64
}

// newUnigram returns an encoder over pieces, which must hold ids of scores only.
func newUnigram(scores []float32, pieces trie, normal normalizer, unknown int64) *unigram {
	lowest := float32(0)
	for _, score := range scores {
		lowest = min(lowest, score)
	}
	u := &unigram{scores: scores, pieces: pieces, normal: normal, unknown: unknown, floor: float64(lowest) - unknownPenalty}
	u.scratch.New = func() any { return new(lattice) }
	return u
}

func (u *unigram) size() int { return len(u.scores) }

func (u *unigram) encode(ids []int64, text string) []int64 {
	l := u.scratch.Get().(*lattice)
	defer u.scratch.Put(l)
	for chunk := range strings.FieldsFuncSeq(text, isASCIISpace) { // bounds what is normalised at once
		ids = u.encodeChunk(l, ids, chunk)
	}
	return ids
}

func (u *unigram) count(text string) int {
	l := u.scratch.Get().(*lattice)
	defer u.scratch.Put(l)
	total := 0
	var ids []int64
	for chunk := range strings.FieldsFuncSeq(text, isASCIISpace) {
		ids = u.encodeChunk(l, ids[:0], chunk)
		total += len(ids)
	}
	return total
}

func (u *unigram) encodeChunk(l *lattice, ids []int64, chunk string) []int64 {
	l.normal = u.normal.normalize(l.normal[:0], chunk)
	for word := range bytes.FieldsSeq(l.normal) {
		l.word = append(append(l.word[:0], wordStart...), word...)
		ids = u.cut(l, ids)
	}
	return ids
}

// logProbability is the natural logarithm of how often a word stands in the general text that the pieces were
// learned from: the sum of its pieces' scores. Several words are as likely as all of them together.
func (u *unigram) logProbability(text string) float64 {
	l := u.scratch.Get().(*lattice)
	defer u.scratch.Put(l)
	sum := 0.0
	l.normal = u.normal.normalize(l.normal[:0], text)
	for word := range bytes.FieldsSeq(l.normal) {
		l.word = append(append(l.word[:0], wordStart...), word...)
		u.cut(l, nil)
		sum += l.score[len(l.word)]
	}
	return sum
}

func isASCIISpace(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' }

// cut appends the ids of the best way to cut l.word.
func (u *unigram) cut(l *lattice, ids []int64) []int64 {
	size := len(l.word)
	l.reset(size + 1)
	for start := 0; start < size; {
		_, width := utf8.DecodeRune(l.word[start:])
		u.extend(l, start)
		l.offer(start, start+width, l.score[start]+u.floor, u.unknown)
		start += width
	}
	first := len(ids)
	for end := size; end > 0; end = int(l.from[end]) {
		id := l.piece[end]
		// Neighbouring unknown characters are one token, as where the model was trained.
		if id == u.unknown && len(ids) > first && ids[len(ids)-1] == u.unknown {
			continue
		}
		ids = append(ids, id)
	}
	slices.Reverse(ids[first:])
	return ids
}

// extend offers every piece that begins at start. The longest piece bounds the walk, so a long word takes linear time.
func (u *unigram) extend(l *lattice, start int) {
	node := uint32(0)
	for end := start; end < len(l.word); {
		var ok bool
		if node, ok = u.pieces.child(node, l.word[end]); !ok {
			return
		}
		end++
		if id := u.pieces.piece[node]; id >= 0 {
			l.offer(start, end, l.score[start]+float64(u.scores[id]), int64(id))
		}
	}
}

func (l *lattice) reset(size int) {
	if cap(l.score) < size {
		l.score, l.from, l.piece = make([]float64, size), make([]int32, size), make([]int64, size)
	}
	l.score, l.from, l.piece = l.score[:size], l.from[:size], l.piece[:size]
	for i := range l.score {
		l.score[i] = math.Inf(-1)
	}
	l.score[0] = 0
}

func (l *lattice) offer(start, end int, score float64, id int64) {
	if score > l.score[end] {
		l.score[end], l.from[end], l.piece[end] = score, int32(start), id
	}
}
