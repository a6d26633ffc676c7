package library

import (
	"time"

	"clearwell/internal/diff"
)

// ReviewKind is what a held revision waits for.
type ReviewKind string

// The kinds of review.
const (
	ReviewIdentity ReviewKind = "identity" // whose revision is it?
	ReviewOrder    ReviewKind = "order"    // is it newer or older than what is in force?
	ReviewDate     ReviewKind = "date"     // from when does it apply?
)

// Decision is what a person says about a held revision.
type Decision string

// The decisions. Identity takes Replaces, NewDocument, DuplicateOf and Reject, and PublishIt where only a document
// that it names is unknown; order takes PublishIt (it is the newer one), FileIntoHistory and Reject; date takes
// PublishIt with a date, and Reject.
const (
	Replaces        Decision = "replaces"
	NewDocument     Decision = "new_document"
	DuplicateOf     Decision = "duplicate"
	Reject          Decision = "reject"
	PublishIt       Decision = "publish"
	FileIntoHistory Decision = "file_into_history"
)

// Candidate is a document that a held revision may belong to, and why. Shares are 0–1.
type Candidate struct {
	DocumentID  int64    `json:"document_id"`
	DocumentKey string   `json:"document_key"`
	Title       string   `json:"title"`
	Revision    int      `json:"revision"` // the one whose text is nearest
	Score       float64  `json:"score"`
	Text        float64  `json:"text"`     // resemblance of the texts
	Headings    float64  `json:"headings"` // share of headings that both have
	SameTitle   bool     `json:"same_title"`
	SameName    bool     `json:"same_name"`
	SameFolder  bool     `json:"same_folder"`
	Reasons     []string `json:"reasons"` // sentences for a person
}

// Review is a held revision with what a person needs to decide about it.
type Review struct {
	ID         int64
	Kind       ReviewKind
	Code       string
	Message    string
	Revision   Revision
	Candidates []Candidate
	OpenedAt   time.Time
	DecidedAt  *time.Time
	DecidedBy  string
	Decision   Decision // "" while open
	TargetID   int64    // the document decided for, 0 if none
}

// Settlement is a decision with what it needs.
type Settlement struct {
	Decision       Decision
	DocumentID     int64 // for Replaces and DuplicateOf
	EffectiveFrom  *time.Time
	EffectiveUntil *time.Time
}

// Change is what came from one revision of a document to another.
type Change struct {
	From, To Revision
	Report   diff.Report
}

// Settings are how a collection treats what arrives.
type Settings struct {
	Collection      string
	OnCertain       string // "supersede" or "hold"
	OnUncertain     string // "hold" or "publish_as_new"
	Locale          string // BCP 47; "" when none is set
	KeepHistoryDays *int   // nil: for good
}
