package journal_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/journal"
	"clearwell/internal/postgres/pgtest"
)

// rows returns what a query gives as JSON objects, without the times.
func rows(t *testing.T, pool *pgxpool.Pool, table string) []map[string]any {
	t.Helper()
	var encoded []byte
	err := pool.QueryRow(t.Context(), `select coalesce(jsonb_agg(to_jsonb(t) - 'at'), '[]') from `+table+` t`).Scan(&encoded)
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	if err := json.Unmarshal(encoded, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestRecordKeepsWhatHappened(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	j := journal.New(pool)
	for _, e := range []journal.Event{
		{Actor: "key:1", Kind: journal.Received, DocumentID: 7, Revision: 2, Detail: map[string]any{"key": "vacation"}},
		{Actor: "system", Kind: journal.Failed},
	} {
		if err := j.Record(t.Context(), pool, e); err != nil {
			t.Fatal(err)
		}
	}
	want := []map[string]any{
		{"id": 1.0, "actor": "key:1", "kind": "received", "document_id": 7.0, "revision": 2.0, "detail": map[string]any{"key": "vacation"}},
		{"id": 2.0, "actor": "system", "kind": "failed", "document_id": nil, "revision": nil, "detail": map[string]any{}},
	}
	if diff := cmp.Diff(want, rows(t, pool, "events")); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestAnEventIsTrueOnlyWithItsTransaction(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	j := journal.New(pool)
	changedMyMind := errors.New("changed my mind")
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		if err := j.Record(t.Context(), tx, journal.Event{Actor: "key:1", Kind: journal.Published, DocumentID: 1}); err != nil {
			return err
		}
		return changedMyMind
	})
	if !errors.Is(err, changedMyMind) {
		t.Fatal(err)
	}
	if got := rows(t, pool, "events"); len(got) != 0 {
		t.Errorf("an event of a transaction that was rolled back: %v", got)
	}
}

func TestAReceiptHoldsWhatTheAnswerStoodOn(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	receipt := journal.Receipt{
		AnswerID: "0b9f2f0e-6a52-4a6e-9d3c-1d7a3f3d0c11", Actor: "key:1", Question: "How many days?", Answer: "25 days [1].",
		AsOf: time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC), Model: "extractive", PromptSHA256: []byte{1, 2},
		PromptTokens: 3, CompletionTokens: 4,
		SearchMillis: 5, TotalMillis: 6, DroppedCitations: 1,
		Passages:  []journal.ReceiptPassage{{ChunkID: 11, DocumentID: 7, Revision: 2, Score: 0.5}},
		Citations: []journal.ReceiptCitation{{N: 1, ChunkID: 11, DocumentID: 7, Revision: 2, Start: 10, End: 17, Quote: "25 days"}},
	}
	if err := journal.New(pool).Answered(t.Context(), receipt); err != nil {
		t.Fatal(err)
	}
	want := []map[string]any{{
		"answer_id": receipt.AnswerID, "actor": "key:1", "question": "How many days?", "answer": "25 days [1].",
		"abstained": false, "as_of": "2026-03-03T00:00:00+00:00", "asked_as_of": nil, "asked_known_at": nil,
		"model": "extractive", "prompt_sha256": `\x0102`, "prompt_tokens": 3.0,
		"completion_tokens": 4.0, "search_ms": 5.0, "total_ms": 6.0, "dropped_citations": 1.0,
		"passages": []any{map[string]any{"chunk_id": 11.0, "document_id": 7.0, "revision": 2.0, "score": 0.5}},
		"citations": []any{map[string]any{
			"n": 1.0, "chunk_id": 11.0, "document_id": 7.0, "revision": 2.0, "start": 10.0, "end": 17.0, "quote": "25 days",
		}},
	}}
	got := rows(t, pool, "receipts")
	if at, err := time.Parse(time.RFC3339, got[0]["as_of"].(string)); err != nil || !at.Equal(receipt.AsOf) {
		t.Errorf("as_of %v, want %v", got[0]["as_of"], receipt.AsOf)
	}
	got[0]["as_of"] = want[0]["as_of"] // compared above: its text depends on the server's time zone
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("receipts (-want +got):\n%s", diff)
	}
}

func TestAnAnswerHasOneReceiptAndEmptyListsStayLists(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	j := journal.New(pool)
	receipt := journal.Receipt{AnswerID: "0b9f2f0e-6a52-4a6e-9d3c-1d7a3f3d0c11", Abstained: true}
	if err := j.Answered(t.Context(), receipt); err != nil {
		t.Fatal(err)
	}
	if err := j.Answered(t.Context(), receipt); err == nil {
		t.Error("a second receipt of the same answer was accepted")
	}
	got := rows(t, pool, "receipts")[0]
	if diff := cmp.Diff([]any{[]any{}, []any{}}, []any{got["passages"], got["citations"]}); diff != "" {
		t.Errorf("passages and citations (-want +got):\n%s", diff)
	}
}

func TestTheJournalRefusesEveryChange(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	j := journal.New(pool)
	if err := j.Record(t.Context(), pool, journal.Event{Actor: "key:1", Kind: journal.Erased, DocumentID: 1}); err != nil {
		t.Fatal(err)
	}
	if err := j.Answered(t.Context(), journal.Receipt{AnswerID: "0b9f2f0e-6a52-4a6e-9d3c-1d7a3f3d0c11"}); err != nil {
		t.Fatal(err)
	}
	for _, change := range []string{
		`update events set actor = 'nobody'`, `delete from events`, `truncate events`,
		`update receipts set answer = ''`, `delete from receipts`, `truncate receipts`,
	} {
		_, err := pool.Exec(context.Background(), change)
		if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "23001" {
			t.Errorf("%s: %v, want restrict_violation", change, err)
		}
	}
	if len(rows(t, pool, "events")) != 1 || len(rows(t, pool, "receipts")) != 1 {
		t.Error("the journal lost rows")
	}
}
