package eval

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Interval is a figure with the bounds of its 95 % confidence interval.
type Interval struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

const (
	// normal is the normal quantile of a two-sided 95 % interval.
	normal = 1.959964
	// resamples is how often a bootstrap draws; its seed is fixed, so that a figure printed twice is the same twice.
	resamples     = 10_000
	bootstrapSeed = 20_000
)

// Share is a share of successes among n with its interval (E. B. Wilson, "Probable inference, the law of succession,
// and statistical inference", JASA 1927): unlike the textbook's it stays within 0–1 and has a width at 0 of n, too.
func Share(successes, n int) Interval {
	if n == 0 {
		return Interval{High: 1}
	}
	size := float64(n)
	share := float64(successes) / size
	middle := (share + normal*normal/(2*size)) / (1 + normal*normal/size)
	half := normal / (1 + normal*normal/size) * math.Sqrt(share*(1-share)/size+normal*normal/(4*size*size))
	low, high := max(0, middle-half), min(1, middle+half)
	// Exactly 0 and 1 at the ends, where rounding leaves a trace.
	if successes == 0 {
		low = 0
	}
	if successes == n {
		high = 1
	}
	return Interval{Value: share, Low: low, High: high}
}

// bootstrap is the percentile interval of a mean (B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", 1993,
// chapter 13). Of paired differences it is the paired bootstrap.
func bootstrap(values []float64) Interval {
	if len(values) == 0 {
		return Interval{}
	}
	rng := rand.New(rand.NewPCG(bootstrapSeed, 0))
	means := make([]float64, resamples)
	for r := range means {
		for range values {
			means[r] += values[rng.IntN(len(values))]
		}
		means[r] /= float64(len(values))
	}
	slices.Sort(means)
	return Interval{Value: mean(values), Low: means[resamples*25/1000], High: means[resamples*975/1000-1]}
}

// intervalOf is Wilson's interval where all values are 0 or 1, else the bootstrap's.
func intervalOf(values []float64) Interval {
	if ones, isShare := countOnes(values); isShare {
		return Share(ones, len(values))
	}
	return bootstrap(values)
}

func countOnes(values []float64) (ones int, isShare bool) {
	for _, v := range values {
		switch v {
		case 1:
			ones++
		case 0:
		default:
			return 0, false
		}
	}
	return ones, true
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(max(1, len(values)))
}

// percentile returns the p-th percentile (0–100) of the values, which it sorts.
func percentile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[min(len(values)-1, int(float64(len(values))*p/100))]
}
