package httpapi_test

import (
	"context"
	"io"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/fault"
	"clearwell/internal/ingest"
	"clearwell/internal/journal"
	"clearwell/internal/library"
	"clearwell/internal/retrieve"
)

// rooms stands in for the rooms below: it returns what it was told to and remembers what it was asked.
type rooms struct {
	// answer is how a question is answered; the default yields script.
	answer func(ctx context.Context, yield func(answer.Event, error) bool)
	accept func(up ingest.Upload) (library.Revision, bool, error)

	mu        sync.Mutex
	asked     []answer.Question
	searched  []retrieve.Query
	who       access.Principal
	uploads   []upload
	filters   []library.ListFilter
	decisions []string
	docs      []library.Document
	revs      []library.Revision
	// moved is where documents went that files were first filed under.
	moved map[int64]int64
	// before is whose place a revision took, by its number; of 3 it is revs[1].
	before      map[int]library.Revision
	reviews     []library.Review
	asksReviews []library.ReviewFilter
	settlements []library.Settlement
	settings    map[string]library.Settings
	receipts    []journal.Receipt
	original    string
	text        string
	failure     error // of every call, when set
}

// upload is what Accept got, with its bytes read.
type upload struct {
	ingest.Upload
	Bytes string
}

var (
	march = time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)
	april = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
)

func passage() retrieve.Passage {
	return retrieve.Passage{
		ChunkID: 5, DocumentID: 9007199254740993, DocumentKey: "vacation.md", Collection: "hr", Title: "Vacation", Revision: 2,
		EffectiveFrom: march, Page: 0, Headings: []string{"Leave", "Days"}, Text: "Everyone has 25 days.", Start: 40, End: 61, Score: 1.5,
	}
}

func wholeAnswer() answer.Answer {
	p := passage()
	return answer.Answer{
		ID: "0b9f2f0e-6a52-4a6e-9d3c-1d7a3f3d0c11", Text: "You have 25 days [1].", AsOf: april, Model: "extractive",
		Citations: []answer.Citation{{N: 1, Passage: p, Quote: "25 days", Start: 53, End: 60}},
		Passages:  []retrieve.Passage{p}, PromptTokens: 1, CompletionTokens: 2, SearchMillis: 3, TotalMillis: 4,
	}
}

func script() []answer.Event {
	a := wholeAnswer()
	return []answer.Event{
		answer.Sources{Passages: a.Passages}, answer.Text{Delta: "You have "}, answer.Text{Delta: "25 days [1]."},
		answer.Cited{Citation: a.Citations[0]}, answer.Done{Answer: a},
	}
}

func newRooms() *rooms {
	rev := library.Revision{
		ID: 1, DocumentID: 7, DocumentKey: "vacation.md", Collection: "hr", Number: 2, Title: "Vacation", FileName: "Urlaub ä.md",
		MediaType: "text/markdown", Size: 8, ReceivedAt: march, Status: library.Published, InForce: true,
		EffectiveFrom: march, EffectiveBy: library.Explicit, PublishedAt: &march, Chunks: 3,
	}
	held := rev
	held.ID, held.Number, held.Status, held.InForce, held.PublishedAt = 2, 3, library.Held, false, nil
	held.ReasonCode, held.ReasonMessage = "personal_data", "Take the names out."
	legal := rev
	legal.DocumentID, legal.Collection, legal.DocumentKey = 8, "legal", "terms"
	return &rooms{
		docs: []library.Document{
			{ID: 7, Collection: "hr", Key: "vacation.md", CreatedAt: march, Current: &rev, Latest: held, Revisions: 3},
			{ID: 8, Collection: "legal", Key: "terms", CreatedAt: march, Latest: legal, Revisions: 1},
		},
		revs: []library.Revision{held, rev, legal}, moved: map[int64]int64{12: 7}, settings: map[string]library.Settings{}, original: "# 25 day", text: "Everyone has 25 days.",
		answer: func(_ context.Context, yield func(answer.Event, error) bool) {
			for _, e := range script() {
				if !yield(e, nil) {
					return
				}
			}
		},
		accept: func(ingest.Upload) (library.Revision, bool, error) {
			return library.Revision{DocumentID: 7, Number: 4, Status: library.Queued}, false, nil
		},
	}
}

func (r *rooms) Answer(ctx context.Context, who access.Principal, q answer.Question) iter.Seq2[answer.Event, error] {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked, r.who = append(r.asked, q), who
	return func(yield func(answer.Event, error) bool) { r.answer(ctx, yield) }
}

func (r *rooms) Search(_ context.Context, who access.Principal, q retrieve.Query) (retrieve.Result, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.searched, r.who = append(r.searched, q), who
	return retrieve.Result{AsOf: april, Passages: []retrieve.Passage{passage()}}, r.failure
}

func (r *rooms) Accept(_ context.Context, _ access.Principal, up ingest.Upload) (library.Revision, bool, error) {
	bytes, err := io.ReadAll(up.Body)
	if err != nil {
		return library.Revision{}, false, err
	}
	up.Body = nil
	r.mu.Lock()
	r.uploads = append(r.uploads, upload{up, string(bytes)})
	r.mu.Unlock()
	return r.accept(up)
}

func (r *rooms) decide(what string, documentID int64, number int) (library.Revision, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.decisions = append(r.decisions, what)
	for _, rev := range r.revs {
		if isIt := rev.DocumentID == documentID || rev.DocumentID == r.moved[documentID]; isIt && rev.Number == number {
			return rev, r.failure
		}
	}
	return library.Revision{}, fault.Newf(fault.NotFound, "unknown_revision", "This document has no revision %d.", number)
}

func (r *rooms) Publish(_ context.Context, _ access.Principal, documentID int64, number int) (library.Revision, error) {
	return r.decide("publish", documentID, number)
}

func (r *rooms) Withdraw(_ context.Context, _ access.Principal, documentID int64, number int) (library.Revision, error) {
	return r.decide("withdraw", documentID, number)
}

func (r *rooms) Delete(context.Context, access.Principal, int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.decisions = append(r.decisions, "delete")
	return r.failure
}

func (r *rooms) Revision(_ context.Context, documentID int64, number int) (library.Revision, error) {
	rev, err := r.decide("look", documentID, number)
	return rev, err
}

func (r *rooms) Document(_ context.Context, id int64) (library.Document, error) {
	for _, d := range r.docs {
		if d.ID == id || d.ID == r.moved[id] {
			return d, r.failure
		}
	}
	return library.Document{}, fault.Newf(fault.NotFound, "unknown_document", "There is no such document, or it is not yours to see.")
}

func (r *rooms) ListDocuments(_ context.Context, f library.ListFilter) ([]library.Document, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.filters = append(r.filters, f)
	var docs []library.Document
	for _, d := range r.docs {
		readable := f.Collections == nil || slices.Contains(f.Collections, d.Collection)
		if readable && (f.Collection == "" || f.Collection == d.Collection) && (f.Key == "" || f.Key == d.Key) {
			docs = append(docs, d)
		}
	}
	return docs[:min(len(docs), f.Limit)], r.failure
}

func (r *rooms) Revisions(_ context.Context, documentID int64) ([]library.Revision, error) {
	var revs []library.Revision
	for _, rev := range r.revs {
		if rev.DocumentID == documentID {
			revs = append(revs, rev)
		}
	}
	return revs, r.failure
}

func (r *rooms) OpenOriginal(context.Context, library.Revision) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(r.original)), r.failure
}

func (r *rooms) RevisionText(context.Context, library.Revision) (string, error) {
	return r.text, r.failure
}

func (r *rooms) Collections(context.Context) ([]string, error) {
	return []string{"hr", "legal"}, r.failure
}
