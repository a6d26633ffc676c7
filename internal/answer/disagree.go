package answer

import (
	"slices"
	"strings"

	"clearwell/internal/retrieve"
)

// fewRelations is how many words a question may have beside the name that it asks about, so that what passages say of
// that name can be compared by their form alone.
const fewRelations = 4

// Disagreements are what passages in force give different values for as the answer to the question, without a model.
// Where the question names something, the passages that speak of it are compared by what kind of value is asked (a date,
// a number, a name, a place, a kind of thing); otherwise by the rules that they set; and always by sentences that are
// alike but for one value. One document is compared with others, not with itself, and what is amended not at all: its
// amendment speaks for it. Citations are numbered by the passages' order, from 1.
func Disagreements(question string, passages []retrieve.Passage) []Conflict {
	c := newClaimer(question, passages)
	var claims []valueClaim
	if len(c.entity) > 0 && len(c.relation) <= fewRelations {
		claims = c.differentClaims()
	}
	if len(claims) < 2 {
		claims = c.differentRules()
	}
	if len(claims) < 2 {
		claims = c.contrasts()
	}
	if len(claims) < 2 {
		return nil
	}
	var conflict Conflict
	for _, claim := range claims {
		p := passages[claim.passage]
		conflict.Values = append(conflict.Values, ConflictValue{Text: oneLine(claim.text),
			Citation: citation(claim.passage+1, p, claim.sentence.start, claim.sentence.end)})
	}
	return []Conflict{conflict}
}

// agree reports whether two values may be the same.
func (c claimer) agree(a, b valueClaim) bool {
	switch c.kind {
	case dateValue:
		return slices.ContainsFunc(a.keys, func(x string) bool {
			return slices.ContainsFunc(b.keys, func(y string) bool { return agreeDates(x, y) })
		})
	case countValue:
		if a.unit != b.unit && timeUnits[a.unit] && timeUnits[b.unit] {
			return agreeTimes(a, b)
		}
		return a.unit != b.unit && a.unit != "" && b.unit != "" || sharesWord(a.keys, b.keys)
	case classValue:
		return agreeClasses(a.keys, b.keys)
	}
	return sharesWord(a.keys, b.keys)
}

// agreeDates reports whether one date says the same as the other, or less: 1962, April 1962; 15 April without a year.
func agreeDates(a, b string) bool {
	if isDayOnly := strings.HasPrefix(a, "--") || strings.HasPrefix(b, "--"); !isDayOnly {
		return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
	}
	const days = len("03-01")
	return len(a) < days || len(b) < days || a[len(a)-days:] == b[len(b)-days:] || len(a) == len("2026-03") || len(b) == len("2026-03")
}

// agreeClasses reports whether one definition says no other than the other one, only more: film, comedy film.
func agreeClasses(a, b []string) bool {
	shared := 0
	for _, k := range a {
		if slices.Contains(b, k) {
			shared++
		}
	}
	return shared == min(len(a), len(b)) || shared > 1 && a[len(a)-1] == b[len(b)-1]
}
