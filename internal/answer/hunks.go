package answer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"clearwell/internal/diff"
)

// hunk is a run of changed words in a block that both revisions have, in code points of either side's own text.
// One of its ranges is empty when words were only added or only removed.
type hunk struct{ oldStart, oldEnd, newStart, newEnd int }

// hunks lists where the words of a changed block differ; what differs in punctuation alone is left out.
func hunks(c diff.Change) []hunk {
	var all []hunk
	at := hunk{}
	hasWords := false
	end := func() {
		if hasWords {
			all = append(all, at)
		}
		at = hunk{at.oldEnd, at.oldEnd, at.newEnd, at.newEnd}
		hasWords = false
	}
	for _, span := range c.Words {
		n := utf8.RuneCountInString(span.Text)
		switch span.Op {
		case diff.Removed:
			at.oldEnd += n
		case diff.Added:
			at.newEnd += n
		default:
			end()
			at = hunk{at.oldEnd + n, at.oldEnd + n, at.newEnd + n, at.newEnd + n}
			continue
		}
		hasWords = hasWords || strings.ContainsFunc(span.Text, isWordRune)
	}
	end()
	return all
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// touches reports whether a hunk changed the words start to end of the new side's text: at a sentence's edge
// only what stands in the sentence counts.
func (h hunk) touches(start, end int) bool {
	if h.newStart == h.newEnd {
		return start < h.newStart && h.newStart < end
	}
	return h.newStart < end && start < h.newEnd
}

// joined makes one hunk of those that stand near each other, so that each can be shown with its surroundings.
func joined(all []hunk, gap int) []hunk {
	var out []hunk
	for _, h := range all {
		if last := len(out) - 1; last >= 0 && h.newStart-out[last].newEnd <= gap {
			out[last].oldEnd, out[last].newEnd = h.oldEnd, h.newEnd
			continue
		}
		out = append(out, h)
	}
	return out
}

// excerpt is a part of a text: code points start to end.
type excerpt struct{ start, end int }

// around widens start to end by up to margin code points on either side, to whole words, and cuts it to limit.
func around(text []rune, start, end, margin, limit int) excerpt {
	start, end = max(0, min(start, len(text))), max(0, min(end, len(text)))
	e := excerpt{max(0, start-margin), min(len(text), max(end, start)+margin)}
	for e.start > 0 && e.start < start && !unicode.IsSpace(text[e.start-1]) {
		e.start++
	}
	for e.end < len(text) && e.end > end && !unicode.IsSpace(text[e.end]) {
		e.end--
	}
	if e.end-e.start > limit {
		e.end = e.start + limit
		for cut := e.end; cut > e.start+limit/2; cut-- {
			if unicode.IsSpace(text[cut]) {
				e.end = cut
				break
			}
		}
	}
	for e.start < e.end && unicode.IsSpace(text[e.start]) {
		e.start++
	}
	for e.end > e.start && unicode.IsSpace(text[e.end-1]) {
		e.end--
	}
	return e
}

// in writes the excerpt on one line, with … where something of the text was left out.
func (e excerpt) in(text []rune) string {
	written := oneLine(string(text[e.start:e.end]))
	if strings.TrimSpace(string(text[:e.start])) != "" {
		written = "… " + written
	}
	if strings.TrimSpace(string(text[e.end:])) != "" {
		written += " …"
	}
	return written
}
