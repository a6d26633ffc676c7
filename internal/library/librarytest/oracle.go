// Package librarytest writes random histories of documents through the library's own doors, and says
// independently of it which revision was in force at any moment, as known at any other. It is for tests only.
package librarytest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Kind is what happened to a document.
type Kind string

// The kinds of facts.
const (
	Arrived    Kind = "arrived"     // a revision was published from its own date
	RolledBack Kind = "rolled back" // a person put a revision in force again
	Withdrew   Kind = "withdrew"    // a person ended what a revision still had
)

// Fact is something that was learned about a document.
type Fact struct {
	Kind     Kind
	Number   int // of the revision
	From     time.Time
	Until    time.Time // zero: no end was given
	Recorded time.Time // when it was learned; of a withdrawal also from when it counts
}

// Standing is what applies of a document at a moment. The zero Standing: nothing does.
type Standing struct {
	Number int
	From   time.Time
	Until  time.Time // zero: no end known
}

// History is what happened to one document, in the order in which it was learned.
type History struct {
	Collection, Key string
	Facts           []Fact

	revisions []int64 // ids by number, from 1 at index 0
}

// mark is a place on the line of time where something begins: a revision, or nothing (number 0).
type mark struct {
	at, until time.Time
	number    int
}

// Standing says what was in force at asOf, as far as was known at knownAt.
//
// It follows the rules one by one, with nothing but the places where something begins: whatever begins last
// before a moment applies, unless its own end has come. What is learned later adds or removes such a place.
func (h *History) Standing(asOf, knownAt time.Time) Standing {
	marks := h.marks(knownAt)
	for i, m := range slices.Backward(marks) {
		if m.at.After(asOf) {
			continue
		}
		end := m.until
		if i+1 < len(marks) {
			end = earlier(end, marks[i+1].at)
		}
		if m.number == 0 || !end.IsZero() && !asOf.Before(end) {
			return Standing{}
		}
		return Standing{Number: m.number, From: m.at, Until: end}
	}
	return Standing{}
}

// marks are in the order of time.
func (h *History) marks(knownAt time.Time) []mark {
	var marks []mark
	for _, f := range h.Facts {
		if f.Recorded.After(knownAt) {
			continue
		}
		if f.Kind == Withdrew {
			marks, _ = withdraw(marks, f.Number, f.Recorded)
			continue
		}
		marks = begin(marks, f)
	}
	return marks
}

// begin gives a revision its place. Of two that begin at one instant the newer counts, unless a person
// decided for the older; such a decision also stands above a withdrawal in the time that it covers.
func begin(marks []mark, f Fact) []mark {
	fresh := mark{at: f.From, until: f.Until, number: f.Number}
	if f.Kind == RolledBack {
		end := f.Until
		for _, m := range marks {
			if m.number > 0 && m.at.After(f.From) {
				end = earlier(end, m.at)
			}
		}
		marks = slices.DeleteFunc(marks, func(m mark) bool {
			return m.number == 0 && !m.at.Before(f.From) && (end.IsZero() || m.at.Before(end))
		})
	}
	at, taken := slices.BinarySearchFunc(marks, f.From, func(m mark, t time.Time) int { return m.at.Compare(t) })
	if !taken {
		return slices.Insert(marks, at, fresh)
	}
	if f.Kind == RolledBack || f.Number > marks[at].number {
		marks[at] = fresh
	}
	return marks
}

// withdraw ends what a revision still has. Where it was in force, nothing begins: an older text that arrives
// later does not come back by that. Where it was to begin, its place is empty, and what stood before it ends
// there all the same. ended is how many places it lost.
func withdraw(marks []mark, number int, now time.Time) (left []mark, ended int) {
	var added []mark
	for i, m := range marks {
		end := m.until
		if i+1 < len(marks) {
			end = earlier(end, marks[i+1].at)
		}
		hasTimeLeft := m.number == number && (end.IsZero() || now.Before(end))
		if !hasTimeLeft {
			left = append(left, m)
			continue
		}
		ended++
		if m.at.Before(now) {
			left = append(left, m)
			added = append(added, mark{at: now})
		} else if len(left) > 0 {
			left[len(left)-1].until = earlier(left[len(left)-1].until, m.at)
		}
	}
	left = append(left, added...)
	slices.SortFunc(left, func(a, b mark) int { return a.at.Compare(b.at) })
	return left, ended
}

// earlier of two ends, of which a zero one never comes.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// String tells the history, for the message of a test that fails.
func (h *History) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s/%s", h.Collection, h.Key)
	for _, f := range h.Facts {
		fmt.Fprintf(&s, "\n\t%s: %s %d", stamp(f.Recorded), f.Kind, f.Number)
		if f.Kind != Withdrew {
			fmt.Fprintf(&s, " from %s until %s", stamp(f.From), stamp(f.Until))
		}
	}
	return s.String()
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "…"
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000")
}
