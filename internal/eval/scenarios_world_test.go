package eval

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"
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
	"clearwell/internal/retrieve"
)

// world is the rooms from the door to the search on one database, in which each scenario has its collection.
type world struct {
	*testing.T
	pool     *pgxpool.Pool
	library  *library.Store
	intake   *ingest.Intake
	searcher *retrieve.Searcher
	embedder *inferencetest.Embedder
	who      access.Principal
	lock     sync.Mutex // of what follows
	// happened is when steps that are no uploads took place, by scenario and number of the step.
	happened map[*scenario]map[int]time.Time
	embedded map[*scenario]int // texts embedded after the first file, of those that count
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, pool: pgtest.New(t), embedder: inferencetest.NewEmbedder(32), who: access.System("scenarios"),
		happened: map[*scenario]map[int]time.Time{}, embedded: map[*scenario]int{}}
	quiet, jour := slog.New(slog.DiscardHandler), journal.New(w.pool)
	w.library = library.New(w.pool)
	w.must(w.library.OpenIndex(t.Context(), w.embedder.Model()))
	pipeline := ingest.NewPipeline(w.pool, w.library, jour, w.embedder, parse.Limits{}, chunk.Config{})
	queue, err := ingest.NewQueue(w.pool, w.library, pipeline, 4, quiet)
	w.must(err)
	w.intake = ingest.NewIntake(w.pool, w.library, jour, queue, 0)
	w.searcher = retrieve.NewSearcher(w.pool, w.embedder, retrieve.Config{})
	w.must(queue.Work(t.Context()))
	t.Cleanup(func() {
		if err := queue.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// run plays a scenario to its end. What goes wrong is kept on its file: the measuring tells.
func (w *world) run(s *scenario) {
	happened := map[int]time.Time{}
	var open []*file
	var before int
	for i, st := range s.steps {
		switch {
		case st.upload != nil:
			if w.hand(s, st.upload) {
				open = append(open, st.upload)
			}
			if st.isLoose {
				continue
			}
			w.settle(s, open)
			open = nil
			if st.upload == s.quiet {
				before = len(w.embedder.Passages())
			}
		case st.publish != nil:
			if w.publish(st.publish) {
				happened[i] = time.Now()
			}
		default:
			if w.withdraw(s, st.withdraw) {
				happened[i] = time.Now()
			}
		}
	}
	w.settle(s, open)
	w.lock.Lock()
	defer w.lock.Unlock()
	w.happened[s] = happened
	if s.quiet != nil {
		w.embedded[s] = len(w.embedder.Passages()) - before
	}
}

func (w *world) happenings(s *scenario) map[int]time.Time {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.happened[s]
}

func (w *world) embeddedIn(s *scenario) int {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.embedded[s]
}

// hand uploads a file, and reports whether it is on its way.
func (w *world) hand(s *scenario, f *file) bool {
	up := f.upload
	up.Collection, up.Body = f.collection(s), bytes.NewReader(f.body)
	f.revision, f.unchanged, f.failure = w.intake.Accept(w.Context(), w.who, up)
	f.arrived = f.revision.ReceivedAt
	for _, other := range s.files() {
		if other != f && other.revision.ID == f.revision.ID && other.revision.ID != 0 {
			other.cameAgain = true
		}
	}
	return f.failure == nil && !f.unchanged
}

// settle waits until none of the files is on its way any more.
func (w *world) settle(s *scenario, files []*file) {
	ids := make([]int64, len(files))
	for i, f := range files {
		ids[i] = f.revision.ID
	}
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(15 * time.Millisecond) {
		var open int
		err := w.pool.QueryRow(w.Context(), `select count(*) from revisions where id = any($1) and status in ('queued', 'running')`, ids).Scan(&open)
		if err == nil && open > 0 && time.Now().After(deadline) {
			err = fmt.Errorf("%d files are still on their way after five minutes", open)
		}
		if err != nil {
			w.Errorf("%s: %v", s.name, err)
		}
		if err != nil || open == 0 {
			break
		}
	}
	for _, f := range files {
		f.revision, f.failure = w.library.RevisionByID(w.Context(), f.revision.ID)
	}
}

// refresh reads how all files came out, after the last of them.
func (w *world) refresh(s *scenario) {
	for _, f := range s.files() {
		if f.revision.ID == 0 {
			continue
		}
		rev, err := w.library.RevisionByID(w.Context(), f.revision.ID)
		if err != nil {
			f.failure = err
			continue
		}
		f.revision = rev
	}
}

func (w *world) publish(f *file) bool {
	if !f.isDecided() {
		return false
	}
	_, err := w.intake.Publish(w.Context(), w.who, f.revision.DocumentID, f.revision.Number)
	if f.cameAgain = err == nil; err != nil {
		w.Errorf("publish %v again: %v", f, err)
	}
	return err == nil
}

// withdraw takes out what is in force of the group, where the last decided file of it lies.
func (w *world) withdraw(s *scenario, group string) bool {
	w.refresh(s)
	for _, live := range w.inForce(s, time.Now()) {
		if live.file != nil && live.file.group == group {
			_, err := w.intake.Withdraw(w.Context(), w.who, live.document, live.number)
			if err != nil {
				w.Errorf("%s: withdraw %v: %v", s.name, live.file, err)
			}
			return err == nil
		}
	}
	return false
}

// living is a revision in force, with the file that it was made of.
type living struct {
	revision, document int64
	number             int
	file               *file
}

// inForce is what applies at t in the scenario's collections, by the record and not by the search.
func (w *world) inForce(s *scenario, t time.Time) []living {
	rows, err := w.pool.Query(w.Context(), `
		select r.id, b.document_id, r.number
		from publications b
		join revisions r on r.id = b.revision_id
		join documents d on d.id = b.document_id
		join collections k on k.id = d.collection_id
		where k.name = any($1) and upper_inf(b.recorded) and b.valid @> $2::timestamptz`, s.collections(), t)
	if err != nil {
		w.Errorf("%s: %v", s.name, err)
		return nil
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l living, err error) {
		err = row.Scan(&l.revision, &l.document, &l.number)
		return l, err
	})
	if err != nil {
		w.Errorf("%s: %v", s.name, err)
	}
	for i := range out {
		out[i].file = s.fileOf(func(f *file) bool { return f.revision.ID == out[i].revision })
	}
	return out
}

func (s *scenario) collections() []string {
	names := map[string]bool{}
	var out []string
	for _, f := range s.files() {
		if name := f.collection(s); !names[name] {
			names[name] = true
			out = append(out, name)
		}
	}
	return out
}

func (s *scenario) fileOf(is func(*file) bool) *file {
	for _, f := range s.files() {
		if is(f) {
			return f
		}
	}
	return nil
}
