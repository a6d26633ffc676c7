package chunk

import "hash/fnv"

// piece is a stretch of the document's text that goes into a chunk as a whole, if it is not too long.
type piece struct {
	start, end int // offsets in bytes
	tokens     int
	// rank says how good a cut before the piece is: 0 hardly ever, higher is better.
	rank int
	// weight orders cuts of equal rank. It comes from the piece's own text, so that it is the same
	// wherever the piece stands.
	weight uint64
	grain  grain
	block  int  // index of the block that the piece is, or is a part of, or begins with
	unit   unit // for grainUnit
	parent int  // for an item of a list, the index of the one that it stands under, else -1
}

// weigh makes a cut's weight of the text behind it: FNV-1a with the finaliser of splitmix64, since
// FNV alone orders similar texts alike.
func weigh(text string) uint64 {
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(text)) // a hash never fails
	h := sum.Sum64()
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// isBetter reports whether a cut before p beats one before q.
func (p piece) isBetter(q piece) bool {
	if p.rank != q.rank {
		return p.rank > q.rank
	}
	return p.weight > q.weight
}

// pack cuts pieces into segments of at most room tokens, target on average. A cut stands where it is the best
// within window tokens to both sides, so what is changed in one place moves no cut farther away: an edit of one
// piece makes at most three new segments, save where a segment has to be cut for lack of room.
func pack(pieces []piece, target, window, room int) [][]piece {
	at := offsets(pieces)
	total := at[len(pieces)]
	var segments [][]piece
	begin := 0
	if total > min(target, room) {
		for i := 1; i < len(pieces); i++ {
			if at[i] >= window && total-at[i] >= window && isPeak(pieces, at, i, window) {
				segments = append(segments, fit(pieces[begin:i], room)...)
				begin = i
			}
		}
	}
	return append(segments, fit(pieces[begin:], room)...)
}

// offsets returns the tokens before each piece, and all of them at the end; a piece counts at least one, which
// bounds how many stand within a window.
func offsets(pieces []piece) []int {
	at := make([]int, len(pieces)+1)
	for i, p := range pieces {
		at[i+1] = at[i] + max(p.tokens, 1)
	}
	return at
}

// isPeak reports whether no cut within window tokens beats the one before pieces[i]; of equal ones the first wins.
func isPeak(pieces []piece, at []int, i, window int) bool {
	for k := i - 1; k > 0 && at[i]-at[k] < window; k-- {
		if !pieces[i].isBetter(pieces[k]) {
			return false
		}
	}
	for k := i + 1; k < len(pieces) && at[k]-at[i] < window; k++ {
		if pieces[k].isBetter(pieces[i]) {
			return false
		}
	}
	return true
}

// fit halves a segment until its parts have room.
func fit(segment []piece, room int) [][]piece {
	if len(segment) == 0 {
		return nil
	}
	at := offsets(segment)
	if at[len(segment)] <= room || len(segment) == 1 {
		return [][]piece{segment}
	}
	cut := middle(segment, at)
	return append(fit(segment[:cut], room), fit(segment[cut:], room)...)
}

// middle returns the best cut of a segment that leaves at least a quarter on both sides, else the one closest to its
// middle. The segment has two pieces or more.
func middle(segment []piece, at []int) int {
	total := at[len(segment)]
	best, closest := 0, 1
	for i := 1; i < len(segment); i++ {
		if abs(2*at[i]-total) < abs(2*at[closest]-total) {
			closest = i
		}
		isEligible := 4*at[i] >= total && 4*(total-at[i]) >= total
		if isEligible && (best == 0 || segment[i].isBetter(segment[best])) {
			best = i
		}
	}
	if best == 0 {
		return closest
	}
	return best
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
