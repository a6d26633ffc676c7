package diff

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Compare finds what changed. Blocks with the same words are the same wherever they stand: in order they are
// unchanged, out of order moved; a number at their beginning is no word. What is left is paired where the words
// are alike. Its cost is that of align, and of comparing each block with the few that share rare words with it.
func Compare(old, new []Block) Report {
	c := comparison{old: trailed(old), new: trailed(new)}
	c.match()
	c.pairLike()
	return c.report()
}

// Cut makes blocks of a text whose structure is not known: paragraphs, at blank lines.
func Cut(text string) []Block {
	var blocks []Block
	at, from := 0, 0
	add := func(part string) {
		end := at + utf8.RuneCountInString(part)
		if strings.TrimSpace(part) != "" {
			blocks = append(blocks, Block{Kind: "paragraph", Start: at, End: end, Text: part})
		}
		at = end
	}
	for _, blank := range blankLines.FindAllStringIndex(text, -1) {
		add(text[from:blank[0]])
		at += utf8.RuneCountInString(text[blank[0]:blank[1]])
		from = blank[1]
	}
	add(text[from:])
	return blocks
}

// placed is a block with the headings above it.
type placed struct {
	Block
	headings []string
	key      string // its words, by which it is recognised
	tokens   []string
	match    int // index of its counterpart; -1 if it has none
	isMoved  bool
	isEqual  bool
	gap      int // stretch between two unchanged blocks in which it stands
}

var (
	blankLines = regexp.MustCompile(`\r?\n[ \t]*\r?\n`)
	spaces     = regexp.MustCompile(`[\s\pZ]+`)
)

func trailed(blocks []Block) []placed {
	out := make([]placed, len(blocks))
	var trail []Block
	for i, b := range blocks {
		if b.Kind == "heading" {
			for len(trail) > 0 && trail[len(trail)-1].Level >= b.Level {
				trail = trail[:len(trail)-1]
			}
		}
		headings := make([]string, len(trail))
		for j, h := range trail {
			headings[j] = spaces.ReplaceAllString(h.Text, " ")
		}
		if b.Kind == "heading" {
			trail = append(trail, b)
		}
		key := strings.TrimSpace(spaces.ReplaceAllString(b.Text, " "))
		out[i] = placed{Block: b, headings: headings, key: key, tokens: tokens(b.Text), match: -1}
	}
	leaveOutNumbers(out)
	return out
}

type comparison struct{ old, new []placed }

func (c *comparison) join(o, n int, isMoved, isEqual bool) {
	c.old[o].match, c.new[n].match = n, o
	c.old[o].isMoved, c.new[n].isMoved = isMoved, isMoved
	c.old[o].isEqual, c.new[n].isEqual = isEqual, isEqual
}

// match joins equal blocks: first those in order, then those that moved.
func (c *comparison) match() {
	numbers := numbering{}
	keys := func(blocks []placed) []int {
		out := make([]int, len(blocks))
		for i, b := range blocks {
			out[i] = numbers.of(b.key)
		}
		return out
	}
	inOrder := align(keys(c.old), keys(c.new))
	o, n := 0, 0
	for gap, p := range append(inOrder, pair{len(c.old), len(c.new)}) {
		for ; o < p.old; o++ {
			c.old[o].gap = gap
		}
		for ; n < p.new; n++ {
			c.new[n].gap = gap
		}
		if o < len(c.old) && n < len(c.new) {
			c.join(o, n, false, true)
			o, n = o+1, n+1
		}
	}
	waiting := make(map[string][]int)
	for i, b := range c.old {
		if b.match < 0 {
			waiting[b.key] = append(waiting[b.key], i)
		}
	}
	for i, b := range c.new {
		if from := waiting[b.key]; b.match < 0 && len(from) > 0 {
			c.join(from[0], i, true, true)
			waiting[b.key] = from[1:]
		}
	}
}

const (
	// alike is the share of words that two blocks must have in common to be one block that was edited.
	alike = 0.4
	// maxSharers bounds how many blocks a word may stand in to bring two of them together, and maxRivals how
	// many blocks one is compared with: those that share most of such words with it.
	maxSharers = 24
	maxRivals  = 8
)

type likePair struct {
	old, new int
	score    float64
}

// pairLike joins what is left where the words are alike, best pairs first; standing in the same stretch, under
// the same heading and being of the same kind speak for a pair.
func (c *comparison) pairLike() {
	with := make(map[string][]int)
	bags := make([]map[string]int, len(c.old))
	for i, b := range c.old {
		if b.match < 0 {
			bags[i] = bag(b.tokens)
			for word := range bags[i] {
				with[word] = append(with[word], i)
			}
		}
	}
	var pairs []likePair
	for n, b := range c.new {
		if b.match >= 0 {
			continue
		}
		words := bag(b.tokens)
		for _, o := range rivals(words, with) {
			pairs = c.consider(pairs, o, n, dice(bags[o], words))
		}
	}
	slices.SortFunc(pairs, func(a, b likePair) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.new, b.new), cmp.Compare(a.old, b.old))
	})
	for _, p := range pairs {
		if c.old[p.old].match < 0 && c.new[p.new].match < 0 {
			c.join(p.old, p.new, c.old[p.old].gap != c.new[p.new].gap, false)
		}
	}
}

// rivals are the old blocks that share most rare words with a new one.
func rivals(words map[string]int, with map[string][]int) []int {
	shared := make(map[int]int)
	for word := range words {
		if len(with[word]) <= maxSharers {
			for _, o := range with[word] {
				shared[o]++
			}
		}
	}
	found := slices.Collect(maps.Keys(shared))
	slices.SortFunc(found, func(a, b int) int { return cmp.Or(shared[b]-shared[a], a-b) })
	return found[:min(len(found), maxRivals)]
}

func (c *comparison) consider(pairs []likePair, o, n int, share float64) []likePair {
	a, b := c.old[o], c.new[n]
	isHere := a.gap == b.gap
	if share < alike || !isHere && share < 0.6 || (a.Kind == "heading") != (b.Kind == "heading") {
		return pairs
	}
	score := share
	if isHere {
		score += 0.3
	}
	if a.Kind == b.Kind {
		score += 0.05
	}
	if slices.Equal(a.headings, b.headings) {
		score += 0.1
	}
	return append(pairs, likePair{o, n, score})
}

func bag(tokens []string) map[string]int {
	words := make(map[string]int)
	for _, t := range tokens {
		if isWord(t) {
			words[strings.ToLower(t)]++
		}
	}
	return words
}

// dice is twice what two bags share over what both hold (Dice 1945).
func dice(a, b map[string]int) float64 {
	shared, all := 0, 0
	for word, n := range a {
		shared += min(n, b[word])
		all += n
	}
	for _, n := range b {
		all += n
	}
	if all == 0 {
		return 0
	}
	return 2 * float64(shared) / float64(all)
}
