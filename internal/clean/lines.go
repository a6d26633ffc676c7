package clean

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"clearwell/internal/parse"
)

const softHyphen = '\u00ad'

// wordSet is a set of lower-case words.
type wordSet map[string]struct{}

func (s wordSet) has(word string) bool {
	_, ok := s[strings.ToLower(word)]
	return ok
}

var compound = regexp.MustCompile(`[\pL\pN]+(?:-[\pL\pN]+)+`)

// findCompounds collects the words that are written with a hyphen inside a line: they keep it at a line's end.
func findCompounds(blocks []parse.Block) wordSet {
	found := wordSet{}
	for _, b := range blocks {
		if !strings.Contains(b.Text, "-") {
			continue
		}
		for _, word := range compound.FindAllString(b.Text, -1) {
			found[strings.ToLower(word)] = struct{}{}
		}
	}
	return found
}

// joinLines makes running text of the lines of a paragraph: line breaks become spaces, words that were broken
// between lines are whole again, white space is collapsed. A line that begins with a bullet stays a line.
func joinLines(text string, compounds wordSet) string {
	if !strings.ContainsAny(text, "\n\t\u00ad") && !strings.Contains(text, "  ") {
		return strings.TrimSpace(text)
	}
	var out strings.Builder
	out.Grow(len(text))
	pending := "" // a line is written when the next one has said how it ends
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" {
			continue
		}
		kept, separator := join(pending, line, compounds)
		out.WriteString(kept + separator)
		pending = line
	}
	out.WriteString(pending)
	return dropSoftHyphens(out.String())
}

// join says how line continues head: head comes back without its hyphen where a word was broken; separator
// goes between the two.
func join(head, line string, compounds wordSet) (kept, separator string) {
	last, size := utf8.DecodeLastRuneInString(head)
	first, _ := utf8.DecodeRuneInString(line)
	before, _ := utf8.DecodeLastRuneInString(head[:len(head)-size])
	switch {
	case head == "":
		return head, ""
	case last == softHyphen && unicode.IsLetter(first):
		return head[:len(head)-size], ""
	case bulletLine.MatchString(line):
		return head, "\n"
	case last == '-' && isWordRune(before) && isWordRune(first):
		return joinHyphen(head, line, compounds)
	case isIdeographic(last) && isIdeographic(first):
		return head, ""
	}
	return head, " "
}

// joinHyphen decides whether the hyphen at the end of head is the word's own.
func joinHyphen(head, line string, compounds wordSet) (kept, separator string) {
	left := head[strings.LastIndexFunc(head, isOutsideWord)+1:]
	right := line
	if end := strings.IndexFunc(line, isOutsideWord); end >= 0 {
		right = line[:end]
	}
	stem := strings.TrimSuffix(left, "-")
	first, _ := utf8.DecodeRuneInString(right)
	switch {
	case linkWords.has(right): // "Urlaubs-\nund Krankheitstage"
		return head, " "
	case !unicode.IsLower(first), strings.ContainsFunc(stem, isOutsideLetters):
		return head, "" // "VPN-\n4721", "24-\nmonth", "mother-in-\nlaw"
	case compoundHeads.has(stem), compounds.has(stem + "-" + right):
		return head, "" // "full-\ntime"
	}
	return strings.TrimSuffix(head, "-"), ""
}

// linkWords follow a hyphen that stands for a part left out.
var linkWords = words("und oder bzw sowie bis and or to y o et ou e ed en of och og")

// compoundHeads are whole words that begin hyphenated compounds; a break inside a word hardly ends in one of them.
var compoundHeads = words("full part half self well long short high low year month week day time third non mid all " +
	"cross co ex one two three four five six seven eight nine ten first second on off in up follow check sign log")

func words(list string) wordSet {
	set := wordSet{}
	for word := range strings.FieldsSeq(list) {
		set[word] = struct{}{}
	}
	return set
}

func isWordRune(r rune) bool       { return unicode.IsLetter(r) || unicode.IsDigit(r) }
func isOutsideWord(r rune) bool    { return !isWordRune(r) && r != '-' && !unicode.IsMark(r) }
func isOutsideLetters(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }

// isIdeographic reports whether r is of a script that is written without spaces between words.
func isIdeographic(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xff60
}

func dropSoftHyphens(text string) string { return strings.ReplaceAll(text, string(softHyphen), "") }

// tidyRows collapses white space inside the rows of a table and drops rows without a word.
func tidyRows(text string) string {
	var rows []string
	for row := range strings.SplitSeq(text, "\n") {
		row = strings.Join(strings.Fields(row), " ")
		if strings.Trim(row, "|-=+: ") != "" {
			rows = append(rows, row)
		}
	}
	return strings.Join(rows, "\n")
}

// trimLines takes white space off the ends of a listing's lines, and empty lines off its ends.
func trimLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// maxJoined is the length in bytes above which a paragraph takes in nothing from the next page.
const maxJoined = 1 << 14

// joinAcrossPages makes one paragraph of two that a page break cut in the middle of a sentence.
func joinAcrossPages(blocks []parse.Block, compounds wordSet) []parse.Block {
	kept := blocks[:0]
	for _, b := range blocks {
		if len(kept) > 0 && goesOn(kept[len(kept)-1], b) {
			last := &kept[len(kept)-1]
			head, separator := join(last.Text, b.Text, compounds)
			last.Text = head + separator + b.Text
			continue
		}
		kept = append(kept, b)
	}
	return kept
}

// goesOn reports whether b is the rest of a: a has no end of a sentence, and b begins with a small letter on the next page.
func goesOn(a, b parse.Block) bool {
	if a.Kind != parse.Paragraph || b.Kind != parse.Paragraph || a.Page == 0 || b.Page != a.Page+1 || len(a.Text) > maxJoined {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(a.Text)
	first, _ := utf8.DecodeRuneInString(b.Text)
	return (isWordRune(last) || last == ',' || last == '-' || last == softHyphen) && unicode.IsLower(first)
}
