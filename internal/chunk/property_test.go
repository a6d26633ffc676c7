package chunk_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/chunk"
	"clearwell/internal/parse"
)

// growingCounter says more for a whole than for its parts together, which no cut can foresee.
type growingCounter struct{}

func (growingCounter) CountTokens(text string) int {
	n := utf8.RuneCountInString(text)
	return n + n*n/400
}

// runeCounter counts a token a character, as a model does with letters that it doesn't know.
type runeCounter struct{}

func (runeCounter) CountTokens(text string) int { return utf8.RuneCountInString(text) }

var allKinds = []parse.BlockKind{parse.Paragraph, parse.Heading, parse.ListItem, parse.Table, parse.Code, parse.ListItem, parse.Paragraph}

// randomDocument composes blocks of all kinds and lengths, empty ones and endless words among them.
func randomDocument(random *rand.Rand) parse.Document {
	pieces := []string{"a ", "word ", "Satz. ", "年假二十八天。", "\n", " | ", "é", "👨‍👩‍👧", "e\u0301", ", ", "No. 5 ", "z. B. ", strings.Repeat("x", 50), "  ", "\n\n", "؟ ", "3.5 "}
	var doc parse.Document
	for range random.IntN(25) {
		var text strings.Builder
		for range random.IntN([]int{3, 12, 60, 400}[random.IntN(4)]) {
			text.WriteString(pieces[random.IntN(len(pieces))])
		}
		doc.Blocks = append(doc.Blocks, parse.Block{
			Kind: allKinds[random.IntN(len(allKinds))], Level: random.IntN(8), Text: text.String(), Page: random.IntN(3),
		})
	}
	return doc
}

func TestSplitHoldsItsPromisesForAnyDocument(t *testing.T) {
	t.Parallel()
	configs := []chunk.Config{{}, {Target: 30, Max: 60}, {Target: 24, Max: 24}, {Target: 1, Max: 200}}
	for seed := range uint64(240) {
		random := rand.New(rand.NewPCG(seed, 21))
		doc := randomDocument(random)
		cfg := configs[seed%4]
		for _, count := range []chunk.Counter{pieceCounter{}, runeCounter{}, growingCounter{}} {
			chunks := chunk.Split(doc, count, cfg)
			checkPromises(t, doc, chunks, count, cfg)
			if diff := cmp.Diff(chunks, chunk.Split(doc, count, cfg)); diff != "" {
				t.Fatalf("not the same twice:\n%s", diff)
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("1Leave\n0Staff get 28 days. Ask early.\n2- one\n2- two\n3a | b", 60)
	f.Add("0"+strings.Repeat("x", 500), 24)
	f.Add("4code  \n1H\n1H2\n0年假二十八天。年假。", 30)
	f.Fuzz(func(t *testing.T, data string, limit int) {
		var doc parse.Document
		for line := range strings.SplitSeq(strings.ToValidUTF8(data, "?"), "\n") {
			if line == "" {
				continue
			}
			kind := allKinds[int(line[0])%len(allKinds)]
			_, size := utf8.DecodeRuneInString(line)
			doc.Blocks = append(doc.Blocks, parse.Block{Kind: kind, Level: int(line[0]) % 5, Text: strings.ReplaceAll(line[size:], "\\n", "\n")})
		}
		cfg := chunk.Config{Target: limit % 100, Max: 24 + (limit%300+300)%300}
		checkPromises(t, doc, chunk.Split(doc, pieceCounter{}, cfg), pieceCounter{}, cfg)
	})
}

// countingCounter adds up how much text was counted.
type countingCounter struct{ bytes int }

func (c *countingCounter) CountTokens(text string) int {
	c.bytes += len(text)
	return pieceCounter{}.CountTokens(text)
}

func TestSplitCountsMonstersInLinearTime(t *testing.T) {
	t.Parallel()
	const size = 1 << 18
	tests := map[string]string{
		"one word":             strings.Repeat("x", size),
		"one ideograph":        strings.Repeat("年", size/3),
		"no sentence":          strings.Repeat("word ", size/5),
		"the same sentence":    strings.Repeat("All is well. ", size/13),
		"full stops":           strings.Repeat(".", size),
		"spaced full stops":    strings.Repeat(". ", size/2),
		"quotes":               strings.Repeat(".\"", size/2),
		"lines":                strings.Repeat("a\n", size/2),
		"marks on one letter":  "e" + strings.Repeat("\u0301", size/2),
		"one cell after other": strings.Repeat("a | b ", size/6),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, kind := range []parse.BlockKind{parse.Paragraph, parse.Table, parse.Heading} {
				count := &countingCounter{}
				doc := parse.Document{Blocks: []parse.Block{{Kind: kind, Level: 1, Text: strings.TrimSpace(text)}}}
				chunks := chunk.Split(doc, count, chunk.Config{})
				checkPromises(t, doc, chunks, pieceCounter{}, chunk.Config{})
				if count.bytes > 8*len(text) {
					t.Errorf("%s: counted %d bytes of a text of %d", kind, count.bytes, len(text))
				}
			}
		})
	}
}

func BenchmarkSplit(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	var doc parse.Document
	for i := range 5000 {
		if i%20 == 0 {
			doc.Blocks = append(doc.Blocks, heading(1+i%3, "Part"))
		}
		doc.Blocks = append(doc.Blocks, para(prose(random, 10, 120)))
	}
	b.SetBytes(int64(len(doc.Text())))
	for b.Loop() {
		chunk.Split(doc, pieceCounter{}, chunk.Config{})
	}
}
