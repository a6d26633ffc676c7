package analysis

import (
	"math"
	"testing"
)

func TestIDFFallsWithFrequencyAndIsNeverNegative(t *testing.T) {
	t.Parallel()
	before := math.Inf(1)
	for _, frequency := range []int64{0, 1, 10, 500, 1000, 1200} {
		idf := IDF(1000, frequency)
		if idf < 0 || idf > before {
			t.Errorf("idf of %d in 1000 is %v after %v", frequency, idf, before)
		}
		before = idf
	}
	if got, want := IDF(1000, 0), math.Log(1+1000.5/0.5); math.Abs(got-want) > 1e-12 {
		t.Errorf("idf of an unknown word is %v, want %v", got, want)
	}
}
