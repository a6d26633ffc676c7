package analysis

import "slices"

// Pair is two words that stand next to each other: their exact terms, and a term of the pair itself.
type Pair struct{ First, Second, Term int32 }

// Pairs returns the neighbouring words of a text in order. A code counts in its parts.
func Pairs(text string, language Language) []Pair {
	var pairs []Pair
	before := int32(0)
	newAnalyzer(language).each(text, func(word QueryWord, isWhole bool) {
		if isWhole {
			return
		}
		if before != 0 {
			pairs = append(pairs, Pair{before, word.Exact, pairTerm(before, word.Exact)})
		}
		before = word.Exact
	})
	return pairs
}

// PairTerms returns the distinct terms of the text's pairs, ascending.
func PairTerms(text string, language Language) []int32 {
	var terms []int32
	for _, p := range Pairs(text, language) {
		terms = append(terms, p.Term)
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// pairTerm is the term of two exact terms in their order, in 1…1e9. Pairs have a space of their own.
func pairTerm(first, second int32) int32 {
	return int32(mixed(uint64(first)<<32|uint64(second))%(2*half)) + 1
}
