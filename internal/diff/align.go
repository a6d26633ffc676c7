package diff

import "slices"

const (
	// maxCells bounds the table of one longest common subsequence.
	maxCells = 1 << 20
	// maxEdits bounds the differences in a larger stretch without a common landmark; with more of them it
	// counts as different.
	maxEdits = 600
)

// pair says that element old of one sequence is element new of the other.
type pair struct{ old, new int }

// align finds what two sequences have in common, in order: what stands at both ends, then elements that each
// has once (patience diff), and between these the longest common subsequence. It takes O(n log n) steps, and
// at most maxCells, or maxEdits for each element, for each stretch between landmarks.
func align(old, new []int) []pair {
	var out []pair
	var within func(a, b, c, d int)
	within = func(a, b, c, d int) {
		for a < b && c < d && old[a] == new[c] {
			out = append(out, pair{a, c})
			a, c = a+1, c+1
		}
		tail := 0
		for a < b-tail && c < d-tail && old[b-1-tail] == new[d-1-tail] {
			tail++
		}
		b, d = b-tail, d-tail
		switch marks := landmarks(old, new, a, b, c, d); {
		case len(marks) > 0:
			for _, m := range append(marks, pair{b, d}) {
				within(a, m.old, c, m.new)
				if m.old < b {
					out = append(out, m)
				}
				a, c = m.old+1, m.new+1
			}
		case (b-a)*(d-c) <= maxCells:
			out = append(out, common(old, new, a, b, c, d)...)
		default:
			out = append(out, nearlySame(old, new, a, b, c, d)...)
		}
		for i := range tail {
			out = append(out, pair{b + i, d + i})
		}
	}
	within(0, len(old), 0, len(new))
	return out
}

// landmarks are the elements that stand once in either stretch, as many as are in the same order in both.
func landmarks(old, new []int, a, b, c, d int) []pair {
	type seen struct{ times, at int }
	inOld, inNew := make(map[int]seen), make(map[int]seen)
	for i := a; i < b; i++ {
		inOld[old[i]] = seen{inOld[old[i]].times + 1, i}
	}
	for i := c; i < d; i++ {
		inNew[new[i]] = seen{inNew[new[i]].times + 1, i}
	}
	var once []pair
	for i := a; i < b; i++ {
		if o, n := inOld[old[i]], inNew[old[i]]; o.times == 1 && n.times == 1 {
			once = append(once, pair{i, n.at})
		}
	}
	return increasing(once)
}

// increasing is the longest run of pairs that increase on both sides (patience sorting).
func increasing(pairs []pair) []pair {
	var tops []int // index of the pair that ends the best run of each length
	before := make([]int, len(pairs))
	for i, p := range pairs {
		at, _ := slices.BinarySearchFunc(tops, p.new, func(top, n int) int { return pairs[top].new - n })
		before[i] = -1
		if at > 0 {
			before[i] = tops[at-1]
		}
		if at == len(tops) {
			tops = append(tops, i)
		} else {
			tops[at] = i
		}
	}
	if len(tops) == 0 {
		return nil
	}
	var out []pair
	for i := tops[len(tops)-1]; i >= 0; i = before[i] {
		out = append(out, pairs[i])
	}
	slices.Reverse(out)
	return out
}

// common is a longest common subsequence, by the table.
func common(old, new []int, a, b, c, d int) []pair {
	if a == b || c == d {
		return nil
	}
	width := d - c + 1
	length := make([]int32, (b-a+1)*width)
	for i := b - a - 1; i >= 0; i-- {
		for j := d - c - 1; j >= 0; j-- {
			if old[a+i] == new[c+j] {
				length[i*width+j] = length[(i+1)*width+j+1] + 1
			} else {
				length[i*width+j] = max(length[(i+1)*width+j], length[i*width+j+1])
			}
		}
	}
	var out []pair
	for i, j := 0, 0; i < b-a && j < d-c; {
		switch {
		case old[a+i] == new[c+j]:
			out = append(out, pair{a + i, c + j})
			i, j = i+1, j+1
		case length[(i+1)*width+j] >= length[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// nearlySame is a longest common subsequence of long stretches with few differences (Myers 1986), nil with
// many. It takes at most maxEdits steps for each element.
func nearlySame(old, new []int, a, b, c, d int) []pair {
	n, m := b-a, d-c
	limit := min(maxEdits, n+m)
	reach := make([]int, 2*limit+3) // how far each diagonal x−y goes, diagonal k at limit+1+k
	var trails [][]int              // what was reached before each number of edits, diagonal k at edits+1+k
	for edits := 0; edits <= limit; edits++ {
		trails = append(trails, slices.Clone(reach[limit-edits:limit+edits+3]))
		for k := -edits; k <= edits; k += 2 {
			x := 0
			if edits > 0 {
				x = reach[limit+1+k-1] + 1
				if isDown(reach, limit+1, k, edits) {
					x = reach[limit+1+k+1]
				}
			}
			for x < n && x-k < m && old[a+x] == new[c+x-k] {
				x++
			}
			reach[limit+1+k] = x
			if x >= n && x-k >= m {
				return retrace(trails, a, c, n, m)
			}
		}
	}
	return nil
}

// isDown reports whether diagonal k is best reached from the one above it.
func isDown(reach []int, middle, k, edits int) bool {
	return k == -edits || k != edits && reach[middle+k-1] < reach[middle+k+1]
}

// retrace walks the edits back from the end and collects what is common.
func retrace(trails [][]int, a, c, x, y int) []pair {
	var out []pair
	for edits := len(trails) - 1; edits >= 0; edits-- {
		fromX, fromY := 0, 0
		if edits > 0 {
			k := x - y
			from := k - 1
			if isDown(trails[edits], edits+1, k, edits) {
				from = k + 1
			}
			fromX = trails[edits][edits+1+from]
			fromY = fromX - from
		}
		for x > fromX && y > fromY {
			x, y = x-1, y-1
			out = append(out, pair{a + x, c + y})
		}
		x, y = fromX, fromY
	}
	slices.Reverse(out)
	return out
}

// numbering gives equal texts equal numbers.
type numbering map[string]int

func (n numbering) of(text string) int {
	number, ok := n[text]
	if !ok {
		number = len(n) + 1
		n[text] = number
	}
	return number
}
