package answer

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"clearwell/internal/analysis"
	"clearwell/internal/retrieve"
)

// Limits of an extract: short enough to read at a glance, and to make in a fraction of a second.
const (
	extractPassages  = 6  // looked into
	extractEmbedded  = 24 // sentences compared with the question by meaning
	extractSentences = 3  // quoted
	extractNear      = 0.86
)

// extract is one quoted sentence: code points start to end of its passage's text.
type extract struct {
	passage    int // index into the passages
	start, end int
	shown      string // the quote as the answer shows it, with its lead-in
	text       string
	score      float64
}

// extract chooses the sentences that answer the question best: by the question's words that they and
// their surroundings hold, by meaning, and by the rank of their passage.
func (s *Service) extract(ctx context.Context, question string, found retrieve.Result) ([]extract, error) {
	candidates := sentences(question, found)
	slices.SortStableFunc(candidates, func(a, b extract) int { return cmp.Compare(b.score, a.score) })
	candidates = candidates[:min(extractEmbedded, len(candidates))]
	if len(candidates) == 0 {
		return nil, nil
	}
	cosines, err := s.similarities(ctx, question, candidates)
	if err != nil {
		return nil, err
	}
	lowest, highest := slices.Min(cosines), slices.Max(cosines)
	for i := range candidates {
		if highest > lowest {
			candidates[i].score += meaningWeight * (cosines[i] - lowest) / (highest - lowest)
		}
	}
	slices.SortStableFunc(candidates, func(a, b extract) int { return cmp.Compare(b.score, a.score) })
	if has := wanted(question); has(candidates[0]) {
		candidates = slices.DeleteFunc(candidates, func(e extract) bool { return !has(e) })
	}
	return choose(candidates), nil
}

// Weights of the parts of a sentence's score; the share of the question's idf in the sentence itself has 1.
const (
	headingWeight = 0.70 // words found only in title, headings or lead-in: they say what all sentences below are about
	beforeWeight  = 0.60 // words found only in the sentence before or the line above a list
	passageWeight = 0.80 // rank of the passage: its score over the best one's
	meaningWeight = 0.80 // cosine to the question, stretched over the candidates
	formWeight    = 0.50 // taken off a sentence without a figure or an address where the question asks for one
	leadWeight    = 0.20 // how early it stands: documents state the rule first, and exceptions after it
	leadLength    = 2000 // code points after which half of that is left
)

// weigher knows how much each word of the question tells.
type weigher struct {
	words []analysis.QueryWord
	idf   []float64
	mass  float64
}

func newWeigher(question string, language analysis.Language, known []retrieve.Word) weigher {
	idf := make(map[string]float64, len(known))
	for _, k := range known {
		idf[k.Text] = k.IDF
	}
	w := weigher{words: analysis.Question(question, language)}
	for _, word := range w.words {
		value, ok := idf[word.Word]
		if !ok {
			value = 1
		}
		w.idf = append(w.idf, value)
		w.mass += value
	}
	return w
}

// share is the idf share of the question's words that the bag holds, 0–1.
func (w weigher) share(bag analysis.Bag) float64 {
	return w.sum(func(word analysis.QueryWord) bool { return holds(bag, word) })
}

// shareOnlyIn is the share of those words that stand in one of others, but not in the bag.
func (w weigher) shareOnlyIn(bag analysis.Bag, others ...analysis.Bag) float64 {
	return w.sum(func(word analysis.QueryWord) bool {
		return !holds(bag, word) && slices.ContainsFunc(others, func(o analysis.Bag) bool { return holds(o, word) })
	})
}

func (w weigher) sum(counts func(analysis.QueryWord) bool) float64 {
	if w.mass == 0 {
		return 0
	}
	sum := 0.0
	for i, word := range w.words {
		if counts(word) {
			sum += w.idf[i]
		}
	}
	return sum / w.mass
}

// holds reports whether the bag has the word itself or its stem.
func holds(bag analysis.Bag, word analysis.QueryWord) bool {
	_, exact := slices.BinarySearch(bag.IDs, word.Exact)
	if exact {
		return true
	}
	_, stem := slices.BinarySearch(bag.IDs, word.Stem)
	return stem
}

// similarities embeds the candidates as short texts of their own; headings would make all sentences below
// them alike. They go the way of queries, since a reader is waiting.
func (s *Service) similarities(ctx context.Context, question string, candidates []extract) ([]float64, error) {
	cosines := make([]float64, len(candidates))
	vectors := make([][]float32, len(candidates)+1)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i := range vectors {
		text := question
		if i < len(candidates) {
			text = candidates[i].shown
		}
		group.Go(func() (err error) {
			vectors[i], err = s.embedder.EmbedQuery(ctx, text)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for i := range candidates {
		for d, x := range vectors[i] {
			cosines[i] += float64(x) * float64(vectors[len(candidates)][d])
		}
	}
	return cosines, nil
}

// choose takes the best sentence and those that come near it, without saying anything twice, in the
// order of their passages.
func choose(ranked []extract) []extract {
	chosen := ranked[:1:1]
	for _, e := range ranked[1:] {
		if len(chosen) == extractSentences || e.score < extractNear*ranked[0].score {
			break
		}
		isRepeat := slices.ContainsFunc(chosen, func(c extract) bool {
			return strings.Contains(folded(c.text), folded(e.text)) || strings.Contains(folded(e.text), folded(c.text))
		})
		if !isRepeat {
			chosen = append(chosen, e)
		}
	}
	best := chosen[0].passage
	slices.SortStableFunc(chosen, func(a, b extract) int {
		if a.passage != b.passage { // the best sentence's passage first
			if a.passage == best || b.passage == best {
				return cmp.Compare(boolRank(a.passage != best), boolRank(b.passage != best))
			}
			return cmp.Compare(a.passage, b.passage)
		}
		return cmp.Compare(a.start, b.start)
	})
	return chosen
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// usedFirst reorders the passages so that the quoted ones come first, in the order of the extracts, and
// citations count from 1.
func usedFirst(passages []retrieve.Passage, extracts []extract) ([]retrieve.Passage, []extract) {
	var order []int
	for _, e := range extracts {
		if !slices.Contains(order, e.passage) {
			order = append(order, e.passage)
		}
	}
	for i := range passages {
		if !slices.Contains(order, i) {
			order = append(order, i)
		}
	}
	sorted := make([]retrieve.Passage, len(order))
	renumbered := slices.Clone(extracts)
	for to, from := range order {
		sorted[to] = passages[from]
		for i, e := range extracts {
			if e.passage == from {
				renumbered[i].passage = to
			}
		}
	}
	return sorted, renumbered
}
