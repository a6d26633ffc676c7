package inference

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"clearwell/internal/fault"
)

// crossEncoder is a reranker in this process. Pairs go through the model one at a time, some of them side by side.
type crossEncoder struct {
	name    string
	tokens  tokenizer
	session *session
	limit   int           // tokens of question and passage together, special tokens not counted
	slots   chan struct{} // one is taken by each pair under way

	life context.Context // ends, with a cause for callers, when the model closes
	end  context.CancelCauseFunc

	mu     sync.RWMutex // held for reading while the model is in use: Close frees it
	closed bool
}

// openCrossEncoder opens a model in the Hugging Face layout whose output is one logit, or two of which the last says
// "relevant".
func openCrossEncoder(cfg RerankConfig) (Reranker, error) {
	parts, err := readFolder(cfg.Folder, cfg.Runtime)
	if err != nil {
		return nil, err
	}
	if parts.signature.tokens || parts.signature.hidden > 2 {
		return nil, fault.Newf(fault.Unsupported, "model_unsupported", "The model %s can't be used as a reranker: its output is not one or two logits for a text. Name a cross-encoder, such as bge-reranker, exported to ONNX.", parts.path)
	}
	if parts.tokens.pair == nil {
		return nil, unsupportedTokenizer("no template for pairs of texts")
	}
	limit := parts.facts.positions() - parts.tokens.pair.specials()
	if limit < 2 {
		return nil, fault.Newf(fault.Unsupported, "model_unsupported", "The model %s reads only %d tokens, which is too few for a question and a passage: choose another one.", parts.path, parts.facts.positions())
	}
	live, err := parts.open()
	if err != nil {
		return nil, err
	}
	c := &crossEncoder{name: cmp.Or(cfg.Model, filepath.Base(cfg.Folder)), tokens: parts.tokens, session: live, limit: limit}
	c.slots = make(chan struct{}, cmp.Or(max(0, cfg.Parallel), runtime.GOMAXPROCS(0)))
	c.life, c.end = context.WithCancelCause(context.Background())
	return c, nil
}

// Model is the configured name, else the folder's.
func (c *crossEncoder) Model() string { return c.name }

// Rerank scores the passages side by side. What is longer than the model reads is cut off: of the passage, and of a
// question beyond half of what the model reads.
func (c *crossEncoder) Rerank(ctx context.Context, question string, passages []string) ([]float64, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.closed {
		return nil, errRerankClosed()
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(c.life, func() { cancel(context.Cause(c.life)) })()
	asked := c.tokens.encode(nil, tidy(clip(question, queryLimit)))
	scores := make([]float64, len(passages))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(cap(c.slots))
	for i, passage := range passages {
		group.Go(func() (err error) {
			scores[i], err = c.score(ctx, asked, passage)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return scores, nil
}

// score runs one pair through the model, when there is a slot for it.
func (c *crossEncoder) score(ctx context.Context, question []int64, passage string) (float64, error) {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	text := c.tokens.encode(nil, tidy(clip(passage, queryLimit)))
	question = question[:min(len(question), max(c.limit/2, c.limit-len(text)))]
	text = text[:min(len(text), c.limit-len(question))]
	ids, kinds := c.tokens.pair.join(question, text)
	logits, err := c.session.runTyped(ctx, ids, kinds)
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	score := math.NaN()
	if err == nil {
		score = relevance(logits)
	}
	if math.IsNaN(score) {
		err = errors.Join(err, fmt.Errorf("score %d tokens: logits %v", len(ids), logits))
		return 0, fault.Wrapf(err, fault.Unavailable, "rerank_failed", "The reranker %s fails: export its model to ONNX again, or name another one in CLEARWELL_RERANK_FOLDER.", c.name)
	}
	return score, nil
}

// relevance is the sigmoid of a single logit; of two, the softmax of the last, which is the sigmoid of their difference.
func relevance(logits []float32) float64 {
	last := float64(logits[len(logits)-1])
	if len(logits) == 2 {
		last -= float64(logits[0])
	}
	return sigmoid(last)
}

// Close stops what is under way, waits until it has stopped, and frees the model.
func (c *crossEncoder) Close() error {
	c.end(errRerankClosed())
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	return c.session.close()
}

func errRerankClosed() error {
	return fault.Newf(fault.Unavailable, "rerank_closed", "The reranker is shutting down: try again when Clearwell is up again.")
}
