package answer_test

import (
	"crypto/sha256"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/answer"
	"clearwell/internal/chunk"
	"clearwell/internal/diff"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/journal"
	"clearwell/internal/library"
	"clearwell/internal/postgres"
	"clearwell/internal/postgres/pgtest"
	"clearwell/internal/retrieve"
)

// desk is the service on a real library, with a real search and journal.
type desk struct {
	pool     *pgxpool.Pool
	store    *library.Store
	journal  *journal.Journal
	embedder *inferencetest.Embedder
	service  *answer.Service
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	pool := pgtest.New(t)
	d := &desk{pool: pool, store: library.New(pool), journal: journal.New(pool), embedder: inferencetest.NewEmbedder(64)}
	if err := d.store.OpenIndex(t.Context(), d.embedder.Model()); err != nil {
		t.Fatal(err)
	}
	searcher := retrieve.NewSearcher(pool, d.embedder, retrieve.Config{})
	var err error
	d.service, err = answer.New(searcher, d.embedder, nil, d.journal, d.store, answer.Config{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// publish puts a document of one paragraph in force.
func (d *desk) publish(t *testing.T, key, title, text string, from time.Time, amends ...string) library.Revision {
	t.Helper()
	var rev library.Revision
	err := postgres.InTx(t.Context(), d.pool, func(tx pgx.Tx) (err error) {
		rev, _, err = d.store.Receive(t.Context(), tx, library.Arrival{Collection: "hr", Key: key, Title: title, FileName: key + ".md",
			MediaType: "text/markdown", CreatedBy: "test", SHA256: sha256.Sum256([]byte(key + text)), Size: int64(len(text)),
			Body: strings.NewReader(text), EffectiveFrom: &from, Amends: amends})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if rev, _, err = d.store.Start(t.Context(), rev.ID); err != nil {
		t.Fatal(err)
	}
	end := len([]rune(text))
	missing, err := d.store.Stage(t.Context(), rev, library.Staging{Title: title, MediaType: "text/markdown", Text: text, Language: "en",
		Blocks: []diff.Block{{Kind: "paragraph", End: end, Text: text}},
		Chunks: []chunk.Chunk{{Ref: chunk.Ref{End: end}, Text: text, Tokens: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, m := range missing {
		texts = append(texts, m.Text)
	}
	vectors, err := d.embedder.EmbedPassages(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.store.SetEmbeddings(t.Context(), rev, missing, vectors); err != nil {
		t.Fatal(err)
	}
	err = postgres.InTx(t.Context(), d.pool, func(tx pgx.Tx) error {
		_, err := library.Publish(t.Context(), tx, rev.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rev
}

// outdated are the answers that would differ now.
func (d *desk) outdated(t *testing.T) []journal.Receipt {
	t.Helper()
	list, err := d.journal.Outdated(t.Context(), time.Now().Add(-time.Hour), 100)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestADocumentsLifeAsItsReadersSeeIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	lately := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -20)
	question := "How many vacation days do employees get?"
	d.publish(t, "vacation", "Vacation policy", "Full-time employees get 20 vacation days a year. Ask your manager.", lately.AddDate(-1, 0, 0))
	first := ask(t, d.service, question)
	if want := "Full-time employees get 20 vacation days a year. [1]"; first.text != want {
		t.Errorf("want %q\n got %q", want, first.text)
	}

	rev := d.publish(t, "vacation", "Vacation policy", "Full-time employees get 28 vacation days a year. Ask your manager.", lately)
	second := ask(t, d.service, question)
	if !strings.HasPrefix(second.text, "Full-time employees get 28 vacation days a year. [1]\n\nChanged on ") ||
		!strings.HasSuffix(second.text, " it said “Full-time employees get 20 vacation days a year.”.") {
		t.Errorf("got %q", second.text)
	}
	if list := d.outdated(t); len(list) != 1 || list[0].AnswerID != first.done.ID || list[0].Outdated[0].EndedBy != "superseded" {
		t.Errorf("outdated %+v", list)
	}
	changed := ask(t, d.service, "What changed in the vacation policy?")
	if changed.done.Model != "changes" || !strings.Contains(changed.text, "get 20 vacation") || !strings.Contains(changed.text, "get 28 vacation") {
		t.Errorf("got %q", changed.text)
	}
	checkCitations(t, changed)
	if len(d.outdated(t)) != 1 {
		t.Error("an answer that cites what applied before is not out of date for that")
	}

	rev, err := d.store.Revision(t.Context(), rev.DocumentID, rev.Number)
	if err != nil {
		t.Fatal(err)
	}
	if err := postgres.InTx(t.Context(), d.pool, func(tx pgx.Tx) error { return library.Withdraw(t.Context(), tx, rev) }); err != nil {
		t.Fatal(err)
	}
	third := ask(t, d.service, question)
	if !third.done.Abstained || !strings.Contains(third.text, "“Vacation policy” did until it was withdrawn on ") {
		t.Errorf("got %q", third.text)
	}
	checkNoWord(t, third, "vacation days")
	if got := len(d.outdated(t)); got != 3 {
		t.Errorf("%d answers are out of date, want those two and what changed", got)
	}
}

func TestAnAmendmentIsAnsweredWithWhileItApplies(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	lately := time.Now().UTC().AddDate(-1, 0, 0)
	d.publish(t, "travel", "Travel policy", "Flights of more than 6 hours may be booked in business class.", lately)
	notice := d.publish(t, "notice", "Notice", "Business class may be booked for flights of more than 10 hours.", lately, "travel")
	question := "For flights of more than how many hours may business class be booked?"
	checkAmended := func(question string) toldAnswer {
		t.Helper()
		got := ask(t, d.service, question)
		if len(got.cited) == 0 || got.cited[0].Quote != "Business class may be booked for flights of more than 10 hours." {
			t.Errorf("%s: %q", question, got.text)
		}
		checkCitations(t, got)
		return got
	}
	checkAmended(question)
	got := checkAmended("Which flights of more than 6 hours may be booked in business class?")
	want := "Business class may be booked for flights of more than 10 hours. [1]\n\n" +
		"Flights of more than 6 hours may be booked in business class. [2] (amended by [1])"
	if got.text != want {
		t.Errorf("want %q\n got %q", want, got.text)
	}
	notice, err := d.store.Revision(t.Context(), notice.DocumentID, notice.Number)
	if err != nil {
		t.Fatal(err)
	}
	if err := postgres.InTx(t.Context(), d.pool, func(tx pgx.Tx) error { return library.Withdraw(t.Context(), tx, notice) }); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, d.service, question); got.text != "Flights of more than 6 hours may be booked in business class. [1]" {
		t.Errorf("got %q", got.text)
	}
}
