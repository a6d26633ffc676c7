package eval

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"clearwell/internal/chunk"
)

// A known item is what someone half remembers of a document: a run of words of one of its sentences, a few of them
// forgotten.
const (
	runWordsMin  = 7 // of a language that spaces its words
	runWordsMax  = 12
	runSignsMin  = 12 // of one that doesn't: characters
	runSignsMax  = 20
	thinning     = 0.15 // of the words are forgotten, each with this probability
	triesPerItem = 50   // documents are drawn until one has a sentence that is long enough
)

// knownItems makes n questions from sentences drawn with the seed. Every document that holds the whole run counts
// as found: boilerplate stands in many.
func knownItems(documents []document, n int, seed uint64) []query {
	rng := rand.New(rand.NewPCG(seed, 1))
	collapsed := make([]string, len(documents))
	for i, d := range documents {
		collapsed[i] = strings.Join(strings.Fields(d.text), " ")
	}
	var queries []query
	for range n * triesPerItem {
		if len(queries) == n || len(documents) == 0 {
			break
		}
		at := rng.IntN(len(documents))
		run, text, ok := drawRun(rng, documents[at].text)
		if !ok {
			continue
		}
		relevant := make(map[string]int)
		for i, d := range documents {
			if strings.Contains(collapsed[i], run) {
				relevant[d.key] = 1
			}
		}
		if len(relevant) > 0 {
			queries = append(queries, query{id: fmt.Sprintf("item-%03d", len(queries)+1), text: text, relevant: relevant})
		}
	}
	return queries
}

// drawRun takes a run of words out of a sentence of the text, and the same with some words left out.
func drawRun(rng *rand.Rand, text string) (run, thinned string, ok bool) {
	spans := chunk.Sentences(text)
	if len(spans) == 0 {
		return "", "", false
	}
	span := spans[rng.IntN(len(spans))]
	sentence := strings.Join(strings.Fields(text[span.Start:span.End]), " ")
	words, least, most, space := strings.Fields(sentence), runWordsMin, runWordsMax, " "
	if isUnspaced(sentence) {
		words, least, most, space = strings.Split(sentence, ""), runSignsMin, runSignsMax, ""
	}
	if len(words) < least {
		return "", "", false
	}
	length := min(len(words), least+rng.IntN(most-least+1))
	begin := rng.IntN(len(words) - length + 1)
	words = words[begin : begin+length]
	run = strings.Join(words, space)
	kept := slices.DeleteFunc(slices.Clone(words), func(string) bool { return rng.Float64() < thinning })
	if len(kept) < least/2 {
		kept = words
	}
	return run, strings.Join(kept, space), true
}

// isUnspaced reports whether most of the sentence is written without spaces between words.
func isUnspaced(sentence string) bool {
	unspaced := 0
	for _, r := range sentence {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
			unspaced++
		}
	}
	return 2*unspaced > utf8.RuneCountInString(sentence)
}
