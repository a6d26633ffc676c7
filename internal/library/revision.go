package library

import "time"

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
	PublishedAt    *time.Time
	Chunks         int // 0 until staged
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
