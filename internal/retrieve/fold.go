package retrieve

import (
	"regexp"
	"slices"
	"strings"
)

// Copy is a document of which a passage says the same as the one that stands for both.
type Copy struct {
	DocumentID  int64
	DocumentKey string
	Title       string
	Revision    int
}

const (
	// sameShare is the share of their words, in triples, that near-identical passages have in common.
	sameShare = 0.9
	shingle   = 3
)

// fold takes out passages that say the same as a better one, and notes their documents there: ten places for an
// answer are not to be filled by one notice on ten pages. Passages with other figures don't say the same.
func fold(passages []Passage) []Passage {
	var kept []Passage
	var texts []folded
	isAlone := amendedOrAmending(passages)
	for _, p := range passages {
		text := foldedOf(p)
		at := slices.IndexFunc(texts, func(other folded) bool { return text.isLike(other) })
		if at < 0 || isAlone[p.ChunkID] || isAlone[kept[at].ChunkID] {
			kept, texts = append(kept, p), append(texts, text)
			continue
		}
		if kept[at].DocumentID != p.DocumentID {
			kept[at].Copies = append(kept[at].Copies, Copy{p.DocumentID, p.DocumentKey, p.Title, p.Revision})
		}
	}
	return kept
}

// folded is what passages are compared by.
type folded struct {
	figures  string
	shingles []string // sorted, distinct
}

var figures = regexp.MustCompile(`\p{N}+(?:[.,:/-]\p{N}+)*`)

func foldedOf(p Passage) folded {
	words := strings.Fields(strings.ToLower(p.Text))
	var all []string
	for i := range words {
		all = append(all, strings.Join(words[i:min(i+shingle, len(words))], " "))
	}
	slices.Sort(all)
	return folded{figures: strings.Join(figures.FindAllString(p.Text, -1), " "), shingles: slices.Compact(all)}
}

// isLike reports whether both have the same figures and nearly the same words (Jaccard's coefficient of shingles,
// Broder 1997).
func (f folded) isLike(other folded) bool {
	if f.figures != other.figures || len(f.shingles) == 0 {
		return false
	}
	common := 0
	for _, s := range f.shingles {
		if _, found := slices.BinarySearch(other.shingles, s); found {
			common++
		}
	}
	return float64(common) >= sameShare*float64(len(f.shingles)+len(other.shingles)-common)
}
