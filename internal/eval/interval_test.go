package eval

import (
	"math"
	"testing"
)

// The examples are those of R. Newcombe, "Two-sided confidence intervals for the single proportion", 1998, method 3.
func TestShareHasWilsonsInterval(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		successes, n int
		low, high    float64
	}{{81, 263, .2553, .3662}, {15, 148, .0624, .1605}, {0, 20, 0, .1611}, {1, 29, .0061, .1718}, {29, 29, .8830, 1}, {0, 0, 0, 1}} {
		got := Share(c.successes, c.n)
		if math.Abs(got.Low-c.low) > 5e-5 || math.Abs(got.High-c.high) > 5e-5 {
			t.Errorf("%d of %d: want %.4f–%.4f, got %+v", c.successes, c.n, c.low, c.high, got)
		}
	}
}

func TestBootstrapAgreesWithTheNormalIntervalOfALargeSample(t *testing.T) {
	t.Parallel()
	values := make([]float64, 900)
	for i := range values {
		values[i] = float64(i%9) / 8 // mean .5, standard deviation .3227
	}
	got, half := bootstrap(values), 1.96*.32275/30
	if math.Abs(got.Value-.5) > 1e-9 || math.Abs(got.Low-(.5-half)) > .002 || math.Abs(got.High-(.5+half)) > .002 {
		t.Errorf("want .5 ± %.4f, got %+v", half, got)
	}
	if again := bootstrap(values); again != got {
		t.Errorf("the same values give the same interval, got %+v and %+v", got, again)
	}
	if got := bootstrap([]float64{.3, .3, .3}); math.Abs(got.High-got.Low) > 1e-12 {
		t.Errorf("what never varies has no width, got %+v", got)
	}
	if got := bootstrap(nil); got != (Interval{}) {
		t.Errorf("nothing measured is nothing, got %+v", got)
	}
}

func TestZerosAndOnesAreAShare(t *testing.T) {
	t.Parallel()
	if got := intervalOf([]float64{1, 0, 1, 1}); got != Share(3, 4) {
		t.Errorf("want Wilson's interval, got %+v", got)
	}
	if got := intervalOf([]float64{.5, .5}); got.Value != .5 || got.Low != .5 {
		t.Errorf("want the bootstrap's interval, got %+v", got)
	}
}
