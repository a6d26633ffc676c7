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

// Evidence decides whether what was found can hold the answer. How much each signal weighs is general, and
// was learned from questions whose paragraph was there or left out; where a signal begins to mean anything depends
// on the library and the embedding model, and is measured by a Calibrator. docs/abstention.md has the figures.
type Evidence struct {
	Coverage Spread `json:"coverage"`
	Sentence Spread `json:"sentence"`
	Cosine   Spread `json:"cosine"`
	Lead     Spread `json:"lead"`
}

// E5SmallEvidence serves multilingual-e5-small until a library is calibrated: the mean of six calibrated ones.
var E5SmallEvidence = Evidence{Coverage: Spread{.40, .17}, Sentence: Spread{.31, .13}, Cosine: Spread{.865, .018},
	Lead: Spread{.026, .011}}

// WordEvidence serves other embedding models until then. It looks at words alone: cosines of two models lie elsewhere.
var WordEvidence = Evidence{Coverage: E5SmallEvidence.Coverage, Sentence: E5SmallEvidence.Sentence}

// Measures are the signals as they are weighed, in the order of MeasureNames: the first four in deviations above the
// mean of questions that can't be answered, the others 0 or 1.
type Measures [8]float64

// MeasureNames says what the entries of Measures are.
var MeasureNames = [...]string{"coverage", "sentence", "cosine", "lead", "lacks number", "lacks figure", "lacks name", "lacks year"}

// unknownSignal is what counts for a signal whose spread is unknown: it lies between the two kinds of questions.
const unknownSignal = -.5

// Measure counts signals in the library's own deviations.
func (e Evidence) Measure(s Signals) Measures {
	var m Measures
	for i, each := range []struct {
		spread Spread
		value  float64
	}{{e.Coverage, s.Coverage}, {e.Sentence, s.Sentence}, {e.Cosine, s.Cosine}, {e.Lead, s.Lead}} {
		m[i] = unknownSignal
		if each.spread.Deviation > 0 {
			m[i] = (each.value - each.spread.Mean) / each.spread.Deviation
		}
	}
	for i, lacks := range []bool{s.LacksNumber, s.LacksFigure, s.LacksName, s.LacksYear} {
		if lacks {
			m[4+i] = 1
		}
	}
	return m
}

// logistic is a model of "what was found holds the answer".
type logistic struct {
	weights Measures
	bias    float64
}

// Fitted by `clearwell eval abstention --fit`; the bias is such that 7 % of the answerable questions of the half
// that was fitted on are given up. The last two and the missing number are set by hand: questions on what a library speaks
// of hardly tell anything from -.4 to -1.6, while one on a country that it never names can't be answered; and what
// applies in a year in which nothing found is in force is not known, whatever else the passages say.
var (
	sameLanguage  = logistic{Measures{.96, .70, .68, 0, -1.2, -.63, -1.2, -4}, .30}
	otherLanguage = logistic{Measures{0, 0, .38, .56, -1.2, 0, 0, -4}, 2.23}
)

// Score is above zero where the evidence suffices to answer.
func (e Evidence) Score(s Signals) float64 {
	model := sameLanguage
	if s.IsForeign && e.Cosine.Deviation > 0 {
		model = otherLanguage
	}
	score := model.bias
	for i, measure := range e.Measure(s) {
		score += model.weights[i] * measure
	}
	return score
}

// suffices reports whether to answer at all.
func (e Evidence) suffices(question string, found retrieve.Result) bool {
	if len(found.Passages) == 0 {
		return false
	}
	signals := Observe(question, found)
	return !signals.IsWordless && e.Score(signals) > 0
}

// evidence is the library's own where it is calibrated.
func (s *Service) evidence(ctx context.Context) (Evidence, error) {
	if s.config.Calibrator == nil {
		return s.config.Evidence, nil
	}
	return s.config.Calibrator.Evidence(ctx)
}
