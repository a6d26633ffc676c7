package answer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"clearwell/internal/analysis"
	"clearwell/internal/retrieve"
)

// amending lists which of the passages amend the one at i, as indices.
func amending(passages []retrieve.Passage, i int) []int {
	var all []int
	for j, p := range passages {
		if slices.Contains(passages[i].AmendedBy, p.ChunkID) {
			all = append(all, j)
		}
	}
	return all
}

// numbers joins passage numbers, which count from 1.
func numbers(indices []int) string {
	parts := make([]string, len(indices))
	for i, index := range indices {
		parts[i] = fmt.Sprint(index + 1)
	}
	return strings.Join(parts, " and ")
}

// amendedFirst puts the best sentence of an amendment before what is quoted of the passage that it amends.
func amendedFirst(question string, found retrieve.Result, extracts []extract) []extract {
	var out []extract
	isSaid := func(e extract) bool {
		return slices.ContainsFunc(out, func(o extract) bool { return o.passage == e.passage && o.start == e.start })
	}
	add := func(e extract) {
		if !isSaid(e) {
			out = append(out, e)
		}
	}
	for _, e := range extracts {
		for _, by := range amending(found.Passages, e.passage) {
			chosen := slices.DeleteFunc(slices.Clone(extracts), func(o extract) bool { return o.passage != by })
			if len(chosen) == 0 {
				chosen = bestOf(question, found, by)
			}
			for _, c := range chosen {
				add(c)
			}
		}
		add(e)
	}
	return out
}

// bestOf is the sentence of one passage that answers best by its words; none if nothing there can be an answer.
func bestOf(question string, found retrieve.Result, passage int) []extract {
	alone := found
	alone.Passages = found.Passages[passage : passage+1]
	candidates := sentences(question, alone)
	if len(candidates) == 0 {
		return nil
	}
	best := slices.MaxFunc(candidates, func(a, b extract) int { return cmp.Compare(a.score, b.score) })
	best.passage = passage
	return []extract{best}
}

// amendedBy marks a quote of an amended passage: " (amended by [1])".
func amendedBy(language analysis.Language, passages []retrieve.Passage, i int) string {
	by := amending(passages, i)
	if len(by) == 0 {
		return ""
	}
	marks := ""
	for _, j := range by {
		marks += fmt.Sprintf("[%d]", j+1)
	}
	return " (" + fmt.Sprintf(phrasesIn(language).amendedBy, marks) + ")"
}
