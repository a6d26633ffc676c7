package parse

import (
	"slices"
)

// splitColumns finds a strip that no text crosses, down the page or down a part of it, and puts what is left of it
// before what is right of it. Lines across both columns (a title) part the page into sections. Tables have such strips
// too: only where both sides read like running text are they columns.
func splitColumns(words []textWord, depth int) [][]textWord {
	if depth == 0 || len(words) < 40 {
		return [][]textWord{words}
	}
	x, ok := emptyStrip(words)
	if !ok {
		return [][]textWord{words}
	}
	var columns [][]textWord
	var across, left, right []textWord
	flush := func() {
		if isRunningText(left) && isRunningText(right) {
			if len(across) > 0 {
				columns = append(columns, across)
			}
			columns = append(columns, splitColumns(left, depth-1)...)
			columns = append(columns, splitColumns(right, depth-1)...)
			across = nil
		} else {
			across = append(append(across, left...), right...)
		}
		left, right = nil, nil
	}
	for _, row := range rows(slices.Clone(words), func(w textWord) (float64, float64) { return w.y, w.size }) {
		if crosses(row, x) {
			flush()
			across = append(across, row...)
			continue
		}
		for _, w := range row {
			if w.x0 < x {
				left = append(left, w)
			} else {
				right = append(right, w)
			}
		}
	}
	flush()
	if len(across) > 0 {
		columns = append(columns, across)
	}
	return columns
}

// crosses says that the row is one line across x: a word lies on x, or only a word's distance is there.
func crosses(row []textWord, x float64) bool {
	leftEnd, rightStart, size := -1e9, 1e9, 0.0
	for _, w := range row {
		if w.x0 < x && w.x1 > x {
			return true
		}
		if w.x1 <= x {
			leftEnd = max(leftEnd, w.x1)
		} else {
			rightStart = min(rightStart, w.x0)
		}
		size = max(size, w.size)
	}
	return rightStart-leftEnd < columnGap*size
}

// emptyStrip finds the widest vertical strip that at most one line in eight crosses and that has a quarter of the text
// on either side; x is its middle.
func emptyStrip(words []textWord) (x float64, ok bool) {
	const step = 2.0
	left, right, sizes, total := words[0].x0, words[0].x1, make([]float64, len(words)), 0
	for i, w := range words {
		left, right = min(left, w.x0), max(right, w.x1)
		sizes[i] = w.size
		total += len(w.text)
	}
	slices.Sort(sizes)
	gap := max(6, columnGap*sizes[len(sizes)/2])
	bins := int((right-left)/step) + 1
	if bins < 20 || bins > 10_000 {
		return 0, false
	}
	covered, begins := make([]int, bins), make([]int, bins+1)
	for _, w := range words {
		first, last := int((w.x0-left)/step), min(bins-1, int((w.x1-left)/step))
		for b := first; b <= last; b++ {
			covered[b]++
		}
		begins[first] += len(w.text)
	}
	limit := slices.Max(covered) / 8
	bestWidth, before := 0.0, 0
	for b := 0; b < bins; {
		start := b
		textBefore := before
		for b < bins && covered[b] <= limit {
			before += begins[b]
			b++
		}
		if width := float64(b-start) * step; width >= gap && width > bestWidth && 4*textBefore >= total && 4*(total-before) >= total {
			bestWidth, x, ok = width, left+(float64(start)+float64(b-start)/2)*step, true
		}
		for b < bins && covered[b] > limit {
			before += begins[b]
			b++
		}
	}
	return x, ok
}

// isRunningText: several lines, most of them with several words that fill the width.
func isRunningText(words []textWord) bool {
	lines := joinLines(slices.Clone(words), 0, 0)
	if len(lines) < 3 {
		return false
	}
	full := 0
	for _, l := range lines {
		if len(l.words) >= 4 && l.x1-l.x0 > 0.6*(l.right-l.left) && len(l.cells()) == 1 {
			full++
		}
	}
	return 2*full >= len(lines)
}
