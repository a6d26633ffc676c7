package inference

import (
	"cmp"
	"context"
	"log/slog"
	"math"
	"slices"
	"time"

	"clearwell/internal/fault"
	"clearwell/internal/home"
)

// Reranker reads a question and a passage together, which tells more about them than two vectors do. All methods may be
// called concurrently.
type Reranker interface {
	Model() string
	// Rerank says how well each passage answers the question, from 0 to 1, in the order of the passages.
	// An endpoint's scores are taken as they are where all of one answer lie in 0–1, and else through the sigmoid, all of
	// them, since then they are logits. A model in this process gives the sigmoid of its logit, or the softmax of the last
	// of two. Both keep the model's order. Scores of different models can't be compared.
	// Without passages there are no scores, and no call. Errors are fault.Errors with codes rerank_…, or ctx's.
	Rerank(ctx context.Context, question string, passages []string) ([]float64, error)
	Close() error
}

// RerankStyle is how an endpoint wants to be asked.
type RerankStyle string

// The styles. Auto asks in Cohere's way, and where that is refused as malformed in that of Text Embeddings Inference; it
// keeps to what worked.
const (
	RerankAuto   RerankStyle = "auto"
	RerankCohere RerankStyle = "cohere" // Cohere v1 and v2, Jina, vLLM, LiteLLM
	RerankTEI    RerankStyle = "tei"    // Text Embeddings Inference
)

// RerankConfig chooses the model that reorders passages. Without a BaseURL and a Folder there is none; a BaseURL wins.
type RerankConfig struct {
	BaseURL string      // of the endpoint, up to and not including /rerank
	APIKey  string      `json:"-"` // for BaseURL; may be empty
	Model   string      // the endpoint's name for the model, not needed for RerankTEI; for a Folder the name it goes by
	Style   RerankStyle // of BaseURL; empty means RerankAuto
	Folder  string      // of a cross-encoder in the Hugging Face layout: model.onnx, tokenizer.json, config.json

	Parallel int           // passages at once in this process; 0 means the cores
	Timeout  time.Duration // of one request to BaseURL; 0 means 10 s
	Attempts int           // at one request to BaseURL, the first included; 0 means 2

	Runtime string // absolute path of the ONNX Runtime library; empty means where set-up has put it
}

// String names the choice without the key.
func (c RerankConfig) String() string { return cmp.Or(c.BaseURL, c.Folder, "none") }

// LogValue keeps the key out of logs.
func (c RerankConfig) LogValue() slog.Value { return slog.StringValue(c.String()) }

// OpenReranker opens the reranker that cfg chooses. An endpoint is not called yet. A missing library, file or setting is a
// fault.Error that says what to do. Callers that can do without a reranker check cfg.BaseURL and cfg.Folder first. The
// caller closes the Reranker.
func OpenReranker(ctx context.Context, cfg RerankConfig, log *slog.Logger) (Reranker, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	started := time.Now()
	reranker, err := openChosenReranker(cfg)
	if err != nil {
		return nil, err
	}
	log.Info("reranker opened", "model", reranker.Model(), "duration", time.Since(started))
	return reranker, nil
}

func openChosenReranker(cfg RerankConfig) (Reranker, error) {
	if cfg.BaseURL != "" {
		return openRerankEndpoint(cfg)
	}
	if cfg.Folder == "" {
		return nil, fault.Newf(fault.Invalid, "rerank_not_configured", "No reranker is configured: set CLEARWELL_RERANK_BASE_URL or CLEARWELL_RERANK_FOLDER.")
	}
	cfg.Runtime = cmp.Or(cfg.Runtime, home.Default().ONNXRuntime())
	return openCrossEncoder(cfg)
}

func sigmoid(logit float64) float64 { return 1 / (1 + math.Exp(-logit)) }

// unitScores brings a model's scores into 0–1, in place.
func unitScores(scores []float64) {
	if !slices.ContainsFunc(scores, func(s float64) bool { return s < 0 || s > 1 }) {
		return
	}
	for i, score := range scores {
		scores[i] = sigmoid(score)
	}
}
