package analysis

import (
	"maps"
	"slices"
	"unicode"

	"github.com/blevesearch/snowballstem"
)

// analyzer turns the text of one language into words. It is not for concurrent use.
type analyzer struct {
	language Language
	folder   folder
	stemmer  func(*snowballstem.Env) bool
	script   *unicode.RangeTable
	env      *snowballstem.Env
}

func newAnalyzer(language Language) *analyzer {
	return &analyzer{
		language: language,
		folder:   newFolder(language),
		stemmer:  stemmer(language),
		script:   language.script(),
		env:      snowballstem.NewEnv(""),
	}
}

// each calls yield with every word of the text in order; isWhole marks codes that stand beside their parts.
func (a *analyzer) each(text string, yield func(word QueryWord, isWhole bool)) {
	segment(compose(text), a.language, func(t token) {
		folded := a.folder.word(t.text)
		word := surface(folded)
		exact := exactTerm(word)
		if t.isWhole && !hasOnlyLetters(word) || !hasForms(folded) {
			yield(QueryWord{Word: word, Exact: exact, Stem: exact}, t.isWhole)
			return
		}
		yield(QueryWord{Word: word, Exact: exact, Stem: stemTerm(plain(a.stem(folded)))}, t.isWhole)
	})
}

func hasOnlyLetters(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			return false
		}
	}
	return true
}

// Passage returns the terms of a passage written in the language. A word counts for its exact term and for
// its stem's; numbers, codes and pairs of characters have one term that counts for both. Stop words are
// kept: their idf is next to nothing, and in codes and titles they are all there is.
func Passage(text string, language Language) Bag {
	counts := make(map[int32]float32)
	length := 0
	newAnalyzer(language).each(text, func(word QueryWord, isWhole bool) {
		counts[word.Exact]++
		if word.Stem != word.Exact {
			counts[word.Stem]++
		}
		if !isWhole {
			length++
		}
	})
	bag := Bag{IDs: slices.Sorted(maps.Keys(counts)), Counts: make([]float32, len(counts)), Length: length}
	for i, id := range bag.IDs {
		bag.Counts[i] = counts[id]
	}
	if bag.IDs == nil {
		bag.IDs = []int32{}
	}
	return bag
}

// Question returns the distinct words of a question in the order in which they stand. Exact and Stem are
// the same term for words that have no stem apart from themselves.
func Question(text string, language Language) []QueryWord {
	var words []QueryWord
	seen := make(map[int32]bool)
	newAnalyzer(language).each(text, func(word QueryWord, _ bool) {
		if !seen[word.Exact] {
			seen[word.Exact] = true
			words = append(words, word)
		}
	})
	return words
}
