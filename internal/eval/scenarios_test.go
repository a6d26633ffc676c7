package eval

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Limits on what identification may get wrong: shares of the files that came without a key, and of the documents.
const (
	maxSplitLive = 0.02
	maxHeld      = 0.15
	maxMisdated  = 0.005 // a date is lost when a PDF of single lines runs them together
)

// perKind is how many scenarios each kind makes: with all kinds more than 300.
const perKind = 8

// atOnce is how many scenarios run beside each other.
const atOnce = 12

// TestScenariosFindTheirDocuments makes hundreds of small libraries of real policies, hands their files in as people
// do, and holds what became of them to what is true. CLEARWELL_SCENARIO_SEED chooses other ones, and
// CLEARWELL_SCENARIO_KIND only those whose kind's name holds that.
func TestScenariosFindTheirDocuments(t *testing.T) {
	t.Parallel()
	seed := uint64(1)
	if text := os.Getenv("CLEARWELL_SCENARIO_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("CLEARWELL_SCENARIO_SEED is %q: %v", text, err)
		}
		seed = n
	}
	stock := loadStock(t)
	kind := os.Getenv("CLEARWELL_SCENARIO_KIND")
	scenarios := slices.DeleteFunc(makeScenarios(stock, seed, perKind), func(s *scenario) bool { return !strings.Contains(s.kind, kind) })
	if kind == "" && len(scenarios) < 300 {
		t.Fatalf("%d scenarios, want 300", len(scenarios))
	}
	w := newWorld(t)
	began := time.Now()
	table := newTally()
	for _, o := range w.play(scenarios) {
		table.add(o)
	}
	t.Logf("%d scenarios with seed %d in %.0f s\n%s", len(scenarios), seed, time.Since(began).Seconds(), table)
	table.check(t)
}

// play runs the scenarios and measures each at its end: those that count embeddings one by one, the others beside
// each other.
func (w *world) play(scenarios []*scenario) []*outcome {
	outcomes := make([]*outcome, len(scenarios))
	for i, s := range scenarios {
		if s.quiet != nil {
			w.run(s)
			outcomes[i] = w.measure(s)
		}
	}
	next := make(chan int)
	var running sync.WaitGroup
	for range atOnce {
		running.Go(func() {
			for i := range next {
				w.run(scenarios[i])
				outcomes[i] = w.measure(scenarios[i])
			}
		})
	}
	for i, s := range scenarios {
		if s.quiet == nil {
			next <- i
		}
	}
	close(next)
	running.Wait()
	return outcomes
}

// makeScenarios makes n scenarios of each kind. A scenario depends on the seed, its kind and its number alone.
func makeScenarios(stock *stock, seed uint64, n int) []*scenario {
	var scenarios []*scenario
	for k, kind := range kinds {
		for i := range n {
			b := &builder{stock: stock, rng: rand.New(rand.NewPCG(seed, uint64(k*1000+i))), number: i}
			b.scenario = &scenario{kind: kind.name, name: slug(kind.name) + "-" + strconv.Itoa(i+1)}
			kind.make(b)
			b.surround()
			b.scenario.asOf = b.scenario.moments(b.rng, 3)
			scenarios = append(scenarios, b.scenario)
		}
	}
	return scenarios
}
