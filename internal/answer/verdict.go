package answer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"clearwell/internal/figure"
	"clearwell/internal/retrieve"
)

// show writes the statement as the reader gets it: with the marks that hold, each once where the model put it,
// and what is flagged marked in the text itself.
func (d *verdict) show(space, plain string, cited []int, flagged string) {
	left := slices.Clone(cited)
	shown := heldMarks.ReplaceAllStringFunc(plain, func(held string) string {
		at := strings.IndexRune(held, '\ue000')
		marks := ""
		for _, digits := range markNumber.FindAllString(held, -1) {
			if i := slices.Index(left, figure.Whole(digits)-1); i >= 0 {
				left = slices.Delete(left, i, i+1)
				marks += "[" + digits + "]"
			}
		}
		if marks == "" {
			return ""
		}
		return held[:at] + marks
	})
	shown = strings.TrimRightFunc(shown, unicode.IsSpace)
	if shown == "" {
		return
	}
	d.start, d.end = len(space), len(space)+len(shown)
	d.text = space + shown
	if d.reason == "" {
		return
	}
	if row, isRow := strings.CutSuffix(shown, "|"); isRow {
		row = strings.TrimRightFunc(row, unicode.IsSpace)
		d.end = len(space) + len(row)
		d.text = space + row + " " + flagged + " |"
		return
	}
	d.text += " " + flagged
}

var (
	emphasis = regexp.MustCompile(`^\*\*[^*]+\*\*:?$|^__[^_]+__:?$`)
	rule     = regexp.MustCompile(`^[|\s:*_=-]*$`)
)

// longestHeading is how many words a heading or the head of a table has at most.
const longestHeading = 12

// saysNothing reports whether a statement needs no source: one of function words, or a heading, a lead-in or the head
// of a table that only names what the passages are about and cites none. Figures and quotations always need one.
func (v *verifier) saysNothing(claim string, quotations []string, isUncited, isTableHead bool) bool {
	if rule.MatchString(claim) {
		return true
	}
	if len(quotations) > 0 || hasDigit.MatchString(v.withoutListMark(figure.Readable(claim))) {
		return false
	}
	if isConnective(figure.Readable(claim), v.language) || isFrame(claim) {
		return !v.isDenial(claim)
	}
	isTitle := strings.HasPrefix(claim, "#") || emphasis.MatchString(claim)
	isLeadIn := strings.HasSuffix(claim, ":")
	isHeading := isTitle || isLeadIn || isTableHead
	words := lettersOnly(claim)
	isCount := func(word string) bool { return figure.NumberWord(word, v.language) > 0 } // "Three points:"
	if isLeadIn && isUncited && isConnective(strings.Join(slices.DeleteFunc(slices.Clone(words), isCount), " "), v.language) {
		return true
	}
	if isUncited && len(words) == 1 && (isLeadIn || strings.HasPrefix(claim, "#")) {
		return true
	}
	if _, hasNone := v.missingFigure(claim, nil); !isUncited || !hasNone || len(strings.Fields(claim)) > longestHeading {
		return isUncited && hasNone && v.isSilence(claim)
	}
	if !isHeading {
		return v.isSilence(claim)
	}
	// A title that denies, or says the opposite of its source, is more than a name.
	return v.isNamed(claim, isTableHead) && (!isTitle || !isNegated(claim, v.language)) && !v.isTurnedAround(claim, v.all())
}

// contributing leaves out, and counts, passages that are cited for words that others have.
func (v *verifier) contributing(claim string, cited []int, d *verdict) []int {
	if len(cited) < 2 {
		return cited
	}
	var kept []int
	for _, i := range cited {
		held, all := supportedWords(claim, v.wordings([]int{i}))
		if v.isWorded(claim, []int{i}) || float64(held) >= contributingShare*float64(all) {
			kept = append(kept, i)
			continue
		}
		d.dropped++
	}
	return kept
}

// citation is of code points start to end of the passage's own text.
func citation(n int, p retrieve.Passage, start, end int) Citation {
	return Citation{N: n, Passage: p, Quote: string([]rune(p.Text)[start:end]), Start: p.Start + start, End: p.Start + end}
}
