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
	// ConversationID is the conversation that the question continues; "" if it stands alone.
	ConversationID string
	// History is what was asked and answered before, oldest first: a follow-up is understood from it.
	History []Turn
	// AnswerID is a UUID for the answer, so that it can be named before it begins; "" to have one made.
	AnswerID string
	// GeneralKnowledge lets a chat model answer from what it knows where the library doesn't say; the answer is
	// labelled so. Off unless a reader asks for it.
	GeneralKnowledge bool
}

// Turn is a question of a conversation and the text of its answer; "" if it got none.
type Turn struct{ Question, Answer string }

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

// Place is where the quote begins.
func (c Citation) Place() retrieve.Place { return c.Passage.PlaceAt(c.Start) }

// Answer is the whole of it, as the last event and the journal have it.
type Answer struct {
	ID        string // a UUID; the receipt's key
	Text      string
	Abstained bool // nothing in force says it: Text says so and Nearest what comes closest
	// Stopped says that it was ended before it was whole: Text is what was said until then.
	Stopped   bool
	Citations []Citation
	Nearest   []retrieve.Passage // when abstained: the nearest sources, best first
	Ended     *EndedNote         // when abstained: the document that did answer it; nil if there is none
	Changes   []ChangeNote       // what Text says about recent changes of what is cited
	Conflicts []Conflict         // what passages in force give different values for; Text shows them
	Flags     []Flag             // statements of Text that no cited passage supports, marked there
	// SearchedFor is the question as it was searched, where that isn't as it was asked: a follow-up on its own feet.
	SearchedFor string
	// IsGeneral says that Text is the model's general knowledge, not the library's; there are no citations then.
	IsGeneral bool
	Passages  []retrieve.Passage // what the answer was composed from
	AsOf      time.Time
	Model     string // "extractive", "changes" (from the comparison of two revisions), or the chat model's name
	// PromptSHA256 is of what the answer was made from; nil when nothing was found to make it from. For a chat
	// model: of all messages, without the random mark of the fence. Otherwise: of the question and the passages.
	PromptSHA256 []byte
	// Replaced says that the model's text had too little support and was never shown: Text is extracts instead.
	Replaced bool
	// Dropped counts citations that pointed nowhere or quoted what isn't there, also those of a replaced text.
	Dropped int
	// Removed counts links, images and tags of a model's that no cited passage holds, also those of a replaced text.
	Removed          int
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

// Conflict is a question to which passages in force give different values.
type Conflict struct {
	Values []ConflictValue // two or more, the best supported first
}

// ConflictValue is one of them, and where it stands.
type ConflictValue struct {
	Text     string // as its passage writes it, such as "30 days"
	Citation Citation
}

// Flag marks a statement of a model that the passages it cites don't support.
type Flag struct {
	Start, End int        // code points of Answer.Text
	Statement  string     // the words between them
	Reason     FlagReason // what is missing
	Missing    string     // the number, date, amount or quotation that no cited passage has; "" for a statement without source
}

// FlagReason says what a statement lacks.
type FlagReason string

// The reasons.
const (
	FlagUnsupported FlagReason = "unsupported" // no valid citation stands behind it
	FlagFigure      FlagReason = "figure"      // a number, date or amount that no cited passage has
	FlagQuote       FlagReason = "quote"       // words in quotation marks that no cited passage has
)

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
