package library_test

import (
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/chunk"
	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/library"
	"clearwell/internal/postgres"
	"clearwell/internal/postgres/pgtest"
)

const dimension = 16

// fixture is a library on a database of its own, with the steps of the pipeline in short form.
type fixture struct {
	*testing.T
	pool  *pgxpool.Pool
	store *library.Store
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{T: t, pool: pgtest.New(t)}
	f.store = library.New(f.pool)
	f.must(f.store.OpenIndex(t.Context(), model()))
	return f
}

func model() inference.Model { return inference.Model{Name: "test", Dimension: dimension} }

func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) inTx(fn func(pgx.Tx) error) error {
	return postgres.InTx(f.Context(), f.pool, fn)
}

func arrival(key, text string) library.Arrival {
	return library.Arrival{Collection: "default", Key: key, FileName: key + ".txt", MediaType: "text/plain", CreatedBy: "test",
		SHA256: sha256.Sum256([]byte(text)), Size: int64(len(text)), Body: strings.NewReader(text)}
}

func dated(key, text, from string) library.Arrival {
	a := arrival(key, text)
	a.EffectiveFrom = day(from)
	return a
}

func day(s string) *time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return &t
}

func (f *fixture) receive(a library.Arrival) (library.Revision, library.Outcome) {
	f.Helper()
	var rev library.Revision
	var outcome library.Outcome
	f.must(f.inTx(func(tx pgx.Tx) (err error) {
		rev, outcome, err = f.store.Receive(f.Context(), tx, a)
		return err
	}))
	return rev, outcome
}

// stage cuts text at blank lines, one chunk a paragraph, and gives each missing one its vector.
// It returns how many texts had to be embedded.
func (f *fixture) stage(rev library.Revision, text string) int {
	f.Helper()
	started, isDue, err := f.store.Start(f.Context(), rev.ID)
	f.must(err)
	if !isDue {
		f.Fatalf("revision %d is not due: %s", rev.Number, rev.Status)
	}
	missing, err := f.store.Stage(f.Context(), started, staging(text))
	f.must(err)
	vectors := make([][]float32, len(missing))
	for i, m := range missing {
		vectors[i] = inferencetest.Vector(m.Text, dimension)
	}
	f.must(f.store.SetEmbeddings(f.Context(), started, missing, vectors))
	return len(missing)
}

func staging(text string) library.Staging {
	st := library.Staging{Title: "Title", MediaType: "text/plain", Text: text, Language: "en"}
	start := 0
	for _, paragraph := range strings.Split(text, "\n\n") {
		end := start + len([]rune(paragraph))
		st.Chunks = append(st.Chunks, chunk.Chunk{Ref: chunk.Ref{Start: start, End: end}, Text: paragraph, Tokens: 1})
		start = end + 2
	}
	return st
}

func (f *fixture) publish(rev library.Revision) bool {
	f.Helper()
	var isFirst bool
	f.must(f.inTx(func(tx pgx.Tx) (err error) {
		isFirst, err = library.Publish(f.Context(), tx, rev.ID)
		return err
	}))
	return isFirst
}

// bring takes an arrival all the way and returns the revision as it stands then.
func (f *fixture) bring(a library.Arrival) library.Revision {
	f.Helper()
	body := new(strings.Builder)
	buffer := make([]byte, 1<<16)
	n, _ := a.Body.Read(buffer)
	body.Write(buffer[:n])
	a.Body = strings.NewReader(body.String())
	rev, outcome := f.receive(a)
	if outcome == library.Added || outcome == library.Requeued {
		f.stage(rev, body.String())
		f.publish(rev)
	}
	return f.again(rev)
}

func (f *fixture) again(rev library.Revision) library.Revision {
	f.Helper()
	rev, err := f.store.RevisionByID(f.Context(), rev.ID)
	f.must(err)
	return rev
}

// found lists the texts that the search function gives for an instant, in order.
func (f *fixture) found(asOf time.Time) []string {
	f.Helper()
	rows, err := f.pool.Query(f.Context(), `
		select c.text from passages_in_force($1, (select array_agg(id) from collections)) p
		join chunks c on c.id = p.chunk_id order by c.text`, asOf)
	f.must(err)
	texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	f.must(err)
	return texts
}

// known lists the texts that were in force at asOf as far as was known at knownAt.
func (f *fixture) known(asOf, knownAt time.Time) []string {
	f.Helper()
	rows, err := f.pool.Query(f.Context(), `
		select c.text from passages_known($1, $2, (select array_agg(id) from collections)) p
		join chunks c on c.id = p.chunk_id order by c.text`, asOf, knownAt)
	f.must(err)
	texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	f.must(err)
	return texts
}

func (f *fixture) now() time.Time {
	f.Helper()
	var now time.Time
	f.must(f.pool.QueryRow(f.Context(), `select clock_timestamp()`).Scan(&now))
	return now
}
