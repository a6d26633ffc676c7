package inference_test

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
)

// realPassages joins the sentences of the golden file to passages of about 180 tokens.
func realPassages(b *testing.B, embedder inference.Embedder) []string {
	b.Helper()
	data, err := os.ReadFile("testdata/tokens.json")
	if err != nil {
		b.Fatal(err)
	}
	var sentences []struct {
		Text string `json:"text"`
	}
	if err := json.Unmarshal(data, &sentences); err != nil {
		b.Fatal(err)
	}
	sentences = sentences[:13] // the prose
	var passages []string
	for first := range sentences {
		var text strings.Builder
		for i := first; embedder.CountTokens(text.String()) < 165; i++ {
			text.WriteString(sentences[i%len(sentences)].Text + " ")
		}
		passages = append(passages, text.String())
	}
	return passages
}

// BenchmarkPassages embeds batches with all workers.
func BenchmarkPassages(b *testing.B) {
	embedder := inferencetest.Builtin(b)
	texts := realPassages(b, embedder)
	tokens := 0
	for _, text := range texts {
		tokens += embedder.CountTokens(text)
	}
	mustEmbed(b, embedder, texts...)
	for b.Loop() {
		mustEmbed(b, embedder, texts...)
	}
	b.ReportMetric(float64(len(texts)*b.N)/b.Elapsed().Seconds(), "passages/s")
	b.ReportMetric(float64(tokens)/float64(len(texts)), "tokens/passage")
}

// BenchmarkQueryIdle embeds one question after another.
func BenchmarkQueryIdle(b *testing.B) {
	measureQueries(b, inferencetest.Builtin(b))
}

// BenchmarkQueryBesideIngest does the same while all workers embed passages.
func BenchmarkQueryBesideIngest(b *testing.B) {
	embedder := inferencetest.Builtin(b)
	texts := realPassages(b, embedder)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan int)
	go func() {
		rounds := 0
		for {
			if _, err := embedder.EmbedPassages(ctx, texts); err != nil {
				done <- rounds
				return
			}
			rounds++
		}
	}()
	started := time.Now()
	measureQueries(b, embedder)
	elapsed := time.Since(started)
	cancel()
	b.ReportMetric(float64(<-done*len(texts))/elapsed.Seconds(), "passages/s")
}

// measureQueries embeds a question of 12 tokens every few milliseconds, as searches come, and reports percentiles.
func measureQueries(b *testing.B, embedder inference.Embedder) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		started := time.Now()
		if _, err := embedder.EmbedQuery(context.Background(), "How many days of leave may I carry over?"); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(started))
		b.StopTimer()
		time.Sleep(5 * time.Millisecond) // the pace of the load, not a wait for anything
		b.StartTimer()
	}
	slices.Sort(took)
	milliseconds := func(share float64) float64 {
		return took[int(share*float64(len(took)-1))].Seconds() * 1e3
	}
	b.ReportMetric(milliseconds(0.5), "p50-ms")
	b.ReportMetric(milliseconds(0.95), "p95-ms")
}
