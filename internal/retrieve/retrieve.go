// Package retrieve finds the passages that this person may read, in force at this moment.
// It does not write, and it does not answer.
package retrieve

import "time"

// Arm chooses which halves of the hybrid search score passages.
type Arm string

// The arms. Hybrid is the default and the only one that people use; the others are for measuring.
const (
	Hybrid  Arm = "hybrid"
	Dense   Arm = "dense"
	Lexical Arm = "lexical"
)

// Query is what to look for.
type Query struct {
	Text        string
	Collections []string  // limits the search further; empty means all that the principal may read
	AsOf        time.Time // the moment asked about; zero means now
	KnownAt     time.Time // what Clearwell knew then; zero means now
	Limit       int       // passages wanted, 1–100; default 10
	Arm         Arm       // default Hybrid
	Except      []int64   // ids of documents to search as if they weren't there
	AsFused     bool      // asks no reranker
}

// Passage is a chunk that was found, or neighbouring chunks together, with the revision it stands in.
type Passage struct {
	ChunkID        int64
	DocumentID     int64
	DocumentKey    string
	Collection     string
	Title          string
	Revision       int // number within the document, from 1
	EffectiveFrom  time.Time
	EffectiveUntil *time.Time // nil: no end known
	Page           int        // of the best chunk where several were joined, as Headings are: see PlaceAt
	Headings       []string
	Parts          []Part // the chunks, in the order of the text, where several were joined; none for a single one
	Context        string // repeated lead-in or table header, not part of Text
	Text           string
	Start, End     int     // code points of the revision's text
	Score          float64 // what passages are ordered by: a reranker's 0–1, or else Fused
	Fused          float64 // t² + cosine; of the best chunk where several were joined
	Cosine         float64
	Coverage       float64 // share of the question's idf that the passage's words hold, 0–1
	AmendedBy      []int64 // chunks of passages that amend this one; those stand before it
	Copies         []Copy  // other documents that say the same, folded into this passage
	Ordinal        int     // of the chunk among those of its text, from 0
}

// Result is what a search found, best first.
type Result struct {
	AsOf     time.Time // the moment that was searched, by the database's clock if the query named none
	Passages []Passage
	Words    []Word  // the question's distinct words
	Cosine   float64 // the highest cosine among all candidates, 0 if there are none
	Coverage float64 // of the passage that was best before a reranker saw it
}

// Word is a distinct word of the question and how much it tells, by its rarity in the library.
type Word struct {
	Text string
	IDF  float64
}
