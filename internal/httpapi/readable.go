package httpapi

import (
	"context"
	"math"
	"strconv"

	"clearwell/internal/access"
	"clearwell/internal/fault"
	"clearwell/internal/library"
)

// errUnknownDocument is the same for what does not exist and for what the principal may not know of.
func errUnknownDocument() error {
	return fault.Newf(fault.NotFound, "unknown_document", "There is no such document, or it is not yours to see.")
}

// parseID reads an id as idOf writes it.
func parseID(id string) (int64, error) {
	number, err := strconv.ParseInt(id, 10, 64)
	if err == nil && number < 1 {
		err = strconv.ErrRange
	}
	return number, err
}

// readableDocument returns the document of that id if who may read it.
func (s *Server) readableDocument(ctx context.Context, who access.Principal, id string) (library.Document, error) {
	number, err := parseID(id)
	if err != nil {
		return library.Document{}, errUnknownDocument()
	}
	doc, err := s.Library.Document(ctx, number)
	if err != nil {
		return library.Document{}, err
	}
	if !who.MayRead(doc.Collection) {
		return library.Document{}, errUnknownDocument()
	}
	return doc, nil
}

// readableRevision returns a revision of a document that who may read. It looks at the document first:
// otherwise the answer to a missing revision would tell which documents exist.
func (s *Server) readableRevision(ctx context.Context, who access.Principal, id string, number int) (library.Revision, error) {
	doc, err := s.readableDocument(ctx, who, id)
	if err != nil {
		return library.Revision{}, err
	}
	if number < 1 || number > math.MaxInt32 {
		return library.Revision{}, fault.Newf(fault.NotFound, "unknown_revision", "This document has no revision %d.", number)
	}
	// The id of the address, not doc's: a file that was moved is looked up by where it was first filed.
	filedUnder, err := parseID(id)
	if err != nil {
		return library.Revision{}, errUnknownDocument()
	}
	rev, err := s.Library.Revision(ctx, filedUnder, number)
	if fault.CodeOf(err) == "unknown_revision" && filedUnder != doc.ID {
		rev, err = s.Library.Revision(ctx, doc.ID, number)
	}
	if err != nil {
		return library.Revision{}, err
	}
	if !who.MayRead(rev.Collection) {
		return library.Revision{}, errUnknownDocument()
	}
	return rev, nil
}

// openRevision is readableRevision for what a revision says. What was never published may hold what
// must not get out: only those see it who decide about it.
func (s *Server) openRevision(ctx context.Context, who access.Principal, id string, number int) (library.Revision, error) {
	rev, err := s.readableRevision(ctx, who, id, number)
	if err != nil {
		return library.Revision{}, err
	}
	if rev.PublishedAt == nil && !who.MayWrite(rev.Collection) {
		return library.Revision{}, fault.Newf(fault.Forbidden, "not_published",
			"Revision %d was not published, so only editors may open it.", number)
	}
	return rev, nil
}

// decidableReview returns the review of that id if who may decide it. For all others there is none.
func (s *Server) decidableReview(ctx context.Context, who access.Principal, id string) (library.Review, error) {
	number, err := parseID(id)
	if err != nil {
		return library.Review{}, errUnknownReview()
	}
	review, err := s.Library.Review(ctx, number)
	if err != nil {
		return library.Review{}, err
	}
	if !who.MayWrite(review.Revision.Collection) {
		return library.Review{}, errUnknownReview()
	}
	return review, nil
}

func errUnknownReview() error {
	return fault.Newf(fault.NotFound, "unknown_review", "There is no such review, or it is not yours to see.")
}
