package chunk_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/chunk"
	"clearwell/internal/parse"
)

// pieceCounter counts about as a subword tokenizer does: a token for each six letters of a word, each ideograph and each sign.
type pieceCounter struct{}

func (pieceCounter) CountTokens(text string) int {
	tokens, letters := 0, 0
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			letters = 0
		case unicode.Is(unicode.Han, r) || !unicode.IsLetter(r) && !unicode.IsDigit(r):
			tokens++
			letters = 0
		default:
			if letters%6 == 0 {
				tokens++
			}
			letters++
		}
	}
	return tokens
}

func heading(level int, text string) parse.Block {
	return parse.Block{Kind: parse.Heading, Level: level, Text: text}
}
func para(text string) parse.Block { return parse.Block{Kind: parse.Paragraph, Text: text} }
func item(level int, text string) parse.Block {
	return parse.Block{Kind: parse.ListItem, Level: level, Text: "- " + text}
}

// split cuts blocks and checks the promises of Split.
func split(t *testing.T, cfg chunk.Config, blocks ...parse.Block) []chunk.Chunk {
	t.Helper()
	doc := parse.Document{Blocks: blocks}
	chunks := chunk.Split(doc, pieceCounter{}, cfg)
	checkPromises(t, doc, chunks, pieceCounter{}, cfg)
	return chunks
}

// checkPromises holds what Split promises for every document.
func checkPromises(t *testing.T, doc parse.Document, chunks []chunk.Chunk, count chunk.Counter, cfg chunk.Config) {
	t.Helper()
	limit := cfg.Max
	if limit == 0 {
		limit = 480
	}
	text := []rune(doc.Text())
	isCovered := make([]bool, len(text))
	inTrail := map[string]bool{}
	last := 0
	for i, c := range chunks {
		if c.Start < last || c.End <= c.Start || c.End > len(text) {
			t.Fatalf("chunk %d stands at [%d:%d], the one before ends at %d of %d", i, c.Start, c.End, last, len(text))
		}
		if c.Text != string(text[c.Start:c.End]) {
			t.Fatalf("chunk %d is not the document's text at [%d:%d]: %q", i, c.Start, c.End, c.Text)
		}
		if c.Tokens != count.CountTokens(c.Embedded()) || c.Tokens > limit {
			t.Fatalf("chunk %d says %d tokens, has %d, may have %d: %q", i, c.Tokens, count.CountTokens(c.Embedded()), limit, c.Embedded())
		}
		for k := c.Start; k < c.End; k++ {
			isCovered[k] = true
		}
		for _, h := range c.Headings {
			inTrail[h] = true
		}
		last = c.End
	}
	at := 0
	for _, b := range doc.Blocks {
		end := at + len([]rune(b.Text))
		for k := at; k < end; k++ {
			if isCovered[k] || unicode.IsSpace(text[k]) {
				continue
			}
			if b.Kind == parse.Heading && inTrail[strings.Join(strings.Fields(b.Text), " ")] {
				continue
			}
			t.Fatalf("no chunk holds %q of block %q", string(text[k:end]), b.Text)
		}
		at = end + len(parse.BlockSeparator)
	}
}

func textsOf(chunks []chunk.Chunk) []string {
	texts := []string{}
	for _, c := range chunks {
		texts = append(texts, c.Text)
	}
	return texts
}

func sentence(n, words int) string {
	var s strings.Builder
	fmt.Fprintf(&s, "S%d", n)
	for i := range words - 1 {
		fmt.Fprintf(&s, " w%d", (n*7+i*3)%97)
	}
	return s.String() + "."
}

func TestSplitPutsHeadingsIntoTheTrail(t *testing.T) {
	t.Parallel()
	chunks := split(t, chunk.Config{}, para("Preface."), heading(1, "Leave"), heading(2, "Vacation"), para("You have 28 days."),
		para("Ask early."), heading(2, "Illness"), para("Call us."), heading(1, "Travel"), para("By train."))
	got := []string{}
	for _, c := range chunks {
		got = append(got, c.Embedded())
	}
	want := []string{"Preface.", "Leave > Vacation\nYou have 28 days.\n\nAsk early.", "Leave > Illness\nCall us.", "Travel\nBy train."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSplitKeepsHeadingsWithNothingBelowFindable(t *testing.T) {
	t.Parallel()
	chunks := split(t, chunk.Config{}, heading(1, "Leave"), heading(2, "Vacation"), heading(2, "Illness"), para("Call us."), heading(1, "Empty"))
	got := []string{}
	for _, c := range chunks {
		got = append(got, c.Embedded())
	}
	if diff := cmp.Diff([]string{"Leave\nVacation", "Leave > Illness\nCall us.", "Empty"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSplitGivesThePageOfTheFirstBlock(t *testing.T) {
	t.Parallel()
	chunks := split(t, chunk.Config{}, parse.Block{Kind: parse.Heading, Level: 1, Text: "A", Page: 1}, parse.Block{Kind: parse.Paragraph, Text: "ä one", Page: 2},
		parse.Block{Kind: parse.Paragraph, Text: "two", Page: 3}, parse.Block{Kind: parse.Heading, Level: 1, Text: "B", Page: 3},
		parse.Block{Kind: parse.Paragraph, Text: "three", Page: 4})
	if len(chunks) != 2 || chunks[0].Page != 2 || chunks[1].Page != 4 {
		t.Errorf("got %+v", chunks)
	}
}

func TestSplitKeepsAListWithItsLeadIn(t *testing.T) {
	t.Parallel()
	blocks := []parse.Block{}
	for i := range 6 {
		blocks = append(blocks, para(sentence(i, 60)))
	}
	blocks = append(blocks, para("Bring these to the interview:"))
	for i := range 5 {
		blocks = append(blocks, item(1, sentence(100+i, 12)))
	}
	for _, c := range split(t, chunk.Config{}, blocks...) {
		if isWhole := strings.Contains(c.Text, "interview:\n\n- S100") && strings.Contains(c.Text, "S104"); strings.Contains(c.Text, "interview") && !isWhole {
			t.Errorf("the list is apart from its lead-in: %q", c.Text)
		}
	}
}

func TestSplitRepeatsTheLeadInOfACutList(t *testing.T) {
	t.Parallel()
	blocks := []parse.Block{heading(1, "Interview"), para("Be on time. Bring these to the interview:")}
	for i := range 40 {
		blocks = append(blocks, item(1+i%2, sentence(i, 30)))
	}
	chunks := split(t, chunk.Config{}, blocks...)
	if len(chunks) < 4 || chunks[0].Context != "" {
		t.Fatalf("%d chunks, the first with context %q", len(chunks), chunks[0].Context)
	}
	for _, c := range chunks[1:] {
		if !strings.HasPrefix(c.Context, "Be on time. Bring these to the interview:") {
			t.Errorf("context is %q", c.Context)
		}
	}
	for i, c := range chunks {
		isNested := strings.HasPrefix(c.Text, "- S") && len(c.Text) > 3 && (c.Text[3]-'0')%2 == 1
		if hasParent := strings.Contains(c.Context, "\n- S"); isNested && !hasParent && i > 0 && c.Text[4] == ' ' {
			t.Errorf("chunk %d begins with a nested item and is not told the one above: %q", i, c.Context)
		}
	}
}

func TestSplitKeepsATableWholeIfItFits(t *testing.T) {
	t.Parallel()
	rows := "Country | Meals | Hotel"
	for i := range 20 {
		rows += fmt.Sprintf("\nCountry%d | %d | %d", i, 20+i, 90+i)
	}
	chunks := split(t, chunk.Config{}, para(sentence(1, 90)), para("The rates are:"), parse.Block{Kind: parse.Table, Text: rows}, para(sentence(2, 90)), para(sentence(3, 90)))
	isWhole := false
	for _, c := range chunks {
		isWhole = isWhole || strings.Contains(c.Text, "The rates are:\n\n"+rows)
	}
	if !isWhole {
		t.Errorf("the table was cut: %q", textsOf(chunks))
	}
}

func TestSplitRepeatsTheHeaderRowOfACutTable(t *testing.T) {
	t.Parallel()
	rows := "Country | Meals | Hotel"
	for i := range 150 {
		rows += fmt.Sprintf("\nCountry%d | %d | %d", i, 20+i, 90+i)
	}
	chunks := split(t, chunk.Config{}, heading(1, "Travel"), para("The rates are:"), parse.Block{Kind: parse.Table, Text: rows})
	if len(chunks) < 4 || !strings.HasPrefix(chunks[1].Text, "Country | Meals | Hotel\nCountry0") {
		t.Fatalf("%q", textsOf(chunks))
	}
	for _, c := range chunks[2:] {
		if c.Context != "The rates are:\nCountry | Meals | Hotel" {
			t.Errorf("context is %q", c.Context)
		}
		if !strings.HasPrefix(c.Text, "Country") || strings.Count(strings.SplitN(c.Text, "\n", 2)[0], "|") != 2 {
			t.Errorf("not cut between rows: %q", c.Text)
		}
	}
}

func TestSplitCutsALongParagraphBetweenSentences(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ unit, end string }{
		"English": {"Staff may work from home on three days of each week after they asked. ", "."},
		"Chinese": {"员工每年享有二十八天带薪年假，必须提前两周申请。", "。"},
		"Arabic":  {"هل يمكن للموظف أن يعمل من المنزل ثلاثة أيام في الأسبوع؟ ", "؟"},
		"Hindi":   {"कर्मचारी सप्ताह में तीन दिन घर से काम कर सकते हैं। ", "।"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chunks := split(t, chunk.Config{}, para(strings.TrimSpace(strings.Repeat(test.unit, 120))))
			if len(chunks) < 3 {
				t.Fatalf("%d chunks", len(chunks))
			}
			for _, c := range chunks {
				if !strings.HasSuffix(c.Text, test.end) {
					t.Errorf("not cut after a sentence: %q", c.Text)
				}
			}
		})
	}
}

func TestSplitKeepsAnUnmarkedHeadingWithItsText(t *testing.T) {
	t.Parallel()
	blocks := []parse.Block{}
	for i := range 40 {
		blocks = append(blocks, para(fmt.Sprintf("Topic %d", i)), para(sentence(i, 40)))
	}
	blocks = append(blocks, para("Last topic"), para(strings.Repeat(sentence(99, 20)+" ", 60)))
	chunks := split(t, chunk.Config{}, blocks...)
	for _, c := range chunks {
		if !strings.HasPrefix(c.Text, "Topic") && c.Context != "Last topic" {
			t.Errorf("%q is apart from its heading", c.Text)
		}
	}
	if last := chunks[len(chunks)-1]; last.Context != "Last topic" {
		t.Errorf("a long paragraph's part is told %q", last.Context)
	}
}

func TestSplitDoesNotLeaveSmallPiecesAtTheEnd(t *testing.T) {
	t.Parallel()
	for n := 2; n < 60; n++ {
		blocks := []parse.Block{}
		for i := range n {
			blocks = append(blocks, para(sentence(i, 25)))
		}
		chunks := split(t, chunk.Config{}, blocks...)
		for _, c := range chunks {
			if len(chunks) > 1 && c.Tokens < 80 {
				t.Errorf("of %d paragraphs, a chunk has %d tokens", n, c.Tokens)
			}
		}
	}
}

func TestSplitReadsALongHeadingAsText(t *testing.T) {
	t.Parallel()
	long := sentence(1, 200)
	chunks := split(t, chunk.Config{}, heading(1, "Short"), heading(2, long), para("Below."))
	if len(chunks) != 1 || chunks[0].Text != long+"\n\nBelow." || chunks[0].Headings[0] != "Short" {
		t.Errorf("%+v", chunks)
	}
}

func TestSplitTrimsALongTrailFromOutside(t *testing.T) {
	t.Parallel()
	var blocks []parse.Block
	for level := range 6 {
		blocks = append(blocks, heading(level+1, sentence(level, 50)))
	}
	chunks := split(t, chunk.Config{}, append(blocks, para("Below."))...)
	last := chunks[len(chunks)-1]
	if last.Text != "Below." || len(last.Headings) == 6 || last.Headings[len(last.Headings)-1] != sentence(5, 50) {
		t.Errorf("%+v", last)
	}
}

func TestSplitOfNothingIsNothing(t *testing.T) {
	t.Parallel()
	if chunks := split(t, chunk.Config{}, para(""), heading(1, " "), para(" \n")); len(chunks) != 0 {
		t.Errorf("%+v", chunks)
	}
}
