package answer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// quoteReader finds what a text gives in quotation marks. A quotation may run over several statements of a line; open
// are the marks whose quotation goes on, the outermost first.
type quoteReader struct{ open []rune }

// closersOf says which marks may close what one opens: languages disagree which of them does which.
var closersOf = map[rune]string{
	'"': "\"”“", '“': "”\"", '”': "”\"", '„': "“”\"‟", '‟': "”\"", '⹂': "“”", '″': "″\"", '〝': "〞〟", '〞': "〞", '❝': "❞", '«': "»", '»': "«", '‹': "›", '›': "‹",
	'「': "」", '『': "』", '﹁': "﹂", '﹃': "﹄",
	'\'': "'’", '‘': "’'", '‚': "‘’'", '‛': "’'", '`': "`´'",
}

const (
	// closingOnly are marks that open nothing.
	closingOnly = "〟❞」』﹂﹄"
	// singleMarks are apostrophes and accents, too: they quote at the edge of a word, and from fewestQuoted words up.
	singleMarks  = "'‘‚‛`"
	fewestQuoted = 3
)

var (
	// doubled marks are typed for others, and ones of full width are the same.
	doubled = strings.NewReplacer("```", " ", "''", `"`, "``", `"`, "´´", `"`, "‘‘", "“", "’’", "”", ",,", "„", "＂", `"`, "｢", "「", "｣", "」")
	// noQuote is what an apostrophe may begin.
	noQuote    = regexp.MustCompile(`^(?i:em|tis|twas|til|cause|round|[stn]|\d0s)(?:[^\pL\d]|$)`)
	blockquote = regexp.MustCompile(`^(?:>\s?)+`)
	wordsOnly  = regexp.MustCompile(`[\pL\d]+`)

	possessive      = regexp.MustCompile(`[sSxXzZ]$`)
	followedBySmall = regexp.MustCompile(`^\s+\p{Ll}`)
	closingSingle   = regexp.MustCompile("\\S['’`´](?:$|[\\s.,;:!?)\\]])")
)

// quoting is one statement while its quotations are read.
type quoting struct {
	*quoteReader
	text  string
	start int // where the outermost quotation begins, or what follows the last one
	found []string
	seen  bool // a mark
}

// in returns the quoted words of the next statement. A line that Markdown sets as a quotation is one, whole.
func (r *quoteReader) in(statement string) []string {
	if at := blockquote.FindString(statement); at != "" {
		return []string{listMark.ReplaceAllString(statement[len(at):], "")}
	}
	r.open = slices.Clone(r.open) // what was read before may be read again
	q := &quoting{quoteReader: r, text: doubled.Replace(statement)}
	for i, c := range q.text {
		q.read(c, i, i+utf8.RuneLen(c))
	}
	if len(r.open) > 0 && !q.take(len(q.text)) && strings.ContainsRune(singleMarks, r.open[0]) {
		r.open = nil // an apostrophe
	}
	return q.found
}

// endLine closes what was left open: a quotation doesn't go on in another paragraph.
func (r *quoteReader) endLine() { r.open = nil }

func (q *quoting) read(c rune, at, after int) {
	closers, isMark := closersOf[c]
	isMark = isMark || strings.ContainsRune(closingOnly+"’´", c)
	if !isMark || len(q.open) == 0 && isInches(c, q.text[:at], q.text[after:]) {
		return
	}
	if level := q.level(c); level >= 0 && q.closes(c, level, at, after) {
		if len(q.open) == 1 && !wordsOnly.MatchString(q.text[q.start:at]) {
			q.start = after // one mark behind the other
			return
		}
		if q.open = q.open[:level]; level == 0 {
			q.take(at)
			q.start = after
			if closers != "" && q.beginsAt(at, after) && !strings.ContainsRune(singleMarks, c) {
				q.open = []rune{c} // it only opens: the one before was never closed
			}
		}
		return
	}
	switch {
	case len(q.open) > 0 && closers != "" && !strings.ContainsRune(singleMarks, c):
		q.open = append(q.open, c)
	case len(q.open) > 0 || closers != "" && q.opens(c, at, after):
		if len(q.open) == 0 {
			q.open, q.start = []rune{c}, after
		}
	case q.seen && !strings.ContainsRune(singleMarks+"’´", c): // one too many: what stands before it was meant, too
		q.take(at)
		q.start = after
	}
	q.seen = true
}

// level is the innermost open mark that c closes as it should, or else can close; -1 if there is none.
func (q *quoting) level(c rune) int {
	can := -1
	for i, o := range slices.Backward(q.open) {
		switch strings.IndexRune(closersOf[o], c) {
		case -1:
		case 0:
			return i
		default:
			can = max(can, i)
		}
	}
	return can
}

// closes reports whether a mark that may close what is open at a level does. An apostrophe stands inside of a word, or
// behind the s of a plural while the quotation's own end is still to come; an unusual mark at the beginning of a word opens.
func (q *quoting) closes(c rune, level, at, after int) bool {
	if strings.IndexRune(closersOf[q.open[level]], c) > 0 && q.beginsAt(at, after) {
		return false
	}
	if !strings.ContainsRune(singleMarks+"’´", c) {
		return true
	}
	next, _ := utf8.DecodeRuneInString(q.text[after:])
	if unicode.IsSpace(lastRune(q.text[:at])) || unicode.IsLetter(next) || unicode.IsDigit(next) {
		return false
	}
	return !possessive.MatchString(q.text[:at]) || !followedBySmall.MatchString(q.text[after:]) || !closingSingle.MatchString(q.text[after:])
}

// opens reports whether a mark begins a quotation: one in the middle of a line that ends a word does not.
func (q *quoting) opens(c rune, at, after int) bool {
	if !strings.ContainsRune(singleMarks, c) {
		return !q.endsAt(at, after)
	}
	return q.beginsAt(at, after) && !noQuote.MatchString(q.text[after:])
}

// beginsAt reports whether a word begins, and none ends, at a mark.
func (q *quoting) beginsAt(at, after int) bool {
	before, _ := utf8.DecodeLastRuneInString(q.text[:at])
	next, _ := utf8.DecodeRuneInString(q.text[after:])
	return (at == 0 || unicode.IsSpace(before) || strings.ContainsRune(`([{:—–*_"“„«»>|`, before)) && after < len(q.text) && !unicode.IsSpace(next) &&
		!strings.ContainsRune(`.,;:!?)]}`, next)
}

// endsAt reports whether a word ends, and none begins, at a mark.
func (q *quoting) endsAt(at, after int) bool {
	before, _ := utf8.DecodeLastRuneInString(q.text[:at])
	next, _ := utf8.DecodeRuneInString(q.text[after:])
	return at > 0 && !unicode.IsSpace(before) && (after == len(q.text) || unicode.IsSpace(next) || strings.ContainsRune(`.,;:!?)]}`, next))
}

// take adds what stands before at; ok if it is a quotation. Few words in single marks are a name, or two apostrophes.
func (q *quoting) take(at int) (ok bool) {
	words := wordsOnly.FindAllString(q.text[q.start:at], fewestQuoted)
	isSingle := q.start > 0 && strings.ContainsRune(singleMarks, lastRune(q.text[:q.start]))
	if len(words) == 0 || isSingle && len(words) < fewestQuoted {
		return false
	}
	q.found = append(q.found, q.text[q.start:at])
	return true
}

func lastRune(s string) rune {
	last, _ := utf8.DecodeLastRuneInString(s)
	return last
}

// isInches reports whether a mark stands behind a number and before no word: 27".
func isInches(c rune, before, after string) bool {
	next, _ := utf8.DecodeRuneInString(after)
	return strings.ContainsRune("\"″'’”", c) && unicode.IsDigit(lastRune(before)) && !unicode.IsLetter(next)
}
