package answer

import (
	"math"
	"regexp"
	"slices"
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
	// negatives deny without a negation, and so do words that begin with un- or non-.
	negatives = wordSet(`without forbidden prohibited banned excluded excludes exclude denied refused ineligible invalid inactive impossible
		lack lacks lose loses lost fail fails free instead otherwise ohne verboten untersagt ausgeschlossen verfällt verfallen entfällt entfallen
		sans interdit interdite exclu exclue exclus sin prohibido prohibida excluido excluida`)
	// subordinating words begin a part of a sentence: a negation behind them says nothing of the whole.
	subordinating = wordSet(`who whom whose which that if when whenever where while because although though whether as since
		wenn falls sofern solange ob weil obwohl dass qui que si quand lorsque où parce quien cuando donde porque aunque`)
	// bounding words limit what is said: beyond the limit the opposite may hold.
	bounding  = wordSet(`under over above below less fewer more within beyond after unter über mehr weniger nach moins plus sous después bajo`)
	leadingNo = regexp.MustCompile(`(?i)^[*_\s]*(?:no|nein|non)\s*[,.:;!–—-]\s*`)
)

// leastAlike is the share of a statement's words, two at least, that a sentence must have to be taken for its source.
// Of questions with their answers, taken for statements, .012 (English), .007 (German), .007 (Spanish) are wrongly held to be
// turned around; of English sentences that lost their "not" .75 are found, of those that got one .44 (polarity_test.go),
// and no copied sentence of any language.
const leastAlike = 0.7

// isTurnedAround reports whether a statement without a negation rests on sentences that have one, "The minibar is paid"
// on "The minibar is not paid", or one with a negation on sentences without. Where any sentence or clause that is as
// near to it agrees or makes an exception, it is not.
func (v *verifier) isTurnedAround(claim string, cited []int) bool {
	language := v.of(cited[0]).wording.language
	claim = leadingNo.ReplaceAllString(claim, "")
	isDenial := language != "" && isNegated(claim, language)
	if language == "" || isDenial && !isPlainDenial(claim, language) {
		return false
	}
	best, isTurned, agreeing := 1, false, 0
	for _, i := range cited {
		e := v.of(i)
		if v.isForeign(claim, i) {
			return false
		}
		words := contentWords(claim, e.wording.language)
		best = max(best, int(math.Ceil(leastAlike*float64(len(words))))-1)
		for _, s := range e.sentences {
			for _, unit := range s.clauses {
				shared, isOpposite := unit.shared(words), unit.isTurning
				if isDenial {
					isOpposite = unit.isAffirming
				}
				if !isOpposite {
					agreeing = max(agreeing, shared)
				}
				switch {
				case shared > best:
					best, isTurned = shared, isOpposite
				case shared == best:
					isTurned = isTurned && isOpposite
				}
			}
		}
	}
	// "Part-time employees do not." says little and denies what the sentence before it says.
	return isTurned && (!isDenial || float64(agreeing) < boundShare*float64(best))
}

// isPlainDenial reports whether a statement denies its whole sentence and does nothing else.
func isPlainDenial(claim string, language analysis.Language) bool {
	if negations[language] == nil || isExcepted(claim) || isNegative(claim) {
		return false
	}
	words := lettersOnly(claim)
	if slices.ContainsFunc(words, func(word string) bool { return bounding[word] }) {
		return false
	}
	for _, word := range words {
		if subordinating[word] || negations[language][word] {
			return !subordinating[word]
		}
	}
	return true
}

// isNegative reports whether a text has a word that denies without a negation.
func isNegative(text string) bool {
	return slices.ContainsFunc(lettersOnly(text), func(word string) bool {
		return negatives[word] || len(word) > 4 && (strings.HasPrefix(word, "un") || strings.HasPrefix(word, "non"))
	})
}

// clause is a sentence or a part of one.
type clause struct {
	bag         analysis.Bag
	isTurning   bool // it has a negation and makes no exception
	isAffirming bool // it has neither, nor a word that denies by itself
}

// clausesOf lists a sentence, whole and in its parts.
func clausesOf(sentence string, language analysis.Language) []clause {
	var all []clause
	for _, text := range append([]string{sentence}, clauseEnd.Split(sentence, -1)...) {
		negated, excepted := isNegated(text, language), isExcepted(text)
		all = append(all, clause{bag: analysis.Passage(text, language), isTurning: negated && !excepted, isAffirming: !negated && !excepted && !isNegative(text)})
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
