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
}

// Citation ties a piece of the answer to the words it stands on.
type Citation struct {
	N       int // as it stands in the answer's text: [1]
	Passage retrieve.Passage
	Quote   string // words of the cited passage, verbatim
	// Start and End are the quote's offsets in code points of the revision's text.
	Start, End int
}

// Answer is the whole of it, as the last event and the journal have it.
type Answer struct {
	ID        string // a UUID; the receipt's key
	Text      string
	Abstained bool // nothing in force says it: Text says so and Nearest what comes closest
	Citations []Citation
	Nearest   []retrieve.Passage // when abstained: the nearest sources, best first
	Passages  []retrieve.Passage // what the answer was composed from
	AsOf      time.Time
	Model     string // "extractive", or the chat model's name
	// Dropped counts citations that pointed nowhere or quoted what isn't there.
	Dropped          int
	PromptTokens     int
	CompletionTokens int
	SearchMillis     int64
	TotalMillis      int64
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
