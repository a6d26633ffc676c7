package retrieve

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"clearwell/internal/fault"
	"clearwell/internal/inference"
)

const (
	// rerankedAtLeast is how many of the best passages a reranker reads: what is in none of the first places of either arm
	// is seldom what was asked for, and each passage costs a run of the model.
	rerankedAtLeast = 40
	// rerankPatience bounds what a reader waits for a better order.
	rerankPatience = 5 * time.Second
	// rerankRest is how long a reranker that failed is not asked again: a dead endpoint must not cost every search its
	// patience.
	rerankRest = 30 * time.Second
)

// reranking is the use of a reranker that searches can do without.
type reranking struct {
	model     inference.Reranker
	log       *slog.Logger
	restUntil atomic.Int64 // Unix nanoseconds
}

// isWanted reports whether the query's passages will be read by a reranker.
func (r *reranking) isWanted(q Query) bool {
	return r != nil && q.Arm == Hybrid && !q.AsFused && time.Now().UnixNano() >= r.restUntil.Load()
}

// order puts the passages in the order of the reranker, whose scores they get. Where it fails they stay as they
// are, and it is left alone for a while. The only error is ctx's.
func (r *reranking) order(ctx context.Context, question string, passages []Passage) error {
	patient, cancel := context.WithTimeout(ctx, rerankPatience)
	defer cancel()
	texts := make([]string, len(passages))
	for i, p := range passages {
		texts[i] = forReranker(p)
	}
	scores, err := r.model.Rerank(patient, question, texts)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err == nil && len(scores) != len(passages) {
		err = fmt.Errorf("%d scores for %d passages", len(scores), len(passages))
	}
	if err != nil {
		r.restUntil.Store(time.Now().Add(rerankRest).UnixNano())
		r.log.Warn("reranker failed, keeping the search's own order", "model", r.model.Model(), "code", fault.CodeOf(err), "error", fault.MessageOf(err))
		r.log.Debug("reranker failed", "error", err) // an endpoint may quote the passages
		return nil
	}
	for i := range passages {
		passages[i].Score = scores[i]
	}
	slices.SortStableFunc(passages, func(a, b Passage) int { return cmp.Compare(b.Score, a.Score) })
	return nil
}

// forReranker is what a reranker reads of a passage: what it says, and under which title and headings.
func forReranker(p Passage) string {
	parts := slices.DeleteFunc([]string{p.Title, strings.Join(p.Headings, " > "), p.Context, p.Text}, func(part string) bool { return part == "" })
	return strings.Join(parts, "\n")
}
