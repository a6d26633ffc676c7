package answer

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"clearwell/internal/chunk"
)

// citer reads a model's answer as it streams and lets it through statement by statement, each checked before it
// is shown. Nothing is shown before a statement has support, and never more statements without support than with:
// a text that has none in its first two claims is given up, and one that loses it later is cut off there.
type citer struct {
	verify  *verifier
	out     *writing
	fence   string
	held    string    // what is no whole statement yet
	waiting []verdict // checked, before the first one with support
	uncited []uncited // before them: claims whose mark may still come

	supported, flagged int
	isShowing          bool // the first statement with support has come
	isUnanswered       bool // the model said that the passages hold no answer
	isGivenUp, isCut   bool
	isDone             bool // nothing that comes will be shown
}

func newCiter(verify *verifier, fence string, out *writing) *citer {
	return &citer{verify: verify, out: out, fence: strings.TrimPrefix(fence, fencePrefix)}
}

// longestAnswer ends a model that doesn't stop, in bytes; longestStatement a statement of its that doesn't.
const (
	longestAnswer    = 24_000
	longestStatement = 4_000
)

// add takes the next piece of the stream. It reports false when nothing more need come.
func (c *citer) add(delta string) bool {
	c.held += delta
	for !c.isDone {
		statement, rest, ok := nextStatement(c.held, false)
		if !ok {
			break
		}
		c.held = rest
		c.take(statement)
	}
	if c.out.text.Len() > longestAnswer {
		c.cut()
	}
	return !c.isDone
}

// finish ends the stream.
func (c *citer) finish() {
	for !c.isDone {
		statement, rest, ok := nextStatement(c.held, true)
		if !ok {
			break
		}
		c.held = rest
		c.take(statement)
	}
	c.release(nil)
	if !c.isShowing && !c.isUnanswered {
		c.isGivenUp, c.isDone = true, true
	}
}

// take checks one statement.
func (c *citer) take(statement string) {
	if strings.Contains(statement, c.fence) {
		c.out.answer.Removed++ // the frame of the prompt, not an answer
		return
	}
	if saysNoAnswer(statement) {
		c.release(nil)
		if c.isDone {
			return
		}
		c.isDone, c.isUnanswered = true, !c.isShowing // once something was shown it only ends there
		return
	}
	before := c.verify.progress
	if d := c.verify.check(statement); !c.carry(statement, before, d) {
		c.settle(d)
	}
}

// settle counts a statement that was checked, and shows it or has it wait.
func (c *citer) settle(d verdict) {
	if c.isDone {
		return
	}
	c.out.answer.Dropped += d.dropped
	c.out.answer.Removed += d.removed
	switch {
	case d.text == "":
		return
	case d.reason != "":
		c.flagged++
	case d.isClaim:
		c.supported++
	}
	switch {
	case c.isShowing && c.flagged > c.supported:
		c.cut()
	case c.isShowing:
		c.show(d)
	case c.flagged > 1:
		c.isGivenUp, c.isDone = true, true
	default:
		c.waiting = append(c.waiting, d)
		c.begin()
	}
}

// begin shows what waited as soon as a statement has support.
func (c *citer) begin() {
	if c.supported == 0 {
		return
	}
	c.isShowing = true
	c.out.sources(c.verify.passages)
	c.waiting[0].trim()
	for _, d := range c.waiting {
		c.show(d)
	}
	c.waiting = nil
}

// show writes a statement, and flags it where the text says so.
func (c *citer) show(d verdict) {
	before := utf8.RuneCountInString(c.out.text.String())
	c.out.write(d.text)
	for _, citation := range d.citations {
		c.out.add(citation)
	}
	if d.reason == "" {
		return
	}
	start := before + utf8.RuneCountInString(d.text[:d.start])
	statement := d.text[d.start:d.end]
	c.out.answer.Flags = append(c.out.answer.Flags, Flag{
		Start: start, End: start + utf8.RuneCountInString(statement), Statement: statement, Reason: d.reason, Missing: d.missing,
	})
}

// cut ends the answer here and says so.
func (c *citer) cut() {
	if c.isDone {
		return
	}
	c.isCut, c.isDone = true, true
	c.out.write("\n\n" + phrasesIn(c.verify.language).leftOut)
}

// trim drops the white space before the first statement.
func (d *verdict) trim() {
	space := len(d.text) - len(strings.TrimLeftFunc(d.text, unicode.IsSpace))
	d.text, d.start, d.end = d.text[space:], d.start-space, d.end-space
}

var (
	// marksOfLine are the marks behind a statement in its line; marksBelow fill a line of their own.
	marksOfLine = regexp.MustCompile(`^(?:[ \t]*` + anyMark.String() + `)+[.,;:!?]*`)
	marksBelow  = regexp.MustCompile(`^(?:\s*(?:[-*•][ \t]+)?` + anyMark.String() + `)+[ \t]*(?:\n|$)`)
	// stopAfterMark ends a statement for sure: what looks like an ordinal before it is a mark.
	stopAfterMark = regexp.MustCompile(anyMark.String() + `[.!?]+["'”’»)]*\s`)
	// mayBecomeMark matches a tail that more text could turn into a mark.
	mayBecomeMark = regexp.MustCompile(`(?i)^(?:[-*•][ \t]+)?(?:` + strings.Join([]string{
		`[*(\\\[]*[\[【［][^\]】］\n]{0,100}`, // [1
		`[*(\\]+`, `[-*•][ \t]*`, // **
		`\(` + seeing + `(?:` + sourceName + `|references?|belege?)[^)\n]{0,100}`,                                                              // (passage 1
		`\(?\*{0,2}(?:sources?|quellen?|fuentes?|references?|belege?)\*{0,2}\s*(?::\*{0,2}\s*(?:[-*•][ \t]*)?(?:\\?[\[【［][^\]】］\n]{0,100})?)?`, // Source: [1
		`[*(\[][^\n]{0,100}[\]】］][\])*]?`, // ([1]
	}, "|") + `)$`)
	twoWords = regexp.MustCompile(`^\S+\s`)
)

// longestWord is after how many characters without a space a script is taken for one that has none.
const longestWord = 40

// nextStatement cuts the first whole statement off a text that still grows, with the marks that follow it. A
// statement is whole when the next one has begun, by a word: only then is it known that the full stop wasn't that
// of an abbreviation, and that no mark follows. ok is false if there is none yet; at the end all is whole.
func nextStatement(text string, isEnd bool) (statement, rest string, ok bool) {
	spans := chunk.Sentences(text)
	if len(spans) == 0 {
		return "", text, false
	}
	end := spans[0].End
	if !isEnd && len(text) > longestStatement && len(spans) == 1 {
		end = longestPart(text)
		return text[:end], text[end:], true
	}
	if strings.ContainsAny(text[:end], brackets) {
		if at := stopAfterMark.FindStringIndex(text[:end]); at != nil {
			end = at[1] - 1
		}
	}
	end = endOfQuoted(text, end, spans[1:])
	end += len(marksOfLine.FindString(text[end:]))
	if below := marksBelow.FindString(text[end:]); strings.HasSuffix(below, "\n") || isEnd {
		end += len(strings.TrimRightFunc(below, unicode.IsSpace))
	}
	if isEnd {
		return text[:end], text[end:], true
	}
	next := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
	switch {
	case next == "", mayBecomeMark.MatchString(next), marksBelow.MatchString(next):
		return "", text, false
	}
	if !twoWords.MatchString(next) && utf8.RuneCountInString(next) < longestWord {
		return "", text, false
	}
	return text[:end], text[end:], true
}

// mostQuoted is how many sentences a statement goes on for because they stand in quotation marks that are open.
const mostQuoted = 6

// newBlock begins a line that goes on with nothing from the line before.
var newBlock = regexp.MustCompile(`^\s*\n\s*(?:\n|[-*•#|>]|\d{1,3}[.)]\s)`)

// endOfQuoted is where a statement that ends in the middle of a quotation ends with it: what stands in quotation marks is
// looked up as one, over sentences and the breaks of lines.
func endOfQuoted(text string, end int, after []chunk.Span) int {
	for i, span := range after[:min(len(after), mostQuoted)] {
		if span.Start < end {
			continue
		}
		var quotes quoteReader
		if quotes.in(text[:end]); len(quotes.open) == 0 || newBlock.MatchString(text[end:]) || i > 0 && span.End > longestStatement {
			break
		}
		end = span.End
	}
	return end
}

// longestPart is where a statement that doesn't end is cut: at white space or, in a text without, between two characters.
func longestPart(text string) int {
	if end := strings.LastIndexFunc(text, unicode.IsSpace); end > longestStatement/2 {
		return end
	}
	end := longestStatement
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return end
}

// aloneNoAnswer is how models write what they are asked to say where there is no answer, with nothing beside it.
var aloneNoAnswer = regexp.MustCompile("(?i)^[\\s*_`\"'>.-]*no(?:\\\\?[ _-]){1,2}answer[\\s*_`\"'.!]*$")

// saysNoAnswer reports whether a statement says that the passages hold no answer.
func saysNoAnswer(statement string) bool {
	return strings.Contains(strings.ReplaceAll(statement, `\`, ""), noAnswer) || aloneNoAnswer.MatchString(statement)
}

// folded is text with white space and case made equal.
func folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
