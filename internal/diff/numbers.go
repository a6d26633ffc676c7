package diff

import (
	"regexp"
	"strconv"
	"strings"
)

// label is the number or letter at the beginning of a list item or heading.
var label = regexp.MustCompile(`^(?:((?:\d{1,3}\.)*)(\d{1,3})|([a-zA-Z]))([.)]?)\s+`)

// leaveOutNumbers takes from the keys the numbers that only count: those of blocks that stand in a series with
// the one before or after. "31. March is the last day" counts nothing.
func leaveOutNumbers(blocks []placed) {
	series := make([]bool, len(blocks))
	for i := range blocks {
		for j := i + 1; j < len(blocks) && j <= i+maxApart; j++ {
			if blocks[j].Kind == blocks[i].Kind && blocks[j].Level == blocks[i].Level {
				if follows(blocks[i].key, blocks[j].key) {
					series[i], series[j] = true, true
				}
				break
			}
		}
	}
	for i, is := range series {
		if is {
			blocks[i].key = label.ReplaceAllString(blocks[i].key, "")
		}
		if blocks[i].Kind == "list_item" {
			blocks[i].key = strings.TrimLeft(blocks[i].key, "-*•– ")
		}
	}
}

// maxApart bounds how far the next block of a series may be: a section may lie between two headings.
const maxApart = 200

// follows reports whether the second text's label is the one after the first's.
func follows(first, second string) bool {
	a, b := label.FindStringSubmatch(first), label.FindStringSubmatch(second)
	if a == nil || b == nil || a[1] != b[1] || a[4] != b[4] || a[4] == "" && a[1] == "" {
		return false
	}
	if a[3] != "" && b[3] != "" {
		return b[3][0] == a[3][0]+1
	}
	n, errA := strconv.Atoi(a[2])
	m, errB := strconv.Atoi(b[2])
	return errA == nil && errB == nil && m == n+1
}
