package eval

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"clearwell/internal/ingest"
	"clearwell/internal/library"
	"clearwell/internal/parse"
)

// scenario is a small library of its own: what arrives, in which order, and what is true about it.
type scenario struct {
	kind, name string // the name is its collection's
	steps      []step
	// quiet is a file after which no text is new: nothing may be embedded any more. Nil: that is not looked at.
	quiet *file
	// asOf are the moments at which what was in force is checked.
	asOf []time.Time
}

// step is one thing that happens. Exactly one of upload, withdraw and publish is set.
type step struct {
	upload   *file
	isLoose  bool   // the next step doesn't wait for this one
	withdraw string // the group of which what is in force is taken out
	publish  *file  // put in force again
}

// file is an upload with what a careful person knows about it.
type file struct {
	group string    // the document that it truly belongs to
	state int       // what it says, by number within the group, from 1
	from  time.Time // since when that applies; zero: since it came
	until time.Time // zero: for good
	// isCopy: it says what another file says, and is to change nothing. isPast: it is older than what came before.
	isCopy, isPast bool
	mayHold        bool // nobody could tell from the files alone
	isDistractor   bool
	ends           []string // groups of which nothing applies from then on

	upload ingest.Upload // without its body
	phrase string        // in which the text dates itself
	body   []byte
	blocks []parse.Block

	arrived   time.Time
	revision  library.Revision // as it came out at the end
	unchanged bool
	cameAgain bool // its revision was put in force again, by a person or by another file of the same bytes
	failure   error
}

func (f *file) collection(s *scenario) string {
	if f.upload.Collection != "" {
		return f.upload.Collection
	}
	return s.name
}

func (f *file) isHeld() bool { return f.revision.Status == library.Held && !f.unchanged }

// isDecided reports whether the file found its document without a person.
func (f *file) isDecided() bool {
	switch f.revision.Status {
	case library.Published, library.Withdrawn, library.Duplicate:
		return f.failure == nil
	}
	return false
}

// document is where the file ended up.
func (f *file) document() int64 {
	if f.revision.DuplicateOf != nil {
		return f.revision.DuplicateOf.DocumentID
	}
	return f.revision.DocumentID
}

func (f *file) String() string {
	date := ""
	if !f.from.IsZero() {
		date = " from " + f.from.Format(time.DateOnly)
	}
	return fmt.Sprintf("%s/%d%s %q", f.group, f.state, date, f.upload.Name)
}

func (s *scenario) files() []*file {
	var files []*file
	for _, st := range s.steps {
		if st.upload != nil {
			files = append(files, st.upload)
		}
	}
	return files
}

func (s *scenario) groups() []string {
	var groups []string
	for _, f := range s.files() {
		if !slices.Contains(groups, f.group) {
			groups = append(groups, f.group)
		}
	}
	return groups
}

// claim is what the oracle knows: from then on the group says state; 0: nothing.
type claim struct {
	from, until time.Time
	state       int
}

// claims are the true history of a group, in the order in which it was learnt. What waits for a person is not in it.
func (s *scenario) claims(group string, at map[int]time.Time) []claim {
	var claims []claim
	for i, st := range s.steps {
		switch f := st.upload; {
		case f != nil && f.group == group && f.isDecided() && !f.isCopy && !f.isPast:
			c := claim{from: f.from, until: f.until, state: f.state}
			if c.from.IsZero() {
				c.from = f.arrived
			}
			claims = append(claims, c)
		case f != nil && slices.Contains(f.ends, group) && f.isDecided():
			claims = append(claims, claim{from: f.from})
		case st.withdraw == group && f == nil && st.publish == nil:
			if t, ok := at[i]; ok {
				claims = append(claims, claim{from: t})
			}
		case st.publish != nil && st.publish.group == group:
			if t, ok := at[i]; ok {
				claims = append(claims, claim{from: t, state: st.publish.state})
			}
		}
	}
	return claims
}

// inForce is the state that applies at t: the claim that began last, unless it has ended; 0: none.
func inForce(claims []claim, t time.Time) int {
	var last *claim
	for _, c := range claims {
		if !c.from.After(t) && (last == nil || !c.from.Before(last.from)) {
			last = &c
		}
	}
	if last == nil || !last.until.IsZero() && !last.until.After(t) {
		return 0
	}
	return last.state
}

// isDated reports whether the group's whole history is known, so that any moment can be asked about.
func (s *scenario) isDated(group string) bool {
	for _, f := range s.files() {
		if f.group == group && !f.isCopy && f.from.IsZero() {
			return false
		}
	}
	return true
}

// moments draws times to ask about, from before the first date to after the last, without those on a boundary.
func (s *scenario) moments(rng *rand.Rand, n int) []time.Time {
	var first, last time.Time
	for _, f := range s.files() {
		if f.from.IsZero() || f.isDistractor {
			continue
		}
		if first.IsZero() || f.from.Before(first) {
			first = f.from
		}
		if f.from.After(last) {
			last = f.from
		}
	}
	if first.IsZero() {
		return nil
	}
	first, last = first.AddDate(0, 0, -60), last.AddDate(0, 0, 60)
	out := make([]time.Time, n)
	for i := range out {
		out[i] = first.Add(time.Duration(rng.Int64N(int64(last.Sub(first))))).Truncate(time.Second).Add(7 * time.Millisecond)
	}
	return out
}
