package answer

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"clearwell/internal/analysis"
	"clearwell/internal/figure"
	"clearwell/internal/retrieve"
)

// Signals are what can be seen of a question and what was found for it, before anything is answered.
type Signals struct {
	Coverage float64 `json:"coverage"` // share of the question's idf that the best passage holds, 0–1
	// Sentence is that share in the sentence that holds most; words that stand only around it count in part.
	Sentence float64 `json:"sentence"`
	Cosine   float64 `json:"cosine"` // the highest
	// Lead is by how much that is above the mean of the other passages: comparable between languages, which the
	// cosine itself is not.
	Lead        float64 `json:"lead"`
	LacksNumber bool    `json:"lacks_number"` // a number or code of the question stands in no passage
	LacksName   bool    `json:"lacks_name"`   // most words of the question's proper names stand in no passage
	LacksYear   bool    `json:"lacks_year"`   // so does a year, and the best passage is not in force in it
	LacksFigure bool    `json:"lacks_figure"` // asked is a figure, and the sentence that holds most has none
	IsForeign   bool    `json:"is_foreign"`   // the passages are in another language: their words tell little
	IsWordless  bool    `json:"is_wordless"`  // the question has no words
}

const (
	// observed is how many passages are looked into for a sentence.
	observed = 5
	// aroundShare is what a word counts that stands in the headings or in the sentence before only.
	aroundShare = .6
	// foreignShare is the part of the question's words below which another language is believed, unsureShare where
	// the question is too short to tell its language: even a question that can't be answered shares its small words
	// with passages of its language. Of questions in the passages' language 1 in 50 share fewer, of others 19 in 20.
	foreignShare = .5
	unsureShare  = .33
)

// Observe reads the signals; found must hold a passage.
func Observe(question string, found retrieve.Result) Signals {
	best := found.Passages[0]
	language := analysis.Detect(best.Text)
	s := Signals{Coverage: found.Coverage, Cosine: found.Cosine, Lead: lead(found)}
	w := newWeigher(question, language, found.Words)
	held := make([]bool, len(w.words))
	for i, p := range found.Passages {
		if i >= observed {
			w.mark(held, analysis.Passage(surroundings(p)+"\n"+p.Text, language))
			continue
		}
		if share, hasFigure := strongestSentence(w, p, language, held); share > s.Sentence {
			s.Sentence, s.LacksFigure = share, !hasFigure
		}
	}
	s.LacksFigure = s.LacksFigure && asksForFigure.MatchString(question)
	s.IsWordless = len(w.words) == 0
	names, unnamed := namesOf(question, language), 0
	count := 0
	for k, word := range w.words {
		switch {
		case held[k]:
			count++
		case yearWord.MatchString(word.Word):
			s.LacksYear = s.LacksYear || !isInForceIn(figure.Whole(word.Word), best)
		case isCode(word.Word):
			s.LacksNumber = true
		case names[word.Exact]:
			unnamed++
		}
	}
	s.LacksName = 2*unnamed > len(names)
	s.IsForeign = isForeign(question, best.Text, language, float64(count)/max(1, float64(len(w.words))))
	return s
}

// namesOf are the exact terms of the proper names in a question, codes apart.
func namesOf(question string, language analysis.Language) map[int32]bool {
	plain := strings.Join(slices.DeleteFunc(strings.Fields(question), isCode), " ")
	names := make(map[int32]bool)
	for _, word := range analysis.Question(inquiry{language: interfaceLanguage(question)}.namesIn(plain), language) {
		names[word.Exact] = true
	}
	return names
}

// yearWord matches what is most likely a year.
var yearWord = regexp.MustCompile(`^(?:19|20)\d\d$`)

// isInForceIn reports whether a passage is in force on a day of the year.
func isInForceIn(year int, p retrieve.Passage) bool {
	begins := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	return p.EffectiveFrom.Before(begins.AddDate(1, 0, 0)) && (p.EffectiveUntil == nil || p.EffectiveUntil.After(begins))
}

// isCode reports whether a word is a number, or an identifier such as SPARK-43242 or err_not_found.
func isCode(word string) bool {
	return strings.ContainsFunc(word, unicode.IsDigit) || strings.Contains(word, "_")
}

// isForeign reports whether a question is in another language than a passage, where the passages hold the share of its
// words. Few letters tell no language: "stock options" is as good Romanian as English. What tells then are small words
// of another language, or another script.
func isForeign(question, passage string, language analysis.Language, share float64) bool {
	asked := analysis.Detect(question)
	switch {
	case !analysis.IsSameScript(question, passage):
		return share < foreignShare
	case asked != "" && asked == language:
		return false
	case !isTelling(question):
		return share < unsureShare && hasForeignWords(question, language)
	case asked == "" || language == "":
		return share < unsureShare
	}
	return share < foreignShare
}

// tellingWords is how many words a question needs for its language to be told.
const tellingWords = 5

func isTelling(question string) bool { return len(strings.Fields(question)) >= tellingWords }

// hasForeignWords reports whether a function word of another language stands in the question that is none of the
// passages'.
func hasForeignWords(question string, language analysis.Language) bool {
	return slices.ContainsFunc(lowerWords(question), func(word string) bool {
		if functionWords[language][word] {
			return false
		}
		for other, words := range functionWords {
			if other != language && words[word] {
				return true
			}
		}
		return false
	})
}

// lead of the highest cosine over the other passages'.
func lead(found retrieve.Result) float64 {
	if len(found.Passages) < 2 {
		return 0
	}
	sum := 0.0
	for _, p := range found.Passages[1:] {
		sum += p.Cosine
	}
	return found.Cosine - sum/float64(len(found.Passages)-1)
}

// surroundings are what a passage stands under.
func surroundings(p retrieve.Passage) string {
	return p.Title + "\n" + strings.Join(p.Headings, "\n") + "\n" + p.Context
}

// strongestSentence is the highest share of the question's idf that a sentence of the passage holds, and whether that
// sentence has a figure. It marks the words that the passage holds.
func strongestSentence(w weigher, p retrieve.Passage, language analysis.Language, held []bool) (share float64, hasFigure bool) {
	around := analysis.Passage(surroundings(p), language)
	w.mark(held, around)
	var before analysis.Bag
	for _, each := range split(p.Text) {
		in := analysis.Passage(each.text, language)
		w.mark(held, in)
		if has := w.share(in) + aroundShare*w.shareOnlyIn(in, around, before); has > share {
			share, hasFigure = has, hasDigit.MatchString(each.text)
		}
		before = in
	}
	return share, hasFigure
}

// mark notes which of the question's words the bag holds.
func (w weigher) mark(held []bool, bag analysis.Bag) {
	for i, word := range w.words {
		held[i] = held[i] || holds(bag, word)
	}
}
