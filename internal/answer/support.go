package answer

import (
	"slices"
	"strings"
	"unicode"

	"clearwell/internal/analysis"
	"clearwell/internal/retrieve"
)

// More than the one share of a statement's words must stand in the passages that it cites together, and the other in
// each of them. Where
// questions with their answers stand for statements, on even and odd halves of the questions: .99 .99 of the true ones pass in
// English, .93 .96 in German, .99 .97 in Spanish, .97 .97 in Russian; of those about another paragraph of the same
// article .02 to .07, of another article none.
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
	return wording{language: language, bag: analysis.Passage(text, language), text: text}
}

// supportedShare is the share of the statement's words that the passages hold, 0–1, function words apart; 1 for a
// statement of these alone. To weigh words by their rarity made no difference on four languages.
func supportedShare(statement string, passages []wording) float64 {
	held, all := 0.0, 0.0
	for _, w := range analysis.Question(statement, passages[0].language) {
		if functionWords[passages[0].language][w.Word] {
			continue
		}
		all++
		if slices.ContainsFunc(passages, func(p wording) bool { return holds(p.bag, w) }) {
			held++
		}
	}
	if all == 0 {
		return 1
	}
	return held / all
}

// share is supportedShare over the cited passages.
func (v *verifier) share(claim string, cited []int) float64 {
	passages := make([]wording, len(cited))
	for i, index := range cited {
		passages[i] = v.of(index).wording
	}
	return supportedShare(claim, passages)
}

// isWorded reports whether the words of a statement have enough support in the passages that it cites: enough of its
// words stand there or, where they are in another language, enough of its meaning does.
func (v *verifier) isWorded(claim string, cited []int) bool {
	return v.share(claim, cited) > supportingShare || v.isMeant(claim, cited)
}
