package diff

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// Style says how differences are written for people.
type Style struct {
	Colour bool // red and green of ANSI terminals; otherwise [-removed-] and {+added+}, as wdiff has it
	Width  int  // columns of a line; 0 means 100
}

// contextWords is how much of an unchanged run is shown on either side of a change.
const contextWords = 12

// Render writes the differences for a terminal: the headings, then what was changed below them.
func Render(r Report, w io.Writer, style Style) error {
	if style.Width <= 0 {
		style.Width = 100
	}
	var out strings.Builder
	if len(r.Changes) == 0 {
		out.WriteString("No differences.\n")
	}
	var trail []string
	for i, c := range r.Changes {
		side := c.New
		if side == nil {
			side = c.Old
		}
		if i == 0 || !slices.Equal(trail, side.Headings) {
			trail = side.Headings
			if i > 0 {
				out.WriteString("\n")
			}
			if len(trail) > 0 {
				fmt.Fprintf(&out, "%s\n", harmless(strings.Join(trail, " > ")))
			}
		}
		out.WriteString(style.wrap(style.line(c)))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// line is one change in words.
func (s Style) line(c Change) string {
	switch c.Op {
	case Added:
		return "+ " + s.mark(Added, c.New.Text)
	case Removed:
		return "- " + s.mark(Removed, c.Old.Text)
	case Moved:
		return "> moved: " + shortened(c.New.Text, true, false)
	}
	var line strings.Builder
	line.WriteString("~ ")
	if c.Moved {
		line.WriteString("moved: ")
	}
	for i, span := range c.Words {
		if span.Op == Same {
			line.WriteString(shortened(span.Text, i > 0, i+1 < len(c.Words)))
			continue
		}
		line.WriteString(s.mark(span.Op, span.Text))
	}
	return line.String()
}

// mark sets words off as removed or added; white space around them stays outside.
func (s Style) mark(op Op, text string) string {
	core := strings.TrimSpace(text)
	if core == "" {
		return text
	}
	start := strings.Index(text, core)
	before, after := text[:start], text[start+len(core):]
	begin, end := "[-", "-]"
	if op == Added {
		begin, end = "{+", "+}"
	}
	if s.Colour {
		begin, end = "\x1b[31m", "\x1b[0m"
		if op == Added {
			begin = "\x1b[32m"
		}
	}
	return before + begin + harmless(core) + end + after
}

// shortened leaves out the middle of a long unchanged run, and what is far from any change.
func shortened(text string, hasBefore, hasAfter bool) string {
	words := strings.Fields(harmless(text))
	keep := 2 * contextWords
	if len(words) <= keep+1 {
		return harmless(text)
	}
	var parts []string
	if hasBefore {
		parts = append(parts, strings.Join(words[:contextWords], " "))
	}
	parts = append(parts, "…")
	if hasAfter {
		parts = append(parts, strings.Join(words[len(words)-contextWords:], " "))
	}
	out := strings.Join(parts, " ")
	if hasBefore && strings.TrimLeftFunc(text, unicode.IsSpace) != text {
		out = " " + out
	}
	if hasAfter && strings.TrimRightFunc(text, unicode.IsSpace) != text {
		out += " "
	}
	return out
}

// harmless takes out what would steer a terminal: control characters, and those that turn the direction of
// writing.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, text)
}

// wrap breaks a line at spaces; what follows is set in by two.
func (s Style) wrap(line string) string {
	var out strings.Builder
	column := 0
	for i, word := range strings.Fields(line) {
		width := len([]rune(word))
		switch {
		case i == 0:
		case column+1+width > s.Width:
			out.WriteString("\n  ")
			column = 2
		default:
			out.WriteString(" ")
			column++
		}
		out.WriteString(word)
		column += width
	}
	out.WriteString("\n")
	return out.String()
}
