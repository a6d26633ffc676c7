package answer

import (
	"slices"
	"strings"
)

// Two sentences say the same of the same but for one value where all their words are alike but a few in one place.
const (
	contrastWords  = 7   // that both have in common, at least
	contrastShare  = .75 // of the longer one's words
	contrastLength = 6   // words that differ, at most
)

// contrasted is a sentence with its words, for comparison with others of other documents.
type contrasted struct {
	passage int
	sentence
	words   []textWord
	isAsked bool // the sentence has what the question asks, in a passage that names what it asks it of
}

// contrasts are two values that nearly identical sentences of two documents have in the same place, if the sentences
// speak of what is asked.
func (c claimer) contrasts() []valueClaim {
	all := c.contrastable()
	copies := make(map[[2]int]bool)
	isCopy := func(a, b int) bool {
		if is, known := copies[[2]int{a, b}]; known {
			return is
		}
		copies[[2]int{a, b}] = areCopies(c.passages[a].Text, c.passages[b].Text)
		return copies[[2]int{a, b}]
	}
	for i, a := range all {
		for _, b := range all[i+1:] {
			if c.isOneSource(a.passage, b.passage) {
				continue
			}
			from, endA, endB, ok := differing(a.words, b.words)
			if !ok || !(a.isAsked && b.isAsked) && !isCopy(a.passage, b.passage) {
				continue
			}
			va, vb := a.claim(from, endA), b.claim(from, endB)
			if c.isAnswer(va, a) && c.isAnswer(vb, b) && !sharesWord(va.keys, vb.keys) {
				return []valueClaim{va, vb}
			}
		}
	}
	return nil
}

func sharesWord(a, b []string) bool {
	return slices.ContainsFunc(a, func(w string) bool { return slices.Contains(b, w) })
}

// copyShare is the share of the shorter text's triples of words that the longer one has, from which they are one text.
const copyShare = .6

// areCopies reports whether one text is largely the other.
func areCopies(a, b string) bool {
	triples := func(text string) map[string]bool {
		words, set := wordsIn(text), make(map[string]bool)
		for i := 2; i < len(words); i++ {
			set[words[i-2].lower+" "+words[i-1].lower+" "+words[i].lower] = true
		}
		return set
	}
	short, long := triples(a), triples(b)
	if len(long) < len(short) {
		short, long = long, short
	}
	n := 0
	for t := range short {
		if long[t] {
			n++
		}
	}
	return len(short) >= 20 && float64(n) >= copyShare*float64(len(short))
}

// contrastable are the sentences that have some of the words of the question.
func (c claimer) contrastable() []contrasted {
	var all []contrasted
	for i, p := range c.passages {
		isNamed := shareOf(c.entity, p.Title+"\n"+strings.Join(p.Headings, "\n")+"\n"+p.Text) >= 1
		for _, s := range split(p.Text) {
			words := wordsIn(s.text)
			if len(words) <= contrastWords || len(words) > 80 {
				continue
			}
			all = append(all, contrasted{passage: i, sentence: s, words: words, isAsked: isNamed && c.asks(s.text)})
		}
	}
	return all
}

// asks reports whether a sentence has most of what the question names, or the event or thing that it asks for.
func (c claimer) asks(text string) bool {
	if c.kind == dateValue && c.event != nil {
		return c.event.MatchString(text)
	}
	if len(c.entity) > 0 && len(c.relation) <= fewRelations {
		return shareOf(c.entity, text) >= .5 || len(c.placesOf(text)) > 0
	}
	words := wordsIn(text)
	n := 0
	for _, r := range c.relation {
		if slices.ContainsFunc(words, func(w textWord) bool { return isLike(w.lower, r) }) {
			n++
		}
	}
	return len(c.relation) > 1 && 3*n >= 2*len(c.relation)
}

// differing is where two lists of words differ, and only there.
func differing(a, b []textWord) (from, endA, endB int, ok bool) {
	for from < len(a) && from < len(b) && a[from].lower == b[from].lower {
		from++
	}
	endA, endB = len(a), len(b)
	for endA > from && endB > from && a[endA-1].lower == b[endB-1].lower {
		endA, endB = endA-1, endB-1
	}
	common := len(a) - (endA - from)
	ok = endA > from && endB > from && endA-from <= contrastLength && endB-from <= contrastLength &&
		common >= contrastWords && float64(common) >= contrastShare*float64(max(len(a), len(b)))
	return from, endA, endB, ok
}

func (s contrasted) claim(from, end int) valueClaim {
	v := valueClaim{passage: s.passage, sentence: s.sentence, text: s.text[s.words[from].start:s.words[end-1].end]}
	for _, w := range s.words[from:end] {
		v.keys = append(v.keys, w.lower)
	}
	return v
}

// isAnswer reports whether the words that differ can be the answer: of the form that is asked for, and not what the
// question itself says.
func (c claimer) isAnswer(v valueClaim, s contrasted) bool {
	if slices.ContainsFunc(v.keys, func(k string) bool { return slices.Contains(c.entity, k) }) {
		return false
	}
	switch c.kind {
	case dateValue:
		return len(datesIn(v.text, c.inquiry)) > 0 || hasDigit.MatchString(v.text)
	case countValue:
		return hasDigit.MatchString(v.text)
	case nameValue, placeValue:
		return strings.ToLower(v.text) != v.text && !hasDigit.MatchString(v.text)
	}
	return !functionWords[c.language][v.keys[0]] || len(v.keys) > 1
}

// isOneSource reports whether two passages belong to one document.
func (c claimer) isOneSource(a, b int) bool {
	return c.passages[a].DocumentID == c.passages[b].DocumentID && c.passages[a].DocumentID != 0 || a == b
}
