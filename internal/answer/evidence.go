package answer

import (
	"context"

	"clearwell/internal/retrieve"
)

// Spread is how a signal is distributed among questions that the library can't answer.
type Spread struct {
	Mean      float64 `json:"mean"`
	Deviation float64 `json:"deviation"` // 0: unknown, and the signal is not looked at
}

// of is how many deviations a value lies above the mean; ok is false if that is unknown.
func (s Spread) of(value float64) (deviations float64, ok bool) {
	if s.Deviation <= 0 {
		return 0, false
	}
	return (value - s.Mean) / s.Deviation, true
}

// Evidence decides whether what was found can hold the answer. How much each signal weighs is general, and
// was learned from questions whose paragraph was there or left out; where a signal begins to mean anything depends
// on the library and the embedding model, and is measured by a Calibrator. docs/abstention.md has the figures.
type Evidence struct {
	Coverage Spread `json:"coverage"`
	Sentence Spread `json:"sentence"`
	Cosine   Spread `json:"cosine"`
	Lead     Spread `json:"lead"`
}

// E5SmallEvidence serves multilingual-e5-small until a library is calibrated: the mean of five calibrated ones.
var E5SmallEvidence = Evidence{Coverage: Spread{.42, .17}, Sentence: Spread{.33, .14}, Cosine: Spread{.864, .019},
	Lead: Spread{.030, .013}}

// WordEvidence serves other embedding models until then. It looks at words alone: cosines of two models lie elsewhere.
var WordEvidence = Evidence{Coverage: E5SmallEvidence.Coverage, Sentence: E5SmallEvidence.Sentence}

// weights of a logistic model of "what was found holds the answer"; all but the last two are per deviation.
type weights struct{ coverage, sentence, cosine, lead, number, figure, bias float64 }

// Fitted by `clearwell eval abstention --fit`; the bias is such that 7 % of the answerable questions of the half
// that was fitted on are given up. A signal that is unknown counts as it lies between the two kinds of questions.
var (
	sameLanguage  = weights{coverage: .97, sentence: .93, cosine: .65, number: -.92, figure: -.46, bias: .08}
	otherLanguage = weights{coverage: .30, cosine: .48, lead: .59, number: -1.69, bias: 2.37}
	unknownSignal = -.5
)

// Score is above zero where the evidence suffices to answer.
func (e Evidence) Score(s Signals) float64 {
	w := sameLanguage
	if s.IsForeign && e.Cosine.Deviation > 0 {
		w = otherLanguage
	}
	score := w.bias
	for _, part := range []struct {
		weight, value float64
		spread        Spread
	}{
		{w.coverage, s.Coverage, e.Coverage}, {w.sentence, s.Sentence, e.Sentence},
		{w.cosine, s.Cosine, e.Cosine}, {w.lead, s.Lead, e.Lead},
	} {
		deviations, ok := part.spread.of(part.value)
		if !ok {
			deviations = unknownSignal
		}
		score += part.weight * deviations
	}
	if s.LacksNumber {
		score += w.number
	}
	if s.LacksFigure {
		score += w.figure
	}
	return score
}

// suffices reports whether to answer at all.
func (e Evidence) suffices(question string, found retrieve.Result) bool {
	return len(found.Passages) > 0 && e.Score(Observe(question, found)) > 0
}

// evidence is the library's own where it is calibrated.
func (s *Service) evidence(ctx context.Context) (Evidence, error) {
	if s.config.Calibrator == nil {
		return s.config.Evidence, nil
	}
	return s.config.Calibrator.Evidence(ctx)
}
