// Package imprint reads what a document says about itself: from when and until when it applies, its version
// and id, and which documents it replaces or amends.
// It does not decide anything: library does, and asks a person where the document can be read in two ways.
package imprint

import (
	"slices"
	"strings"
	"time"

	"clearwell/internal/analysis"
	"clearwell/internal/parse"
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

// Read reads what doc says about itself. For each of the two dates the strongest source that speaks decides:
// front matter (and custom properties), then the text, then, for From alone, the time of the last change in the
// properties of an Office file or a PDF. A date that can be read in two ways stops at its source: Unclear
// is set, and no weaker source is asked.
//
// A date alone means its first moment in UTC. In front matter an end is the moment named, as in the API
// ("effective_until: 2026-03-31" ends with 30 March); in the text the day named is the last one
// ("valid until 31 March 2026" ends with 31 March).
//
// Numeric dates like 03/04/2026 are read in the order of the locale, or of the language where no locale is set;
// with dots the day always comes first.
func Read(doc parse.Document, language analysis.Language, locale Locale) Facts {
	r := &reader{doc: doc, calendar: calendar{orderOf(locale, language)}}
	blocks := survey(doc)
	version, statements := r.statements(blocks)
	facts := Facts{
		Version:    r.propertyVersion(),
		IDs:        r.ids(),
		Supersedes: r.names(supersedesKeys),
		Amends:     r.names(amendsKeys),
		Replaces:   r.replaces(blocks),
		Scope:      scope(doc),
	}
	if facts.Version == "" {
		facts.Version = version
	}
	r.date(&facts, statements)
	return facts
}

// reader reads one document.
type reader struct {
	doc      parse.Document
	calendar calendar
	scans    int // sentences that were looked at closely
}

// date fills From, Until and Unclear.
func (r *reader) date(facts *Facts, statements []statement) {
	from, unclearFrom := r.dated(fromField, fromKeys)
	if from == nil && unclearFrom == nil {
		from, unclearFrom = choose(statements, fromField)
	}
	until, unclearUntil := r.dated(untilField, untilKeys)
	if until == nil && unclearUntil == nil {
		until, unclearUntil = choose(statements, untilField)
		if until != nil && from != nil && from.Source != until.Source && !from.At.Before(until.At) {
			until = nil // the text is older than the front matter above it
		}
	}
	facts.From, facts.Until, facts.Unclear = from, until, unclearFrom
	if facts.Unclear == nil {
		facts.Unclear = unclearUntil
	}
	if from == nil && unclearFrom == nil {
		facts.From = r.fileDate()
		if facts.From != nil && until != nil && !facts.From.At.Before(until.At) {
			facts.From = nil // saved again after its end
		}
	}
}

// statements collects what the text says about validity, and the version that it names.
func (r *reader) statements(blocks []located) (version string, found []statement) {
	version = r.label(blocks)
	if !isOfficeFile(r.doc.MediaType) && r.doc.Title != "" { // programs keep the title of the file they began with
		found = r.prose(shorten(r.doc.Title), place{isTitle: true, isHead: true})
	}
	sections := map[string]int{}
	for _, b := range blocks {
		if b.Kind == parse.Heading {
			sections[b.place.heading]++
		}
	}
	for _, b := range blocks {
		if b.Kind != parse.Table {
			found = append(found, r.prose(b.Text, b.place)...)
			if sections[b.place.heading] < 2 { // with several of that name they are about parts
				found = append(found, r.bareDate(b)...)
			}
			continue
		}
		latest, dates := r.revisionTable(b)
		if version == "" {
			version = latest
		}
		if dates == nil && latest == "" {
			dates = r.table(b)
		}
		found = append(found, dates...)
	}
	return version, found
}

// choose takes the statements of the highest rank. Where they don't agree, or can't be read, it is unclear.
func choose(statements []statement, field string) (*Date, *Unclear) {
	var top []statement
	for _, s := range statements {
		switch {
		case s.field != field:
		case len(top) == 0 || s.rank > top[0].rank:
			top = []statement{s}
		case s.rank == top[0].rank:
			top = append(top, s)
		}
	}
	if len(top) == 0 {
		return nil, nil
	}
	var readings []time.Time
	var quotes []string
	isCertain := true
	for _, s := range top {
		readings = append(readings, s.readings()...)
		isCertain = isCertain && s.when.isCertain
		if !slices.Contains(quotes, s.quote) {
			quotes = append(quotes, s.quote)
		}
	}
	slices.SortFunc(readings, time.Time.Compare)
	readings = slices.CompactFunc(readings, time.Time.Equal)
	if isCertain && len(readings) == 1 {
		return &Date{At: readings[0], Source: Text, Quote: top[0].quote}, nil
	}
	return nil, &Unclear{Field: field, Quote: shorten(strings.Join(quotes, " / ")), Readings: readings}
}

// readings are the moments that a statement may mean for its field.
func (s statement) readings() []time.Time {
	if s.field == untilField {
		return s.when.ends
	}
	return s.when.starts
}
