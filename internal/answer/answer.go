// Package answer turns a question into a cited answer, or says that there is none.
// It does not search the tables itself and never answers from anything but the passages it was given.
package answer

import (
	"time"

	"clearwell/internal/retrieve"
)

// Question is what a person asks.
type Question struct {
	Text        string
	Collections []string  // empty: all that the principal may read
	AsOf        time.Time // zero: now
	KnownAt     time.Time // what Clearwell knew then; zero: now
}

// Citation ties a piece of the answer to the words it stands on.
type Citation struct {
	N       int // as it stands in the answer's text: [1]
	Passage retrieve.Passage
	Quote   string // words of the cited passage, verbatim
	// Start and End are the quote's offsets in code points of the revision's text.
	Start, End int
	// IsFormer marks words that applied before: only an answer to "what changed" cites them.
	IsFormer bool
}

// Answer is the whole of it, as the last event and the journal have it.
type Answer struct {
	ID        string // a UUID; the receipt's key
	Text      string
	Abstained bool // nothing in force says it: Text says so and Nearest what comes closest
	Citations []Citation
	Nearest   []retrieve.Passage // when abstained: the nearest sources, best first
	Ended     *EndedNote         // when abstained: the document that did answer it; nil if there is none
	Changes   []ChangeNote       // what Text says about recent changes of what is cited
	Passages  []retrieve.Passage // what the answer was composed from
	AsOf      time.Time
	Model     string // "extractive", "changes" (from the comparison of two revisions), or the chat model's name
	// PromptSHA256 is of what the answer was made from; nil when nothing was found to make it from. For a chat
	// model: of all messages, without the random mark of the fence. Otherwise: of the question and the passages.
	PromptSHA256 []byte
	// Dropped counts citations that pointed nowhere or quoted what isn't there.
	Dropped          int
	PromptTokens     int
	CompletionTokens int
	SearchMillis     int64
	TotalMillis      int64
}

// EndedNote names a document of which nothing applies any more, and that would have answered. Its text is
// nowhere in the answer.
type EndedNote struct {
	DocumentID  int64
	DocumentKey string
	Title       string
	Revision    int
	At          time.Time // the first moment at which it didn't apply
	By          string    // "expired" or "withdrawn"
}

// ChangeNote says what a cited passage said until a short while ago.
type ChangeNote struct {
	DocumentID   int64
	DocumentKey  string
	Title        string
	FromRevision int
	ToRevision   int
	At           time.Time // since when the new text applies
	OldText      string    // the changed sentence, shortened with … to about 200 characters
	NewText      string    // the quote that it became
}

// Event is one step of an answer as it is made: Sources, then Text and Cited in turn, then Done.
type Event interface{ event() }

// Sources says what was found, before the first word of the answer.
type Sources struct{ Passages []retrieve.Passage }

// Text is the next piece of the answer.
type Text struct{ Delta string }

// Cited is a citation that was checked; its number has been streamed.
type Cited struct{ Citation Citation }

// Done is the last event.
type Done struct{ Answer Answer }

func (Sources) event() {}
func (Text) event()    {}
func (Cited) event()   {}
func (Done) event()    {}
