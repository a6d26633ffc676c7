package chunk

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestUnit is the length in tokens above which a run without spaces, such as a Chinese sentence or a long
// address, may be cut inside.
const longestUnit = 16

// Windows cuts a chunk into pieces of about size tokens, to be embedded beside the chunk itself: a short passage's
// vector isn't blurred by what else stands around it. Pieces follow each other without overlap; only the last is
// drawn back to a full size where less than half would be left.
//
// In a document with sections each piece is headed by the document's title and its own section's heading, and the
// trail of headings is a piece by itself: often it says in other words what the section answers. A short chunk of a
// document without sections has none: its own vector does.
func Windows(c Chunk, hasSections bool, count Counter, size int) []string {
	if !hasSections {
		text := c.Embedded()
		if count.CountTokens(text) <= size {
			return nil
		}
		return pieces(text, count, size)
	}
	if len(c.Headings) == 0 {
		return pieces(c.Text, count, size)
	}
	heading := c.Headings[0]
	if len(c.Headings) > 1 {
		heading += trailSeparator + c.Headings[len(c.Headings)-1]
	}
	windows := []string{strings.Join(c.Headings, trailSeparator)}
	for _, piece := range pieces(c.Text, count, size) {
		windows = append(windows, heading+"\n"+piece)
	}
	return windows
}

// pieces cuts a text between words.
func pieces(text string, count Counter, size int) []string {
	units := unitsOf(text, count)
	var all []string
	start, tokens := 0, 0
	for i, u := range units {
		if tokens+u.tokens > size && i > start {
			all = append(all, strings.TrimSpace(text[units[start].start:u.start]))
			start, tokens = i, 0
		}
		tokens += u.tokens
	}
	if start < len(units) {
		if len(all) > 0 && tokens < size/2 {
			for start > 0 && tokens+units[start-1].tokens <= size {
				start--
				tokens += units[start].tokens
			}
		}
		all = append(all, strings.TrimSpace(text[units[start].start:]))
	}
	return all
}

// span is a word at byte start of its text, or one character of a run that is too long for a word.
type span struct{ start, tokens int }

func unitsOf(text string, count Counter) []span {
	var units []span
	for at := 0; at < len(text); {
		length := strings.IndexFunc(text[at:], unicode.IsSpace)
		if length == 0 {
			_, size := utf8.DecodeRuneInString(text[at:])
			at += size
			continue
		}
		if length < 0 {
			length = len(text) - at
		}
		run := text[at : at+length]
		if tokens := count.CountTokens(run); tokens <= longestUnit {
			units = append(units, span{at, tokens})
		} else {
			share, each := 0.0, float64(tokens)/float64(utf8.RuneCountInString(run))
			for i := range run { // its tokens spread evenly over its characters
				before := int(share)
				share += each
				units = append(units, span{at + i, int(share) - before})
			}
		}
		at += length
	}
	return units
}
