package retrieve

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/access"
)

func (s *shelf) searchEnded(t *testing.T, who access.Principal, q Query) EndedResult {
	t.Helper()
	result, err := s.searcher.Ended(t.Context(), who, q)
	if err != nil {
		t.Fatalf("searching what ended for %q: %v", q.Text, err)
	}
	return result
}

func TestEndedFindsDocumentsOfWhichNothingApplies(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	now := time.Now().Truncate(time.Microsecond)
	yesterday, lastWeek := now.AddDate(0, 0, -1), now.AddDate(0, 0, -7)
	s.put(t, page{key: "winter", text: "winter allowance is 30 euros", until: lastWeek, history: true})
	s.put(t, page{key: "winter", text: "winter allowance is 50 euros", from: lastWeek, until: yesterday, history: true, endedBy: "expired"})
	s.put(t, page{key: "parking", text: "parking allowance is 9 euros", until: yesterday, history: true, endedBy: "withdrawn"})
	s.put(t, page{key: "leave", text: "allowance of leave", until: lastWeek, history: true, endedBy: "expired"})
	s.put(t, page{key: "leave", text: "allowance of leave and more", from: lastWeek})
	s.put(t, page{key: "summer", text: "summer allowance", until: now.AddDate(0, 0, 9), endedBy: "expired"})
	s.put(t, page{collection: "board", key: "board", text: "winter allowance of the board", until: yesterday, history: true, endedBy: "expired"})
	s.count(t)

	got := s.searchEnded(t, reader("handbook"), Query{Text: "winter allowance"})
	type end struct {
		Key, Text, By string
		At            time.Time
	}
	ends := func(r EndedResult) []end {
		var all []end
		for _, p := range r.Passages {
			all = append(all, end{p.DocumentKey, p.Text, p.EndedBy, p.EndedAt})
		}
		return all
	}
	want := []end{
		{"winter", "winter allowance is 50 euros", "expired", yesterday.UTC()},
		{"parking", "parking allowance is 9 euros", "withdrawn", yesterday.UTC()},
	}
	if diff := cmp.Diff(want, ends(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Coverage != 1 || got.Cosine <= 0 || got.AsOf.IsZero() {
		t.Errorf("coverage %v, cosine %v, as of %v", got.Coverage, got.Cosine, got.AsOf)
	}
	// At another moment other documents have ended, and what is recorded since then was not known.
	before := s.searchEnded(t, reader("handbook"), Query{Text: "winter allowance", AsOf: lastWeek.Add(-time.Hour)})
	if len(before.Passages) != 0 {
		t.Errorf("nothing had ended by then, got %v", ends(before))
	}
	past := s.searchEnded(t, reader(), Query{Text: "winter allowance", AsOf: now.AddDate(0, 0, 10)})
	if got := len(past.Passages); got != 4 {
		t.Errorf("in ten days four documents will have ended, got %v", ends(past))
	}
	if nobody := s.searchEnded(t, access.Principal{}, Query{Text: "winter allowance"}); len(nobody.Passages) != 0 {
		t.Errorf("nobody may read %v", ends(nobody))
	}
}

func TestEndedScoresLikeTheSearchOfThatTime(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	yesterday := time.Now().AddDate(0, 0, -1)
	s.put(t, page{key: "winter", text: "winter allowance is 50 euros", until: yesterday, history: true, endedBy: "withdrawn"})
	s.count(t)
	s.amends(t, "winter") // not of itself in life; it is marked all the same
	then := s.search(t, reader(), Query{Text: "winter allowance", AsOf: yesterday.Add(-time.Hour)}).Passages[0]
	now := s.searchEnded(t, reader(), Query{Text: "winter allowance"}).Passages[0]
	if diff := cmp.Diff(then, now.Passage); diff != "" || !now.IsAmendment {
		t.Errorf("(-then +now):\n%s", diff)
	}
}

func TestLookingForWhatEndedIsAStepIntoAnIndex(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.put(t, page{key: "leave", text: "vacation is 25 days"})
	s.exec(t, `
		insert into publications (document_id, revision_id, valid, recorded, ended_by)
		select b.document_id, b.revision_id, tstzrange('1990-01-01', '1990-01-01'::timestamptz + n * interval '1 s'),
			tstzrange('1990-01-01', '1990-01-02'), 'superseded'
		from publications b, generate_series(1, 20000) n`)
	s.exec(t, `analyze publications`)
	plan := s.explain(t, `select exists (select from publications
		where ended_by in ('expired', 'withdrawn') and upper(valid) <= now())`) // what has_ended says
	if !strings.Contains(plan, "publications_ended") || strings.Contains(plan, "Seq Scan") {
		t.Errorf("nothing ended, yet all is looked at:\n%s", plan)
	}
	calls := s.embedder.Calls()
	if got := s.searchEnded(t, reader(), Query{Text: "vacation"}); len(got.Passages) != 0 || s.embedder.Calls() != calls {
		t.Errorf("found %d passages with %d embeddings", len(got.Passages), s.embedder.Calls()-calls)
	}
}
