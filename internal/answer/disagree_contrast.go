package answer

import (
	"slices"
	"strings"

	"clearwell/internal/figure"
)

// Two sentences say the same of the same but for one value where all their words are alike but a few in one place.
const (
	contrastWords   = 7   // that both have in common, at least
	contrastShare   = .75 // of the longer one's words
	contrastLength  = 6   // words that differ, at most
	contrastLongest = 80  // words that a sentence may have
)

// contrasted is a sentence with its words, for comparison with others of other documents.
type contrasted struct {
	readSentence
	passage int
	isAsked bool // the sentence has what the question asks, in a passage that names what it asks it of
}

// contrasts are two values that nearly identical sentences of two documents have in the same place, if the sentences
// speak of what is asked.
func (c claimer) contrasts() []valueClaim {
	all := c.contrastable()
	pairs := make(map[[2]int]alikeness)
	for i, a := range all {
		for _, b := range all[i+1:] {
			from, endA, endB, ok := differing(a.words, b.words)
			if !ok || c.isOneSource(a.passage, b.passage) {
				continue
			}
			key := [2]int{a.passage, b.passage}
			pair, known := pairs[key]
			if !known {
				pair = c.alike(a.passage, b.passage)
				pairs[key] = pair
			}
			if pair.areParallel || !(a.isAsked && b.isAsked) && !pair.areCopies {
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

// alikeness is how two passages belong together.
type alikeness struct{ areParallel, areCopies bool }

func (c claimer) alike(a, b int) alikeness {
	// Copies of a text need not name what it is about; but a question without a name could be about any of their sentences.
	isOfName := len(c.entity) > 0 && len(c.relation) <= fewRelations
	return alikeness{areParallel: c.areParallel(c.passages[a].Title, c.passages[b].Title),
		areCopies: isOfName && areCopies(c.readings[a], c.readings[b])}
}

func sharesWord(a, b []string) bool {
	return slices.ContainsFunc(a, func(w string) bool { return slices.Contains(b, w) })
}

// copyShare is the share of the shorter text's triples of words that the longer one has, from which they are one text.
const copyShare = .6

// areCopies reports whether one text is largely the other.
func areCopies(a, b reading) bool {
	triples := func(r reading) map[string]bool {
		set := make(map[string]bool)
		var words []textWord
		for _, s := range r.sentences {
			words = append(words, s.words...)
		}
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
	for i, r := range c.readings {
		for _, s := range r.sentences {
			if len(s.words) > contrastWords && len(s.words) <= contrastLongest && len(c.passages[i].AmendedBy) == 0 {
				all = append(all, contrasted{readSentence: s, passage: i, isAsked: r.isNamed && c.asks(s, r.around)})
			}
		}
	}
	return all
}

// asks reports whether a sentence has the event that is asked for, most of a name of which little is asked, or otherwise
// all that is asked.
func (c claimer) asks(s readSentence, around []textWord) bool {
	if c.kind == dateValue && c.event != nil {
		return len(c.placesOf(s)) > 0
	}
	if len(c.entity) > 0 && len(c.relation) <= fewRelations {
		return shareOf(c.entity, s.words) >= .5 || len(c.placesOf(s)) > 0
	}
	return len(c.required()) > 0 && c.isAllSaid(s.words, around)
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
	start := s.words[from].start
	v := valueClaim{passage: s.passage, sentence: s.sentence, text: s.text[start:s.words[end-1].end], at: start}
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
	case countValue:
		return c.hasWantedUnit(v, s) && !slices.ContainsFunc(v.keys, func(w string) bool { return !c.isOfFigure(w) })
	case dateValue:
		return hasDigit.MatchString(v.text) && !slices.ContainsFunc(v.keys, func(w string) bool { return !c.isOfFigure(w) })
	case nameValue, placeValue:
		return strings.ToLower(v.text) != v.text && !hasDigit.MatchString(v.text)
	}
	return !functionWords[c.language][v.keys[0]] || len(v.keys) > 1
}

// isOfFigure reports whether a word can be a part of a figure: digits, a number word, a month, a unit, or a small word.
func (c claimer) isOfFigure(w string) bool {
	return figure.IsPart(w, c.language) || hasDigit.MatchString(w) || functionWords[c.language][w] && boundIn(w+" ", len(w)+1) == ""
}

// hasWantedUnit reports whether a value has a number of the unit that is asked for, if one is.
func (c claimer) hasWantedUnit(v valueClaim, s contrasted) bool {
	if figure.UnitOf(firstWord(c.counted)) == "" && !c.wants(wantsShare) && !c.wants(wantsTime) {
		return hasDigit.MatchString(v.text)
	}
	return slices.ContainsFunc(figure.In(s.text, c.language), func(f figure.Figure) bool {
		return f.At >= v.at && f.At < v.at+len(v.text) && c.isWantedUnit(s.readSentence, f)
	})
}

func firstWord(s string) string {
	first, _, _ := strings.Cut(s, " ")
	return first
}
