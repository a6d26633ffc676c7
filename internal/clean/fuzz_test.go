package clean_test

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"clearwell/internal/clean"
	"clearwell/internal/parse"
)

// documentOf reads a document out of bytes: one block a line of "kind page text", "\\n" inside for a line break.
func documentOf(data string) parse.Document {
	kinds := []parse.BlockKind{parse.Paragraph, parse.Heading, parse.ListItem, parse.Table, parse.Code, parse.Paragraph}
	var doc parse.Document
	for line := range strings.SplitSeq(data, "\n") {
		if len(line) < 2 {
			continue
		}
		page := int(line[1] % 6)
		doc.Blocks = append(doc.Blocks, parse.Block{
			Kind: kinds[int(line[0])%len(kinds)], Page: page, Text: strings.ReplaceAll(line[2:], `\n`, "\n"),
		})
		doc.Pages = max(doc.Pages, page)
	}
	slices.SortStableFunc(doc.Blocks, func(a, b parse.Block) int { return a.Page - b.Page })
	return doc
}

func checkPromises(t *testing.T, doc parse.Document) {
	t.Helper()
	once := clean.Apply(doc)
	if diff := cmp.Diff(once, clean.Apply(once)); diff != "" {
		t.Fatalf("a second time changes (-once +twice):\n%s\nof %+v", diff, doc.Blocks)
	}
	for _, b := range once.Blocks {
		if b.Text == "" || !utf8.ValidString(b.Text) || !norm.NFC.IsNormalString(b.Text) {
			t.Fatalf("block %q is empty, not UTF-8 or not NFC", b.Text)
		}
		for _, r := range b.Text {
			if unicode.Is(unicode.Cc, r) && r != '\n' && r != '\t' || r == 0x200b || r >= 0xe0000 && r <= 0xe007f {
				t.Fatalf("block %q keeps %U", b.Text, r)
			}
		}
	}
}

func FuzzApply(f *testing.F) {
	f.Add("01Employees have\\n25 days\n11Heading\n21\u2022 item\n01vaca-\\ntion\n02Page 2 of 3\n03Page 3 of 3")
	f.Add("01f\u00c3\u00bcr\n02\u00c3\u200b\u00bc\n01a\u00ad\\nb\n41\tcode\\n\\n\n31a | b\\n1 | 2")
	f.Add("01Orchard\n01x\n02Orchard\n02y\n03Orchard\n03Orchard\n04Orchard .... 3\n11Orchard")
	f.Fuzz(func(t *testing.T, data string) { checkPromises(t, documentOf(data)) })
}

// TestApplyIsIdempotent composes documents of what the rules look at, which fuzzing bytes seldom meets.
func TestApplyIsIdempotent(t *testing.T) {
	t.Parallel()
	pieces := []string{"a", "b", "Z", "ü", "é", "\u0301", "Ã", "¼", "Â", "\u0083", "-", "\u2010", "\u00ad", "\n", "\n", " ", "\t",
		"•", "\uf0b7", "1", "2", "3", "Page ", "....", "…", "·", ". . . . ", "|", "o", "und", "\u200b", "\u200d", "\u200c",
		"*", "年", "和", "Orchard ", ".", ",", "\ufb01", "\u2028", "\x00", "\r\n", "# "}
	for seed := range uint64(4000) {
		random := rand.New(rand.NewPCG(seed, 7))
		var data strings.Builder
		for range random.IntN(30) {
			data.WriteByte(byte('0' + random.IntN(6)))
			data.WriteByte(byte('0' + random.IntN(6)))
			for range random.IntN(7) {
				data.WriteString(strings.ReplaceAll(pieces[random.IntN(len(pieces))], "\n", `\n`))
			}
			data.WriteByte('\n')
		}
		checkPromises(t, documentOf(data.String()))
	}
}

var numeral = regexp.MustCompile(`[0-9]+`)

// TestApplyNeverDropsANumberFromASentence lays sentences over lines and pages in every way, between headers and page numbers.
func TestApplyNeverDropsANumberFromASentence(t *testing.T) {
	t.Parallel()
	words := []string{"staff", "gets", "25", "days", "after", "3", "years", "and", "1,200", "euros", "on", "page", "2", "from", "2026-01-01", "4.5"}
	for seed := range uint64(500) {
		random := rand.New(rand.NewPCG(seed, 11))
		var doc parse.Document
		var want []string
		for page := 1; page <= 3; page++ {
			doc.Blocks = append(doc.Blocks, onPage(page, "Orchard Ltd")...)
			for range 1 + random.IntN(4) {
				var text strings.Builder
				for range 6 + random.IntN(20) {
					text.WriteString(words[random.IntN(len(words))])
					text.WriteString([]string{" ", "\n", " \n", "  "}[random.IntN(4)])
				}
				text.WriteString("seed.")
				want = append(want, numeral.FindAllString(text.String(), -1)...)
				doc.Blocks = append(doc.Blocks, onPage(page, text.String())...)
			}
			doc.Blocks = append(doc.Blocks, onPage(page, "Page "+string(rune('0'+page)))...)
		}
		doc.Pages = 3
		var got []string
		for _, b := range clean.Apply(doc).Blocks {
			got = append(got, numeral.FindAllString(b.Text, -1)...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, diff)
		}
	}
}

func BenchmarkApply(b *testing.B) {
	var doc parse.Document
	for page := 1; page <= 1000; page++ {
		doc.Blocks = append(doc.Blocks, onPage(page, "Orchard Ltd", strings.Repeat("Words of a paragraph that are bro-\nken over lines, für alle.\n", 20),
			strings.Repeat("Other words. ", 30), "Page")...)
	}
	doc.Pages = 1000
	b.SetBytes(int64(len(doc.Text())))
	for b.Loop() {
		clean.Apply(doc)
	}
}
