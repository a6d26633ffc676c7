package answer

import (
	"slices"
	"strings"

	"clearwell/internal/analysis"
	"clearwell/internal/retrieve"
)

// worded is a sentence of a passage with its search terms, those of the line that introduces its list included, and its figures.
type worded struct {
	sentence
	bag     analysis.Bag
	figures figureIndex
}

func wordedSentences(p retrieve.Passage, language analysis.Language) []worded {
	var all []worded
	lead := p.Context
	for _, each := range split(p.Text) {
		text := strings.TrimSpace(each.text)
		around := lead
		if isItem := listMark.MatchString(text) || strings.Contains(text, "|"); !isItem {
			around, lead = "", ""
		}
		all = append(all, worded{each, analysis.Passage(text+"\n"+around, language), indexFigures(retrieve.Passage{}, text, language)})
		if strings.HasSuffix(text, ":") {
			lead = text
		}
	}
	return all
}

// boundShare is how near to the best sentence of its passage one must come that has a statement's figure: in words
// shared with the statement. Where questions with their answers stand for statements it lets .95 to .98 of the true figures
// pass, and .42 to .57 of those that stand elsewhere in the same paragraph, in English, German, Spanish and Russian.
const boundShare = 0.5

// fewWords is below how many words of its own a statement ("20 weeks.") is read together with the question.
const fewWords = 3

// areBound reports whether each figure stands where its passage speaks of what the statement does: a passage on travel
// may hold 500 euros, and not as the limit for hotels. Languages that differ can't be compared so.
func (v *verifier) areBound(claim string, cited []int) bool {
	for _, f := range v.figuresOf(claim, cited) {
		isBound := slices.ContainsFunc(cited, func(i int) bool { return v.isBound(claim, f, i) })
		if !isBound && !f.isWord {
			return false
		}
	}
	return true
}

// isBound is true, too, for a figure that stands in the passage's title or dates alone, and false for none.
func (v *verifier) isBound(claim string, f figure, i int) bool {
	e := v.of(i)
	if !e.holds(f) {
		return false
	}
	if v.isForeign(claim, i) {
		return true
	}
	words := contentWords(claim, e.wording.language)
	if len(words) < fewWords {
		words = append(words, contentWords(v.question, e.wording.language)...)
	}
	best, own := 0, -1
	for _, s := range e.sentences {
		shared := 0
		for _, w := range words {
			if holds(s.bag, w) {
				shared++
			}
		}
		best = max(best, shared)
		if s.figures.holdsAnyUnit(f) {
			own = max(own, shared)
		}
	}
	return own < 0 || float64(own) >= boundShare*float64(best)
}

// contentWords are a text's words but function words and those with a digit.
func contentWords(text string, language analysis.Language) []analysis.QueryWord {
	return slices.DeleteFunc(analysis.Question(text, language), func(w analysis.QueryWord) bool {
		return functionWords[language][w.Word] || hasDigit.MatchString(w.Word)
	})
}
