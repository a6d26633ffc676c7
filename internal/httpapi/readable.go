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

// readableDocument returns the document of that id if who may read it.
func (s *Server) readableDocument(ctx context.Context, who access.Principal, id string) (library.Document, error) {
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil || number < 1 {
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
	return s.Library.Revision(ctx, doc.ID, number)
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
