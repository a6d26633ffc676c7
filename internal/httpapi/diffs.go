package httpapi

import (
	"context"

	"clearwell/api"
	"clearwell/internal/access"
	"clearwell/internal/diff"
	"clearwell/internal/fault"
	"clearwell/internal/library"
)

// GetDiff returns what a revision changed against another one of its document.
func (s *Server) GetDiff(ctx context.Context, req api.GetDiffRequestObject) (api.GetDiffResponseObject, error) {
	who := principalOf(ctx)
	to, err := s.openRevision(ctx, who, req.Id, req.N)
	if err != nil {
		return nil, err
	}
	number, err := s.olderThan(ctx, to, req.Params.Against)
	if err != nil {
		return nil, err
	}
	change, err := s.change(ctx, who, to, number)
	if err != nil {
		return nil, err
	}
	return api.GetDiff200JSONResponse(diffOf(change)), nil
}

// change is what an open revision changed against another of its document. Whoever sees it sees both texts.
func (s *Server) change(ctx context.Context, who access.Principal, to library.Revision, against int) (library.Change, error) {
	from, err := s.openRevision(ctx, who, idOf(to.DocumentID), against)
	if err != nil {
		return library.Change{}, err
	}
	return s.Library.Change(ctx, to.DocumentID, from.Number, to.Number)
}

// olderThan is the number of the revision to compare with: the one asked for, else the one whose place rev
// took, else the one numbered before it.
func (s *Server) olderThan(ctx context.Context, rev library.Revision, against *int) (int, error) {
	if against != nil {
		return *against, nil
	}
	number, err := s.previous(ctx, rev)
	if err == nil && number == 0 {
		err = fault.Newf(fault.Conflict, "first_revision",
			"Revision 1 is the first of its document, and nothing came before it; give `against` to compare it with a later one.")
	}
	return number, err
}

// previous is the number of the revision whose place rev took, else the one before its own; 0 before the first.
func (s *Server) previous(ctx context.Context, rev library.Revision) (int, error) {
	previous, err := s.Library.Predecessor(ctx, rev)
	if err != nil {
		return 0, err
	}
	if previous != nil {
		return previous.Number, nil
	}
	return rev.Number - 1, nil
}

// GetReviewDiff returns how a held text differs from that of a document that it may belong to.
func (s *Server) GetReviewDiff(ctx context.Context, req api.GetReviewDiffRequestObject) (api.GetReviewDiffResponseObject, error) {
	who := principalOf(ctx)
	review, err := s.decidableReview(ctx, who, req.Id)
	if err != nil {
		return nil, err
	}
	against, err := s.namedDocument(ctx, who, req.Params.Against)
	if err != nil {
		return nil, err
	}
	change, err := s.Library.ReviewChange(ctx, review, against)
	if err != nil {
		return nil, err
	}
	return api.GetReviewDiff200JSONResponse(diffOf(change)), nil
}

// namedDocument is the id of a document that a request names and the caller may read; 0 if it names none.
func (s *Server) namedDocument(ctx context.Context, who access.Principal, id *string) (int64, error) {
	if id == nil {
		return 0, nil
	}
	doc, err := s.readableDocument(ctx, who, *id)
	return doc.ID, err
}

func diffOf(c library.Change) api.Diff {
	changes := make([]api.DiffChange, len(c.Report.Changes))
	for i, change := range c.Report.Changes {
		changes[i] = api.DiffChange{
			Op: api.DiffChangeOp(change.Op), Moved: change.Moved || change.Op == diff.Moved,
			Old: diffSideOf(change.Old), New: diffSideOf(change.New), Words: make([]api.DiffSpan, len(change.Words)),
		}
		for j, span := range change.Words {
			changes[i].Words[j] = api.DiffSpan{Op: api.DiffSpanOp(span.Op), Text: span.Text}
		}
	}
	return api.Diff{
		DocumentId: idOf(c.From.DocumentID), ToDocumentId: idOf(c.To.DocumentID), From: c.From.Number, To: c.To.Number,
		FromEffectiveFrom: c.From.EffectiveFrom, FromEffectiveUntil: c.From.EffectiveUntil,
		ToEffectiveFrom: c.To.EffectiveFrom, ToEffectiveUntil: c.To.EffectiveUntil,
		Similarity: c.Report.Similarity, Unchanged: c.Report.Unchanged, Changes: changes,
	}
}

func diffSideOf(side *diff.Side) *api.DiffSide {
	if side == nil {
		return nil
	}
	return &api.DiffSide{
		Text: side.Text, Headings: append([]string{}, side.Headings...), Page: pageOf(side.Page), Start: side.Start, End: side.End,
	}
}
