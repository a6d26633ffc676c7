package answer

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/access"
	"clearwell/internal/retrieve"
)

// Limits of a calibration.
const (
	calibrationSample = 200 // passages that questions are made from: two searches each, some seconds in all
	// trustedAfter is how many documents with questions weigh as much as the defaults do.
	trustedAfter = 20
	// staleAfter is the share of the sampled passages that must have changed before it is measured anew.
	staleAfter = 0.2
	// evidenceAge is how long an answer may go by an older calibration: another process may have made a new one.
	evidenceAge = 10 * time.Second
)

// Calibration is what the library's own passages, made into questions, told about its evidence.
type Calibration struct {
	Model     string    // of the embedder
	MadeAt    time.Time // zero: never, the defaults serve
	Chunks    []int64   // the passages that were sampled
	Documents int       // that questions were made from
	Questions int
	Evidence  Evidence
	Curve     []CurvePoint
}

// CurvePoint is what a bar would come to. On a calibration's own questions both shares are lower bounds: they are made
// of the library's words, so that those with a document there are hardly ever held back, and those without look
// more answerable than people's questions do.
type CurvePoint struct {
	Bar       float64 `json:"bar"`
	Abstained float64 `json:"abstained"` // share of those whose document was left out: recall of abstention
	HeldBack  float64 `json:"held_back"` // share of those whose document was there: over-abstention
	Precision float64 `json:"precision"` // of abstention, where both kinds are as frequent
}

// Calibrator measures where a library's evidence begins to mean something, and keeps that in step with it.
// It is safe for concurrent use, in several processes too.
type Calibrator struct {
	pool     *pgxpool.Pool
	search   Searcher
	model    string
	fallback Evidence
	log      *slog.Logger

	mu      sync.Mutex
	current Evidence
	readAt  time.Time
}

// NewCalibrator returns the calibrator of the library behind pool, which search looks into with the embedding model
// of that name; fallback serves until it is calibrated.
func NewCalibrator(pool *pgxpool.Pool, search Searcher, model string, fallback Evidence, log *slog.Logger) *Calibrator {
	return &Calibrator{pool: pool, search: search, model: model, fallback: fallback, log: log}
}

// Evidence is the present one: the library's own, or the fallback before it was calibrated.
func (c *Calibrator) Evidence(ctx context.Context) (Evidence, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.readAt) < evidenceAge {
		return c.current, nil
	}
	present, err := c.Present(ctx)
	if err != nil {
		return Evidence{}, err
	}
	c.current, c.readAt = present.Evidence, time.Now()
	return c.current, nil
}

// Keep calibrates if the library was never calibrated with this model or has changed by a fifth since. It reports
// whether it did. Of several processes one does it and the others wait.
func (c *Calibrator) Keep(ctx context.Context) (bool, error) {
	if isStale, err := c.isStale(ctx); err != nil || !isStale {
		return false, err
	}
	unlock, err := c.lock(ctx)
	if err != nil {
		return false, err
	}
	defer unlock()
	if isStale, err := c.isStale(ctx); err != nil || !isStale { // done while we waited
		return false, err
	}
	_, err = c.Calibrate(ctx)
	return err == nil, err
}

// Calibrate measures and stores, whether that is due or not. One search runs at a time, so that readers hardly
// notice; it takes some seconds.
func (c *Calibrator) Calibrate(ctx context.Context) (Calibration, error) {
	started := time.Now()
	sampled, err := c.sample(ctx)
	if err != nil {
		return Calibration{}, err
	}
	made := Calibration{Model: c.model, Chunks: chunksOf(sampled)}
	var present, leftOut []Signals
	documents := make(map[int64]bool)
	for _, s := range sampled {
		with, without, err := c.try(ctx, s)
		if err != nil {
			return Calibration{}, fmt.Errorf("calibrate abstention: %w", err)
		}
		if without == nil {
			continue
		}
		documents[s.documentID] = true
		present, leftOut = append(present, *with), append(leftOut, *without)
	}
	made.Documents, made.Questions = len(documents), len(leftOut)
	made.Evidence = evidenceOf(leftOut, c.fallback, made.Documents)
	made.Curve = Curve(scores(made.Evidence, present), scores(made.Evidence, leftOut))
	if made.MadeAt, err = c.store(ctx, made); err != nil {
		return Calibration{}, err
	}
	c.mu.Lock()
	c.current, c.readAt = made.Evidence, time.Now()
	c.mu.Unlock()
	c.log.Info("calibrated abstention", "questions", made.Questions, "documents", made.Documents, "ms", time.Since(started).Milliseconds())
	return made, nil
}

// calibrating is who searches: the figures come from all of the library, and no text leaves it.
var calibrating = access.System("calibration")

// try asks a passage's question with its document there and with it left out; nil if the passage makes no question
// or nothing is left to search.
func (c *Calibrator) try(ctx context.Context, s sampledPassage) (with, without *Signals, err error) {
	question, err := c.ask(ctx, s)
	if err != nil || question == "" {
		return nil, nil, err
	}
	for _, each := range []struct {
		signals **Signals
		except  []int64
	}{{&with, nil}, {&without, []int64{s.documentID}}} {
		found, err := c.search.Search(ctx, calibrating, retrieve.Query{Text: question, Limit: calibrationPassages, Except: each.except, AsFused: true})
		if err != nil {
			return nil, nil, err
		}
		if len(found.Passages) == 0 {
			return nil, nil, nil
		}
		signals := Observe(question, found)
		*each.signals = &signals
	}
	return with, without, nil
}

// calibrationPassages are looked at for one question, as for an answer.
const calibrationPassages = 8

// evidenceOf is where the signals of questions lie whose document was left out, drawn towards the fallback as far
// as they come from few documents.
func evidenceOf(leftOut []Signals, fallback Evidence, documents int) Evidence {
	if len(leftOut) < 2 {
		return fallback
	}
	trust := float64(documents) / float64(documents+trustedAfter)
	spread := func(of func(Signals) float64, otherwise Spread) Spread {
		mean, square := 0.0, 0.0
		for _, s := range leftOut {
			mean += of(s) / float64(len(leftOut))
		}
		for _, s := range leftOut {
			square += (of(s) - mean) * (of(s) - mean) / float64(len(leftOut)-1)
		}
		measured := Spread{mean, math.Sqrt(square)}
		if otherwise.Deviation <= 0 {
			return measured
		}
		return Spread{trust*measured.Mean + (1-trust)*otherwise.Mean, trust*measured.Deviation + (1-trust)*otherwise.Deviation}
	}
	return Evidence{
		Coverage: spread(func(s Signals) float64 { return s.Coverage }, fallback.Coverage),
		Sentence: spread(func(s Signals) float64 { return s.Sentence }, fallback.Sentence),
		Cosine:   spread(func(s Signals) float64 { return s.Cosine }, fallback.Cosine),
		Lead:     spread(func(s Signals) float64 { return s.Lead }, fallback.Lead),
	}
}

// Curve shows what other bars would come to, from lenient to strict, on the scores of questions whose documents were
// there and of others whose documents were left out. Without either it is empty.
func Curve(present, leftOut []float64) []CurvePoint {
	points := []CurvePoint{}
	if len(present) == 0 || len(leftOut) == 0 {
		return points
	}
	for bar := -2.0; bar <= 3; bar += .5 {
		p := CurvePoint{Bar: bar, Abstained: shareAtMost(leftOut, bar), HeldBack: shareAtMost(present, bar)}
		if p.Abstained > 0 {
			p.Precision = p.Abstained / (p.Abstained + p.HeldBack)
		}
		points = append(points, p)
	}
	return points
}

func scores(e Evidence, all []Signals) []float64 {
	values := make([]float64, len(all))
	for i, s := range all {
		values[i] = e.Score(s)
	}
	return values
}

func shareAtMost(values []float64, bar float64) float64 {
	n := 0
	for _, v := range values {
		if v <= bar {
			n++
		}
	}
	return float64(n) / float64(len(values))
}
