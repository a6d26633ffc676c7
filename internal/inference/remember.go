package inference

import (
	"context"
	"crypto/sha256"
	"slices"
	"sync"
)

// Remembering returns an embedder that keeps the vectors of about the last n questions. An answer embeds its
// question more than once, and the sentences of the passages that many ask about again and again; a vector of 384
// numbers takes 1.5 KB. It is a WordModel if e is one.
func Remembering(e Embedder, n int) Embedder {
	r := &remembering{Embedder: e, half: max(1, n/2), young: map[[32]byte][]float32{}}
	if words, ok := e.(WordModel); ok {
		return struct {
			*remembering
			WordModel
		}{r, words}
	}
	return r
}

// remembering keeps two generations: when the young one is full it becomes the old one, and what was old and was
// not asked for meanwhile is forgotten.
type remembering struct {
	Embedder
	half int // entries of a generation

	mu         sync.Mutex
	young, old map[[32]byte][]float32 // by the text's SHA-256: of what was erased no word stays in memory
}

// EmbedQuery implements Embedder.
func (r *remembering) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	key := sha256.Sum256([]byte(text))
	if vector, ok := r.recall(key); ok {
		return vector, nil
	}
	vector, err := r.Embedder.EmbedQuery(ctx, text)
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.keep(key, slices.Clone(vector))
	}
	return vector, err
}

// recall returns a copy: what callers do with it is theirs.
func (r *remembering) recall(key [32]byte) ([]float32, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	vector, ok := r.young[key]
	if !ok {
		if vector, ok = r.old[key]; ok {
			r.keep(key, vector)
		}
	}
	return slices.Clone(vector), ok
}

func (r *remembering) keep(key [32]byte, vector []float32) {
	if len(r.young) >= r.half {
		r.old, r.young = r.young, make(map[[32]byte][]float32, r.half)
	}
	r.young[key] = vector
}
