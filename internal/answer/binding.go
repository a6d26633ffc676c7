package answer

import (
	"slices"
	"strings"

	"clearwell/internal/analysis"
	"clearwell/internal/figure"
	"clearwell/internal/retrieve"
)

// worded is a sentence of a passage with its search terms and its figures. An item's bag holds its own terms, and around
// those of the line that introduces its list or heads its table.
type worded struct {
	sentence
	bag, around analysis.Bag
	figures     figure.Index
	clauses     []clause
	isItem      bool
	cells       []cell // of a row whose table has a head, but for the first one, which names the row
	label       figure.Index
}

// cell is one of a table, with the words that stand over it.
type cell struct {
	head    analysis.Bag
	figures figure.Index
}

func wordedSentences(p retrieve.Passage, language analysis.Language) []worded {
	var all []worded
	var head []string
	lead, wasRow := p.Context, strings.Contains(p.Context, "|")
	for _, each := range split(p.Text) {
		text := strings.TrimSpace(each.text)
		isRow := strings.Contains(text, "|")
		isHead := isRow && !wasRow && !hasDigit.MatchString(text)
		w := worded{sentence: each, bag: analysis.Passage(text, language), isItem: !isHead && (isRow || listMark.MatchString(text))}
		w.clauses = clausesOf(text, language)
		w.figures = figure.NewIndex(text, language)
		if isHead {
			head = cellsOf(text)
		}
		if isRow && !isHead {
			w.cutIntoCells(text, head, language)
		}
		if w.isItem {
			w.around = analysis.Passage(lead, language)
		} else if !isHead {
			lead = ""
		}
		if isHead || strings.HasSuffix(text, ":") {
			lead += "\n" + text
		}
		all, wasRow = append(all, w), isRow
	}
	return all
}

// boundShare is how near to the best sentence of its passage one must come that has a statement's figure: in words
// shared with the statement. Where questions with their answers stand for statements, halves apart, the true figures pass
// in .97/.97 (English), .97/.96 (German), .96/.96 (Spanish), .99/.99 (Russian), and others of the same paragraph in
// .51/.45, .47/.45, .55/.51, .62/.61.
const boundShare = 0.5

// fewWords is below how many words of its own a statement ("20 weeks.") is read together with the question.
const fewWords = 3

// areBound reports whether each figure stands where its passage speaks of what the statement does: a passage on travel
// may hold 500 euros, and not as the limit for hotels. Languages that differ can't be compared so.
func (v *verifier) areBound(claim string, cited []int) bool {
	for _, part := range v.parts(claim) {
		figures := v.figuresOf(part, cited)
		for _, f := range figures {
			isLookedUp := !f.IsWord || f.Unit != "" && !f.IsUncounted()
			if isLookedUp && !slices.ContainsFunc(cited, func(i int) bool { return v.isBound(part, claim, f, figures, i) }) {
				return false
			}
		}
	}
	return true
}

// isBound is true, too, for a figure that stands in the passage's title or dates alone, and false for one that stands
// nowhere. In a list or table the item itself must come near the best one: the row of Norway, not Denmark's.
func (v *verifier) isBound(part, claim string, f figure.Figure, all []figure.Figure, i int) bool {
	e := v.of(i)
	if !e.holds(f) {
		return false
	}
	if v.isForeign(claim, i) {
		return true
	}
	words := contentWords(part, e.wording.language)
	if len(words) < fewWords && part == claim {
		words = append(words, contentWords(v.question, e.wording.language)...)
	}
	isBound, isThere := false, false
	best, bestItem, isNamed := 0, 0, false
	for _, s := range e.sentences {
		alone, together := s.shared(words)
		best = max(best, together)
		if s.isItem {
			bestItem = max(bestItem, alone)
		}
		isNamed = isNamed || s.isNamedBy(all)
	}
	for _, s := range e.sentences {
		if !s.figures.HoldsAnyUnit(f) {
			continue
		}
		isThere = true
		alone, together := s.shared(words)
		isRightItem := !s.isItem || float64(alone) >= boundShare*float64(bestItem)
		isRightRow := len(s.cells) == 0 || !isNamed || s.isNamedBy(all)
		isBound = isBound || isRightItem && isRightRow && s.isRightCell(words, f, all) && float64(together) >= boundShare*float64(best)
	}
	return isBound || !isThere
}

// shared counts the words that the sentence has, alone and together with what introduces it.
func (s worded) shared(words []analysis.QueryWord) (alone, together int) {
	for _, w := range words {
		isAlone := holds(s.bag, w)
		if isAlone {
			alone++
		}
		if isAlone || holds(s.around, w) {
			together++
		}
	}
	return alone, together
}

// contentWords are a text's words but function words, units and those with a digit.
func contentWords(text string, language analysis.Language) []analysis.QueryWord {
	return slices.DeleteFunc(analysis.Question(text, language), func(w analysis.QueryWord) bool {
		return functionWords[language][w.Word] || figure.UnitOf(w.Word) != "" || hasDigit.MatchString(w.Word)
	})
}
