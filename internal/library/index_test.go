package library_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pgvector/pgvector-go"

	"clearwell/internal/analysis"
	"clearwell/internal/fault"
	"clearwell/internal/inference"
	"clearwell/internal/library"
)

func TestAnotherEmbeddingModelIsRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.must(f.store.OpenIndex(t.Context(), model()))
	for _, other := range []inference.Model{
		{Name: "other", Dimension: dimension},
		{Name: "test", Dimension: 2 * dimension},
		{Name: "test", Dimension: dimension, QueryPrefix: "query: "},
	} {
		if err := f.store.OpenIndex(t.Context(), other); fault.CodeOf(err) != "embedder_changed" {
			t.Errorf("%+v: want embedder_changed, got %v", other, err)
		}
	}
	if err := f.store.OpenIndex(t.Context(), inference.Model{Name: "huge", Dimension: 5000}); fault.CodeOf(err) != "dimension_unsupported" {
		t.Errorf("want dimension_unsupported, got %v", err)
	}
}

func TestRecountFollowsTheLibrary(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(arrival("a", "vacation days\n\nvacation request"))
	f.bring(arrival("b", "sick leave"))
	counted, err := f.store.Recount(t.Context(), false)
	f.must(err)
	if !counted {
		t.Fatal("a changed library is counted")
	}
	if n := f.frequency("vacation"); n != 2 {
		t.Errorf("two passages hold vacation, counted %d", n)
	}
	f.bring(arrival("a", "holiday days"))
	if _, err := f.store.Recount(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if n := f.frequency("vacation"); n != 0 {
		t.Errorf("no passage in force holds vacation, counted %d", n)
	}
	if counted, err = f.store.Recount(t.Context(), false); err != nil || counted {
		t.Errorf("an unchanged library is not counted again, got %v %v", counted, err)
	}
}

func TestFewPassagesAreWeighedByTheirOwnAverage(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for i, words := range []int{20, 22, 21} { // each changes the average by less than a tenth
		f.bring(arrival(fmt.Sprint("doc", i), strings.Repeat("vacation ", words-1)+fmt.Sprint("form", i)))
		_, err := f.store.Recount(t.Context(), false)
		f.must(err)
	}
	var average, weighted float64
	f.must(f.pool.QueryRow(t.Context(), `select average_words, weighted_words from lexical_statistics`).Scan(&average, &weighted))
	if math.Abs(average-weighted) > 0.01*average {
		t.Errorf("passages have %.2f words on average and are weighed by %.2f", average, weighted)
	}
}

func (f *fixture) frequency(word string) int {
	f.Helper()
	var n int
	f.must(f.pool.QueryRow(f.Context(), `select coalesce(sum(frequency), 0) from term_statistics where term = $1`,
		analysis.Question(word, "en")[0].Exact).Scan(&n))
	return n
}

// TestWeightsInSQLAreBM25 compares the schema's function with the formula.
func TestWeightsInSQLAreBM25(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	bag := analysis.Bag{IDs: []int32{3, 70, 999_999_999}, Counts: []float32{1, 2, 7}, Length: 40}
	var got pgvector.SparseVector
	f.must(f.pool.QueryRow(t.Context(), `select bm25_weights($1, $2, $3, $4)`, bag.IDs, bag.Counts, bag.Length, 55.5).Scan(&got))
	values := got.Values()
	for i, n := range bag.Counts {
		const k1, b = 1.2, 0.75
		tf := float64(n)
		want := tf * (k1 + 1) / (tf + k1*(1-b+b*float64(bag.Length)/55.5))
		if math.Abs(want-float64(values[i])) > 1e-5 {
			t.Errorf("term %d: want weight %f, got %f", i, want, values[i])
		}
	}
}

func TestEndedPassagesLeaveTheHotTable(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(arrival("notice", "closed on Monday"))
	_, err := f.pool.Exec(t.Context(), `update passages set valid = tstzrange('2020-01-01', '2020-02-01')`) // as if time had passed
	f.must(err)
	moved, err := f.store.MoveEnded(t.Context())
	f.must(err)
	if moved != 1 {
		t.Errorf("want one passage moved, got %d", moved)
	}
}

func TestListingShowsWhatIsInForceAndWhatIsNewest(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(dated("policy", "20 days", "2024-01-01"))
	f.bring(dated("policy", "30 days", "2099-01-01"))
	f.bring(arrival("travel", "by train"))
	docs, err := f.store.ListDocuments(t.Context(), library.ListFilter{})
	f.must(err)
	if len(docs) != 2 || docs[1].Current == nil || docs[1].Current.Number != 1 || docs[1].Latest.Number != 2 || docs[1].Revisions != 2 {
		t.Fatalf("unexpected listing: %+v", docs)
	}
	page, err := f.store.ListDocuments(t.Context(), library.ListFilter{After: docs[0].ID, Limit: 1})
	f.must(err)
	if len(page) != 1 || page[0].ID != docs[1].ID {
		t.Errorf("the second page holds the second document, got %+v", page)
	}
	none, err := f.store.ListDocuments(t.Context(), library.ListFilter{Collections: []string{"secret"}})
	f.must(err)
	if diff := cmp.Diff(0, len(none)); diff != "" {
		t.Error("a principal without the collection sees nothing")
	}
}

// In a library of some size one document more or less is not worth a count, until nobody is waiting.
func TestAnIdleLibraryIsCountedExactly(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(arrival("big", "vacation days for all"))
	copied := func(first, last, length int) { // the first passage, so many times as long
		_, err := f.pool.Exec(t.Context(), `
			with more as (
				insert into chunks (content_id, ordinal, text, context, headings, page, start_offset, end_offset, tokens,
					embedded_sha256, embedding, terms, counts, words)
				select content_id, n, text, context, headings, page, start_offset, end_offset, tokens,
					embedded_sha256, embedding, terms, counts, words * $3
				from chunks, generate_series($1::int, $2::int) n where ordinal = 0 returning id, embedding, terms)
			insert into passages (publication_id, chunk_id, document_id, collection_id, valid, embedding, terms, weights)
			select p.publication_id, m.id, p.document_id, p.collection_id, p.valid, m.embedding, m.terms, p.weights
			from more m, passages p join chunks c on c.id = p.chunk_id where c.ordinal = 0`, first, last, length)
		f.must(err)
	}
	copied(1, 2500, 1)
	recount := func(isIdle, want bool) {
		t.Helper()
		counted, err := f.store.Recount(t.Context(), isIdle)
		f.must(err)
		if counted != want {
			t.Errorf("idle %v: counted is %v", isIdle, counted)
		}
	}
	recount(false, true)
	copied(2501, 2700, 2) // which makes the average 7 % longer
	recount(false, true)
	recount(true, false) // all is counted, and the weights follow
	var average, weighted float64
	f.must(f.pool.QueryRow(t.Context(), `select average_words, weighted_words from lexical_statistics`).Scan(&average, &weighted))
	if average != weighted {
		t.Errorf("passages have %.3f words on average and are weighed by %.3f", average, weighted)
	}
	f.bring(arrival("small", "sick leave"))
	recount(false, false)
	if n := f.frequency("sick"); n != 0 {
		t.Errorf("sick stands in %d passages before the count", n)
	}
	recount(true, true)
	if n := f.frequency("sick"); n != 1 {
		t.Errorf("sick stands in %d passages", n)
	}
	recount(true, false)
}
