package answer

import (
	"slices"

	"clearwell/internal/retrieve"
)

// valueClaim is a value that a passage gives, and the sentence that it stands in.
type valueClaim struct {
	passage  int
	sentence sentence // code points of the passage's text
	text     string   // the value as it is written
	at       int      // byte offset in the sentence
	keys     []string // what it may mean: readings of a figure, or words of a name
	unit     string
	strength int // how surely it is meant as the answer; only for comparison within a passage
}

// claimer reads what passages say on a question.
type claimer struct {
	inquiry
	passages []retrieve.Passage
	readings []reading
}

func newClaimer(question string, passages []retrieve.Passage) claimer {
	c := claimer{inquiry: newInquiry(question), passages: passages}
	for _, p := range passages {
		c.readings = append(c.readings, c.read(p))
	}
	return c
}

// isOneSource reports whether two passages belong to one document.
func (c claimer) isOneSource(a, b int) bool {
	return a == b || c.passages[a].DocumentID == c.passages[b].DocumentID
}

// of lists what a passage claims of what the question names, strongest first.
func (c claimer) of(i int) []valueClaim {
	var all []valueClaim
	for _, s := range c.readings[i].sentences {
		if !s.isAbout {
			continue
		}
		if c.kind != classValue && c.unsaid(s, c.readings[i]) > 0 {
			continue
		}
		for _, claim := range c.claimsIn(s) {
			claim.passage, claim.sentence = i, s.sentence
			all = append(all, claim)
		}
	}
	slices.SortStableFunc(all, func(a, b valueClaim) int { return b.strength - a.strength })
	return all
}

func (c claimer) claimsIn(s readSentence) []valueClaim {
	switch c.kind {
	case dateValue:
		return c.dates(s)
	case countValue:
		return c.counts(s)
	case nameValue:
		return c.names(s)
	case placeValue:
		return c.places(s)
	case classValue:
		return c.classes(s)
	}
	return nil
}

// differentClaims has one claim for each value that documents give, in the order of the passages.
func (c claimer) differentClaims() []valueClaim {
	var groups [][]valueClaim
	var looked []int
	for i, p := range c.passages {
		if len(p.AmendedBy) > 0 || slices.ContainsFunc(looked, func(j int) bool { return c.isOneSource(i, j) }) {
			continue
		}
		claims := c.of(i)
		if len(claims) == 0 {
			continue
		}
		looked = append(looked, i)
		at := slices.IndexFunc(groups, func(g []valueClaim) bool {
			return slices.ContainsFunc(g, func(o valueClaim) bool {
				return slices.ContainsFunc(claims, func(v valueClaim) bool { return c.agree(o, v) })
			})
		})
		if at >= 0 {
			groups[at] = append(groups[at], claims[0])
		} else {
			groups = append(groups, claims[:1])
		}
	}
	var first []valueClaim
	for _, g := range groups {
		first = append(first, g[0])
	}
	return first
}
