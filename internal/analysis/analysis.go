// Package analysis turns text into search terms: language, words, stems, codes whole and in parts, CJK bigrams;
// the same for passages and for questions.
// It does not score or search.
package analysis

// Language is a BCP 47 primary subtag such as "en"; "" is unknown.
type Language string

// Bag is a passage's search terms and how often each occurs.
// Words and stems live in separate halves of the term space, so one row serves both.
type Bag struct {
	IDs    []int32   // term hashes in 1…1e9, ascending, distinct
	Counts []float32 // occurrences, aligned with IDs
	Length int       // words of the passage
}

// QueryWord is one distinct word of a question with the terms by which passages may hold it.
type QueryWord struct {
	Word string
	// Exact is the word's own term. Stem is the term of its stem.
	Exact, Stem int32
}
