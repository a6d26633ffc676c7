package answer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"clearwell/internal/analysis"
	"clearwell/internal/retrieve"
)

// statement is a sentence, list item or row of a passage that can be an answer, with what introduces it.
type statement struct {
	sentence
	before string // the sentence before it
	lead   string // the line above its list, or the head of its table; "" outside of both
	isItem bool
	isRow  bool
}

var listMark = regexp.MustCompile(`^(?:[-*•–]|\d{1,3}[.)])\s`)

// cellMark is between the cells of a row.
const cellMark = " | "

// statements are what a passage says: without its headings, the heads of its tables, lead-ins, questions and scraps.
func statements(p retrieve.Passage) []statement {
	var all []statement
	before, lead, head := "", "", headIn(p.Context)
	lines := split(p.Text)
	for i, each := range lines {
		s := statement{sentence: each, before: before, isItem: listMark.MatchString(each.text), isRow: strings.Contains(each.text, cellMark)}
		isHead := s.isRow && head == "" && !hasDigit.MatchString(each.text) && i+1 < len(lines) && strings.Contains(lines[i+1].text, cellMark)
		switch {
		case isHead:
			head = each.text
		case s.isRow:
			s.lead = head
		case s.isItem:
			s.lead, head = lead, ""
		default:
			lead, head = "", ""
		}
		if !isHead && says(each.text) && !isHeading(each.text, p) {
			all = append(all, s)
		}
		if strings.HasSuffix(strings.TrimSpace(each.text), ":") {
			lead = each.text
		}
		before = each.text
	}
	return all
}

// headIn is the head of the table that a passage's context repeats, "" if it repeats none.
func headIn(context string) string {
	lines := strings.Split(strings.TrimSpace(context), "\n")
	if last := lines[len(lines)-1]; strings.Contains(last, cellMark) {
		return last
	}
	return ""
}

// isHeading reports whether a line is the title or a heading that a part of its passage stands under.
func isHeading(line string, p retrieve.Passage) bool {
	line = folded(strings.Trim(line, "#*_ "))
	return line == folded(p.Title) || slices.ContainsFunc(p.Above(), func(h string) bool { return line == folded(h) })
}

// says reports whether a line can be an answer: not a question, a lead-in or a scrap.
func says(text string) bool {
	text = strings.TrimSpace(text)
	if strings.HasSuffix(text, "?") || strings.HasSuffix(text, ":") || strings.HasSuffix(text, "？") {
		return false
	}
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters++
		}
	}
	return letters >= 4
}

// sentences lists the candidates of the best passages with the part of their score that needs no model.
func sentences(question string, found retrieve.Result) []extract {
	hasWanted := wanted(question)
	// "How many" wants a figure, not a sentence that says "how many".
	topic := asksForFigure.ReplaceAllString(question, " ")
	best := found.Passages[0].Score
	var all []extract
	for i, p := range found.Passages[:min(extractPassages, len(found.Passages))] {
		language := analysis.Detect(p.Text)
		w := newWeigher(topic, language, found.Words)
		var under []string
		var around analysis.Bag
		rank := 0.0
		if best > 0 { // a reranker may find all of them worthless
			rank = p.Score / best
		}
		for _, s := range statements(p) {
			if headings := p.PlaceAt(p.Start + s.start).Headings; around.IDs == nil || !slices.Equal(headings, under) {
				under, around = headings, analysis.Passage(p.Title+"\n"+strings.Join(headings, "\n")+"\n"+p.Context, language)
			}
			in := analysis.Passage(s.text, language)
			inHeadings := w.shareOnlyIn(in, around)
			justBefore := w.shareOnlyIn(in, around, analysis.Passage(s.before+"\n"+s.lead, language)) - inHeadings
			e := extract{passage: i, start: s.start, end: s.end, text: s.text, shown: s.shown(p.Context)}
			e.score = w.share(in) + headingWeight*inHeadings + beforeWeight*justBefore + passageWeight*rank
			e.score += leadWeight * leadLength / (leadLength + float64(p.Start+s.start))
			if !hasWanted(e) {
				e.score -= formWeight
			}
			all = append(all, e)
		}
	}
	return all
}

// longestLead is how long a line above a list may be to be shown with an item, in bytes.
const longestLead = 200

// shown is the statement as an answer shows it: an item behind the line that introduces its list, and the cells of a row
// behind those of its head.
func (s statement) shown(context string) string {
	text := fromDocument(s.text)
	switch {
	case s.isRow:
		return row(text, fromDocument(s.lead))
	case !s.isItem:
		return text
	}
	item, lead := listMark.ReplaceAllString(text, ""), s.lead
	if lead == "" {
		lead = context
	}
	if lead == "" || len(lead) > longestLead {
		return item
	}
	return fromDocument(lead) + " " + item
}

// row writes the cells of a row with their heads: Country: Norway; Hotel: 195.
func row(text, head string) string {
	cells, heads := cellsOf(text), cellsOf(head)
	if head == "" || len(cells) != len(heads) {
		return text
	}
	var parts []string
	for i, cell := range cells {
		switch {
		case cell == "":
		case heads[i] == "":
			parts = append(parts, cell)
		default:
			parts = append(parts, heads[i]+": "+cell)
		}
	}
	return strings.Join(parts, "; ")
}

// fromDocument is text of a document as an answer shows it: on one line, without what is invisible, and with its own
// references in round brackets, so that none passes for a citation of the answer.
func fromDocument(text string) string {
	return oneLine(mark.ReplaceAllStringFunc(withoutInvisible(text), func(m string) string {
		return "(" + strings.Trim(m, `[]【】［］\`) + ")"
	}))
}
