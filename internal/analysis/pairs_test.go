package analysis_test

import (
	"slices"
	"testing"

	"clearwell/internal/analysis"
)

func TestPairsAreNeighboursInTheirOrder(t *testing.T) {
	t.Parallel()
	passage := analysis.PairTerms("The annual leave of SPARK-43242 is thirty days.", "en")
	for text, isHeld := range map[string]bool{
		"annual leave":  true,
		"Thirty  DAYS":  true,
		"spark 43242":   true, // the parts of a code are neighbours
		"leave annual":  false,
		"annual days":   false,
		"leave of":      true,
		"43242 thirty":  false,
		"SPARK-43242":   true,
		"days annual":   false,
		"is thirty day": true, // one of two pairs
	} {
		held := slices.ContainsFunc(analysis.Pairs(text, "en"), func(p analysis.Pair) bool {
			_, found := slices.BinarySearch(passage, p.Term)
			return found
		})
		if held != isHeld {
			t.Errorf("a pair of %q is in the passage: %t, want %t", text, held, isHeld)
		}
	}
	if pairs := analysis.Pairs("alone", "en"); len(pairs) != 0 {
		t.Errorf("one word has pairs: %v", pairs)
	}
}

func TestCodesAreFoundWithoutTheirMark(t *testing.T) {
	t.Parallel()
	for code, asked := range map[string]string{"v6.27.9": "6.27.9", "0x80072508": "80072508"} {
		passage := analysis.Passage("It stops with "+code+".", "en")
		word := analysis.Question(asked, "en")[0]
		if _, found := slices.BinarySearch(passage.IDs, word.Exact); !found {
			t.Errorf("%s is not found by %s", code, asked)
		}
	}
	if words := analysis.Question("van 0xylophone", "en"); len(words) != 2 {
		t.Errorf("words that begin like marks are cut: %v", words)
	}
}
