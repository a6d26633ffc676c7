// Package chunk cuts a document into findable pieces that know where they came from.
// It does not embed or store them.
package chunk

import "strings"

// Ref says where a chunk stands in its document.
type Ref struct {
	// Start and End are offsets in Unicode code points of parse.Document.Text; End is exclusive.
	Start, End int
	// Page is where the chunk begins, from 1; 0 where the format has no pages.
	Page int
	// Headings is the trail of headings above the chunk, outermost first.
	Headings []string
}

// Chunk is a findable piece of a document.
type Chunk struct {
	Ref
	// Text is exactly Document.Text()[Start:End] (in code points).
	Text string
	// Context repeats what a reader of this piece alone would miss: the lead-in of a list or the
	// header row of a table that was cut. It is embedded and shown, but it is not part of Text.
	Context string
	// Tokens is the length of Embedded in the embedder's own tokens.
	Tokens int
}

const trailSeparator = " > "

// Embedded is the text that stands for the chunk in the vector index: heading trail, context, text.
func (c Chunk) Embedded() string {
	parts := make([]string, 0, 3)
	if len(c.Headings) > 0 {
		parts = append(parts, strings.Join(c.Headings, trailSeparator))
	}
	if c.Context != "" {
		parts = append(parts, c.Context)
	}
	return strings.Join(append(parts, c.Text), "\n")
}

// Counter counts the tokens of a text as the embedder will; inference.Embedder is one.
type Counter interface {
	CountTokens(text string) int
}

// Config bounds the size of chunks in tokens of the embedded text. The zero value means the defaults.
type Config struct {
	Target int // how long chunks are on average; default 220, at most Max
	Max    int // never exceeded; default 480, at least 24
}

const (
	defaultTarget, defaultMax = 220, 480
	// minMax leaves room for a few words beside a heading.
	minMax = 24
)

func (c Config) withDefaults() Config {
	if c.Max == 0 {
		c.Max = defaultMax
	}
	c.Max = max(c.Max, minMax)
	if c.Target <= 0 {
		c.Target = defaultTarget
	}
	c.Target = min(c.Target, c.Max)
	return c
}

// maxTrail is how much of a chunk the trail of headings may take.
func (c Config) maxTrail() int { return c.Max / 2 }

// maxHeading is the length above which a "heading" is text: a trail of six such still leaves room.
func (c Config) maxHeading() int { return c.Max / 8 }

// maxContext is how much of a chunk its context may take.
func (c Config) maxContext() int { return c.Max / 4 }

// window is the distance in tokens within which a cut must be the best one: no two cuts are closer to each
// other, and nothing farther away has a say. Chunks are 0.45 to about 2 targets long, rarely longer.
func (c Config) window() int { return max(c.Target*9/20, 1) }
