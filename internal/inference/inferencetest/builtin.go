package inferencetest

import (
	"context"
	"log/slog"
	"sync"
	"testing"

	"clearwell/internal/inference"
)

// builtin is the real model, shared by all tests of a binary: loading it takes 150 MB.
var builtin = sync.OnceValues(func() (inference.Embedder, error) {
	return inference.OpenEmbedder(context.Background(), inference.EmbedConfig{}, slog.New(slog.DiscardHandler))
})

// Builtin returns the real built-in embedder, the same one for all tests of a binary. Tests don't close it.
// Without the model a test fails, saying how to get it.
func Builtin(tb testing.TB) inference.Embedder {
	tb.Helper()
	embedder, err := builtin()
	if err != nil {
		tb.Fatalf("open the built-in embedder: %v", err)
	}
	return embedder
}
