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
	MRR       float64 `json:"mrr"` // among the first hundred passages
}

// The metrics of a ranking.
var rankMetrics = []Metric{{Name: "nDCG@10"}, {Name: "MRR@10"}, {Name: "MRR"}, {Name: "R@1"}, {Name: "R@5"}, {Name: "R@10"}, {Name: "R@100"}}

// rankValues judges one ranking, document ids best first, by the relevance of the documents.
func rankValues(ranked []string, relevant map[string]int) map[string]float64 {
	return map[string]float64{
		"nDCG@10": ndcg(ranked, relevant, 10), "MRR@10": reciprocalRank(ranked, relevant, 10), "MRR": reciprocalRank(ranked, relevant, 100),
		"R@1": recall(ranked, relevant, 1), "R@5": recall(ranked, relevant, 5), "R@10": recall(ranked, relevant, 10), "R@100": recall(ranked, relevant, 100),
	}
}

// scoresOf are the means of a part of the run.
func scoresOf(r Run, part string) Scores {
	var s Scores
	for metric, value := range map[string]*float64{"nDCG@10": &s.NDCG10, "MRR@10": &s.MRR10, "MRR": &s.MRR,
		"R@1": &s.Recall1, "R@5": &s.Recall5, "R@10": &s.Recall10, "R@100": &s.Recall100} {
		if f, ok := r.Figure(part, metric); ok {
			*value, s.Queries = f.Value, f.Questions
		}
	}
	return s
}

// reciprocalRank is one over the place of the first relevant document, 0 if it is not among the first k.
func reciprocalRank(ranked []string, relevant map[string]int, k int) float64 {
	at := slices.IndexFunc(ranked[:min(k, len(ranked))], func(id string) bool { return relevant[id] > 0 })
	if at < 0 {
		return 0
	}
	return 1 / float64(at+1)
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
