package eval

import (
	"context"
	"fmt"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"

	"clearwell/internal/answer"
	"clearwell/internal/fault"
	"clearwell/internal/retrieve"
)

// AbstentionReport is how well a calibrated library tells questions that it answers from those that it doesn't: each
// question is asked twice, the second time with the documents left out that answer it.
type AbstentionReport struct {
	Documents   int                   `json:"documents"`
	Refused     []string              `json:"refused"`
	Calibration answer.Calibration    `json:"calibration"`
	Sets        []AbstentionSetReport `json:"sets"`
	Observed    []Observation         `json:"-"`
}

// AbstentionSetReport is about one list of questions.
type AbstentionSetReport struct {
	Name      string  `json:"name"`
	Questions int     `json:"questions"`
	Foreign   float64 `json:"foreign"`   // share that was taken for another language's
	AUC       float64 `json:"auc"`       // chance that an answerable question scores above one that isn't
	Abstained float64 `json:"abstained"` // share of the questions whose documents were left out
	HeldBack  float64 `json:"held_back"` // share of those whose documents were there: over-abstention
	Precision float64 `json:"precision"` // of abstention
	// Curve is what other bars than 0 would come to, on these questions.
	Curve []answer.CurvePoint `json:"curve"`
}

// Observation is a question that was asked once, as fitting needs it.
type Observation struct {
	Set          string          `json:"set"`
	ID           string          `json:"id"`
	Half         Half            `json:"half"`
	IsAnswerable bool            `json:"answerable"`
	IsForeign    bool            `json:"foreign"`
	Measures     answer.Measures `json:"measures"`
	Score        float64         `json:"score"`
}

// observedPassages are looked at for one question, as for an answer.
const observedPassages = 8

// Abstention loads the documents, calibrates, and asks.
func Abstention(ctx context.Context, s Subject, bar *answer.Calibrator, set RetrievalSet) (AbstentionReport, error) {
	half := set.Half
	set.Half = All // an observation says which half it is of
	uploads, asked, err := set.prepare(ctx)
	if err != nil {
		return AbstentionReport{}, err
	}
	report := AbstentionReport{Documents: len(uploads)}
	if report.Refused, err = s.load(ctx, uploads); err != nil {
		return AbstentionReport{}, err
	}
	if report.Calibration, err = bar.Calibrate(ctx); err != nil {
		return AbstentionReport{}, err
	}
	ids, err := s.documentIDs(ctx)
	if err != nil {
		return AbstentionReport{}, err
	}
	for _, q := range asked {
		seen, err := s.observe(ctx, q, half, ids, report.Calibration.Evidence)
		if err != nil {
			return AbstentionReport{}, err
		}
		report.Sets = append(report.Sets, abstentionOf(q.name, seen))
		report.Observed = append(report.Observed, seen...)
	}
	return report, nil
}

func (s Subject) documentIDs(ctx context.Context) (map[string]int64, error) {
	ids := make(map[string]int64)
	rows, err := s.Pool.Query(ctx, `select id, key from documents`)
	if err != nil {
		return nil, fmt.Errorf("list documents: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var key string
		if err := rows.Scan(&id, &key); err != nil {
			return nil, fmt.Errorf("list documents: %w", err)
		}
		ids[key] = id
	}
	return ids, rows.Err()
}

// observe asks every question of the half twice, two questions at a time.
func (s Subject) observe(ctx context.Context, asked querySet, half Half, ids map[string]int64, evidence answer.Evidence) ([]Observation, error) {
	pairs := make([][]Observation, len(asked.queries))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i, q := range asked.queries {
		if !half.has(i) {
			continue
		}
		group.Go(func() error {
			var relevant []int64
			for key, relevance := range q.relevant {
				if id, ok := ids[key]; ok && relevance > 0 {
					relevant = append(relevant, id)
				}
			}
			for _, except := range [][]int64{nil, relevant} {
				found, err := s.Searcher.Search(ctx, evaluator, retrieve.Query{Text: q.text, Collections: asked.collections,
					Limit: observedPassages, Except: except})
				if err != nil {
					return fmt.Errorf("question %s: %w", q.id, err)
				}
				if len(found.Passages) == 0 || len(relevant) == 0 {
					return nil
				}
				signals := answer.Observe(q.text, found)
				o := Observation{Set: asked.name, ID: q.id, Half: Even, IsAnswerable: except == nil, IsForeign: signals.IsForeign,
					Measures: evidence.Measure(signals), Score: evidence.Score(signals)}
				if Odd.has(i) {
					o.Half = Odd
				}
				pairs[i] = append(pairs[i], o)
			}
			return nil
		})
	}
	err := group.Wait()
	return slices.Concat(pairs...), err
}

// abstentionOf counts what the scores of the observations came to.
func abstentionOf(name string, seen []Observation) AbstentionSetReport {
	r := AbstentionSetReport{Name: name}
	var with, without []float64
	for _, o := range seen {
		if o.IsForeign {
			r.Foreign += 1 / float64(len(seen))
		}
		if o.IsAnswerable {
			with = append(with, o.Score)
		} else {
			without = append(without, o.Score)
		}
	}
	r.Questions, r.AUC = len(with), areaUnderCurve(with, without)
	r.HeldBack, r.Abstained = shareAtMost(with, 0), shareAtMost(without, 0)
	if r.Abstained > 0 {
		r.Precision = r.Abstained / (r.Abstained + r.HeldBack)
	}
	r.Curve = answer.Curve(with, without)
	return r
}

func shareAtMost(values []float64, bar float64) float64 {
	n := 0
	for _, v := range values {
		if v <= bar {
			n++
		}
	}
	return float64(n) / max(1, float64(len(values)))
}

// areaUnderCurve is the share of pairs in which the first kind scores higher; equal scores count half.
func areaUnderCurve(higher, lower []float64) float64 {
	won := 0.0
	for _, h := range higher {
		for _, l := range lower {
			switch {
			case h > l:
				won++
			case h == l:
				won += .5
			}
		}
	}
	return won / max(1, float64(len(higher)*len(lower)))
}

// Fitted is a logistic model as it was learned.
type Fitted struct {
	Foreign bool                  `json:"foreign"` // of questions in another language than the passages
	Weights answer.Measures       `json:"weights"`
	Bias    float64               `json:"bias"`
	Fit     []AbstentionSetReport `json:"fit"`  // on the even half, which was learned from
	Rest    []AbstentionSetReport `json:"rest"` // on the odd half
}

// Fit learns the weights from the even half of the observations: of lists whose questions are in another language than
// the documents, by meaning and numbers alone, or of the others. What was taken for the wrong kind is left out. The
// bias is such that the share heldBack of the answerable questions is given up.
func Fit(seen []Observation, isForeign bool, heldBack float64) (Fitted, error) {
	used := []int{0, 1, 2, 4, 5, 6, 7}
	if isForeign {
		used = []int{2, 3, 4}
	}
	foreign := make(map[string]int) // by list, how many more are than aren't
	for _, o := range seen {
		if o.IsForeign {
			foreign[o.Set]++
		} else {
			foreign[o.Set]--
		}
	}
	var learned, rest []Observation
	for _, o := range seen {
		switch {
		case o.IsForeign != isForeign || (foreign[o.Set] > 0) != isForeign:
		case o.Half == Even:
			learned = append(learned, o)
		default:
			rest = append(rest, o)
		}
	}
	if len(learned) < 100 {
		return Fitted{}, fault.Newf(fault.Invalid, "too_few_observations",
			"There are only %d observations of the even half to learn from: give more questions.", len(learned))
	}
	fitted := Fitted{Foreign: isForeign}
	fitted.Weights, fitted.Bias = descend(learned, used)
	var scores []float64
	for _, o := range learned {
		if o.IsAnswerable {
			scores = append(scores, fitted.score(o))
		}
	}
	slices.Sort(scores)
	fitted.Bias -= scores[int(heldBack*float64(len(scores)))]
	fitted.Fit, fitted.Rest = fitted.reports(learned), fitted.reports(rest)
	return fitted, nil
}

func (f Fitted) score(o Observation) float64 {
	score := f.Bias
	for i, w := range f.Weights {
		score += w * o.Measures[i]
	}
	return score
}

func (f Fitted) reports(seen []Observation) []AbstentionSetReport {
	bySet := make(map[string][]Observation)
	var names []string
	for _, o := range seen {
		if bySet[o.Set] == nil {
			names = append(names, o.Set)
		}
		o.Score = f.score(o)
		bySet[o.Set] = append(bySet[o.Set], o)
	}
	var reports []AbstentionSetReport
	for _, name := range names {
		reports = append(reports, abstentionOf(name, bySet[name]))
	}
	return reports
}

// Steps of the descent, and the pull of the weights towards 0.
const (
	descentSteps = 3000
	descentRate  = 0.3
	ridge        = 1e-4
)

// descend is logistic regression by gradient descent on the used measures.
func descend(seen []Observation, used []int) (weights answer.Measures, bias float64) {
	n := float64(len(seen))
	for range descentSteps {
		var slope answer.Measures
		slopeOfBias := 0.0
		for _, o := range seen {
			z := bias
			for _, i := range used {
				z += weights[i] * o.Measures[i]
			}
			miss := 1 / (1 + math.Exp(-z))
			if o.IsAnswerable {
				miss--
			}
			slopeOfBias += miss
			for _, i := range used {
				slope[i] += miss * o.Measures[i]
			}
		}
		bias -= descentRate * slopeOfBias / n
		for _, i := range used {
			weights[i] -= descentRate * (slope[i]/n + ridge*weights[i])
		}
	}
	return weights, bias
}
