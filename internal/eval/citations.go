package eval

import (
	"context"
	"fmt"

	"clearwell/internal/answer"
	"clearwell/internal/library"
)

// Citations is what the citations of answers came to, those of disagreements included.
type Citations struct {
	Checked  int      `json:"checked"`
	InForce  int      `json:"in_force"` // their revision applies now; of words said to be former: applied before
	Verbatim int      `json:"verbatim"` // the quote stands in the revision's text, letter by letter, at its offsets
	Valid    int      `json:"valid"`    // both
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
	text []rune
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
		isInForce, isVerbatim, err := c.holds(ctx, cited)
		if err != nil {
			return 0, false, err
		}
		count.Checked++
		if isInForce {
			count.InForce++
		}
		if isVerbatim {
			count.Verbatim++
		}
		if isInForce && isVerbatim {
			count.Valid++
			continue
		}
		all = false
		count.Faults = append(count.Faults, fmt.Sprintf("%s: [%d] %s, revision %d, %d–%d: in force %t, verbatim %t: %q", question, cited.N,
			cited.Passage.DocumentKey, cited.Passage.Revision, cited.Start, cited.End, isInForce, isVerbatim, cited.Quote))
	}
	return len(citations), all, nil
}

// holds looks the citation up in the library.
func (c *citationChecker) holds(ctx context.Context, cited answer.Citation) (isInForce, isVerbatim bool, err error) {
	ref := library.RevisionRef{DocumentID: cited.Passage.DocumentID, Number: cited.Passage.Revision}
	rev, ok := c.read[ref]
	if !ok {
		if rev.Revision, err = c.library.Revision(ctx, ref.DocumentID, ref.Number); err != nil {
			return false, false, fmt.Errorf("look a citation up: %w", err)
		}
		text, err := c.library.RevisionText(ctx, rev.Revision)
		if err != nil {
			return false, false, fmt.Errorf("look a citation up: %w", err)
		}
		rev.text = []rune(text)
		c.read[ref] = rev
	}
	isInForce = rev.InForce || cited.IsFormer && rev.Superseded
	isVerbatim = cited.Quote != "" && cited.Start >= 0 && cited.Start <= cited.End && cited.End <= len(rev.text) &&
		string(rev.text[cited.Start:cited.End]) == cited.Quote
	return isInForce, isVerbatim, nil
}
