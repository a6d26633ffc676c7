package eval

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"clearwell/internal/answer"
	"clearwell/internal/chunk"
	"clearwell/internal/library"
	"clearwell/internal/retrieve"
)

// Citations is what the citations of answers came to, those of disagreements included.
type Citations struct {
	Checked  int      `json:"checked"`
	InForce  int      `json:"in_force"` // their revision applies now; of words said to be former: applied before
	Verbatim int      `json:"verbatim"` // the quote stands in the revision's text, letter by letter, at its offsets
	Placed   int      `json:"placed"`   // page and headings are those of the chunk that the quote begins in
	Valid    int      `json:"valid"`    // all of these
	Faults   []string `json:"faults"`   // a sentence for each that isn't
}

// Precision is the share of valid citations.
func (c Citations) Precision() Interval { return Share(c.Valid, c.Checked) }

// citationChecker holds citations to the library. It keeps what it has read.
type citationChecker struct {
	library *library.Store
	read    map[library.RevisionRef]citedRevision
}

type citedRevision struct {
	library.Revision
	text   []rune
	chunks []chunk.Ref
}

func newCitationChecker(lib *library.Store) *citationChecker {
	return &citationChecker{library: lib, read: make(map[library.RevisionRef]citedRevision)}
}

// check adds the citations of an answer to the count. all is whether every one of them is valid.
func (c *citationChecker) check(ctx context.Context, question string, a answer.Answer, count *Citations) (n int, all bool, err error) {
	citations := a.Citations
	for _, conflict := range a.Conflicts {
		for _, value := range conflict.Values {
			citations = append(citations[:len(citations):len(citations)], value.Citation)
		}
	}
	all = true
	for _, cited := range citations {
		rev, err := c.revision(ctx, library.RevisionRef{DocumentID: cited.Passage.DocumentID, Number: cited.Passage.Revision})
		if err != nil {
			return 0, false, err
		}
		fault := count.add(cited, rev)
		if fault == "" {
			continue
		}
		all = false
		count.Faults = append(count.Faults, fmt.Sprintf("%s: [%d] %s, revision %d, %d–%d: %s: %q", question, cited.N,
			cited.Passage.DocumentKey, cited.Passage.Revision, cited.Start, cited.End, fault, cited.Quote))
	}
	return len(citations), all, nil
}

// add counts a citation and says what is wrong with it; "" if it is valid.
func (c *Citations) add(cited answer.Citation, rev citedRevision) (fault string) {
	c.Checked++
	var faults []string
	if rev.InForce || cited.IsFormer && rev.Superseded {
		c.InForce++
	} else {
		faults = append(faults, "not in force")
	}
	if rev.says(cited) {
		c.Verbatim++
	} else {
		faults = append(faults, "not verbatim")
	}
	if fault := rev.misplaced(cited); fault == "" {
		c.Placed++
	} else {
		faults = append(faults, fault)
	}
	if len(faults) == 0 {
		c.Valid++
	}
	return strings.Join(faults, ", ")
}

// revision looks a cited revision up in the library.
func (c *citationChecker) revision(ctx context.Context, ref library.RevisionRef) (citedRevision, error) {
	rev, ok := c.read[ref]
	if ok {
		return rev, nil
	}
	var err error
	if rev.Revision, err = c.library.Revision(ctx, ref.DocumentID, ref.Number); err != nil {
		return rev, fmt.Errorf("look a citation up: %w", err)
	}
	text, err := c.library.RevisionText(ctx, rev.Revision)
	if err != nil {
		return rev, fmt.Errorf("look a citation up: %w", err)
	}
	if rev.chunks, err = c.library.ChunkRefs(ctx, rev.Revision); err != nil {
		return rev, fmt.Errorf("look a citation up: %w", err)
	}
	rev.text = []rune(text)
	c.read[ref] = rev
	return rev, nil
}

// says reports whether the quote stands at its offsets.
func (r citedRevision) says(cited answer.Citation) bool {
	return cited.Quote != "" && cited.Start >= 0 && cited.Start <= cited.End && cited.End <= len(r.text) &&
		string(r.text[cited.Start:cited.End]) == cited.Quote
}

// misplaced says where the quote begins instead of where the citation says; "" if that is right. What stands before
// a chunk, such as its heading, belongs to it.
func (r citedRevision) misplaced(cited answer.Citation) (fault string) {
	at := slices.IndexFunc(r.chunks, func(c chunk.Ref) bool { return cited.Start < c.End })
	if at < 0 {
		return "behind the last chunk"
	}
	ref, place := r.chunks[at], cited.Place()
	isPlaced := place.Page == ref.Page && slices.Equal(place.Headings, ref.Headings)
	if cited.Passage.ChunkID == 0 { // from a comparison
		isPlaced = r.isComparedAt(at, place)
	}
	if isPlaced {
		return ""
	}
	return fmt.Sprintf("cited on page %d under %q, stands on page %d under %q", place.Page, place.Headings, ref.Page, ref.Headings)
}

// isComparedAt is for words from a comparison, which knows paragraphs: one may begin a page later than the chunk that
// it is in, and its trail is without the document's title.
func (r citedRevision) isComparedAt(at int, place retrieve.Place) bool {
	ref := r.chunks[at]
	last := ref.Page
	if at+1 < len(r.chunks) {
		last = max(last, r.chunks[at+1].Page)
	}
	if place.Page < ref.Page || place.Page > last {
		return false
	}
	if len(place.Headings) == 0 {
		return len(ref.Headings) <= 1
	}
	innermost := strings.Join(strings.Fields(place.Headings[len(place.Headings)-1]), " ")
	return len(ref.Headings) > 0 && ref.Headings[len(ref.Headings)-1] == innermost
}
