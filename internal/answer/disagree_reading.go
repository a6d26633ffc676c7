package answer

import (
	"slices"
	"strings"
	"unicode"

	"clearwell/internal/retrieve"
)

// textWord is a word of a text with its place in bytes.
type textWord struct {
	text, lower string
	start, end  int
}

// longestElision is how many letters stand before an apostrophe that parts two words: l'auteur, qu'il.
const longestElision = 2

// wordsIn splits a text into words and numbers. Hyphens, apostrophes and stops between letters belong to the word; the
// English possessive doesn't.
func wordsIn(text string) []textWord {
	var all []textWord
	start, last := -1, -1 // of the word; of its last mark that may join
	end := func(at int) {
		if start >= 0 {
			word := strings.TrimSuffix(strings.TrimSuffix(text[start:at], "'s"), "’s")
			all = append(all, textWord{text: word, lower: strings.ToLower(word), start: start, end: start + len(word)})
		}
		start, last = -1, -1
	}
	for at, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if start < 0 {
				start = at
			}
			last = -1
		case start >= 0 && (r == '\'' || r == '’') && at-start <= longestElision:
			end(at)
		case start >= 0 && last < 0 && strings.ContainsRune("-'’.&/", r):
			last = at
		case last >= 0:
			end(last)
		default:
			end(at)
		}
	}
	if last >= 0 {
		end(last)
	}
	end(len(text))
	return all
}

func lowerWords(text string) []string {
	words := wordsIn(text)
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = w.lower
	}
	return all
}

// isSameWord compares words without their endings: four letters or more in common, and little behind them.
func isSameWord(a, b string) bool {
	if a == b {
		return true
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n >= 4 && len(a)-n <= 4 && len(b)-n <= 4 && n*10 >= 6*max(len(a), len(b))
}

// isLike is isSameWord, or the one is a part of the other: Urlaub, Urlaubstage.
func isLike(a, b string) bool {
	const shortestPart = 5
	return isSameWord(a, b) || len(b) >= shortestPart && strings.Contains(a, b) || len(a) >= shortestPart && strings.Contains(b, a)
}

// shareOf is the share of the names that are among the words; 1 if there are no names.
func shareOf(names []string, words []textWord) float64 {
	if len(names) == 0 {
		return 1
	}
	n := 0
	for _, name := range names {
		if slices.ContainsFunc(words, func(w textWord) bool { return w.lower == name }) {
			n++
		}
	}
	return float64(n) / float64(len(names))
}

// reading is a passage as it is compared with others.
type reading struct {
	around    []textWord // of its title and headings
	sentences []readSentence
	isNamed   bool // it names all that the question asks about
}

// readSentence is a sentence with its words. isAbout says that by its end its passage has named all that the question
// asks about.
type readSentence struct {
	sentence
	words   []textWord
	isAbout bool
}

func (q inquiry) read(p retrieve.Passage) reading {
	r := reading{around: wordsIn(p.Title + "\n" + strings.Join(p.Headings, "\n"))}
	missing := slices.Clone(q.entity)
	strike := func(words []textWord) {
		missing = slices.DeleteFunc(missing, func(name string) bool {
			return slices.ContainsFunc(words, func(w textWord) bool { return w.lower == name })
		})
	}
	strike(r.around)
	for _, s := range split(p.Text) {
		words := wordsIn(s.text)
		strike(words)
		r.sentences = append(r.sentences, readSentence{sentence: s, words: words, isAbout: len(missing) == 0})
	}
	r.isNamed = len(missing) == 0
	return r
}
