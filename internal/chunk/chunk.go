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

// Embedded is the text that stands for the chunk in the vector index: heading trail, context, text.
func (c Chunk) Embedded() string {
	parts := make([]string, 0, 3)
	if len(c.Headings) > 0 {
		parts = append(parts, strings.Join(c.Headings, " > "))
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
	Target int // where to stop filling a chunk; default 220
	Max    int // never exceeded; default 480
}
