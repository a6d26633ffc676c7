package httpapi

import (
	"context"
	"io"
	"iter"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/ingest"
	"clearwell/internal/library"
	"clearwell/internal/retrieve"
)

// Asker answers questions. After an error it yields nothing more.
type Asker interface {
	Answer(ctx context.Context, who access.Principal, q answer.Question) iter.Seq2[answer.Event, error]
}

// Searcher finds passages.
type Searcher interface {
	Search(ctx context.Context, who access.Principal, q retrieve.Query) (retrieve.Result, error)
}

// Intake takes files and decisions about revisions. It checks the principal's rights itself.
type Intake interface {
	Accept(ctx context.Context, who access.Principal, up ingest.Upload) (rev library.Revision, unchanged bool, err error)
	Publish(ctx context.Context, who access.Principal, documentID int64, number int) (library.Revision, error)
	Withdraw(ctx context.Context, who access.Principal, documentID int64, number int) (library.Revision, error)
	Delete(ctx context.Context, who access.Principal, documentID int64) error
}

// Library reads documents. It does not check rights: readable.go does.
type Library interface {
	Document(ctx context.Context, id int64) (library.Document, error)
	ListDocuments(ctx context.Context, f library.ListFilter) ([]library.Document, error)
	Revisions(ctx context.Context, documentID int64) ([]library.Revision, error)
	Revision(ctx context.Context, documentID int64, number int) (library.Revision, error)
	OpenOriginal(ctx context.Context, rev library.Revision) (io.ReadCloser, error)
	RevisionText(ctx context.Context, rev library.Revision) (string, error)
	Collections(ctx context.Context) ([]string, error)
}
