package answer

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"clearwell/internal/analysis"
	"clearwell/internal/retrieve"
)

// sampledPassage is a passage of the library that a question is made from.
type sampledPassage struct {
	chunkID, documentID int64
	title, text         string
	headings            []string
}

// Of a sentence's words those make a question that tell much, but not the one that tells most: people who ask
// rarely know the rarest word. On six languages and two other collections these questions, with their document
// left out, showed signals like those of people's questions; whole sentences and their beginnings did not.
const (
	skippedWords     = 1
	askedWords       = 4
	sentenceWords    = 6   // a shorter sentence says too little
	sentenceSearched = 800 // code points of it
)

// ask makes a question of a passage: title, heading, and words of one sentence in their order; "" if the passage
// has no sentence for it.
func (c *Calibrator) ask(ctx context.Context, p sampledPassage) (string, error) {
	language := analysis.Detect(p.text)
	var sentences []string
	for _, each := range split(p.text) {
		if len(analysis.Question(each.text, language)) >= sentenceWords {
			sentences = append(sentences, each.text)
		}
	}
	if len(sentences) == 0 {
		return "", nil
	}
	// Always the same sentence of a passage, so that an unchanged library is calibrated the same.
	random := rand.New(rand.NewPCG(uint64(p.chunkID), 0))
	sentence := []rune(sentences[random.IntN(len(sentences))])
	found, err := c.search.Search(ctx, calibrating, retrieve.Query{Text: string(sentence[:min(len(sentence), sentenceSearched)]),
		Limit: 1, Arm: retrieve.Lexical}) // no embedding: only for what the words weigh
	if err != nil {
		return "", fmt.Errorf("weigh words: %w", err)
	}
	heading := ""
	if len(p.headings) > 0 {
		heading = p.headings[len(p.headings)-1]
	}
	return strings.Join(strings.Fields(p.title+" "+heading+" "+strings.Join(telling(found.Words), " ")), " "), nil
}

// telling are the words that tell most but for the first, in the order in which they stand.
func telling(words []retrieve.Word) []string {
	ranked := slices.Clone(words)
	slices.SortStableFunc(ranked, func(a, b retrieve.Word) int { return cmp.Compare(b.IDF, a.IDF) })
	ranked = ranked[min(skippedWords, len(ranked)):min(skippedWords+askedWords, len(ranked))]
	var kept []string
	for _, w := range words {
		if slices.Contains(ranked, w) {
			kept = append(kept, w.Text)
		}
	}
	return kept
}
