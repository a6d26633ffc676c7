package library

import (
	"encoding/json"
	"time"
)

// Status is where a revision is on its way.
type Status string

// The statuses, as the contract names them.
const (
	Queued    Status = "queued"
	Running   Status = "running"
	Held      Status = "held"
	Failed    Status = "failed"
	Published Status = "published"
	Withdrawn Status = "withdrawn"
	Rejected  Status = "rejected"
	Duplicate Status = "duplicate"
)

// DateSource says where a revision's effective date was found.
type DateSource string

// The sources of a date, strongest first.
const (
	Explicit       DateSource = "explicit"
	FrontMatter    DateSource = "front_matter"
	FromText       DateSource = "text"
	FileProperties DateSource = "file_properties"
	UploadTime     DateSource = "upload_time"
)

// isStated reports whether someone said since when the revision applies, rather than a clock.
func (d DateSource) isStated() bool { return d == Explicit || d == FrontMatter || d == FromText }

// IdentityRule says what made a file a revision of its document.
type IdentityRule string

// The rules, in the order in which they are asked.
const (
	ByKey        IdentityRule = "key"         // the uploader named the document
	BySource     IdentityRule = "source"      // the same path of the same source
	ByDecision   IdentityRule = "decision"    // a person decided, on this file or an earlier one of its name
	BySupersedes IdentityRule = "supersedes"  // it says which document it replaces
	ByDocumentID IdentityRule = "document_id" // it bears the document's own id
	BySameText   IdentityRule = "same_text"   // it says the same in other bytes
	ByName       IdentityRule = "name"        // the same file name, and a text that is like it
	ByLikeness   IdentityRule = "likeness"    // title and text agree, and the order in time is certain
	AsNew        IdentityRule = "new"         // nothing in the collection is like it
	NotYet       IdentityRule = "pending"     // it has not been read yet
)

// RevisionRef names a revision as people do.
type RevisionRef struct {
	DocumentID int64
	Number     int
}

// Revision is one immutable state of a document.
type Revision struct {
	ID             int64
	DocumentID     int64
	DocumentKey    string
	Collection     string
	Number         int // within the document, from 1
	Title          string
	FileName       string
	MediaType      string
	Size           int64
	SHA256         [32]byte
	Source         string
	CreatedBy      string
	ReceivedAt     time.Time
	Status         Status
	Stage          string // of the pipeline, while queued or running; "" otherwise
	ReasonCode     string // for held and failed
	ReasonMessage  string
	InForce        bool // now, by the database's clock
	Superseded     bool // published, but its time is over or was never to come
	Scheduled      bool // published and its time is still to come
	EffectiveFrom  time.Time
	EffectiveUntil *time.Time // of its publication when there is one; nil: no end known
	EffectiveBy    DateSource
	EffectiveQuote string // the words that the date was read from
	PublishedAt    *time.Time
	Chunks         int    // 0 until staged
	Path           string // below its source, or the file's name
	IdentifiedBy   IdentityRule
	// Identity is what the rule saw: {"because": sentence, "candidates": [Candidate]}.
	Identity         json.RawMessage
	DuplicateOf      *RevisionRef
	VersionLabel     string // that the document gives itself
	IsOrderDecided   bool
	HistoryDroppedAt *time.Time // the text was dropped then, as the collection's retention says
	// supersedes and amends are ids of documents, from the upload or the document itself.
	supersedes, amends []int64
}

// Document is what people mean by "the vacation policy".
type Document struct {
	ID         int64
	Collection string
	Key        string
	CreatedAt  time.Time
	// Current is the revision in force now; nil if none is.
	Current *Revision
	// Latest is the newest revision by number, whatever its status.
	Latest    Revision
	Revisions int
}

// ListFilter narrows a listing of documents.
type ListFilter struct {
	Collections []string // readable ones; nil means all
	Collection  string   // "" means any
	Status      Status   // of the latest revision; "" means any
	Text        string   // part of key or title, case-insensitive
	Key         string   // exact key; "" means any
	After       int64    // cursor: the last document id of the page before; 0 means from the newest
	Limit       int      // 1–200; default 50
}
