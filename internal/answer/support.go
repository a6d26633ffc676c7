package answer

import (
	"slices"
	"strings"
	"unicode"

	"clearwell/internal/analysis"
	"clearwell/internal/retrieve"
)

// The shares of a statement's words that must stand in the passages that it cites together, and in each of them. Where
// questions with their answers stand for statements, halves apart (support_measure_test.go): .99/.97 of the true ones have
// the words in English, .94/.95 in German, .98/.97 in Spanish, .96/.96 in Russian, and .98/.95, .93/.93, .97/.96, .94/.94
// words and figures; of those about another paragraph of the same article .04/.05, .03/.02, .04/.04, .06/.05.
const (
	supportingShare   = 0.5
	contributingShare = 0.2
)

// longestConnective is how many words a statement may have that claims nothing.
const longestConnective = 12

// isConnective reports whether a statement without figures and quotations claims nothing: it is made of function
// words and of words about the sources alone ("Yes.", "Here is what the policy says:"), or has no words at all.
// In a language that answers have no words of their own in, only the latter.
func isConnective(statement string, language analysis.Language) bool {
	words := strings.FieldsFunc(strings.ToLower(statement), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	if len(words) > longestConnective {
		return false
	}
	for _, word := range words {
		if !functionWords[language][word] && !sourceWords[language][word] {
			return false
		}
	}
	return true
}

// wording is what a passage's words are, for comparison with a statement's.
type wording struct {
	language analysis.Language
	bag      analysis.Bag
	text     string
}

func newWording(p retrieve.Passage) wording {
	text := p.Title + "\n" + strings.Join(p.Headings, "\n") + "\n" + shown(p)
	language := analysis.Detect(text)
	if language == "" {
		language = languageOf(text, "")
	}
	return wording{language: language, bag: analysis.Passage(text, language), text: text}
}

// supportedWords counts the statement's words, and those of them that the passages hold, function words apart. To
// weigh words by their rarity made no difference on four languages.
func supportedWords(statement string, passages []wording) (held, all int) {
	for _, w := range analysis.Question(statement, passages[0].language) {
		if functionWords[passages[0].language][w.Word] {
			continue
		}
		isHeld := slices.ContainsFunc(passages, func(p wording) bool { return holds(p.bag, w) })
		if isHeld {
			held++
		}
		if isHeld || !hasDigit.MatchString(w.Word) { // a figure in another notation is looked up as one
			all++
		}
	}
	return held, all
}

// isSupported reports whether enough of a statement's words stand in the passages: half of them, and two, or its only one.
func isSupported(statement string, passages []wording) bool {
	held, all := supportedWords(statement, passages)
	return held >= min(2, all) && float64(held) >= supportingShare*float64(all)
}

func (v *verifier) wordings(indices []int) []wording {
	all := make([]wording, len(indices))
	for i, index := range indices {
		all[i] = v.of(index).wording
	}
	return all
}

// isWorded reports whether the words of a statement have enough support in the passages that it cites: enough of its
// words stand there or, where they are in another language, enough of its meaning does.
func (v *verifier) isWorded(claim string, cited []int) bool {
	return isSupported(claim, v.wordings(cited)) || v.isMeant(claim, cited)
}
