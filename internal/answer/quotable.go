package answer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// quotable is a text in the form in which quotations are looked up: its words in small letters without what stands
// between them, so that spaces, line breaks and the hyphens of parted words don't count. Numbers keep their parts apart.
type quotable struct {
	squashed string
	edges    map[int]bool // where a word begins or ends, in bytes of squashed
	turns    []int        // where words stand that turn around what is said, in order
}

func newQuotable(text string) quotable {
	q := quotable{edges: map[int]bool{0: true}}
	var b, word, gap strings.Builder
	var last rune
	endWord := func() {
		if w := word.String(); elided[w] || w == "t" && strings.HasSuffix(b.String()[:b.Len()-1], "n") {
			q.turns = append(q.turns, b.Len()-len(w))
		}
		word.Reset()
	}
	for _, c := range strings.ToLower(norm.NFKC.String(withoutInvisible(text))) {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) {
			gap.WriteRune(c)
			continue
		}
		if gap.Len() > 0 && b.Len() > 0 {
			endWord()
			q.part(&b, gap.String(), last, c)
		}
		gap.Reset()
		if strings.ContainsRune(elidedSigns, c) {
			q.turns = append(q.turns, b.Len())
		}
		word.WriteRune(c)
		b.WriteRune(c)
		last = c
	}
	if b.Len() > 0 {
		endWord()
	}
	q.squashed = b.String()
	q.edges[len(q.squashed)] = true
	return q
}

// part writes what stays of a gap between two words. A hyphen inside of a word is no edge: "non-certified".
func (q quotable) part(b *strings.Builder, gap string, last, next rune) {
	areDigits := unicode.IsDigit(last) && unicode.IsDigit(next)
	switch {
	case areDigits && (gap == "." || gap == ","):
		b.WriteString(gap)
	case areDigits:
		q.edges[b.Len()] = true
		b.WriteByte(' ')
		q.edges[b.Len()] = true
	case unicode.IsLetter(last) && unicode.IsLetter(next) && innerHyphen.MatchString(gap):
	default:
		q.edges[b.Len()] = true
	}
}

var (
	innerHyphen = regexp.MustCompile(`^[-‐‑](?:\s*\n\s*)?$`)
	ellipsis    = regexp.MustCompile(`…|⋯|\.\s?\.(?:\s?\.)*`)
	// elided are words that a quotation must not leave out, in any language: what stays would say something else.
	elided = wordSet(`not no never none nobody nothing neither nor cannot without hardly rarely seldom only
		nicht kein keine keinen keinem keiner keines nie niemals niemand nichts weder ohne kaum nur
		ne n pas aucun aucune jamais ni sans nunca jamás ningún ninguna ninguno nadie tampoco sin
		не нет ни никогда без لا لم لن ليس غير بدون`)
)

// elidedSigns turn around what is said in scripts without spaces.
const elidedSigns = "不未没無无非勿禁"

// holds reports whether the quotation stands there word for word, from the beginning of a word to the end of one.
// White space, hyphens, case, marks and the kind of quotation marks don't count. What an ellipsis parts must all stand
// there, in that order, with no negation between.
func (q quotable) holds(quotation string) bool {
	ends, isFirst := []int(nil), true
	for _, part := range ellipsis.Split(quotation, -1) {
		wanted := newQuotable(part).squashed
		if wanted == "" {
			continue
		}
		var next []int
		for from := 0; ; {
			at := strings.Index(q.squashed[from:], wanted)
			if at < 0 {
				break
			}
			from += at + 1
			at = from - 1
			if q.isWhole(wanted, at) && (isFirst || q.isJoined(ends, at)) {
				next = append(next, at+len(wanted))
			}
		}
		if len(next) == 0 {
			return false
		}
		ends, isFirst = next, false
	}
	return true
}

// isWhole reports whether words that stand at a place begin and end as words do there. Scripts without spaces have no
// such edges, and Korean ends its words with others.
func (q quotable) isWhole(wanted string, at int) bool {
	return q.isEdge(at) && q.isEdge(at+len(wanted))
}

func (q quotable) isEdge(at int) bool {
	next, _ := utf8.DecodeRuneInString(q.squashed[at:])
	return q.edges[at] || unicode.In(next, unspaced...) || unicode.In(lastRune(q.squashed[:at]), unspaced...)
}

var unspaced = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

// isJoined reports whether what was left out between the last of the ends before a place and that place turns nothing around.
func (q quotable) isJoined(ends []int, at int) bool {
	before, isEnd := slices.BinarySearch(ends, at)
	if !isEnd {
		before--
	}
	if before < 0 {
		return false
	}
	turn, _ := slices.BinarySearch(q.turns, ends[before])
	return turn == len(q.turns) || q.turns[turn] >= at
}
