package answer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"clearwell/internal/figure"
)

// longestList is how many items a list may have whose lead-in says their number.
const longestList = 10

// isOwnCount reports whether a number word counts what the answer itself shows: "two" documents disagree; "three" steps
// follow.
func (v *verifier) isOwnCount(claim string, f figure.Figure, cited int) bool {
	if !f.IsWord || f.Unit != "" {
		return false
	}
	n := figure.Whole(f.Readings[0])
	if strings.HasSuffix(claim, ":") {
		return n <= longestList && f.Readings[0] == strconv.Itoa(n)
	}
	return n == cited && slices.ContainsFunc(lettersOnly(claim), func(word string) bool { return sourceWords[v.language][word] })
}

var itemNumber = regexp.MustCompile(`^[#>*_ -]*(\d{1,3})[.)]\s`)

// withoutListMark takes a list item's mark off. A number is only a mark where it goes on with the list: "99. vacation day"
// is a claim.
func (v *verifier) withoutListMark(claim string) string {
	if m := itemNumber.FindStringSubmatchIndex(claim); m != nil {
		if !v.isNextItem(figure.Whole(claim[m[2]:m[3]])) {
			return claim[m[2]:m[3]] + " " + claim[m[1]:]
		}
		return claim[m[1]:]
	}
	return listMark.ReplaceAllString(strings.TrimLeft(claim, "#>*_ "), "")
}

// isNextItem allows for lists within lists: the highest number so far and one more.
func (v *verifier) isNextItem(n int) bool { return n <= v.item+1 }

// countItem remembers the highest number of a list item.
func (v *verifier) countItem(claim string) {
	if m := itemNumber.FindStringSubmatch(claim); m != nil && v.isNextItem(figure.Whole(m[1])) {
		v.item = max(v.item, figure.Whole(m[1]))
	}
}
