package httpapi_test

import (
	"context"
	"slices"
	"time"

	"clearwell/internal/access"
	"clearwell/internal/diff"
	"clearwell/internal/fault"
	"clearwell/internal/journal"
	"clearwell/internal/library"
)

func candidate() library.Candidate {
	return library.Candidate{
		DocumentID: 7, DocumentKey: "vacation.md", Title: "Vacation", Revision: 2, Score: 0.9, Text: 0.8, Headings: 0.5,
		SameTitle: true, SameFolder: true, Reasons: []string{"The titles agree."},
	}
}

// heldReviews are an open one in hr and a decided one in legal.
func heldReviews(r *rooms) []library.Review {
	return []library.Review{
		{
			ID: 31, Kind: library.ReviewIdentity, Code: "uncertain_identity", Message: "It may be a revision of vacation.md.",
			Revision: r.revs[0], Candidates: []library.Candidate{candidate()}, OpenedAt: march,
		},
		{
			ID: 30, Kind: library.ReviewOrder, Code: "unclear_order", Message: "Is it newer?", Revision: r.revs[2], OpenedAt: march,
			DecidedAt: &april, DecidedBy: "key:1", Decision: library.PublishIt, TargetID: 8,
		},
	}
}

func change(from, to library.Revision) library.Change {
	return library.Change{From: from, To: to, Report: diff.Report{
		Similarity: 0.75, Unchanged: 4,
		Changes: []diff.Change{{
			Op: diff.Changed, Old: &diff.Side{Text: "20 days", Headings: []string{"Leave"}, Page: 2, Start: 5, End: 12},
			New:   &diff.Side{Text: "25 days", Start: 6, End: 13},
			Words: []diff.Span{{Op: diff.Removed, Text: "20"}, {Op: diff.Added, Text: "25"}, {Op: diff.Same, Text: " days"}},
		}, {Op: diff.Moved, Old: &diff.Side{Text: "a"}, New: &diff.Side{Text: "a"}}},
	}}
}

func (r *rooms) Reviews(_ context.Context, f library.ReviewFilter) ([]library.Review, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asksReviews = append(r.asksReviews, f)
	var found []library.Review
	for _, w := range r.reviews {
		if (f.Collections == nil || slices.Contains(f.Collections, w.Revision.Collection)) && (!f.Open || w.DecidedAt == nil) {
			found = append(found, w)
		}
	}
	return found[:min(len(found), f.Limit)], r.failure
}

func (r *rooms) Review(_ context.Context, id int64) (library.Review, error) {
	for _, w := range r.reviews {
		if w.ID == id {
			return w, r.failure
		}
	}
	return library.Review{}, fault.Newf(fault.NotFound, "unknown_review", "There is no such review, or it is not yours to see.")
}

func (r *rooms) ReviewChange(_ context.Context, w library.Review, _ int64) (library.Change, error) {
	return change(r.revs[1], w.Revision), r.failure
}

func (r *rooms) Predecessor(_ context.Context, rev library.Revision) (*library.Revision, error) {
	if rev.Number == 3 {
		return &r.revs[1], r.failure
	}
	if previous, ok := r.before[rev.Number]; ok {
		return &previous, r.failure
	}
	return nil, r.failure
}

func (r *rooms) Change(ctx context.Context, documentID int64, from, to int) (library.Change, error) {
	old, err := r.Revision(ctx, documentID, from)
	if err != nil {
		return library.Change{}, err
	}
	current, err := r.Revision(ctx, documentID, to)
	return change(old, current), err
}

func (r *rooms) Settings(_ context.Context, collection string) (library.Settings, error) {
	set, isSet := r.settings[collection]
	if !isSet {
		set = library.Settings{Collection: collection, OnCertain: "supersede", OnUncertain: "hold"}
	}
	return set, r.failure
}

func (r *rooms) Decide(_ context.Context, _ access.Principal, reviewID int64, s library.Settlement) (library.Revision, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settlements = append(r.settlements, s)
	return r.reviews[0].Revision, r.failure
}

func (r *rooms) Configure(_ context.Context, who access.Principal, s library.Settings) error {
	if who.Role != access.Admin || !who.MayWrite(s.Collection) {
		return fault.Newf(fault.Forbidden, "may_not_configure", "Ask an admin.")
	}
	r.settings[s.Collection] = s
	return r.failure
}

func (r *rooms) Receipt(_ context.Context, answerID string) (journal.Receipt, error) {
	for _, receipt := range r.receipts {
		if receipt.AnswerID == answerID {
			return receipt, r.failure
		}
	}
	return journal.Receipt{}, fault.Newf(fault.NotFound, "unknown_answer", "There is no receipt of an answer %q: check its id.", answerID)
}

func (r *rooms) Outdated(_ context.Context, since time.Time, limit int) ([]journal.Receipt, error) {
	var found []journal.Receipt
	for _, receipt := range r.receipts {
		if !receipt.At.Before(since) {
			found = append(found, receipt)
		}
	}
	return found[:min(len(found), limit)], r.failure
}
