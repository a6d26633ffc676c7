package ingest_test

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"clearwell/internal/chunk"
	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/ingest"
	"clearwell/internal/journal"
	"clearwell/internal/library"
	"clearwell/internal/parse"
)

// TestEndpointTroubleInTheMiddleOfAnUpdate lets a real endpoint fail in each way after the first batch of
// an update: the old revision answers throughout, and after repair no text is embedded twice.
func TestEndpointTroubleInTheMiddleOfAnUpdate(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	t.Cleanup(func() { close(hold) })
	for name, trouble := range map[string]inferencetest.Reply{
		"error 500":       {Status: 500},
		"refusal 400":     {Status: 400},
		"time-out":        {Hold: hold},
		"wrong dimension": {Dimension: dimension + 1},
		"missing vectors": {Missing: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			server := inferencetest.New(t, dimension)
			quiet := slog.New(slog.DiscardHandler)
			embedder, err := inference.OpenEmbedder(t.Context(), inference.EmbedConfig{
				BaseURL: server.BaseURL(), Model: "hashed-words", Dimension: dimension, Timeout: 300 * time.Millisecond, Attempts: 1,
			}, quiet)
			f.must(err)
			pipeline := ingest.NewPipeline(f.pool, f.library, journal.New(f.pool), embedder, parse.Limits{}, chunk.Config{Target: 30, Max: 60})
			queue, err := ingest.NewQueue(f.pool, f.library, pipeline, 1, quiet)
			f.must(err)
			f.work(queue)
			f.publish("policy", "policy.md", oldPolicy)

			server.ScriptEmbeddings(inferencetest.Reply{}, trouble) // the first batch goes through
			rev, _ := f.accept("policy", "policy.md", longPolicy())
			rev = f.until(rev, "waiting with a reason, or published", func(r library.Revision) bool {
				return r.ReasonCode != "" || r.Status == library.Published
			})
			if rev.Status != library.Published && !strings.Contains(f.found(), "20 vacation days") {
				t.Error("the old revision is gone before the new one is in force")
			}
			rev = f.await(rev, library.Published)
			if !rev.InForce || strings.Contains(f.found(), "20 vacation days") {
				t.Errorf("after repair the update is complete, got %+v", rev)
			}
			checkEmbeddedOnce(t, server.EmbeddedTexts(), trouble)
		})
	}
}

// longPolicy takes more than one batch to embed.
func longPolicy() string {
	var s strings.Builder
	for i := range 80 {
		s.WriteString("## Rule " + strings.Repeat("i", i+1) + "\n\nEmployees follow this rule, each in their own way, on every day of the year.\n\n")
	}
	return s.String()
}

// checkEmbeddedOnce allows a second time only to the texts of the one request that failed.
func checkEmbeddedOnce(t *testing.T, texts []string, trouble inferencetest.Reply) {
	t.Helper()
	slices.Sort(texts)
	twice := 0
	for i := 1; i < len(texts); i++ {
		if texts[i] == texts[i-1] {
			twice++
		}
	}
	allowed := 0
	if trouble.Status == 0 { // answered, but not usable: the endpoint has embedded that batch
		allowed = 32
	}
	if twice > allowed {
		t.Errorf("want at most %d texts embedded twice, got %d of %d", allowed, twice, len(texts))
	}
}
