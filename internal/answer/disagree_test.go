package answer

import (
	"strings"
	"testing"

	"clearwell/internal/retrieve"
)

// ofDocuments are passages of documents of their own.
func ofDocuments(texts [][2]string) []retrieve.Passage {
	all := make([]retrieve.Passage, len(texts))
	for i, t := range texts {
		all[i] = retrieve.Passage{ChunkID: int64(i + 1), DocumentID: int64(i + 1), Title: t[0], Text: t[1], Start: 100 * i, End: 100*i + len([]rune(t[1]))}
	}
	return all
}

func TestDifferentValuesAreADisagreementAndOtherScopesAreNot(t *testing.T) {
	t.Parallel()
	for _, c := range disagreeingCases() {
		found := Disagreements(c.question, ofDocuments(c.passages))
		if len(found) > 0 != c.isShown {
			t.Errorf("%s: shown %v (%v), want %v: %q", c.question, len(found) > 0, valuesOf(found), c.isShown, c.passages)
		}
	}
}

func valuesOf(conflicts []Conflict) []string {
	var all []string
	for _, c := range conflicts {
		for _, v := range c.Values {
			all = append(all, v.Text)
		}
	}
	return all
}

func TestCitationsOfADisagreementHoldItsValues(t *testing.T) {
	t.Parallel()
	for _, c := range disagreeingCases() {
		passages := ofDocuments(c.passages)
		for _, conflict := range Disagreements(c.question, passages) {
			for _, v := range conflict.Values {
				p := passages[v.Citation.N-1]
				if quote := string([]rune(p.Text)[v.Citation.Start-p.Start : v.Citation.End-p.Start]); quote != v.Citation.Quote || !strings.Contains(quote, v.Text) {
					t.Errorf("%s: %q is not in %q at its offsets", c.question, v.Text, quote)
				}
			}
		}
	}
}
