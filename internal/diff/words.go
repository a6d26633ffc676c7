package diff

import (
	"regexp"
	"strings"
	"unicode"
)

// token matches a word, a figure with its separators, a run of white space, or one other character.
var token = regexp.MustCompile(`[\pL\pM\pN]+(?:[.,:'’/-][\pL\pM\pN]+)*|\s+|.`)

// spaceless are the scripts whose words are not set apart: each character counts for itself.
var spaceless = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

func tokens(text string) []string {
	var out []string
	for _, word := range token.FindAllString(text, -1) {
		if !strings.ContainsFunc(word, isSpaceless) {
			out = append(out, word)
			continue
		}
		for _, r := range word {
			out = append(out, string(r))
		}
	}
	return out
}

func isSpaceless(r rune) bool { return r >= 0xE00 && unicode.In(r, spaceless...) }

func isWord(token string) bool {
	return strings.ContainsFunc(token, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// marks compares two texts word by word.
func marks(old, new string) []Span {
	numbers := numbering{}
	a, b := tokens(old), tokens(new)
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
	if before == 0 && after == 0 {
		return false
	}
	same := words(spans[i])
	return same == 0 && before > 0 && after > 0 || same == 1 && before > 1 && after > 1
}
