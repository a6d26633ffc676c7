package httpapi

import (
	"context"
	"io"
	"iter"
	"time"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/ingest"
	"clearwell/internal/journal"
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

// Intake takes files, decisions about revisions, and settings. It checks the principal's rights itself.
type Intake interface {
	Accept(ctx context.Context, who access.Principal, up ingest.Upload) (rev library.Revision, unchanged bool, err error)
	Publish(ctx context.Context, who access.Principal, documentID int64, number int) (library.Revision, error)
	Withdraw(ctx context.Context, who access.Principal, documentID int64, number int) (library.Revision, error)
	Delete(ctx context.Context, who access.Principal, documentID int64) error
	Decide(ctx context.Context, who access.Principal, reviewID int64, s library.Settlement) (library.Revision, error)
	Configure(ctx context.Context, who access.Principal, s library.Settings) error
}

// Library reads documents. It does not check rights: readable.go does.
type Library interface {
	Document(ctx context.Context, id int64) (library.Document, error)
	ListDocuments(ctx context.Context, f library.ListFilter) ([]library.Document, error)
	Revisions(ctx context.Context, documentID int64) ([]library.Revision, error)
	Revision(ctx context.Context, documentID int64, number int) (library.Revision, error)
	OpenOriginal(ctx context.Context, rev library.Revision) (io.ReadCloser, error)
	RevisionText(ctx context.Context, rev library.Revision) (string, error)
	Predecessor(ctx context.Context, rev library.Revision) (*library.Revision, error)
	Change(ctx context.Context, documentID int64, from, to int) (library.Change, error)
	Collections(ctx context.Context) ([]string, error)
	Settings(ctx context.Context, collection string) (library.Settings, error)
	Reviews
}

// Reviews reads what waits for a decision. It does not check rights: readable.go does.
type Reviews interface {
	Reviews(ctx context.Context, f library.ReviewFilter) ([]library.Review, error)
	Review(ctx context.Context, id int64) (library.Review, error)
	ReviewChange(ctx context.Context, review library.Review, documentID int64) (library.Change, error)
}

// Receipts reads what answers stood on. It does not check rights: receipts.go does.
type Receipts interface {
	Receipt(ctx context.Context, answerID string) (journal.Receipt, error)
	Outdated(ctx context.Context, since time.Time, limit int) ([]journal.Receipt, error)
}

// Conversations keeps what was asked and answered before, and what readers say of answers. It shows each principal
// their own; who may list all feedback is checked by conversations.go.
type Conversations interface {
	StartConversation(ctx context.Context, who access.Principal) (answer.Conversation, error)
	Conversations(ctx context.Context, who access.Principal, after answer.ConversationCursor, limit int) ([]answer.Conversation, error)
	Conversation(ctx context.Context, who access.Principal, id string) (answer.Conversation, []answer.Message, error)
	DeleteConversation(ctx context.Context, who access.Principal, id string) error
	SetFeedback(ctx context.Context, who access.Principal, f answer.Feedback) error
	Feedback(ctx context.Context, helpful *bool, since time.Time, limit int) ([]answer.Feedback, error)
}
