package inference_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"clearwell/internal/fault"
	"clearwell/internal/inference"
)

func openReranker(t *testing.T, cfg inference.RerankConfig) inference.Reranker {
	t.Helper()
	reranker, err := inference.OpenReranker(t.Context(), cfg, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := reranker.Close(); err != nil {
			t.Error(err)
		}
	})
	return reranker
}

// goldenPair is the score of a pair by the reference: tokens by the Rust library, the model run by ONNX's own evaluator.
type goldenPair struct {
	Question, Passage string
	Score             float64
}

func goldenPairs(t *testing.T) map[string][]goldenPair {
	t.Helper()
	data, err := os.ReadFile("testdata/cross.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden map[string][]goldenPair
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	if len(golden) != 2 {
		t.Fatalf("%d models in cross.json", len(golden))
	}
	return golden
}

// The models' logits change with any token, its place and its type: equal scores mean equal pairs, cut at the same place.
func TestCrossEncoderScoresLikeTheReference(t *testing.T) {
	t.Parallel()
	for folder, lines := range goldenPairs(t) {
		reranker := openReranker(t, inference.RerankConfig{Folder: "testdata/" + folder})
		if reranker.Model() != folder {
			t.Errorf("model %q", reranker.Model())
		}
		for _, line := range lines {
			scores, err := reranker.Rerank(t.Context(), line.Question, []string{line.Passage})
			if err != nil {
				t.Fatal(err)
			}
			if len(scores) != 1 || math.Abs(scores[0]-line.Score) > 1e-5 {
				t.Errorf("%s: %.30q, %.30q: scores %v, want %v", folder, line.Question, line.Passage, scores, line.Score)
			}
		}
	}
}

func TestCrossEncoderKeepsTheOrderOfPassages(t *testing.T) {
	t.Parallel()
	lines := goldenPairs(t)["crosswordpiece"][:2] // they ask the same
	reranker := openReranker(t, inference.RerankConfig{Folder: "testdata/crosswordpiece", Model: "mine", Parallel: 3})
	if reranker.Model() != "mine" {
		t.Errorf("model %q", reranker.Model())
	}
	var passages []string
	for i := range 20 {
		passages = append(passages, lines[i%2].Passage)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			scores, err := reranker.Rerank(t.Context(), lines[0].Question, passages)
			if err != nil {
				t.Error(err)
				return
			}
			for i, score := range scores {
				if math.Abs(score-lines[i%2].Score) > 1e-5 {
					t.Errorf("score %d is %v, want %v", i, score, lines[i%2].Score)
				}
			}
		})
	}
	group.Wait()
	if scores, err := reranker.Rerank(t.Context(), "none", nil); err != nil || len(scores) != 0 {
		t.Errorf("no passages: %v %v", scores, err)
	}
}

func TestCrossEncoderEndsWithItsCallerAndWhenClosed(t *testing.T) {
	t.Parallel()
	reranker := openReranker(t, inference.RerankConfig{Folder: "testdata/crossunigram"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := reranker.Rerank(ctx, "leave", []string{"days"}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := reranker.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := reranker.Rerank(t.Context(), "leave", []string{"days"}); fault.CodeOf(err) != "rerank_closed" {
		t.Errorf("closed: %v", err)
	}
}

func TestRerankerThatCannotBeOpenedSaysWhy(t *testing.T) {
	t.Parallel()
	withoutPairs := copyFolder(t, "crosswordpiece")
	tokenizer := filepath.Join(withoutPairs, "tokenizer.json")
	var file map[string]any
	data, err := os.ReadFile(tokenizer)
	if err == nil {
		err = json.Unmarshal(data, &file)
	}
	if err != nil {
		t.Fatal(err)
	}
	file["post_processor"] = nil
	if data, err = json.Marshal(file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(tokenizer, data, 0o600); err != nil {
		t.Fatal(err)
	}
	short := copyFolder(t, "crossunigram")
	if err := os.WriteFile(filepath.Join(short, "config.json"), []byte(`{"max_position_embeddings":5}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		cfg  inference.RerankConfig
		code string
	}{
		"nothing":       {inference.RerankConfig{}, "rerank_not_configured"},
		"no model":      {inference.RerankConfig{Folder: t.TempDir()}, "model_missing"},
		"an embedder":   {inference.RerankConfig{Folder: "testdata/unigram"}, "model_unsupported"},
		"no pairs":      {inference.RerankConfig{Folder: withoutPairs}, "tokenizer_unsupported"},
		"too short":     {inference.RerankConfig{Folder: short}, "model_unsupported"},
		"unnamed model": {inference.RerankConfig{BaseURL: "http://127.0.0.1:1"}, "rerank_model_missing"},
		"other style":   {inference.RerankConfig{BaseURL: "http://127.0.0.1:1", Model: "m", Style: "odd"}, "rerank_style_unknown"},
	} {
		if _, err := inference.OpenReranker(t.Context(), test.cfg, quiet); fault.CodeOf(err) != test.code {
			t.Errorf("%s: error %s: %v", name, fault.CodeOf(err), err)
		}
	}
}
