package httpapi

import (
	"context"
	"time"

	"clearwell/api"
	"clearwell/internal/access"
	"clearwell/internal/library"
)

// ListReviews returns a page of what waits for a decision that the caller may make.
func (s *Server) ListReviews(ctx context.Context, req api.ListReviewsRequestObject) (api.ListReviewsResponseObject, error) {
	who := principalOf(ctx)
	limit, err := checkLimit(req.Params.Limit, 50, 200)
	if err != nil {
		return nil, err
	}
	after, err := parseCursor(req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page := api.ListReviews200JSONResponse{Reviews: []api.Review{}}
	if who.Role == access.Reader {
		return page, nil
	}
	found, err := s.Library.Reviews(ctx, library.ReviewFilter{
		Collections: who.Collections, Collection: storable(valueOf(req.Params.Collection)),
		Open: req.Params.Open == nil || *req.Params.Open, After: after, Limit: limit,
	})
	if err != nil {
		return nil, err
	}
	for _, review := range found {
		page.Reviews = append(page.Reviews, reviewOf(review))
		page.NextCursor = nextCursor(len(found) == limit, review.ID)
	}
	return page, nil
}

// GetReview returns one review.
func (s *Server) GetReview(ctx context.Context, req api.GetReviewRequestObject) (api.GetReviewResponseObject, error) {
	review, err := s.decidableReview(ctx, principalOf(ctx), req.Id)
	if err != nil {
		return nil, err
	}
	return api.GetReview200JSONResponse(reviewOf(review)), nil
}

// DecideReview carries out what a person decided about a held revision.
func (s *Server) DecideReview(ctx context.Context, req api.DecideReviewRequestObject) (api.DecideReviewResponseObject, error) {
	who := principalOf(ctx)
	review, err := s.decidableReview(ctx, who, req.Id)
	if err != nil {
		return nil, err
	}
	settlement, err := s.settlement(ctx, who, *req.Body)
	if err != nil {
		return nil, err
	}
	rev, err := s.Intake.Decide(ctx, who, review.ID, settlement)
	if err != nil {
		return nil, err
	}
	return api.DecideReview200JSONResponse(revisionOf(rev)), nil
}

func (s *Server) settlement(ctx context.Context, who access.Principal, body api.Settlement) (library.Settlement, error) {
	from, err := parseTime("effective_from", valueOf(body.EffectiveFrom))
	if err != nil {
		return library.Settlement{}, err
	}
	until, err := parseTime("effective_until", valueOf(body.EffectiveUntil))
	if err != nil {
		return library.Settlement{}, err
	}
	if err := checkDates(from, until); err != nil {
		return library.Settlement{}, err
	}
	target, err := s.namedDocument(ctx, who, body.DocumentId)
	if err != nil {
		return library.Settlement{}, err
	}
	return library.Settlement{
		Decision: library.Decision(body.Decision), DocumentID: target, EffectiveFrom: givenTime(from), EffectiveUntil: givenTime(until),
	}, nil
}

// givenTime is nil for the zero time.
func givenTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func reviewOf(r library.Review) api.Review {
	review := api.Review{
		Id: idOf(r.ID), Kind: api.ReviewKind(r.Kind), Code: r.Code, Message: r.Message, Revision: revisionOf(r.Revision),
		Candidates: candidatesOf(r.Candidates), OpenedAt: r.OpenedAt, DecidedAt: r.DecidedAt, DecidedBy: r.DecidedBy,
	}
	if r.Decision != "" {
		decision := api.ReviewDecision(r.Decision)
		review.Decision = &decision
	}
	if r.TargetID != 0 {
		target := idOf(r.TargetID)
		review.TargetDocumentId = &target
	}
	return review
}

func candidatesOf(candidates []library.Candidate) []api.Candidate {
	list := make([]api.Candidate, len(candidates))
	for i, c := range candidates {
		list[i] = api.Candidate{
			DocumentId: idOf(c.DocumentID), DocumentKey: c.DocumentKey, Title: c.Title, Revision: c.Revision,
			Score: c.Score, Text: c.Text, Headings: c.Headings, SameTitle: c.SameTitle, SameName: c.SameName,
			SameFolder: c.SameFolder, Reasons: append([]string{}, c.Reasons...),
		}
	}
	return list
}
