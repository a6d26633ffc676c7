package eval

import (
	"math"
	"slices"
)

// Scores are means over queries.
type Scores struct {
	Queries   int     `json:"queries"`
	NDCG10    float64 `json:"ndcg_at_10"`
	Recall1   float64 `json:"recall_at_1"`
	Recall5   float64 `json:"recall_at_5"`
	Recall10  float64 `json:"recall_at_10"`
	Recall100 float64 `json:"recall_at_100"`
	MRR10     float64 `json:"mrr_at_10"`
}

// add counts one query: ranked document ids, best first, against its judgements.
func (s *Scores) add(ranked []string, relevant map[string]int) {
	s.Queries++
	s.NDCG10 += ndcg(ranked, relevant, 10)
	s.Recall1 += recall(ranked, relevant, 1)
	s.Recall5 += recall(ranked, relevant, 5)
	s.Recall10 += recall(ranked, relevant, 10)
	s.Recall100 += recall(ranked, relevant, 100)
	for i, id := range ranked[:min(10, len(ranked))] {
		if relevant[id] > 0 {
			s.MRR10 += 1 / float64(i+1)
			break
		}
	}
}

// mean divides the sums by the number of queries.
func (s *Scores) mean() {
	for _, sum := range []*float64{&s.NDCG10, &s.Recall1, &s.Recall5, &s.Recall10, &s.Recall100, &s.MRR10} {
		*sum /= math.Max(1, float64(s.Queries))
	}
}

// ndcg is the normalised discounted cumulative gain with linear gains, as trec_eval computes it.
func ndcg(ranked []string, relevant map[string]int, k int) float64 {
	gain := 0.0
	for i, id := range ranked[:min(k, len(ranked))] {
		gain += float64(relevant[id]) / math.Log2(float64(i+2))
	}
	var ideal []int
	for _, r := range relevant {
		ideal = append(ideal, r)
	}
	slices.Sort(ideal)
	slices.Reverse(ideal)
	best := 0.0
	for i, r := range ideal[:min(k, len(ideal))] {
		best += float64(r) / math.Log2(float64(i+2))
	}
	if best == 0 {
		return 0
	}
	return gain / best
}

func recall(ranked []string, relevant map[string]int, k int) float64 {
	found, all := 0, 0
	for _, r := range relevant {
		if r > 0 {
			all++
		}
	}
	for _, id := range ranked[:min(k, len(ranked))] {
		if relevant[id] > 0 {
			found++
		}
	}
	if all == 0 {
		return 0
	}
	return float64(found) / float64(all)
}

// percentile returns the p-th percentile (0–100) of the values, which it sorts.
func percentile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[min(len(values)-1, int(float64(len(values))*p/100))]
}
