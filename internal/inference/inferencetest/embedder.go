package inferencetest

import (
	"context"
	"slices"
	"sync"

	"clearwell/internal/inference"
)

// Embedder is an inference.Embedder of hashed words (see Vector) that remembers what it was asked. Safe for concurrent use.
type Embedder struct {
	model inference.Model

	mu       sync.Mutex
	failure  error
	calls    int
	passages []string
}

// NewEmbedder returns an Embedder of vectors with that dimension, for texts of at most 512 words.
func NewEmbedder(dimension int) *Embedder {
	return &Embedder{model: inference.Model{Name: "hashed-words", Dimension: dimension, MaxTokens: 512}}
}

// Model describes the embedder; its name is "hashed-words".
func (e *Embedder) Model() inference.Model { return e.model }

// EmbedQuery returns the Vector of text, or the error set by Fail.
func (e *Embedder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.refusal(ctx); err != nil {
		return nil, err
	}
	return Vector(text, e.model.Dimension), nil
}

// EmbedPassages returns the Vector of each text, or the error set by Fail. Every call counts, only texts that succeeded are remembered.
func (e *Embedder) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls++
	if err := e.refusal(ctx); err != nil {
		return nil, err
	}
	vectors := make([][]float32, len(texts))
	for i, text := range texts {
		vectors[i] = Vector(text, e.model.Dimension)
	}
	e.passages = append(e.passages, texts...)
	return vectors, nil
}

func (e *Embedder) refusal(ctx context.Context) error {
	if e.failure != nil {
		return e.failure
	}
	return ctx.Err()
}

// CountTokens counts words.
func (e *Embedder) CountTokens(text string) int { return len(words(text)) }

// Close does nothing.
func (e *Embedder) Close() error { return nil }

// Fail makes all calls from now on return err; nil heals the embedder.
func (e *Embedder) Fail(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.failure = err
}

// Calls is how many times EmbedPassages was called, failures included.
func (e *Embedder) Calls() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.calls
}

// Passages are the texts that EmbedPassages has embedded, in order, repetitions included.
func (e *Embedder) Passages() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.passages)
}
