package library_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
	"clearwell/internal/library"
)

func TestDecisionsAreCarriedOutAndRemembered(t *testing.T) {
	t.Parallel()
	undated := file{source: "share", path: "trip.docx", title: "Travel policy", text: rules("travel", 3)}
	later := undated
	later.text = rules("travel", 3, 4)
	t.Run("replaces", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		old := f.publishFile(travel2024)
		f.hand(undated)
		rev, goesOn := f.decide(library.Settlement{Decision: library.Replaces, DocumentID: old.DocumentID})
		if !goesOn || rev.DocumentID != old.DocumentID || rev.Status != library.Queued {
			t.Fatalf("got %v %+v", goesOn, rev)
		}
		rev, verdict := f.identify(rev, undated)
		if verdict != library.GoOn || !f.goOn(rev, undated.text).InForce {
			t.Errorf("a decision is not asked again: verdict %d", verdict)
		}
		next := f.publishFile(later)
		if next.DocumentID != old.DocumentID || !next.InForce {
			t.Errorf("the next file of that name goes the same way: %+v", next)
		}
	})
	t.Run("new document", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		old := f.publishFile(travel2024)
		f.hand(undated)
		rev, goesOn := f.decide(library.Settlement{Decision: library.NewDocument})
		rev, _ = f.identify(rev, undated)
		rev = f.goOn(rev, undated.text)
		if !goesOn || rev.DocumentID == old.DocumentID || !rev.InForce {
			t.Errorf("got %+v", rev)
		}
		if next := f.publishFile(later); next.DocumentID != rev.DocumentID {
			t.Errorf("the next file of that name goes the same way: %+v", next)
		}
	})
	t.Run("duplicate", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		old := f.publishFile(travel2024)
		f.hand(undated)
		rev, goesOn := f.decide(library.Settlement{Decision: library.DuplicateOf, DocumentID: old.DocumentID})
		if goesOn || rev.Status != library.Duplicate || rev.DuplicateOf == nil || rev.DuplicateOf.DocumentID != old.DocumentID {
			t.Errorf("got %v %+v", goesOn, rev)
		}
	})
	t.Run("reject", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		f.publishFile(travel2024)
		f.hand(undated)
		if rev, goesOn := f.decide(library.Settlement{Decision: library.Reject}); goesOn || rev.Status != library.Rejected {
			t.Errorf("got %v %+v", goesOn, rev)
		}
		if next, verdict := f.hand(later); verdict != library.IsRefused || next.ReasonCode != "rejected_before" {
			t.Errorf("the next file of that name goes the same way: verdict %d %+v", verdict, next)
		}
	})
}

func TestDecisionsThatCanNotBe(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.publishFile(travel2024)
	foreign := f.publishFile(file{collection: "sales", path: "s.md", title: "Sales", text: rules("sales")})
	f.hand(file{path: "trip.docx", title: "Travel policy", text: rules("travel", 3)})
	w := f.openReview()
	tests := map[string]library.Settlement{
		"unknown_target":   {Decision: library.Replaces, DocumentID: 4711},
		"invalid_decision": {Decision: library.FileIntoHistory},
	}
	for code, d := range tests {
		err := f.inTx(func(tx pgx.Tx) error {
			_, _, err := library.Settle(t.Context(), tx, w.ID, "key:1", d)
			return err
		})
		if fault.CodeOf(err) != code {
			t.Errorf("want %s, got %v", code, err)
		}
	}
	err := f.inTx(func(tx pgx.Tx) error {
		_, _, err := library.Settle(t.Context(), tx, w.ID, "key:1", library.Settlement{Decision: library.Replaces, DocumentID: foreign.DocumentID})
		return err
	})
	if fault.CodeOf(err) != "unknown_target" {
		t.Errorf("a document of other readers can't be replaced, got %v", err)
	}
	f.decide(library.Settlement{Decision: library.Reject})
	err = f.inTx(func(tx pgx.Tx) error {
		_, _, err := library.Settle(t.Context(), tx, w.ID, "key:1", library.Settlement{Decision: library.NewDocument})
		return err
	})
	if fault.CodeOf(err) != "review_closed" {
		t.Errorf("want review_closed, got %v", err)
	}
}
