package library_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"clearwell/internal/library"
)

// rounds is how often TestTwoPublishersNeverOverlap lets two publishers meet: CLEARWELL_RACES, or else 300.
func rounds(t *testing.T) int {
	t.Helper()
	text := os.Getenv("CLEARWELL_RACES")
	if text == "" {
		return 300
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("CLEARWELL_RACES is %q: give a number", text)
	}
	return n
}

// roundsPerDocument is how many rounds meet on one document before a new one is made.
const roundsPerDocument = 10

// TestTwoPublishersNeverOverlap publishes two revisions of one document, or one and a rollback, at the same
// moment on two connections, with random dates. No publisher fails, and at no instant two revisions apply.
func TestTwoPublishersNeverOverlap(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	random := rand.New(rand.NewPCG(3, 4))
	filed := 0
	for round := range rounds(t) {
		key := fmt.Sprintf("policy-%d", round/roundsPerDocument)
		older := f.staged(raceArrival(random, key, 2*round))
		newer := f.staged(raceArrival(random, key, 2*round+1))
		again := random.IntN(4) == 0
		if again { // the older one is published before, and put in force again beside the newer
			f.publish(older)
			older = f.again(older)
		}
		f.together(
			func(tx pgx.Tx) error {
				if again {
					return library.Republish(f.Context(), tx, older, nil, nil)
				}
				return published(library.Publish(f.Context(), tx, older.ID))
			},
			func(tx pgx.Tx) error { return published(library.Publish(f.Context(), tx, newer.ID)) },
		)
		for _, rev := range []library.Revision{older, newer} {
			if got := f.again(rev); got.Status != library.Published {
				t.Fatalf("round %d: revision %d is %s", round, got.Number, got.Status)
			}
		}
		if older.EffectiveFrom.Equal(newer.EffectiveFrom) && !again {
			filed++
			n := f.scalar(`select count(*) from publications where revision_id = $1 and upper_inf(recorded) and valid @> $2::timestamptz`,
				older.ID, older.EffectiveFrom)
			if n != 0 {
				t.Fatalf("round %d: revision %d applies although %d begins at the same instant", round, older.Number, newer.Number)
			}
		}
		if n := f.overlaps(); n != 0 {
			t.Fatalf("round %d: %d overlaps", round, n)
		}
	}
	t.Logf("%d rounds, in %d of them two revisions with the same start; 0 overlaps, 0 errors", rounds(t), filed)
}

// raceArrival is dated at random: not at all, or on one of few days.
func raceArrival(random *rand.Rand, key string, n int) (library.Arrival, string) {
	text := fmt.Sprintf("what %s says in state %d", key, n)
	a := arrival(key, text)
	if random.IntN(4) > 0 {
		from := time.Now().Truncate(24*time.Hour).AddDate(0, 0, random.IntN(6)-3)
		a.EffectiveFrom = &from
		if random.IntN(3) == 0 {
			until := from.AddDate(0, 0, 1+random.IntN(6))
			a.EffectiveUntil = &until
		}
	}
	return a, text
}

// staged is a revision that only has to be published.
func (f *fixture) staged(a library.Arrival, text string) library.Revision {
	f.Helper()
	rev, _ := f.receive(a)
	f.stage(rev, text)
	return rev
}

func published(isFirst bool, err error) error {
	if err == nil && !isFirst {
		return errors.New("someone else was first")
	}
	return err
}

// together runs each step in a transaction of its own on a connection of its own, all let go at once.
func (f *fixture) together(steps ...func(pgx.Tx) error) {
	f.Helper()
	var group sync.WaitGroup
	start := make(chan struct{})
	failed := make([]error, len(steps))
	for i, step := range steps {
		conn, err := f.pool.Acquire(f.Context())
		f.must(err)
		group.Go(func() {
			defer conn.Release()
			<-start
			failed[i] = pgx.BeginFunc(f.Context(), conn, step)
		})
	}
	close(start)
	group.Wait()
	f.must(errors.Join(failed...))
}

// scalar is the one number that a statement returns.
func (f *fixture) scalar(sql string, args ...any) (n int) {
	f.Helper()
	f.must(f.pool.QueryRow(f.Context(), sql, args...).Scan(&n))
	return n
}

// overlaps counts pairs of publications of one document that are held to be true now and share an instant.
func (f *fixture) overlaps() int {
	f.Helper()
	return f.scalar(`
		select count(*) from publications a join publications b
			on a.document_id = b.document_id and a.id < b.id and a.valid && b.valid
		where upper_inf(a.recorded) and upper_inf(b.recorded)`)
}

// TestDatabaseRefusesWhatSlipsPastTheLock writes past the lock on documents: the constraint refuses the second
// of two writers. A publisher that meets such a writer changes nothing, and succeeds at the next attempt.
func TestDatabaseRefusesWhatSlipsPastTheLock(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	first := f.staged(dated("policy", "20 days", "2025-01-01"), "20 days")
	second := f.staged(dated("policy", "25 days", "2025-06-01"), "25 days")

	rogue := f.rogue(first)
	refused := make(chan error, 1)
	go func() { refused <- f.rogueInsert(context.WithoutCancel(t.Context()), second) }()
	f.awaitBlocked(1)
	f.must(rogue.Commit(t.Context()))
	if code := stateOf(<-refused); code != pgerrExclusion {
		t.Errorf("the second writer got SQLSTATE %q, want %s", code, pgerrExclusion)
	}

	third := f.staged(dated("other", "30 days", "2025-01-01"), "30 days")
	fourth := f.staged(dated("other", "35 days", "2025-06-01"), "35 days")
	rogue = f.rogue(third)
	go func() {
		refused <- f.inTx(func(tx pgx.Tx) error { return published(library.Publish(t.Context(), tx, fourth.ID)) })
	}()
	f.awaitBlocked(1)
	f.must(rogue.Commit(t.Context()))
	if code := stateOf(<-refused); code != pgerrExclusion {
		t.Errorf("the publisher got SQLSTATE %q, want %s", code, pgerrExclusion)
	}
	if status := f.again(fourth).Status; status != library.Running {
		t.Errorf("a refused publisher changes nothing, yet its revision is %s", status)
	}
	f.publish(fourth)
	if rev := f.again(fourth); !rev.InForce {
		t.Errorf("the next attempt succeeds, yet %+v", rev)
	}
	if n := f.overlaps(); n != 0 {
		t.Errorf("%d overlaps", n)
	}
}

const pgerrExclusion = "23P01" // exclusion_violation

// stateOf is an error's SQLSTATE.
func stateOf(err error) string {
	if refusal, ok := errors.AsType[*pgconn.PgError](err); ok {
		return refusal.Code
	}
	return ""
}

// rogue is an open transaction that has published a revision past all locks.
func (f *fixture) rogue(rev library.Revision) pgx.Tx {
	f.Helper()
	tx, err := f.pool.Begin(f.Context())
	f.must(err)
	f.must(insertPast(f.Context(), tx, rev))
	return tx
}

func (f *fixture) rogueInsert(ctx context.Context, rev library.Revision) error {
	return pgx.BeginFunc(ctx, f.pool, func(tx pgx.Tx) error { return insertPast(ctx, tx, rev) })
}

// insertPast switches off the foreign key, which would wait for the document's lock.
func insertPast(ctx context.Context, tx pgx.Tx, rev library.Revision) error {
	if _, err := tx.Exec(ctx, `set local session_replication_role = replica`); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		insert into publications (document_id, revision_id, valid, recorded)
		values ($1, $2, tstzrange($3, null), tstzrange(clock_timestamp(), null))`, rev.DocumentID, rev.ID, rev.EffectiveFrom)
	return err
}

// awaitBlocked returns once so many sessions of this database wait for another's transaction.
func (f *fixture) awaitBlocked(sessions int) {
	f.Helper()
	deadline := time.Now().Add(3 * time.Minute)
	for f.scalar(`select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`) < sessions {
		if time.Now().After(deadline) {
			f.Fatal("nobody waits after 3 minutes")
		}
		time.Sleep(5 * time.Millisecond)
	}
}
