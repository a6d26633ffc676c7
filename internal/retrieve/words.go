package retrieve

import (
	"cmp"
	"math"
	"slices"

	"github.com/pgvector/pgvector-go"

	"clearwell/internal/analysis"
	"clearwell/internal/inference"
)

// termSpace is the number of dimensions of passages.weights.
const termSpace = 1_000_000_000

// statistics is how often terms occur in the library, as last counted. Before the first count all is zero
// and every word tells the same, which is the best guess there is.
type statistics struct {
	passages     int64
	averageWords float64 // baked into the weights of passages
	frequency    map[int32]int64
}

// question is a question's words and what they weigh.
type question struct {
	words  []analysis.QueryWord
	idf    []float64         // of words, aligned
	mass   float64           // sum of idf
	weight map[int32]float32 // of each term: a word's say is divided between its exact term and its stem
	pairs  map[int32]float32 // of each pair of neighbours
	stats  statistics
}

// weigh gives the words their idf. A word that no passage holds weighs most, so that a question made of
// unknown words, or of another language's, finds little by its words.
//
// The library's own counts are smoothed by what is known of words in general (nil: nothing), as if
// priorPassages passages of general text stood in the library too. In a small library "how" and "get" may
// stand nowhere and would otherwise weigh as much as a name; in a large one the prior vanishes.
func weigh(asked reading, stats statistics, general inference.WordModel, ablation Ablation) question {
	words := asked.words
	q := question{words: words, stats: stats, weight: make(map[int32]float32), idf: make([]float64, len(words))}
	ofStem := ablation.stemShare(asked.language)
	for i, word := range words {
		extra, passages := stats.prior(word.Word, general)
		exact := analysis.IDF(passages, stats.frequency[word.Exact]+extra)
		stem := analysis.IDF(passages, stats.frequency[word.Stem]+extra)
		q.weight[word.Exact] += float32(exact * (1 - ofStem))
		q.weight[word.Stem] += float32(stem * ofStem)
		q.idf[i] = exact*(1-ofStem) + stem*ofStem
		q.mass += q.idf[i]
	}
	q.weighPairs(asked.pairs, ablation)
	return q
}

// adjacency is what a passage gains for two words of the question that stand next to each other in it as they do
// there, as a share of both words' idf. Phrases, names and codes are found by it.
const adjacency = 0.4

func (q *question) weighPairs(pairs []analysis.Pair, ablation Ablation) {
	q.pairs = make(map[int32]float32)
	if ablation.NoAdjacency {
		return
	}
	idf := make(map[int32]float64, len(q.words))
	for i, word := range q.words {
		idf[word.Exact] = q.idf[i]
	}
	for _, p := range pairs {
		q.pairs[p.Term] += float32(adjacency * (idf[p.First] + idf[p.Second]))
	}
}

// pairVector is the question as closeups.pairs are.
func (q question) pairVector() pgvector.SparseVector { return sparse(q.pairs) }

// The prior: as many passages of general text, by what factor a word is more frequent in its own language
// than in the hundred that the word model was learned from, and how long a passage is before any was counted.
const (
	priorPassages  = 500
	ownLanguage    = 80
	wordsOfPassage = 100
)

// prior returns in how many of the prior's passages the word is expected, and the number of all passages.
func (s statistics) prior(word string, general inference.WordModel) (frequency, passages int64) {
	if general == nil || analysis.IsUnspaced(word) {
		return 0, s.passages
	}
	logarithm, ok := general.LogProbability(word)
	if !ok {
		return 0, s.passages
	}
	share := 1 - math.Exp(-cmp.Or(s.averageWords, wordsOfPassage)*ownLanguage*math.Exp(logarithm))
	return int64(math.Round(priorPassages * share)), s.passages + priorPassages
}

// perfect is the score of a passage that says every word of the question over and over; scores divided by
// it say how much of what was asked a passage says.
func (q question) perfect() float64 {
	if q.mass == 0 {
		return 1 // no words: all scores are zero
	}
	return (analysis.K1 + 1) * q.mass
}

// terms are the question's distinct terms, ascending.
func (q question) terms() []int32 {
	terms := make([]int32, 0, len(q.weight))
	for term := range q.weight {
		terms = append(terms, term)
	}
	slices.Sort(terms)
	return terms
}

// selective returns the terms that select candidates: rarest first, until the passages that hold them reach
// the budget. What is left out is common and adds little; all candidates are scored by all terms.
func (q question) selective(budget int64) []int32 {
	terms := q.terms()
	slices.SortStableFunc(terms, func(a, b int32) int {
		return cmp.Compare(q.stats.frequency[a], q.stats.frequency[b])
	})
	total := int64(0)
	for i, term := range terms {
		total += q.stats.frequency[term]
		if total > budget {
			return terms[:max(i, 1)]
		}
	}
	return terms
}

// vector is the question as passages.weights are: position t-1 holds the weight of term t.
func (q question) vector() pgvector.SparseVector {
	return sparse(q.weight)
}

func sparse(weights map[int32]float32) pgvector.SparseVector {
	elements := make(map[int32]float32, len(weights))
	for term, weight := range weights {
		elements[term-1] = weight
	}
	return pgvector.NewSparseVectorFromMap(elements, termSpace)
}

// coverage is the share of the question's idf whose words a passage with these of its terms holds.
func (q question) coverage(held []int32) float64 {
	if q.mass == 0 {
		return 0
	}
	sum := 0.0
	for i, word := range q.words {
		if slices.Contains(held, word.Exact) || slices.Contains(held, word.Stem) {
			sum += q.idf[i]
		}
	}
	return min(sum/q.mass, 1)
}

// shown are the words for the caller.
func (q question) shown() []Word {
	shown := make([]Word, len(q.words))
	for i, word := range q.words {
		shown[i] = Word{Text: word.Word, IDF: q.idf[i]}
	}
	return shown
}
