package analysis

import "math"

// K1 and B are BM25's parameters. They are baked into the weights of indexed passages by the schema's
// function bm25_weights, so changing them takes a migration too.
const (
	K1 = 1.2
	B  = 0.75
)

// IDF is how much a term tells that stands in frequency of all passages: ln(1 + (N − df + ½) / (df + ½)),
// never negative (Lucene's form of Robertson and Spärck Jones). A term that no passage holds has
// frequency 0. Counts that are behind the times never make it negative: frequency is capped at passages.
func IDF(passages, frequency int64) float64 {
	n, df := float64(passages), float64(min(frequency, passages))
	return math.Log1p((n - df + 0.5) / (df + 0.5))
}
