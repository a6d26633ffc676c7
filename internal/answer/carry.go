package answer

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// uncited is a statement that no mark follows, in a paragraph whose next mark may be meant for it, too.
type uncited struct {
	verdict

	raw    string
	before progress
}

// mostUncited is how many statements wait for a mark of their paragraph.
const mostUncited = 4

var blankLine = regexp.MustCompile(`\n\s*\n`)

// carry has a claim without a mark wait, and takes what waits as soon as it is known whose mark it has: "A. B. [1]" cites
// for A, too, where A holds against it. It reports whether the statement waits.
func (c *citer) carry(statement string, before progress, d verdict) bool {
	space := statement[:len(statement)-len(strings.TrimLeftFunc(statement, unicode.IsSpace))]
	if blankLine.MatchString(space) {
		c.release(nil)
	}
	isCited := len(d.citations) > 0 || anyMark.MatchString(statement)
	if isCited || d.text == "" || len(c.uncited) == mostUncited || d.reason == "" && len(c.uncited) == 0 {
		c.release(d.citations)
		return false
	}
	c.uncited = append(c.uncited, uncited{verdict: d, raw: statement, before: before})
	return true
}

// release takes what waits, with the citations of the statement behind it where it holds against them.
func (c *citer) release(citations []Citation) {
	waiting := c.uncited
	c.uncited = nil
	for _, u := range waiting {
		d := u.verdict
		if d.reason != "" && len(citations) > 0 {
			if again := c.verify.again(withMarks(u.raw, citations), u.before); again.reason == "" {
				again.dropped = 0 // none of these marks is the model's
				d = again
			}
		}
		c.settle(d)
	}
}

// withMarks puts marks behind a statement, or into the last cell of a row.
func withMarks(statement string, citations []Citation) string {
	marks := ""
	for _, citation := range citations {
		marks += fmt.Sprintf("[%d]", citation.N)
	}
	if row, isRow := strings.CutSuffix(statement, "|"); isRow {
		return strings.TrimRightFunc(row, unicode.IsSpace) + " " + marks + " |"
	}
	return statement + " " + marks
}
