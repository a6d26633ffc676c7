package inference

import (
	"context"
	"fmt"
	"math"

	"clearwell/internal/fault"
)

// pooling says how the vectors of a text's tokens become the vector of the text.
type pooling string

const (
	poolMean    pooling = "mean"
	poolFirst   pooling = "cls"
	poolInGraph pooling = "in graph" // the model itself has done it
)

// prefix is put before each text of a kind, because the model was trained so.
type prefix struct {
	text string
	ids  []int64
}

// reader turns texts into vectors: tokens, windows, model, pooling, unit length.
type reader struct {
	tokens  tokenizer
	session *session
	pooling pooling
	limit   int // tokens of one window, prefix included, special tokens not
	query   prefix
	passage prefix
}

// newReader joins a tokenizer and a session. positions is how many tokens the model takes, special ones included.
func newReader(tokens tokenizer, s *session, pool pooling, positions int, query, passage string) (reader, error) {
	r := reader{tokens: tokens, session: s, pooling: pool, limit: positions - tokens.specials()}
	r.query = prefix{query, tokens.encode(nil, tidy(query))}
	r.passage = prefix{passage, tokens.encode(nil, tidy(passage))}
	if longest := max(len(r.query.ids), len(r.passage.ids)); longest > r.limit/2 {
		return reader{}, fault.Newf(fault.Invalid, "prefix_too_long", "The embedding prefix takes %d of the %d tokens that the model reads: configure a shorter one.", longest, r.limit)
	}
	return r, nil
}

// read embeds text with its prefix. One that is too long is cut off if truncate is set; otherwise it is read in windows,
// each with the prefix, and the mean of their vectors counts, weighted by their tokens.
func (r reader) read(ctx context.Context, p prefix, text string, truncate bool) ([]float32, error) {
	ids := r.tokens.encode(nil, tidy(p.text+text))
	if len(ids) > r.limit && truncate {
		ids = ids[:r.limit]
	}
	if len(ids) <= r.limit {
		return r.window(ctx, ids)
	}
	total := make([]float32, r.session.hidden)
	buffer := make([]int64, 0, r.limit)
	for rest := ids[min(len(p.ids), len(ids)):]; len(rest) > 0; {
		size := min(len(rest), r.limit-len(p.ids))
		vector, err := r.window(ctx, append(append(buffer[:0], p.ids...), rest[:size]...))
		if err != nil {
			return nil, err
		}
		for i, value := range vector {
			total[i] += value * float32(size)
		}
		rest = rest[size:]
	}
	return unit(total)
}

// window embeds one window's ids: a vector of unit length.
func (r reader) window(ctx context.Context, ids []int64) ([]float32, error) {
	output, err := r.session.run(ctx, r.tokens.wrap(ids))
	if err != nil {
		return nil, err
	}
	return unit(r.pooling.pool(output, r.session.hidden))
}

// pool makes one vector of size hidden out of the model's output, which is that already or one such vector for each token in a row.
func (p pooling) pool(output []float32, hidden int) []float32 {
	switch p {
	case poolFirst:
		return output[:hidden]
	case poolMean:
		sum := make([]float32, hidden) // as good as the mean: only its direction is kept
		for i, value := range output {
			sum[i%hidden] += value
		}
		return sum
	default:
		return output
	}
}

// unit scales vector to length one, in place. It fails on vectors that have no direction.
func unit(vector []float32) ([]float32, error) {
	var squares float64
	for _, value := range vector {
		squares += float64(value) * float64(value)
	}
	length := math.Sqrt(squares)
	if length == 0 || math.IsNaN(length) || math.IsInf(length, 0) {
		return nil, fmt.Errorf("the model returned a vector of length %v", length)
	}
	for i := range vector {
		vector[i] = float32(float64(vector[i]) / length)
	}
	return vector, nil
}
