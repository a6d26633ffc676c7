package retrieve

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Copy is a document of which a passage says the same as the one that stands for both.
type Copy struct {
	DocumentID  int64
	DocumentKey string
	Title       string
	Revision    int
}

// fold takes out passages that have the words of a better one, and notes their documents there: ten places for an
// answer are not to be filled by one notice on ten pages. One word more or less may be a "not", in any language, so
// what only nearly says the same stays.
func fold(passages []Passage) []Passage {
	var kept []Passage
	first := make(map[string]int) // of the passages with these words, among those kept
	isAlone := amendedOrAmending(passages)
	// Copies have equally many letters. Passages that are alone in that need not be cut into words.
	letters, passagesWith := make([]int, len(passages)), make(map[int]int)
	for i, p := range passages {
		letters[i] = lettersOf(p)
		passagesWith[letters[i]]++
	}
	for i, p := range passages {
		words := ""
		if passagesWith[letters[i]] > 1 {
			words = wordsOf(p)
		}
		at, isFound := first[words]
		if !isFound && words != "" {
			first[words] = len(kept)
		}
		if !isFound || isAlone[p.ChunkID] || isAlone[kept[at].ChunkID] {
			kept = append(kept, p)
			continue
		}
		if kept[at].DocumentID != p.DocumentID {
			kept[at].Copies = append(kept[at].Copies, Copy{p.DocumentID, p.DocumentKey, p.Title, p.Revision})
		}
	}
	return kept
}

const (
	// punctuation is what may stand around a word without being a part of what it says. What isn't named here counts:
	// per cent, currencies, "less than", the bars between cells.
	punctuation = ".,;:!?…()[]{}\"“”„«»'‘’`*_\\•·-–—"
	// signs before a digit belong to the number.
	signs = "-–.,"
)

// lettersOf counts the letters and digits of a passage.
func lettersOf(p Passage) int {
	count := 0
	for _, text := range []string{p.Context, p.Text} {
		for _, r := range text {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				count++
			}
		}
	}
	return count
}

// wordsOf is what passages are compared by: the words in small letters, each without the punctuation around it.
func wordsOf(p Passage) string {
	var all []string
	for _, field := range strings.Fields(strings.ToLower(p.Context + "\n" + p.Text)) {
		if word := bare(strings.ReplaceAll(field, "’", "'")); word != "" {
			all = append(all, word)
		}
	}
	return strings.Join(all, " ")
}

// bare is a word without the punctuation around it.
func bare(field string) string {
	word := strings.TrimLeft(field, punctuation)
	begin, _ := utf8.DecodeRuneInString(word)
	before, size := utf8.DecodeLastRuneInString(field[:len(field)-len(word)])
	if size > 0 && unicode.IsDigit(begin) && strings.ContainsRune(signs, before) {
		word = field[len(field)-len(word)-size:]
	}
	return strings.TrimRight(word, punctuation)
}
