package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/ingest"
	"clearwell/internal/library"
	"clearwell/internal/postgres/pgtest"
	"clearwell/internal/retrieve"
)

// TestReadersNeverSeeTwoRevisionsOrNone lets eight readers search and ask in a loop while 500 revisions
// of one document are published: what a reader gets stands in exactly one revision, and in one that was
// in force at some moment between its question and its answer.
func TestReadersNeverSeeTwoRevisionsOrNone(t *testing.T) {
	t.Parallel()
	const revisions, readers = 500, 8
	r := testRooms(t)
	var begun, done atomic.Int64 // revisions handed in, and known to be in force
	publish := func(ctx context.Context, n int64) error {
		begun.Store(n)
		text := fmt.Sprintf("# Vacation\n\nEmployees get %d vacation days a year.\n\n## Request\n\nAsk for vacation by form %d.\n", n, n)
		rev, _, err := r.intake.Accept(ctx, access.System("test"), ingest.Upload{Key: "policy", Name: "policy.md", Body: strings.NewReader(text)})
		for err == nil && rev.Status != library.Published {
			if rev.Status == library.Failed {
				return fmt.Errorf("revision %d failed: %s", n, rev.ReasonMessage)
			}
			time.Sleep(2 * time.Millisecond)
			rev, err = r.library.RevisionByID(ctx, rev.ID)
		}
		done.Store(n)
		return err
	}
	if err := publish(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	var looks atomic.Int64
	for reader := range readers {
		group.Go(func() {
			for ctx.Err() == nil {
				earliest := done.Load()
				seen, err := r.look(ctx, reader%2 == 0)
				latest := begun.Load()
				switch {
				case ctx.Err() != nil:
					return
				case err != nil:
					t.Error(err)
					return
				case len(seen) != 1:
					t.Errorf("want one revision, saw %v", seen)
					return
				}
				for n := range seen {
					if n < earliest || n > latest {
						t.Errorf("saw revision %d when %d to %d could be in force", n, earliest, latest)
						return
					}
				}
				looks.Add(1)
			}
		})
	}
	for n := int64(2); n <= revisions && !t.Failed(); n++ {
		if err := publish(t.Context(), n); err != nil {
			t.Error(err)
			break
		}
	}
	stop()
	group.Wait()
	t.Logf("%d searches and answers while %d revisions were published", looks.Load(), revisions)
}

// look asks or searches and returns the revisions that the result stands on.
func (r *rooms) look(ctx context.Context, isAsking bool) (map[int64]bool, error) {
	seen := make(map[int64]bool)
	if !isAsking {
		found, err := r.searcher.Search(ctx, access.System("test"), retrieve.Query{Text: "How many vacation days do employees get?"})
		for _, p := range found.Passages {
			seen[int64(p.Revision)] = true
		}
		return seen, err
	}
	a, err := r.ask(ctx, answer.Question{Text: "How many vacation days do employees get?"})
	for _, p := range a.Passages {
		seen[int64(p.Revision)] = true
	}
	for _, c := range a.Citations {
		seen[int64(c.Passage.Revision)] = true
	}
	return seen, err
}

// testRooms are all rooms on a database of their own, workers running, with words hashed to vectors.
func testRooms(t *testing.T) *rooms {
	t.Helper()
	r, err := wire(t.Context(), pgtest.New(t), models{embedder: inferencetest.NewEmbedder(64)}, &config{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.queue.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.stopWork(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return r
}
