// Package likeness weighs the evidence that two files are states of one document: titles, names, text.
// It does not look anything up and does not decide: library does, by the rules of versions.
package likeness

import (
	"slices"
	"strings"
)

// Subject is a file as far as its likeness to others goes.
type Subject struct {
	Title    string // the document's own; "" if it has none
	FileName string
	Folder   string // where it lay in its source; "" when that is not known
	Text     string
	Headings []string
	Scope    map[string]string // for whom it says to apply, as in imprint.Facts
}

// Score is what two subjects have in common. Shares are 0–1.
type Score struct {
	Text        float64 // resemblance: shingles of both over shingles of either (Broder 1997)
	Containment float64 // the same over the shingles of the shorter text
	Headings    float64 // headings of both over headings of either; 0 when one has none
	SameTitle   bool    // normalised, and not empty in either
	SameName    bool    // of the files, normalised, and not empty in either
	SameFolder  bool    // also when one is not known
	// ScopeClash names a field in which both say for whom they apply, and differ: "department"; "" if none.
	ScopeClash string
	// IsShort is set when a text has too few words for its resemblance to tell much.
	IsShort bool
	// HoldsAll is set when the first text holds all that the second says, word for word.
	HoldsAll bool
}

// Compare weighs what two subjects have in common. It reads both texts whole.
func Compare(a, b Subject) Score {
	s := Score{
		SameTitle:  sameWords(Title(a.Title), Title(b.Title)),
		SameName:   sameWords(Name(a.FileName), Name(b.FileName)),
		SameFolder: a.Folder == "" || b.Folder == "" || a.Folder == b.Folder,
		ScopeClash: scopeClash(a.Scope, b.Scope),
	}
	s.Text, s.Containment, s.IsShort, s.HoldsAll = resemblance(a.Text, b.Text)
	if a.Title == "" && b.Title == "" { // what they are called is all that they have, and it is not their own word
		s.SameTitle = s.SameName && s.Text >= possibleText
	}
	s.Headings = headingShare(a.Headings, b.Headings)
	return s
}

func sameWords(a, b string) bool { return a != "" && a == b }

func scopeClash(a, b map[string]string) string {
	var fields []string
	for field, value := range a {
		if other, ok := b[field]; ok && other != value {
			fields = append(fields, field)
		}
	}
	if len(fields) == 0 {
		return ""
	}
	return slices.Min(fields)
}

func headingShare(a, b []string) float64 {
	inA, inB := headingSet(a), headingSet(b)
	both := 0
	for h := range inA {
		if inB[h] {
			both++
		}
	}
	if len(inA) == 0 || len(inB) == 0 {
		return 0
	}
	return float64(both) / float64(len(inA)+len(inB)-both)
}

func headingSet(headings []string) map[string]bool {
	set := make(map[string]bool, len(headings))
	for _, h := range headings {
		if words := strings.Join(tokens(h), " "); words != "" {
			set[words] = true
		}
	}
	return set
}

// Strength is how far evidence goes.
type Strength int

// The strengths. Strong means that title and text agree; it says nothing about the order in time.
const (
	None Strength = iota
	Possible
	Strong
)

// Thresholds on text, chosen on pairs of real policies. Consecutive states of one document that keep its title
// lie above .4 but for one in thirty; of 45,000 pairs of different documents none with the same title lies
// above .1, and four with other titles above .2, the highest at .39.
const (
	strongText      = 0.4
	possibleText    = 0.25
	partContainment = 0.7 // with it, a third of possibleText does: part of the other, or grown out of it
	unlikeText      = 0.1
)

// Strength is how far a score goes towards saying that one subject is a state of the other's document.
// isCommonTitle says that so many documents bear the title that it tells nothing.
func (s Score) Strength(isCommonTitle bool) Strength {
	sameTitle := s.SameTitle && !isCommonTitle
	isPart := s.Containment >= partContainment && s.Text >= possibleText/3
	switch {
	case s.ScopeClash != "" && !sameTitle:
		return None // made from one form for two units
	case sameTitle && (s.Text >= strongText || isPart && s.Text >= possibleText) && s.SameFolder && s.ScopeClash == "":
		return Strong
	case sameTitle && !s.SameFolder && s.Text < unlikeText:
		return None // two departments, two texts, one title
	case sameTitle:
		return Possible
	case s.IsShort:
		return None
	case s.Text >= possibleText || isPart:
		return Possible
	case s.SameName && s.SameFolder && s.Text >= unlikeText:
		return Possible
	}
	return None
}

// IsPart reports whether one of the texts is mostly within the other.
func (s Score) IsPart() bool { return s.Containment >= partContainment }

// IsRelated reports whether a file of the same name can be a state of the same document: enough of its text
// is the same. It asks less than Strength, since the name is evidence, too.
func (s Score) IsRelated() bool {
	if s.ScopeClash != "" {
		return false
	}
	return s.Text >= possibleText || s.Containment >= 0.6 || s.SameTitle && (s.Text >= 0.15 || s.IsShort)
}

// Rank orders candidates: the text decides, what else agrees breaks ties.
func (s Score) Rank() float64 {
	rank := 0.6*max(s.Text, 0.7*s.Containment) + 0.1*s.Headings
	if s.SameTitle {
		rank += 0.2
	}
	if s.SameName {
		rank += 0.1
	}
	return rank
}
