// Package diff finds what changed between two texts, by heading, paragraph and word.
// It does not know revisions or dates, and does not judge whether a change matters.
package diff

// Block is one block of a text: a heading, paragraph, list item, table or piece of code.
type Block struct {
	Kind  string `json:"kind"`  // as parse.BlockKind
	Level int    `json:"level"` // as parse.Block.Level
	Page  int    `json:"page"`  // from 1; 0 where there are no pages
	Start int    `json:"start"` // code points of the text that the block stands in
	End   int    `json:"end"`
	Text  string `json:"-"`
}

// Op is what became of a block or of words.
type Op string

// The operations. A moved block stands elsewhere with the same words; one that moved and changed is Changed
// with Moved set.
const (
	Same    Op = "same"
	Added   Op = "added"
	Removed Op = "removed"
	Changed Op = "changed"
	Moved   Op = "moved"
)

// Side is a block as one of the two texts has it.
type Side struct {
	Text     string   `json:"text"`
	Headings []string `json:"headings"` // the trail above it, outermost first
	Page     int      `json:"page"`
	Start    int      `json:"start"` // code points of its text
	End      int      `json:"end"`
}

// Span is a run of words within a changed block, white space included: all Same and Removed spans joined give
// the old text, all Same and Added spans the new one.
type Span struct {
	Op   Op     `json:"op"` // Same, Added or Removed
	Text string `json:"text"`
}

// Change is one block that differs. Old is nil for Added, New for Removed.
type Change struct {
	Op    Op     `json:"op"` // Added, Removed, Changed or Moved
	Moved bool   `json:"moved,omitempty"`
	Old   *Side  `json:"old,omitempty"`
	New   *Side  `json:"new,omitempty"`
	Words []Span `json:"words,omitempty"` // for Changed
}

// Report is what changed from an old text to a new one, in the order of the new one, removed blocks where
// they stood.
type Report struct {
	Changes    []Change `json:"changes"`
	Unchanged  int      `json:"unchanged"`  // blocks
	Similarity float64  `json:"similarity"` // share of words, old and new, that both have in the same place, 0–1
}
