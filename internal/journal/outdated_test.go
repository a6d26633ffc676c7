package journal_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/fault"
	"clearwell/internal/journal"
	"clearwell/internal/postgres/pgtest"
)

// spell is a time in which a revision of document 1 applied, and in which that was held to be true; zero
// times have no end.
type spell struct {
	revision           int
	from, until        time.Time
	recorded, replaced time.Time
	endedBy            string
}

// apply stores the spells as the library does; the room that does it stands on this room's floor.
func apply(t *testing.T, pool *pgxpool.Pool, spells ...spell) {
	t.Helper()
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	end := func(at time.Time) *time.Time {
		if at.IsZero() {
			return nil
		}
		return &at
	}
	exec(`insert into collections (name) values ('hr') on conflict do nothing`)
	exec(`insert into originals (sha256, size) values (sha256('x'), 1) on conflict do nothing`)
	exec(`insert into documents (collection_id, key) select id, 'leave' from collections on conflict do nothing`)
	for _, s := range spells {
		exec(`insert into revisions (document_id, number, original_sha256, title, file_name, media_type, size, created_by,
				received_at, status, effective_from, effective_source)
			select id, $1, sha256('x'), 'T', 'f.md', 'text/markdown', 1, 'test', now(), 'published', $2, 'explicit'
			from documents on conflict do nothing`, s.revision, s.from)
		exec(`insert into publications (document_id, revision_id, valid, recorded, ended_by)
			select document_id, id, tstzrange($2, $3), tstzrange($4, $5), $6 from revisions where number = $1`,
			s.revision, s.from, end(s.until), s.recorded, end(s.replaced), s.endedBy)
	}
}

func answered(t *testing.T, j *journal.Journal, r journal.Receipt) string {
	t.Helper()
	r.AnswerID = uuid.NewString()
	if err := j.Answered(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	return r.AnswerID
}

func cites(revisions ...int) []journal.ReceiptCitation {
	var all []journal.ReceiptCitation
	for i, revision := range revisions {
		all = append(all, journal.ReceiptCitation{N: i + 1, DocumentID: 1, Revision: revision})
	}
	return all
}

func TestAReceiptIsOutdatedWhenWhatItCitesNoLongerApplies(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC().Truncate(time.Microsecond)
	yesterday, lastMonth, lastYear := now.AddDate(0, 0, -1), now.AddDate(0, -1, 0), now.AddDate(-1, 0, 0)
	ended := func(revision int, by string, at *time.Time) []journal.OutdatedCitation {
		return []journal.OutdatedCitation{{N: 1, DocumentID: 1, Revision: revision, EndedBy: by, EndedAt: at}}
	}
	superseded := []spell{
		{revision: 1, from: lastYear, recorded: lastYear, replaced: yesterday},
		{revision: 1, from: lastYear, until: yesterday, recorded: yesterday, endedBy: "superseded"},
		{revision: 2, from: yesterday, recorded: yesterday},
	}
	withdrawn := []spell{{revision: 1, from: lastYear, until: yesterday, recorded: yesterday, endedBy: "withdrawn"}}
	backdated := []spell{
		{revision: 1, from: lastYear, recorded: lastYear, replaced: yesterday},
		{revision: 1, from: lastYear, until: lastMonth.AddDate(0, -1, 0), recorded: yesterday, endedBy: "superseded"},
		{revision: 2, from: lastMonth.AddDate(0, -1, 0), recorded: yesterday},
	}
	correction := lastMonth.AddDate(0, -1, 0)
	for name, c := range map[string]struct {
		spells  []spell
		receipt journal.Receipt
		want    []journal.OutdatedCitation
	}{
		"in force":              {superseded, journal.Receipt{Citations: cites(2)}, nil},
		"superseded":            {superseded, journal.Receipt{Citations: cites(1)}, ended(1, "superseded", &yesterday)},
		"withdrawn":             {withdrawn, journal.Receipt{Citations: cites(1)}, ended(1, "withdrawn", &yesterday)},
		"erased":                {nil, journal.Receipt{Citations: cites(1)}, ended(1, "erased", nil)},
		"still true of the day": {superseded, journal.Receipt{AskedAsOf: &lastMonth, Citations: cites(1)}, nil},
		"no longer of the day":  {backdated, journal.Receipt{AskedAsOf: &lastMonth, Citations: cites(1)}, ended(1, "superseded", &correction)},
		"as it was known then":  {backdated, journal.Receipt{AskedAsOf: &lastMonth, AskedKnownAt: &lastMonth, Citations: cites(1)}, nil},
		"known then, erased":    {nil, journal.Receipt{AskedKnownAt: &lastMonth, Citations: cites(1)}, ended(1, "erased", nil)},
		"abstained":             {superseded, journal.Receipt{Abstained: true, Citations: cites(1)}, nil},
		"cited as former":       {superseded, journal.Receipt{Citations: []journal.ReceiptCitation{{N: 1, DocumentID: 1, Revision: 1, IsFormer: true}}}, nil},
		"never to come": {[]spell{{revision: 1, from: lastYear, recorded: lastYear, replaced: yesterday}, {revision: 2, from: lastYear, recorded: yesterday}},
			journal.Receipt{Citations: cites(1)}, ended(1, "superseded", &yesterday)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := pgtest.New(t)
			apply(t, pool, c.spells...)
			j := journal.New(pool)
			c.receipt.Question, c.receipt.AsOf, c.receipt.PromptSHA256 = "How many?", now, []byte{1, 2}
			c.receipt.AnswerID = answered(t, j, c.receipt)
			got, err := j.Receipt(t.Context(), c.receipt.AnswerID)
			if err != nil {
				t.Fatal(err)
			}
			c.receipt.Outdated = c.want
			if diff := cmp.Diff(c.receipt, got, cmpopts.IgnoreFields(journal.Receipt{}, "At"), cmpopts.EquateEmpty(),
				cmpopts.EquateApproxTime(0)); diff != "" {
				t.Errorf("receipt (-want +got):\n%s", diff)
			}
			list, err := j.Outdated(t.Context(), now.Add(-time.Hour), 10)
			if err != nil {
				t.Fatal(err)
			}
			if isListed := len(list) == 1 && cmp.Diff(got, list[0]) == ""; isListed != (c.want != nil) || len(list) > 1 {
				t.Errorf("listed %+v", list)
			}
		})
	}
}

func TestOutdatedListsTheNewestSinceThen(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	j := journal.New(pool)
	var ids []string
	for range 3 {
		ids = append(ids, answered(t, j, journal.Receipt{Citations: cites(1)}))
	}
	second, err := j.Receipt(t.Context(), ids[1])
	if err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[int][]string{10: {ids[2], ids[1]}, 1: {ids[2]}} {
		list, err := j.Outdated(t.Context(), second.At, limit)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, r := range list {
			got = append(got, r.AnswerID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("limit %d (-want +got):\n%s", limit, diff)
		}
	}
}

func TestReceiptsRefuseWhatCanNotBe(t *testing.T) {
	t.Parallel()
	j := journal.New(pgtest.New(t))
	for _, id := range []string{"", "seven", uuid.NewString()} {
		if _, err := j.Receipt(t.Context(), id); fault.CodeOf(err) != "unknown_answer" || fault.KindOf(err) != fault.NotFound {
			t.Errorf("%q: %v", id, err)
		}
	}
	for _, limit := range []int{0, -1, 1001} {
		if _, err := j.Outdated(t.Context(), time.Time{}, limit); fault.CodeOf(err) != "receipt_limit" {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

// BenchmarkOutdated lists what is outdated among many receipts, of which one in a hundred is.
func BenchmarkOutdated(b *testing.B) {
	pool := pgtest.New(b)
	exec := func(sql string) {
		b.Helper()
		if _, err := pool.Exec(b.Context(), sql); err != nil {
			b.Fatal(err)
		}
	}
	exec(`insert into collections (name) values ('hr')`)
	exec(`insert into originals (sha256, size) values (sha256('x'), 1)`)
	exec(`insert into documents (collection_id, key) select c.id, 'd' || n from collections c, generate_series(1, 10000) n`)
	exec(`insert into revisions (document_id, number, original_sha256, title, file_name, media_type, size, created_by,
			received_at, status, effective_from, effective_source)
		select d.id, n, sha256('x'), 'T', 'f.md', 'text/markdown', 1, 'test', now(), 'published', '2025-01-01', 'explicit'
		from documents d, generate_series(1, 3) n`)
	exec(`insert into publications (document_id, revision_id, valid, recorded, ended_by)
		select document_id, id, tstzrange(now() - (4 - number) * interval '1 y', case when number < 3 then now() - (3 - number) * interval '1 y' end),
			tstzrange(now() - interval '1 y', null), case when number < 3 then 'superseded' else '' end
		from revisions`)
	exec(`insert into receipts (answer_id, actor, question, answer, abstained, as_of, model, prompt_tokens, completion_tokens,
			search_ms, total_ms, dropped_citations, passages, citations)
		select gen_random_uuid(), 'key:1', 'q', 'a', false, now(), 'm', 0, 0, 0, 0, 0, '[]',
			(select jsonb_agg(jsonb_build_object('n', i, 'chunk_id', 1, 'document_id', 1 + (n * 7919 + i * 31) % 10000,
				'revision', case when n % 100 = 0 then 2 else 3 end, 'start', 0, 'end', 9, 'quote', repeat('word ', 20)))
				from generate_series(1, 2) i)
		from generate_series(1, 100000) n`)
	exec(`analyze`)
	for _, limit := range []int{50, 1000} {
		b.Run(fmt.Sprintf("limit %d", limit), func(b *testing.B) {
			for b.Loop() {
				list, err := journal.New(pool).Outdated(b.Context(), time.Now().AddDate(0, -1, 0), limit)
				if err != nil || len(list) != limit {
					b.Fatalf("%d receipts, %v", len(list), err)
				}
			}
		})
	}
}
