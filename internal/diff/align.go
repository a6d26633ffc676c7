package diff

import "slices"

// maxCells bounds the table of one longest common subsequence; larger stretches without a common landmark
// count as different.
const maxCells = 1 << 20

// pair says that element old of one sequence is element new of the other.
type pair struct{ old, new int }

// align finds what two sequences have in common, in order: what stands at both ends, then elements that each
// has once (patience diff), and between these the longest common subsequence. It takes O(n log n) steps, and
// at most maxCells for each stretch between landmarks.
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
