package inference_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
)

// counted counts the questions that reach an embedder.
type counted struct {
	inference.Embedder
	questions atomic.Int64
}

// EmbedQuery implements inference.Embedder.
func (c *counted) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	c.questions.Add(1)
	return c.Embedder.EmbedQuery(ctx, text)
}

func embed(t *testing.T, e inference.Embedder, text string) []float32 {
	t.Helper()
	vector, err := e.EmbedQuery(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return vector
}

func TestAQuestionIsEmbeddedOnce(t *testing.T) {
	t.Parallel()
	bare := &counted{Embedder: inferencetest.NewEmbedder(8)}
	e := inference.Remembering(bare, 10)
	want := embed(t, bare.Embedder, "vacation days")
	first := embed(t, e, "vacation days")
	clear(first) // what a caller does with its vector is its own affair
	if diff := cmp.Diff(want, embed(t, e, "vacation days")); diff != "" {
		t.Errorf("vector (-want +got):\n%s", diff)
	}
	embed(t, e, "Vacation days")
	if calls := bare.questions.Load(); calls != 2 {
		t.Errorf("two questions, asked three times, were embedded %d times", calls)
	}
}

func TestOnlyTheLastQuestionsAreRemembered(t *testing.T) {
	t.Parallel()
	bare := &counted{Embedder: inferencetest.NewEmbedder(8)}
	e := inference.Remembering(bare, 10)
	embed(t, e, "first")
	for i := range 20 {
		embed(t, e, fmt.Sprint("other ", i))
		embed(t, e, "often")
	}
	before := bare.questions.Load()
	embed(t, e, "often")
	if bare.questions.Load() != before {
		t.Error("what is asked all the time was forgotten")
	}
	embed(t, e, "first")
	if bare.questions.Load() == before {
		t.Error("what was asked long ago is kept")
	}
}

func TestAFailureIsNotRemembered(t *testing.T) {
	t.Parallel()
	bare := inferencetest.NewEmbedder(8)
	e := inference.Remembering(bare, 10)
	bare.Fail(errors.New("boom"))
	if _, err := e.EmbedQuery(t.Context(), "a"); err == nil {
		t.Fatal("no failure")
	}
	bare.Fail(nil)
	embed(t, e, "a")
}

func TestManyMayAskARememberingEmbedder(t *testing.T) {
	t.Parallel()
	bare := inferencetest.NewEmbedder(8)
	e := inference.Remembering(bare, 4)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := range 100 {
				text := fmt.Sprint("question ", i%7)
				got, err := e.EmbedQuery(context.Background(), text)
				if diff := cmp.Diff(inferencetest.Vector(text, 8), got); err != nil || diff != "" {
					t.Errorf("error %v, vector of %q (-want +got):\n%s", err, text, diff)
				}
			}
		})
	}
	group.Wait()
}

func TestAWordModelStaysOne(t *testing.T) {
	t.Parallel()
	if _, ok := inference.Remembering(inferencetest.Builtin(t), 4).(inference.WordModel); !ok {
		t.Error("the built-in model no longer knows how common words are")
	}
	if _, ok := inference.Remembering(inferencetest.NewEmbedder(8), 4).(inference.WordModel); ok {
		t.Error("an embedder without words pretends to know them")
	}
}
