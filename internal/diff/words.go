package diff

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// spaceless are the scripts whose words are not set apart: each character counts for itself.
var spaceless = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

// tokens cuts a text into words, figures with their separators ("1,500.5"), runs of white space, and other
// characters one by one. Joined they are the text.
func tokens(text string) []string {
	var out []string
	start := 0 // of the token that is being read
	kind := other
	end := func(at int) {
		if at > start {
			out = append(out, text[start:at])
		}
		start = at
	}
	for at, r := range text {
		next := kindOf(r)
		if next == other && kind == word && joins(r) && wordFollows(text[at:], r) {
			continue // within a figure or a compound
		}
		if next != kind || next == other || next == single {
			end(at)
		}
		kind = next
	}
	end(len(text))
	return out
}

type tokenKind int

const (
	other tokenKind = iota
	word
	space
	single
)

func kindOf(r rune) tokenKind {
	switch {
	case isSpaceless(r):
		return single
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || unicode.IsNumber(r):
		return word
	case unicode.IsSpace(r):
		return space
	}
	return other
}

// joins are the characters that may stand within a word.
func joins(r rune) bool { return strings.ContainsRune(".,:'’/-", r) }

func wordFollows(rest string, r rune) bool {
	next, _ := utf8.DecodeRuneInString(rest[utf8.RuneLen(r):])
	return kindOf(next) == word
}

func isSpaceless(r rune) bool { return r >= 0xE00 && unicode.In(r, spaceless...) }

func isWord(token string) bool {
	return strings.ContainsFunc(token, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// marks compares two texts word by word.
func marks(a, b []string) []Span {
	numbers := numbering{}
	var spans []Span
	add := func(op Op, token string) {
		if n := len(spans); n > 0 && spans[n-1].Op == op {
			spans[n-1].Text += token
			return
		}
		spans = append(spans, Span{Op: op, Text: token})
	}
	i, j := 0, 0
	for _, p := range append(align(numbersOf(a, numbers), numbersOf(b, numbers)), pair{len(a), len(b)}) {
		for ; i < p.old; i++ {
			add(Removed, a[i])
		}
		for ; j < p.new; j++ {
			add(Added, b[j])
		}
		if i < len(a) && j < len(b) {
			add(Same, a[i])
			i, j = i+1, j+1
		}
	}
	return readable(spans)
}

func numbersOf(tokens []string, numbers numbering) []int {
	out := make([]int, len(tokens))
	for i, t := range tokens {
		out[i] = numbers.of(t)
	}
	return out
}

// readable joins changes between which next to nothing is the same: a lone "the" that two rewritten phrases
// share tells a reader nothing.
func readable(spans []Span) []Span {
	for i := 1; i+1 < len(spans); i++ {
		if spans[i].Op != Same || !isIsland(spans, i) {
			continue
		}
		begin, end := i, i
		for begin > 0 && spans[begin-1].Op != Same {
			begin--
		}
		for end+1 < len(spans) && spans[end+1].Op != Same {
			end++
		}
		var removed, added strings.Builder
		for _, s := range spans[begin : end+1] {
			if s.Op != Added {
				removed.WriteString(s.Text)
			}
			if s.Op != Removed {
				added.WriteString(s.Text)
			}
		}
		joined := append([]Span{}, spans[:begin]...)
		joined = append(joined, Span{Removed, removed.String()}, Span{Added, added.String()})
		spans = append(joined, spans[end+1:]...)
		i = begin + 1
	}
	return spans
}

// isIsland reports whether the Same span at i is shorter than what is changed on either side of it.
func isIsland(spans []Span, i int) bool {
	words := func(s Span) (n int) {
		for _, t := range tokens(s.Text) {
			if isWord(t) {
				n++
			}
		}
		return n
	}
	before, after := 0, 0
	for j := i - 1; j >= 0 && spans[j].Op != Same; j-- {
		before = max(before, words(spans[j]))
	}
	for j := i + 1; j < len(spans) && spans[j].Op != Same; j++ {
		after = max(after, words(spans[j]))
	}
	if before == 0 && after == 0 || strings.ContainsAny(spans[i].Text, ".!?;|\n") {
		return false // two sentences, rows or cells are two changes
	}
	same := words(spans[i])
	return same == 0 && before > 0 && after > 0 || same == 1 && before > 1 && after > 1
}
