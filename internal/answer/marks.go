package answer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"clearwell/internal/figure"
)

// What citation marks are made of. Digits of other scripts and raised ones are digits, too.
const (
	digits     = `[\p{Nd}⁰¹²³⁴-⁹①-⑳]{1,3}`
	raised     = `[⁰¹²³⁴-⁹]`
	roman      = `(?-i:[IVX]{2,5})`
	sourceName = `(?:passages?|sources?|quellen?|fuentes?|docs?|documents?)`
	toNumber   = `\s*(?:[,;&–-]|and|und|et|y)\s*(?:` + sourceName + `\s*)?`
	// remark is what may stand behind the numbers: the title, or a place in it.
	remark = `(?:†[^\]】］\n]{0,60}|\s*[,:;|]\s*[^\]】］\d\s][^\]】］\n]{0,80})?`
	seeing = `(?:(?:see|cf\.?|siehe|vgl\.?|voir|véase)\s+)?`
	naming = `\*{0,2}(?:sources?|quellen?|fuentes?|references?|belege?)\*{0,2}[ \t]*:\*{0,2}\s*(?:[-*•][ \t]+)?`
)

// brackets open marks; to look for them first is quicker.
const brackets = "[【［("

func bracketed(number string) string {
	return `\\?[\[【［]\s*(?:\^|` + sourceName + `\s*)?` + number + `(?:` + toNumber + number + `)*\s*` + remark + `\\?[\]】］]`
}

var (
	// mark is one citation mark in brackets: [2], [1, 3], 【2】, [passage 2], [Source 1: Handbook].
	mark = regexp.MustCompile(`(?i)` + bracketed(digits))
	// anyMark is a mark as models write it, with what they put around it: ([1]), **[1]**, (passage 1), Source: [1].
	anyMark = regexp.MustCompile(`(?i)(?:` + strings.Join([]string{
		`\(\s*` + seeing + `(?:` + naming + `)?` + marksIn + `\s*\)`,
		`\*{1,2}` + marksIn + `\*{1,2}`,
		naming + marksIn,
		`\(\s*` + seeing + sourceName + `\s+` + digits + `(?:` + toNumber + digits + `)*(?:\s*[,:;]\s*[^()\d\s][^()\n]{0,80})?\)`,
		`\[` + marksIn + `\]`,
		bracketed(`(?:`+digits+`|`+roman+`)`) + raised + `*`,
	}, "|") + `)`)
	marksIn = bracketed(digits) + `(?:[ \t,;]*` + bracketed(digits) + `)*`

	numberList = regexp.MustCompile(`(?i)(?:[\[【［(]|[\]】］]|` + sourceName + `\s)\s*(?:` + seeing + `\^?(?:` + sourceName + `\s*)?)(` + digits + `|` + roman + `)((?:` + toNumber + digits + `)*)`)
	nextNumber = regexp.MustCompile(`(?i)(` + toNumber + `)(` + digits + `)`)
)

// numbersOf lists the numbers of a mark in front of so many passages. A range stands for the numbers between, and for
// its end where that points nowhere.
func numbersOf(m string, passages int) []int {
	var all []int
	for _, list := range numberList.FindAllStringSubmatch(m, -1) {
		all = append(all, numberIn(list[1]))
		for _, next := range nextNumber.FindAllStringSubmatch(list[2], -1) {
			n := numberIn(next[2])
			if isRange := strings.ContainsAny(next[1], "-–"); isRange {
				for between := all[len(all)-1] + 1; between < min(n, passages+1); between++ {
					all = append(all, between)
				}
			}
			all = append(all, n)
		}
	}
	return all
}

// numberIn is what digits of any script stand for; 0, which no passage has, for anything else.
func numberIn(s string) int {
	n := 0
	for _, c := range norm.NFKC.String(s) {
		if !unicode.IsDigit(c) {
			return 0
		}
		n = 10*n + figure.DigitOf(c)
	}
	return n
}

// Marks are set aside between characters of private use, which no text has any more, while markup is taken out.
var heldMarks = regexp.MustCompile("\\s*\ue000[^\ue001]*\ue001")

// holdMarks sets aside the marks of a text.
func holdMarks(text string, passages int) string {
	if !strings.ContainsAny(text, brackets) {
		return text
	}
	return anyMark.ReplaceAllStringFunc(text, func(m string) string {
		var numbers []string
		for _, n := range numbersOf(m, passages) {
			numbers = append(numbers, strconv.Itoa(n))
		}
		return "\ue000" + strings.Join(numbers, ",") + "\ue001"
	})
}

// cited lists the passages that a statement cites, as indices, and counts numbers that point nowhere.
func (v *verifier) cited(statement string) (indices []int, dropped int) {
	if !strings.ContainsAny(statement, brackets) {
		return nil, 0
	}
	for _, m := range anyMark.FindAllString(statement, -1) {
		for _, n := range numbersOf(m, len(v.passages)) {
			switch {
			case n < 1 || n > len(v.passages):
				dropped++
			case !slices.Contains(indices, n-1):
				indices = append(indices, n-1)
			}
		}
	}
	return indices, dropped
}
