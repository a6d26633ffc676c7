// Package imprint reads what a document says about itself: from when and until when it applies, its version
// and id, and which documents it replaces or amends.
// It does not decide anything: library does, and asks a person where the document can be read in two ways.
package imprint

import (
	"time"
)

// Source says where a date was found, strongest first.
type Source string

// The sources of a date.
const (
	FrontMatter    Source = "front_matter"
	Text           Source = "text"
	FileProperties Source = "file_properties"
)

// Locale is the BCP 47 tag of a collection, as "en-GB", "en-US" or "de"; "" when none is set.
type Locale string

// Date is a first moment, in UTC, with the words that it was read from.
type Date struct {
	At     time.Time
	Source Source
	Quote  string // at most 200 code points, one line
}

// Unclear is a date about validity that can be read in more than one way, or in none.
type Unclear struct {
	Field    string      // "effective_from" or "effective_until"
	Quote    string      // the words
	Readings []time.Time // in order; empty when the words make no date
}

// Facts are what a document says about itself.
type Facts struct {
	// From is the first moment at which it applies; nil when nothing says so.
	From *Date
	// Until is the first moment at which it no longer applies: "valid until 31 March" gives 1 April, 00:00.
	Until *Date
	// Unclear is set when a statement about validity can't be read for certain. From or Until is nil then.
	Unclear *Unclear
	// Version is the label that the document gives itself, as "3.2"; "" when there is none.
	Version string
	// IDs are the ids that the document gives itself in front matter or file properties.
	IDs []string
	// Supersedes and Amends name other documents by key or id, from front matter or file properties.
	Supersedes, Amends []string
	// Replaces are words of the text that say that it takes the place of something earlier; "" when there are none.
	Replaces string
	// Scope is for whom it says to apply, by field ("department": "sales"), both in lower case.
	Scope map[string]string
}
