package answer

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"clearwell/internal/analysis"
	"clearwell/internal/retrieve"
)

// citer reads a model's answer as it streams. Text goes on at once, but for what may turn out to be a
// citation mark: a mark that points to no passage, or whose statement holds a number or a quotation
// that the passage lacks, is taken out of the text and counted.
type citer struct {
	passages []retrieve.Passage
	out      *writing
	held     string // tail that may be the beginning of a mark, or of noAnswer
	claim    strings.Builder
	hasBegun bool // something other than white space was streamed
}

func newCiter(passages []retrieve.Passage, out *writing) *citer {
	return &citer{passages: passages, out: out}
}

// mark is one citation mark: [2], or [1, 3].
var mark = regexp.MustCompile(`\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\]`)

// mayBecomeMark matches a tail that more text could turn into a mark.
var mayBecomeMark = regexp.MustCompile(`\[[\d,;\s]{0,24}$`)

// add takes the next piece of the stream.
func (c *citer) add(delta string) {
	c.held += delta
	if !c.hasBegun {
		start := strings.TrimLeftFunc(c.held, unicode.IsSpace)
		if start == "" || strings.HasPrefix(noAnswer, start) || strings.HasPrefix(start, noAnswer) {
			return // may still be noAnswer: nothing is shown yet
		}
		c.held = start
		c.begin()
	}
	c.flush(false)
}

func (c *citer) begin() {
	c.hasBegun = true
	c.out.sources(c.passages)
}

// finish ends the stream. It reports true when the model said that the passages hold no answer.
func (c *citer) finish() bool {
	if !c.hasBegun {
		if start := strings.TrimSpace(c.held); start == "" || strings.HasPrefix(start, noAnswer) {
			return true
		}
		c.begin()
	}
	c.flush(true)
	if len(c.out.answer.Citations) == 0 {
		c.out.write("\n\n(No passage of the library was found to support this answer.)")
	}
	return false
}

func (c *citer) flush(isEnd bool) {
	for {
		at := mark.FindStringIndex(c.held)
		if at == nil {
			break
		}
		c.say(c.held[:at[0]])
		c.cite(c.held[at[0]:at[1]])
		c.held = c.held[at[1]:]
	}
	keep := len(c.held)
	if tail := mayBecomeMark.FindStringIndex(c.held); tail != nil && !isEnd {
		keep = tail[0]
	}
	c.say(c.held[:keep])
	c.held = c.held[keep:]
}

func (c *citer) say(text string) {
	c.out.write(text)
	c.claim.WriteString(text)
}

var number = regexp.MustCompile(`\d+`)

// cite checks each number of a mark against its passage, and writes those that hold.
func (c *citer) cite(text string) {
	claim := lastStatement(c.claim.String())
	for _, digits := range number.FindAllString(text, -1) {
		n, err := strconv.Atoi(digits)
		if err != nil || n < 1 || n > len(c.passages) || !supports(c.passages[n-1], claim) {
			c.out.answer.Dropped++
			continue
		}
		p := c.passages[n-1]
		start, end := bestSentence(p, claim)
		c.out.write("[" + digits + "]")
		c.out.cite(n, p, start, end)
	}
}

// lastStatement is the sentence that a mark at the end of text speaks for.
func lastStatement(text string) string {
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	sentences := split(text)
	if len(sentences) == 0 {
		return text
	}
	return sentences[len(sentences)-1].text
}

var (
	figure    = regexp.MustCompile(`\d+(?:[.,:/-]\d+)*`)
	quotation = regexp.MustCompile(`["“„«]([^"“”„«»]{12,})["”“»]`)
)

// supports reports whether the passage holds every figure and every longer quotation of the statement.
func supports(p retrieve.Passage, statement string) bool {
	text := folded(p.Title + " " + strings.Join(p.Headings, " ") + " " + shown(p) + " " +
		p.EffectiveFrom.Format("2006-01-02") + " " + day(p.EffectiveUntil))
	figures := make(map[string]bool)
	for _, f := range figure.FindAllString(text, -1) {
		figures[plainFigure(f)] = true
		for _, part := range number.FindAllString(f, -1) {
			figures[part] = true
		}
	}
	for _, f := range figure.FindAllString(mark.ReplaceAllString(statement, ""), -1) {
		if !figures[plainFigure(f)] {
			return false
		}
	}
	for _, q := range quotation.FindAllStringSubmatch(statement, -1) {
		if !strings.Contains(text, folded(q[1])) {
			return false
		}
	}
	return true
}

// plainFigure drops thousands separators, so that 1,500 and 1500 are one figure.
func plainFigure(f string) string { return strings.ReplaceAll(f, ",", "") }

// folded is text with white space and case made equal.
func folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// bestSentence is the part of the passage that shares most words with the statement, in code points of
// its text; the whole passage when no sentence shares any, as in an answer in another language.
func bestSentence(p retrieve.Passage, statement string) (start, end int) {
	language := analysis.Detect(p.Text)
	words := analysis.Question(statement, language)
	end = utf8.RuneCountInString(p.Text)
	best := 0.0
	for _, s := range split(p.Text) {
		bag := analysis.Passage(s.text, language)
		shared := 0.0
		for _, w := range words {
			if holds(bag, w) {
				shared++
			}
		}
		if shared > best {
			best, start, end = shared, s.start, s.end
		}
	}
	return start, end
}
