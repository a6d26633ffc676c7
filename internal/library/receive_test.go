package library_test

import (
	"crypto/sha256"
	"io"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
	"clearwell/internal/library"
)

func TestBytesSeenAlreadyMakeNoNewRevision(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	first := f.bring(arrival("policy", "20 days"))
	rev, outcome := f.receive(arrival("policy", "20 days"))
	if outcome != library.Unchanged || rev.ID != first.ID {
		t.Errorf("want revision 1 unchanged, got %v %+v", outcome, rev)
	}
}

func TestOldBytesWithoutADateRollBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(arrival("policy", "20 days"))
	f.bring(arrival("policy", "25 days"))
	rev, outcome := f.receive(arrival("policy", "20 days"))
	if outcome != library.Republished || rev.Number != 1 || !rev.InForce {
		t.Errorf("want revision 1 in force again, got %v %+v", outcome, rev)
	}
	want(t, f.found(f.now()), "20 days")
}

func TestOldBytesWithTheirOldDateStayHistory(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(dated("policy", "20 days", "2024-01-01"))
	f.bring(dated("policy", "25 days", "2025-01-01"))
	if _, outcome := f.receive(dated("policy", "20 days", "2024-01-01")); outcome != library.Unchanged {
		t.Errorf("want unchanged, got %v", outcome)
	}
	want(t, f.found(f.now()), "25 days")
}

func TestFailedRevisionIsQueuedAgainByTheSameBytes(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	rev, _ := f.receive(arrival("policy", "20 days"))
	f.must(f.store.Stop(t.Context(), rev.ID, library.Failed, "damaged_file", "The file is damaged."))
	again, outcome := f.receive(arrival("policy", "20 days"))
	if outcome != library.Requeued || again.ID != rev.ID || again.Status != library.Queued || again.ReasonCode != "" {
		t.Errorf("want the same revision queued, got %v %+v", outcome, again)
	}
}

func TestFailedRevisionIsTriedAgainUnderItsNewName(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	misnamed := arrival("policy", "20 days")
	misnamed.FileName, misnamed.MediaType = "policy.pdf", "application/pdf"
	rev, _ := f.receive(misnamed)
	f.must(f.store.Stop(t.Context(), rev.ID, library.Failed, "damaged_file", "The file is named .pdf but holds text."))
	renamed := arrival("policy", "20 days")
	renamed.FileName, renamed.MediaType, renamed.Source = "policy.md", "text/markdown", "handbook/policy.md"
	again, _ := f.receive(renamed)
	if again.ID != rev.ID || again.FileName != "policy.md" || again.MediaType != "text/markdown" || again.Source != "handbook/policy.md" {
		t.Errorf("want the same revision under its new name, got %+v", again)
	}
}

func TestFailureKeepsTheRevisionInForce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(arrival("policy", "20 days"))
	rev, _ := f.receive(arrival("policy", "25 days"))
	f.must(f.store.Stop(t.Context(), rev.ID, library.Failed, "damaged_file", "The file is damaged."))
	want(t, f.found(f.now()), "20 days")
	if rev = f.again(rev); rev.ReasonMessage != "The file is damaged." {
		t.Errorf("the reason stands on the new revision, got %+v", rev)
	}
}

func TestSameTextInAnotherFormatMakesNoChunks(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(dated("policy", "20 days\n\na week's notice", "2024-01-01"))
	other := dated("policy", "<p>20 days</p>", "2025-01-01") // other bytes, the same cleaned text
	rev, _ := f.receive(other)
	if n := f.stage(rev, "20 days\n\na week's notice"); n != 0 {
		t.Errorf("want no text to embed, got %d", n)
	}
	f.publish(rev)
	var chunks int
	f.must(f.pool.QueryRow(t.Context(), `select count(*) from chunks`).Scan(&chunks))
	if chunks != 2 {
		t.Errorf("want the two chunks there were, got %d", chunks)
	}
	want(t, f.found(f.now()), "20 days", "a week's notice")
}

func TestOnlyNewTextIsEmbedded(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(arrival("policy", "one\n\ntwo\n\nthree"))
	rev, _ := f.receive(arrival("policy", "one\n\ntwo and a half\n\nthree"))
	if n := f.stage(rev, "one\n\ntwo and a half\n\nthree"); n != 1 {
		t.Errorf("want one text to embed, got %d", n)
	}
	other, _ := f.receive(arrival("copy", "three\n\nthree"))
	if n := f.stage(other, "three\n\nthree"); n != 0 {
		t.Errorf("a text that another document holds is not embedded again, got %d", n)
	}
}

func TestOriginalComesBackByteForByte(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	body := strings.Repeat("0123456789abcdef", 200_000) // more than three parts
	a := arrival("big", body)
	rev, _ := f.receive(a)
	r, err := f.store.OpenOriginal(t.Context(), rev)
	f.must(err)
	got, err := io.ReadAll(r)
	f.must(err)
	if sha256.Sum256(got) != a.SHA256 {
		t.Errorf("got %d bytes that are not those uploaded", len(got))
	}
}

func TestEraseLeavesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	rev := f.bring(arrival("policy", "20 days"))
	f.bring(arrival("other", "30 days"))
	f.must(f.inTx(func(tx pgx.Tx) error { return library.Erase(t.Context(), tx, rev.DocumentID) }))
	want(t, f.found(f.now()), "30 days")
	for _, table := range []string{"documents", "revisions", "contents", "chunks", "publications", "originals", "original_parts"} {
		var rows int
		f.must(f.pool.QueryRow(t.Context(), `select count(*) from `+table).Scan(&rows))
		if rows != 1 {
			t.Errorf("%s: want only the other document's row, got %d", table, rows)
		}
	}
}

func TestBadArrivalsAreRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	cases := map[string]func(*library.Arrival){
		"invalid_collection":   func(a *library.Arrival) { a.Collection = "../etc" },
		"invalid_document_key": func(a *library.Arrival) { a.Key = "" },
		"invalid_dates":        func(a *library.Arrival) { a.EffectiveFrom, a.EffectiveUntil = day("2025-01-01"), day("2024-01-01") },
	}
	for code, spoil := range cases {
		a := arrival("policy", "20 days")
		spoil(&a)
		err := f.inTx(func(tx pgx.Tx) error {
			_, _, err := f.store.Receive(t.Context(), tx, a)
			return err
		})
		if fault.CodeOf(err) != code {
			t.Errorf("want %s, got %v", code, err)
		}
	}
	a := arrival("policy", "20 days")
	a.EffectiveUntil = day("2001-01-01")
	err := f.inTx(func(tx pgx.Tx) error {
		_, _, err := f.store.Receive(t.Context(), tx, a)
		return err
	})
	if fault.CodeOf(err) != "invalid_dates" {
		t.Errorf("an end before today without a beginning is refused, got %v", err)
	}
}
