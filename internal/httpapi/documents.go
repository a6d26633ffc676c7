package httpapi

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"

	"clearwell/api"
	"clearwell/internal/fault"
	"clearwell/internal/library"
)

// ListDocuments returns a page of the documents that the caller may read.
func (s *Server) ListDocuments(ctx context.Context, req api.ListDocumentsRequestObject) (api.ListDocumentsResponseObject, error) {
	who := principalOf(ctx)
	filter, err := listFilter(req.Params)
	if err != nil {
		return nil, err
	}
	filter.Collections = who.Collections
	docs, err := s.Library.ListDocuments(ctx, filter)
	if err != nil {
		return nil, err
	}
	page := api.ListDocuments200JSONResponse{Documents: make([]api.Document, len(docs))}
	for i, doc := range docs {
		page.Documents[i] = documentOf(doc)
	}
	if len(docs) > 0 {
		page.NextCursor = nextCursor(len(docs) == filter.Limit, docs[len(docs)-1].ID)
	}
	return page, nil
}

func listFilter(p api.ListDocumentsParams) (library.ListFilter, error) {
	limit, err := checkLimit(p.Limit, 50, 200)
	if err != nil {
		return library.ListFilter{}, err
	}
	status := valueOf(p.Status)
	if status != "" && !status.Valid() {
		return library.ListFilter{}, fault.Newf(fault.Invalid, "invalid_status", "%q is no status; see /api/v1/openapi.yaml.", string(status))
	}
	after, err := parseCursor(p.Cursor)
	if err != nil {
		return library.ListFilter{}, err
	}
	return library.ListFilter{
		Collection: storable(valueOf(p.Collection)), Key: storable(valueOf(p.Key)), Text: storable(valueOf(p.Text)),
		Status: library.Status(status), After: after, Limit: limit,
	}, nil
}

// parseCursor reads the id of the last thing on the page before; 0 without one.
func parseCursor(cursor *string) (int64, error) {
	if cursor == nil {
		return 0, nil
	}
	after, err := parseID(*cursor)
	if err != nil {
		return 0, fault.Newf(fault.Invalid, "invalid_cursor", "Give the `next_cursor` of the page before as it is, or none.")
	}
	return after, nil
}

// nextCursor is what leads to the page behind the one that ends with last; nil when this is the last page.
func nextCursor(isFull bool, last int64) *string {
	if !isFull {
		return nil
	}
	cursor := idOf(last)
	return &cursor
}

// GetDocument returns one document.
func (s *Server) GetDocument(ctx context.Context, req api.GetDocumentRequestObject) (api.GetDocumentResponseObject, error) {
	doc, err := s.readableDocument(ctx, principalOf(ctx), req.Id)
	if err != nil {
		return nil, err
	}
	return api.GetDocument200JSONResponse(documentOf(doc)), nil
}

// DeleteDocument erases a document with all that came from it.
func (s *Server) DeleteDocument(ctx context.Context, req api.DeleteDocumentRequestObject) (api.DeleteDocumentResponseObject, error) {
	who := principalOf(ctx)
	doc, err := s.readableDocument(ctx, who, req.Id)
	if err != nil {
		return nil, err
	}
	if idOf(doc.ID) != req.Id { // whoever takes back a file must not lose the whole document that it went to
		return nil, fault.Newf(fault.Conflict, "document_moved",
			"This file was found to belong to document %d; delete that one if all of it shall go, or withdraw the revision.", doc.ID)
	}
	if err := s.Intake.Delete(ctx, who, doc.ID); err != nil {
		return nil, err
	}
	return api.DeleteDocument204Response{}, nil
}

// ListRevisions returns a document's history, newest first.
func (s *Server) ListRevisions(ctx context.Context, req api.ListRevisionsRequestObject) (api.ListRevisionsResponseObject, error) {
	doc, err := s.readableDocument(ctx, principalOf(ctx), req.Id)
	if err != nil {
		return nil, err
	}
	revs, err := s.Library.Revisions(ctx, doc.ID)
	if err != nil {
		return nil, err
	}
	list := api.ListRevisions200JSONResponse{Revisions: make([]api.Revision, len(revs))}
	for i, rev := range revs {
		list.Revisions[i] = revisionOf(rev)
	}
	return list, nil
}

// GetRevision returns one revision.
func (s *Server) GetRevision(ctx context.Context, req api.GetRevisionRequestObject) (api.GetRevisionResponseObject, error) {
	rev, err := s.readableRevision(ctx, principalOf(ctx), req.Id, req.N)
	if err != nil {
		return nil, err
	}
	return api.GetRevision200JSONResponse(revisionOf(rev)), nil
}

// GetContent returns the original bytes, always as a download: what people upload is never a page of ours.
func (s *Server) GetContent(ctx context.Context, req api.GetContentRequestObject) (api.GetContentResponseObject, error) {
	rev, err := s.openRevision(ctx, principalOf(ctx), req.Id, req.N)
	if err != nil {
		return nil, err
	}
	body, err := s.Library.OpenOriginal(ctx, rev)
	if err != nil {
		return nil, err
	}
	mediaType := "application/octet-stream"
	if _, _, err := mime.ParseMediaType(rev.MediaType); err == nil {
		mediaType = rev.MediaType
	}
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": rev.FileName})
	if disposition == "" { // a name that can't be written into a header
		disposition = "attachment"
	}
	return api.GetContent200AsteriskResponse{
		Body: body, ContentType: mediaType, ContentLength: rev.Size,
		Headers: api.GetContent200ResponseHeaders{ContentDisposition: &disposition},
	}, nil
}

// GetText returns the text that offsets of passages and citations point into.
func (s *Server) GetText(ctx context.Context, req api.GetTextRequestObject) (api.GetTextResponseObject, error) {
	rev, err := s.openRevision(ctx, principalOf(ctx), req.Id, req.N)
	if err != nil {
		return nil, err
	}
	text, err := s.textOf(ctx, rev)
	if err != nil {
		return nil, err
	}
	return plainText(text), nil
}

func (s *Server) textOf(ctx context.Context, rev library.Revision) (string, error) {
	text, err := s.Library.RevisionText(ctx, rev)
	if err != nil {
		return "", err
	}
	if text == "" {
		return "", fault.Newf(fault.Conflict, "no_text", "Revision %d has no text yet; its status is %s.", rev.Number, rev.Status)
	}
	return text, nil
}

// plainText says which encoding it has, which the generated response does not.
type plainText string

// VisitGetTextResponse implements api.GetTextResponseObject.
func (t plainText) VisitGetTextResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	if _, err := io.WriteString(w, string(t)); err != nil {
		return fmt.Errorf("write text: %w", err)
	}
	return nil
}

// PublishRevision puts a revision in force from now.
func (s *Server) PublishRevision(ctx context.Context, req api.PublishRevisionRequestObject) (api.PublishRevisionResponseObject, error) {
	who := principalOf(ctx)
	rev, err := s.readableRevision(ctx, who, req.Id, req.N)
	if err != nil {
		return nil, err
	}
	rev, err = s.Intake.Publish(ctx, who, rev.DocumentID, rev.Number)
	if err != nil {
		return nil, err
	}
	return api.PublishRevision200JSONResponse(revisionOf(rev)), nil
}

// WithdrawRevision takes a revision out, from now.
func (s *Server) WithdrawRevision(ctx context.Context, req api.WithdrawRevisionRequestObject) (api.WithdrawRevisionResponseObject, error) {
	who := principalOf(ctx)
	rev, err := s.readableRevision(ctx, who, req.Id, req.N)
	if err != nil {
		return nil, err
	}
	rev, err = s.Intake.Withdraw(ctx, who, rev.DocumentID, rev.Number)
	if err != nil {
		return nil, err
	}
	return api.WithdrawRevision200JSONResponse(revisionOf(rev)), nil
}
