package clean

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"clearwell/internal/parse"
)

const (
	// edgeBlocks is how many blocks from a page's top and bottom may be a header or footer.
	edgeBlocks = 2
	// maxFurniture is the length in code points above which a block is text, however often it comes.
	maxFurniture = 400
	// manyPages is on how many pages a block must come back; shortDocument pages or fewer, twice is enough.
	manyPages, shortDocument = 3, 3
	// minCoverage is the share of pages on which text with a number that counts along must stand.
	minCoverage = 0.5
)

// sheet is one page: its blocks from lo up to hi are not known as header or footer.
type sheet struct {
	number int
	blocks []int
	lo, hi int
}

// furniture finds the headers and footers of a document.
type furniture struct {
	blocks  []parse.Block
	pages   int
	sheets  []*sheet
	known   map[string]struct{}
	dropped []bool
}

// dropFurniture takes out what stands at the top or bottom of page after page: the same words, or words with a
// number that counts with the pages. It works inwards from the edges, so a header of several lines goes line by
// line. A heading stays where it stands first: the running title repeats it.
func dropFurniture(blocks []parse.Block, pages int) []parse.Block {
	f := &furniture{blocks: blocks, pages: pages, known: map[string]struct{}{}, dropped: make([]bool, len(blocks))}
	f.openSheets()
	for f.round() {
		continue
	}
	kept := make([]parse.Block, 0, len(blocks))
	for i, b := range blocks {
		if !f.dropped[i] {
			kept = append(kept, b)
		}
	}
	return kept
}

func (f *furniture) openSheets() {
	byNumber := map[int]*sheet{}
	for i, b := range f.blocks {
		if b.Page < 1 {
			continue
		}
		if byNumber[b.Page] == nil {
			byNumber[b.Page] = &sheet{number: b.Page}
			f.sheets = append(f.sheets, byNumber[b.Page])
		}
		byNumber[b.Page].blocks = append(byNumber[b.Page].blocks, i)
	}
	for _, s := range f.sheets {
		s.hi = len(s.blocks)
	}
	f.pages = max(f.pages, len(f.sheets))
}

// round looks at every page's edges once and reports whether it took anything away.
func (f *furniture) round() bool {
	f.learn()
	first := map[string]struct{}{}
	isChanged := false
	for _, s := range f.sheets {
		for k := s.lo; k < min(s.lo+edgeBlocks, s.hi); k++ {
			if f.isFurniture(s, k, "top", first) {
				// What stands above moves down into the gap.
				copy(s.blocks[s.lo+1:k+1], s.blocks[s.lo:k])
				s.lo++
				isChanged = true
			}
		}
		for k := s.hi - 1; k >= max(s.hi-edgeBlocks, s.lo); k-- {
			if f.isFurniture(s, k, "bottom", first) {
				copy(s.blocks[k:s.hi-1], s.blocks[k+1:s.hi])
				s.hi--
				isChanged = true
			}
		}
	}
	return isChanged
}

// learn adds to what is known the shapes that stand at the same edge of enough pages.
func (f *furniture) learn() {
	pages := map[string]int{}
	need := map[string]int{}
	for _, s := range f.sheets {
		seen := map[string]struct{}{}
		note := func(k int, edge string) {
			for _, shape := range f.shapes(s, k, edge) {
				need[shape.key] = shape.pages
				seen[shape.key] = struct{}{}
			}
		}
		for k := s.lo; k < min(s.lo+edgeBlocks, s.hi); k++ {
			note(k, "top")
		}
		for k := max(s.hi-edgeBlocks, s.lo); k < s.hi; k++ {
			note(k, "bottom")
		}
		for key := range seen {
			pages[key]++
		}
	}
	for key, count := range pages {
		if count >= need[key] {
			f.known[key] = struct{}{}
		}
	}
}

// isFurniture reports whether the k-th block of s is a known shape, and marks it as dropped.
func (f *furniture) isFurniture(s *sheet, k int, edge string, first map[string]struct{}) bool {
	i := s.blocks[k]
	for _, shape := range f.shapes(s, k, edge) {
		if _, isKnown := f.known[shape.key]; !isKnown {
			continue
		}
		if _, isRepeated := first[shape.key]; f.blocks[i].Kind == parse.Heading && !isRepeated {
			first[shape.key] = struct{}{}
			return false
		}
		first[shape.key] = struct{}{}
		f.dropped[i] = true
		return true
	}
	return false
}

// shape is what a block looks like at its edge, and on how many pages that must come to count.
type shape struct {
	key   string
	pages int
}

var number = regexp.MustCompile(`[0-9]+`)

// shapes returns the block's text as it is, and once for each number in it that may count pages.
func (f *furniture) shapes(s *sheet, k int, edge string) []shape {
	b := f.blocks[s.blocks[k]]
	if b.Kind == parse.Table || b.Kind == parse.Code || utf8.RuneCountInString(b.Text) > maxFurniture {
		return nil
	}
	text := strings.Join(strings.Fields(b.Text), " ")
	if text == "" {
		return nil
	}
	var found []shape
	if b.Kind != parse.ListItem {
		same := manyPages
		if f.pages <= shortDocument {
			same = 2
		}
		found = append(found, shape{edge + "\x00" + text, same})
	}
	for n, at := range number.FindAllStringIndex(text, 4) {
		value, err := strconv.Atoi(text[at[0]:at[1]])
		if err != nil || at[1]-at[0] > 5 {
			continue
		}
		before, after := text[:at[0]], text[at[1]:]
		isOuter := n == 0 && strings.TrimSpace(before) == "" || strings.TrimSpace(after) == ""
		if need := f.needOfNumbered(b.Kind, before, after, value-s.number, isOuter); need > 0 {
			key := edge + "\x00" + before + "\x00#" + strconv.Itoa(value-s.number) + "\x00" + after
			found = append(found, shape{key, need})
		}
	}
	return found
}

// needOfNumbered says on how many pages a text must stand whose number counts along with them, offset from the
// page's own; 0 means that no count is enough.
func (f *furniture) needOfNumbered(kind parse.BlockKind, before, after string, offset int, isOuter bool) int {
	rest := lettersOf(before + " " + after)
	share := int(math.Ceil(minCoverage * float64(f.pages)))
	switch {
	case kind == parse.Heading:
		return 0
	case isPageLabel(before, after) && offset == 0 && len(rest) <= 2 && len(lettersOf(before)) <= 1:
		return 1 // "Page 3 of 12" on page 3
	case len(rest) == 0, isPageLabel(before, after) && len(rest) <= 12:
		return max(2, share)
	case kind == parse.Paragraph && isOuter && len(rest) >= 2 && len(rest) <= 12:
		return max(manyPages, share)
	}
	return 0
}

// lettersOf returns the words of text that are made of letters.
func lettersOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
}

var pageWords = words("page pages pg p seite s blatt página pagina pág pag strona sida side sayfa страница стр стор oldal pagină")

// isPageLabel reports whether a number between the two stands behind a word for "page", or before it in Chinese and Japanese.
func isPageLabel(before, after string) bool {
	fields := lettersOf(before)
	if len(fields) > 0 && pageWords.has(fields[len(fields)-1]) {
		return true
	}
	return strings.HasSuffix(strings.TrimSpace(before), "第") && strings.ContainsAny(after, "页頁ページ")
}
