package ingest_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/access"
	"clearwell/internal/chunk"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/ingest"
	"clearwell/internal/journal"
	"clearwell/internal/library"
	"clearwell/internal/parse"
	"clearwell/internal/postgres/pgtest"
)

const dimension = 32

// fixture is the rooms of ingestion on a database of their own.
type fixture struct {
	*testing.T
	pool     *pgxpool.Pool
	library  *library.Store
	embedder *inferencetest.Embedder
	queue    *ingest.Queue
	intake   *ingest.Intake
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{T: t, pool: pgtest.New(t), embedder: inferencetest.NewEmbedder(dimension)}
	f.library = library.New(f.pool)
	f.must(f.library.OpenIndex(t.Context(), f.embedder.Model()))
	f.queue = f.newQueue()
	f.intake = ingest.NewIntake(f.pool, f.library, journal.New(f.pool), f.queue, 1<<20)
	return f
}

func (f *fixture) newQueue() *ingest.Queue {
	f.Helper()
	quiet := slog.New(slog.DiscardHandler)
	pipeline := ingest.NewPipeline(f.pool, f.library, journal.New(f.pool), f.embedder, parse.Limits{}, chunk.Config{})
	queue, err := ingest.NewQueue(f.pool, f.library, pipeline, 4, quiet)
	f.must(err)
	return queue
}

// work starts the workers until the test ends.
func (f *fixture) work(queue *ingest.Queue) {
	f.Helper()
	f.must(queue.Work(f.Context()))
	f.Cleanup(func() {
		if err := queue.Stop(f.Context()); err != nil && f.Context().Err() == nil {
			f.Error(err)
		}
	})
}

func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) accept(key, name, body string) (library.Revision, bool) {
	f.Helper()
	rev, unchanged, err := f.intake.Accept(f.Context(), access.System("test"), ingest.Upload{
		Key: key, Name: name, Body: strings.NewReader(body),
	})
	f.must(err)
	return rev, unchanged
}

// await returns the revision once it has one of the statuses.
func (f *fixture) await(rev library.Revision, statuses ...library.Status) library.Revision {
	f.Helper()
	return f.until(rev, fmt.Sprint(statuses), func(r library.Revision) bool {
		for _, s := range statuses {
			if r.Status == s {
				return true
			}
		}
		return false
	})
}

// patience bounds the wait for a revision: only what hangs reaches it.
const patience = 3 * time.Minute

func (f *fixture) until(rev library.Revision, what string, is func(library.Revision) bool) library.Revision {
	f.Helper()
	deadline := time.Now().Add(patience)
	for {
		now, err := f.library.RevisionByID(f.Context(), rev.ID)
		f.must(err)
		if is(now) {
			return now
		}
		if time.Now().After(deadline) {
			f.Fatalf("revision %d is not %s after %s: %+v", rev.Number, what, patience, now)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// publish accepts and waits.
func (f *fixture) publish(key, name, body string) library.Revision {
	f.Helper()
	rev, _ := f.accept(key, name, body)
	return f.await(rev, library.Published)
}

// found is all text in force now.
func (f *fixture) found() string {
	f.Helper()
	rows, err := f.pool.Query(f.Context(), `
		select c.text from passages_in_force(now(), (select array_agg(id) from collections)) p
		join chunks c on c.id = p.chunk_id order by c.id`)
	f.must(err)
	texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	f.must(err)
	return strings.Join(texts, "\n")
}
