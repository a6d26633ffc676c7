package retrieve

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/analysis"
)

func TestSelectiveTakesRarestFirstWithinTheBudget(t *testing.T) {
	t.Parallel()
	words := []analysis.QueryWord{{Word: "the", Exact: 1, Stem: 11}, {Word: "vacation", Exact: 2, Stem: 12}, {Word: "new", Exact: 3, Stem: 3}}
	q := weigh(reading{words: words}, statistics{passages: 1000, frequency: map[int32]int64{1: 900, 11: 950, 2: 40, 12: 60}}, nil, Ablation{})
	for budget, want := range map[int64][]int32{
		50:    {3, 2},
		100:   {3, 2, 12},
		1000:  {3, 2, 12, 1},
		10000: {3, 2, 12, 1, 11},
	} {
		if diff := cmp.Diff(want, q.selective(budget)); diff != "" {
			t.Errorf("budget %d (-want +got):\n%s", budget, diff)
		}
	}
	common := weigh(reading{words: words[:1]}, q.stats, nil, Ablation{})
	if diff := cmp.Diff([]int32{1}, common.selective(50)); diff != "" {
		t.Errorf("a question of common words must still select something (-want +got):\n%s", diff)
	}
}

func TestWeighDividesAWordBetweenItsFormAndItsStem(t *testing.T) {
	t.Parallel()
	words := []analysis.QueryWord{{Word: "days", Exact: 1, Stem: 11}, {Word: "25", Exact: 2, Stem: 2}}
	for language, ofStem := range map[analysis.Language]float64{"en": .5, "ru": .8, "": .8} {
		q := weigh(reading{language: language, words: words}, statistics{passages: 10}, nil, Ablation{})
		sum := 0.0
		for _, weight := range q.weight {
			sum += float64(weight)
		}
		share := float64(q.weight[11] / (q.weight[1] + q.weight[11]))
		if math.Abs(sum-q.mass) > 1e-5 || math.Abs(float64(q.weight[2])-q.mass/2) > 1e-5 || math.Abs(share-ofStem) > 1e-5 {
			t.Errorf("%q: weights %v, mass %v", language, q.weight, q.mass)
		}
		if got := q.coverage([]int32{11}); got < 0.49 || got > 0.51 {
			t.Errorf("coverage by stem %v", got)
		}
	}
}
