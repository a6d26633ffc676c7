package library_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
	"clearwell/internal/imprint"
	"clearwell/internal/library"
)

func (f *fixture) tryReceive(a library.Arrival) error {
	f.Helper()
	return f.inTx(func(tx pgx.Tx) error {
		_, _, err := f.store.Receive(f.Context(), tx, a)
		return err
	})
}

func TestMergedDocumentTakesOverBothParts(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(dated("meals", "Meals are paid.", "2024-01-01"))
	f.bring(dated("hotels", "Hotels are paid.", "2024-01-01"))
	merged := dated("travel", "Meals and hotels are paid.", "2025-01-01")
	merged.Supersedes = []string{"meals", "hotels"}
	f.bring(merged)
	if diff := cmp.Diff([]string{"Meals and hotels are paid."}, f.known(f.now(), f.now())); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Hotels are paid.", "Meals are paid."}, f.known(*day("2024-06-01"), f.now())); diff != "" {
		t.Error(diff)
	}
	late := f.bring(dated("meals", "Meals are half paid.", "2024-06-01"))
	if late.EffectiveUntil == nil || !late.EffectiveUntil.Equal(*day("2025-01-01")) {
		t.Errorf("what arrives late ends where the other document began: %+v", late)
	}
}

func TestTakenOverDocumentDoesNotComeBackByItself(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(dated("old", "Old rule.", "2024-01-01"))
	next := dated("new", "New rule.", "2025-01-01")
	next.Supersedes = []string{"old"}
	f.bring(next)
	again, _ := f.receive(dated("old", "Old rule, edited.", "2026-01-01"))
	if held, verdict := f.identify(again, file{title: "Old", text: "Old rule, edited."}); verdict != library.IsHeld || held.ReasonCode != "document_taken_over" {
		t.Fatalf("got verdict %d %+v", verdict, held)
	}
	rev, _ := f.decide(library.Settlement{Decision: library.PublishIt})
	rev, _ = f.identify(rev, file{title: "Old", text: "Old rule, edited."})
	if rev = f.goOn(rev, "Old rule, edited."); !rev.InForce {
		t.Errorf("a person may bring it back: %+v", rev)
	}
}

func TestRelationsThatCanNotBe(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(dated("a", "A.", "2024-01-01"))
	b := dated("b", "B.", "2025-01-01")
	b.Supersedes = []string{"a"}
	f.bring(b)
	elsewhere := arrival("far", "Far.")
	elsewhere.Collection = "sales"
	f.bring(elsewhere)
	erased := f.bring(arrival("gone", "Gone."))
	f.must(f.inTx(func(tx pgx.Tx) error { return library.Erase(t.Context(), tx, erased.DocumentID) }))
	naming := func(key, superseded, amended string) library.Arrival {
		a := arrival(key, key+" again")
		if superseded != "" {
			a.Supersedes = []string{superseded}
		}
		if amended != "" {
			a.Amends = []string{amended}
		}
		return a
	}
	tests := map[string]struct {
		arrival library.Arrival
		code    string
	}{
		"a cycle":            {naming("a", "b", ""), "supersession_cycle"},
		"itself":             {naming("a", "a", ""), "supersession_cycle"},
		"nothing":            {naming("c", "nothing", ""), "unknown_superseded"},
		"another collection": {naming("c", "far", ""), "unknown_superseded"},
		"erased":             {naming("c", "gone", ""), "unknown_superseded"},
		"amends nothing":     {naming("c", "", "nothing"), "unknown_amended"},
	}
	before := f.rows()
	for name, test := range tests {
		if err := f.tryReceive(test.arrival); fault.CodeOf(err) != test.code {
			t.Errorf("%s: want %s, got %v", name, test.code, err)
		}
	}
	if after := f.rows(); before != after {
		t.Errorf("a refused file leaves nothing behind: %d revisions, then %d", before, after)
	}
}

func (f *fixture) rows() int {
	f.Helper()
	var n int
	f.must(f.pool.QueryRow(f.Context(), `select (select count(*) from revisions) + (select count(*) from documents)`).Scan(&n))
	return n
}

func TestNamesInTheDocumentThatNobodyKnowsAreAsked(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	in := file{title: "B", text: rules("b"), facts: imprint.Facts{Supersedes: []string{"no such"}}}
	rev, _ := f.receive(arrival("b", "b"))
	held, verdict := f.identify(rev, in)
	if verdict != library.IsHeld || held.ReasonCode != "unknown_superseded" {
		t.Fatalf("got verdict %d %+v", verdict, held)
	}
	rev, _ = f.decide(library.Settlement{Decision: library.PublishIt})
	if _, verdict = f.identify(rev, in); verdict != library.GoOn {
		t.Errorf("what was decided is not asked again, got %d", verdict)
	}
}

func TestRetentionDropsTextsAndKeepsWhatHappened(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	old := f.bring(dated("a", "Old rule.", "2024-01-01"))
	f.bring(dated("a", "New rule.", "2025-01-01"))
	if n, err := f.store.DropHistory(t.Context()); err != nil || n != 0 {
		t.Fatalf("without a setting history is kept: %d %v", n, err)
	}
	none := 0
	f.must(f.inTx(func(tx pgx.Tx) error {
		return library.SetSettings(t.Context(), tx, library.Settings{Collection: "default", OnCertain: "supersede", OnUncertain: "hold", KeepHistoryDays: &none})
	}))
	if n, err := f.store.DropHistory(t.Context()); err != nil || n != 1 {
		t.Fatalf("want one dropped, got %d %v", n, err)
	}
	if diff := cmp.Diff([]string{"New rule."}, f.known(f.now(), f.now())); diff != "" {
		t.Error(diff)
	}
	if got := f.known(*day("2024-06-01"), f.now()); len(got) != 0 {
		t.Errorf("the text is gone, got %q", got)
	}
	var parts int
	f.must(f.pool.QueryRow(t.Context(), `select count(*) from original_parts`).Scan(&parts))
	now, err := f.store.RevisionByID(t.Context(), old.ID)
	f.must(err)
	if parts != 1 || now.HistoryDroppedAt == nil || now.EffectiveUntil == nil {
		t.Errorf("bytes go, dates stay: %d parts, %+v", parts, now)
	}
	if _, err := f.store.Change(t.Context(), old.DocumentID, 1, 2); fault.CodeOf(err) != "history_dropped" {
		t.Errorf("got %v", err)
	}
	if _, err := f.store.RevisionText(t.Context(), now); fault.CodeOf(err) != "history_dropped" {
		t.Errorf("got %v", err)
	}
	if _, err := f.store.OpenOriginal(t.Context(), now); fault.CodeOf(err) != "history_dropped" {
		t.Errorf("got %v", err)
	}
	back, outcome := f.receive(dated("a", "Old rule.", "2026-01-01"))
	if outcome != library.Requeued {
		t.Fatalf("the same bytes bring it back, got %v", outcome)
	}
	if back = f.goOn(back, "Old rule."); !back.InForce || back.HistoryDroppedAt != nil {
		t.Errorf("got %+v", back)
	}
}

func TestOlderLibrariesGetTheirSignatures(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	a := dated("travel", rules("travel"), "2024-01-01")
	a.Title = "Travel policy"
	old := f.bring(a) // without identification, as before there was any
	if n, err := f.store.SignMissing(t.Context(), 10); err != nil || n != 1 {
		t.Fatalf("want one signature, got %d %v", n, err)
	}
	next := f.publishFile(file{path: "t2.md", title: "Travel policy", text: rules("travel", 3), from: "2025-01-01"})
	if next.DocumentID != old.DocumentID {
		t.Errorf("what continues it finds it: %+v", next)
	}
	if n, err := f.store.SignMissing(t.Context(), 10); err != nil || n != 0 {
		t.Errorf("nothing is left to do, got %d %v", n, err)
	}
}

func TestLatestChangeComparesWithTheRevisionBefore(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	first := f.bring(dated("a", "You get 20 days.", "2024-01-01"))
	if change, err := f.store.LatestChange(t.Context(), first.DocumentID, time.Time{}, time.Time{}); err != nil || change != nil {
		t.Errorf("the first revision changed nothing: %+v %v", change, err)
	}
	f.bring(dated("a", "You get 25 days.", "2025-01-01"))
	late := f.bring(dated("a", "You get 22 days.", "2024-07-01"))
	for at, want := range map[string][2]int{"2024-08-01": {1, late.Number}, "2025-02-01": {late.Number, 2}} {
		change, err := f.store.LatestChange(t.Context(), first.DocumentID, *day(at), time.Time{})
		f.must(err)
		if change == nil || [2]int{change.From.Number, change.To.Number} != want || len(change.Report.Changes) != 1 {
			t.Errorf("at %s: want %v, got %+v", at, want, change)
		}
	}
	if change, err := f.store.LatestChange(t.Context(), first.DocumentID, *day("2020-01-01"), time.Time{}); err != nil || change != nil {
		t.Errorf("nothing applied then: %+v %v", change, err)
	}
}
