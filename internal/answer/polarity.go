package answer

import (
	"math"
	"regexp"
	"strings"
	"unicode"

	"clearwell/internal/analysis"
)

// negations turn what a sentence says around; exceptions turn it back for a part of it.
var (
	negations = map[analysis.Language]map[string]bool{
		"en": wordSet(`not no never none nobody nothing neither nor cannot`),
		"de": wordSet(`nicht kein keine keinen keinem keiner keines nie niemals niemand nichts weder`),
		"fr": wordSet(`ne n aucun aucune jamais ni`),
		"es": wordSet(`no nunca jamás ningún ninguna ninguno nadie tampoco`),
	}
	exceptions = wordSet(`except unless only but until before außer nur sondern aber es bis sauf excepté seulement que mais avant
		salvo excepto solo sólo sino pero hasta antes`)
	clauseEnd = regexp.MustCompile(`[,;:()–—|]\s`)
)

// leastAlike is the share of a statement's words, two at least, that a sentence must have to be taken for its source.
// Of questions with their answers, taken for statements, .012 (English), .007 (German), .007 (Spanish) are wrongly held to be
// turned around; of English sentences that lost their "not" .75 are found, and no copied sentence of any language.
const leastAlike = 0.7

// isTurnedAround reports whether a statement without a negation rests on sentences that have one: "The minibar is
// paid" on "The minibar is not paid". Where any sentence or clause that is as near to it has none, or makes an
// exception, it is not.
func (v *verifier) isTurnedAround(claim string, cited []int) bool {
	if v.of(cited[0]).wording.language == "" || isNegated(claim, v.of(cited[0]).wording.language) {
		return false
	}
	best, isTurned := 1, false
	for _, i := range cited {
		e := v.of(i)
		if v.isForeign(claim, i) {
			return false
		}
		words := contentWords(claim, e.wording.language)
		best = max(best, int(math.Ceil(leastAlike*float64(len(words))))-1)
		for _, s := range e.sentences {
			for _, unit := range s.clauses {
				shared := unit.shared(words)
				switch {
				case shared > best:
					best, isTurned = shared, unit.isTurning
				case shared == best:
					isTurned = isTurned && unit.isTurning
				}
			}
		}
	}
	return isTurned
}

// clause is a sentence or a part of one.
type clause struct {
	bag       analysis.Bag
	isTurning bool // it has a negation and makes no exception
}

// clausesOf lists a sentence, whole and in its parts.
func clausesOf(sentence string, language analysis.Language) []clause {
	var all []clause
	for _, text := range append([]string{sentence}, clauseEnd.Split(sentence, -1)...) {
		all = append(all, clause{analysis.Passage(text, language), isNegated(text, language) && !isExcepted(text)})
	}
	return all
}

func (c clause) shared(words []analysis.QueryWord) int {
	count := 0
	for _, w := range words {
		if holds(c.bag, w) {
			count++
		}
	}
	return count
}

func isNegated(text string, language analysis.Language) bool {
	for _, word := range lettersOnly(text) {
		if negations[language][word] {
			return true
		}
	}
	return strings.Contains(text, "n't") || strings.Contains(text, "n’t")
}

func isExcepted(text string) bool {
	for _, word := range lettersOnly(text) {
		if exceptions[word] {
			return true
		}
	}
	return false
}

func lettersOnly(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) })
}
