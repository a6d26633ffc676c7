package library_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"clearwell/internal/fault"
	"clearwell/internal/library"
)

func TestPublishHidesOldRevision(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	old := f.bring(dated("policy", "20 days", "2024-01-01"))
	f.bring(dated("policy", "25 days", "2025-01-01"))

	want(t, f.found(f.now()), "25 days")
	old = f.again(old)
	if !old.Superseded || old.EffectiveUntil == nil || !old.EffectiveUntil.Equal(*day("2025-01-01")) {
		t.Errorf("the old revision ends where the new one begins, got %+v", old)
	}
}

func TestStagedTextIsFoundByNobody(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(arrival("policy", "20 days"))
	rev, _ := f.receive(arrival("policy", "25 days"))
	f.stage(rev, "25 days")
	want(t, f.found(f.now()), "20 days")
}

func TestFutureRevisionTakesOverByTheClockAlone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(dated("policy", "20 days", "2024-01-01"))
	future := f.bring(dated("policy", "30 days", "2099-01-01"))

	want(t, f.found(f.now()), "20 days")
	want(t, f.found(day("2099-01-01").Add(-time.Microsecond)), "20 days")
	want(t, f.found(*day("2099-01-01")), "30 days")
	if !future.Scheduled || future.InForce {
		t.Errorf("the future revision is scheduled, got %+v", future)
	}
}

func TestLateArrivalIsFiledIntoHistory(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(dated("policy", "25 days", "2025-01-01"))
	late := f.bring(dated("policy", "22 days", "2023-06-01"))

	want(t, f.found(f.now()), "25 days")
	want(t, f.known(*day("2024-01-01"), f.now()), "22 days")
	if late.InForce || !late.Superseded {
		t.Errorf("a late arrival never takes over, got %+v", late)
	}
}

func TestOfQueuedRevisionsTheNewestWinsInAnyOrder(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	second, _ := f.receive(arrival("policy", "second"))
	third, _ := f.receive(arrival("policy", "third"))
	for _, rev := range []library.Revision{third, second} {
		f.stage(rev, map[int]string{1: "second", 2: "third"}[rev.Number])
		f.publish(rev)
	}
	want(t, f.found(f.now()), "third")
}

func TestExpiryLeavesNothingInForce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	a := dated("notice", "closed on Monday", "2024-01-01")
	a.EffectiveUntil = day("2024-02-01")
	f.bring(a)
	want(t, f.found(f.now()))
	want(t, f.known(*day("2024-01-15"), f.now()), "closed on Monday")
}

func TestWithdrawDoesNotBringBackTheOneBefore(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(dated("policy", "20 days", "2024-01-01"))
	current := f.bring(dated("policy", "25 days", "2025-01-01"))
	before := f.now()
	f.must(f.inTx(func(tx pgx.Tx) error { return library.Withdraw(t.Context(), tx, current) }))

	want(t, f.found(f.now()))
	want(t, f.known(before, f.now()), "25 days")
	err := f.inTx(func(tx pgx.Tx) error { return library.Withdraw(t.Context(), tx, current) })
	if fault.CodeOf(err) != "not_in_force" {
		t.Errorf("a second withdrawal is refused, got %v", err)
	}
	f.bring(dated("policy", "23 days", "2025-06-01"))
	want(t, f.found(f.now())) // began before the withdrawal: it does not revive the document
}

func TestRollBackIsANewPublicationOfTheOldNumber(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	first := f.bring(dated("policy", "20 days", "2024-01-01"))
	f.bring(dated("policy", "25 days", "2025-01-01"))
	before := f.now()
	f.must(f.inTx(func(tx pgx.Tx) error { return library.Republish(t.Context(), tx, first, nil, nil) }))

	want(t, f.found(f.now()), "20 days")
	want(t, f.known(before, before), "25 days") // what would have been said then
	if first = f.again(first); first.Number != 1 || !first.InForce {
		t.Errorf("revision 1 is in force again, got %+v", first)
	}
}

func TestKnownAtAnswersWhatWasBelievedThen(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(dated("policy", "20 days", "2024-01-01"))
	before := f.now()
	f.bring(dated("policy", "25 days", "2025-01-01"))
	march := *day("2025-03-03")
	want(t, f.known(march, before), "20 days")
	want(t, f.known(march, f.now()), "25 days")
}

func TestPublishRefusesWhatIsNotStaged(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	rev, _ := f.receive(arrival("policy", "20 days"))
	err := f.inTx(func(tx pgx.Tx) error {
		_, err := library.Publish(t.Context(), tx, rev.ID)
		return err
	})
	if fault.CodeOf(err) != "not_staged" {
		t.Errorf("want not_staged, got %v", err)
	}
}

func TestPublishTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	rev := f.bring(arrival("policy", "20 days"))
	if f.publish(rev) {
		t.Error("the second publication reports that another was first")
	}
	want(t, f.found(f.now()), "20 days")
}

func TestTheConstraintForbidsTwoInForce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	rev := f.bring(arrival("policy", "20 days"))
	_, err := f.pool.Exec(t.Context(), `
		insert into publications (document_id, revision_id, valid, recorded)
		values ($1, $2, tstzrange('2000-01-01', null), tstzrange(now(), null))`, rev.DocumentID, rev.ID)
	pg, ok := errors.AsType[*pgconn.PgError](err)
	if !ok || pg.ConstraintName != "one_revision_in_force" {
		t.Errorf("want a violation of one_revision_in_force, got %v", err)
	}
}

func TestConcurrentPublishersOfOneDocumentLeaveOneInForce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	var revs []library.Revision
	for i := range 12 {
		text := fmt.Sprintf("text %d", i)
		rev, _ := f.receive(arrival("policy", text))
		f.stage(rev, text)
		revs = append(revs, rev)
	}
	rand.Shuffle(len(revs), func(i, j int) { revs[i], revs[j] = revs[j], revs[i] })
	var group sync.WaitGroup
	for _, rev := range revs {
		group.Go(func() {
			if err := f.inTx(func(tx pgx.Tx) error {
				_, err := library.Publish(t.Context(), tx, rev.ID)
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	want(t, f.found(f.now()), "text 11")
}

// TestAnyOrderOfArrivalGivesTheSameTimeline publishes revisions with random dates in random order and
// compares with the plain rule: at any instant the revision with the latest start not after it rules,
// the later number where two begin together.
func TestAnyOrderOfArrivalGivesTheSameTimeline(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	random := rand.New(rand.NewPCG(1, 2))
	type claim struct {
		text string
		from time.Time
	}
	for document := range 40 {
		key := fmt.Sprintf("policy-%d", document)
		var claims []claim
		for n := range 1 + random.IntN(6) {
			c := claim{fmt.Sprintf("%s text %d", key, n), time.Date(2020+random.IntN(8), 1, 1, 0, 0, 0, 0, time.UTC)}
			claims = append(claims, c)
			a := arrival(key, c.text)
			a.EffectiveFrom = &c.from
			f.bring(a)
		}
		for year := 2019; year < 2030; year++ {
			at := time.Date(year, 7, 1, 0, 0, 0, 0, time.UTC)
			var rules *claim
			for _, c := range claims {
				if !c.from.After(at) && (rules == nil || !c.from.Before(rules.from)) {
					rules = &c
				}
			}
			var texts []string
			for _, text := range f.known(at, f.now()) {
				if len(text) > len(key) && text[:len(key)+1] == key+" " {
					texts = append(texts, text)
				}
			}
			if rules == nil {
				want(t, texts)
			} else {
				want(t, texts, rules.text)
			}
		}
	}
}

func want(t *testing.T, got []string, texts ...string) {
	t.Helper()
	if len(got) == 0 && len(texts) == 0 {
		return
	}
	if diff := cmp.Diff(texts, got); diff != "" {
		t.Errorf("in force (-want +got):\n%s", diff)
	}
}
