package chunk_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"clearwell/internal/chunk"
	"clearwell/internal/parse"
)

// prose writes a paragraph of random words, as long as paragraphs are: some have ten words, some two hundred.
func prose(random *rand.Rand, minWords, maxWords int) string {
	words := make([]string, minWords+random.IntN(maxWords-minWords+1))
	for i := range words {
		words[i] = fmt.Sprintf("w%d", random.IntN(3000))
		if i%12 == 11 {
			words[i] += "."
		}
	}
	return strings.Join(words, " ") + "."
}

// newTexts counts the texts of after that before doesn't have: what would have to be embedded.
func newTexts(before, after []chunk.Chunk) int {
	known := map[string]bool{}
	for _, c := range before {
		known[c.Embedded()] = true
	}
	count := 0
	for _, c := range after {
		if !known[c.Embedded()] {
			count++
		}
	}
	return count
}

// TestEditingOneParagraphOf200ChangesAtMostThreeChunks edits, inserts and removes at every tenth place of documents of
// 200 paragraphs of different lengths, with headings and without.
func TestEditingOneParagraphOf200ChangesAtMostThreeChunks(t *testing.T) {
	t.Parallel()
	lengths := [][2]int{{8, 16}, {10, 40}, {30, 60}, {40, 90}, {50, 80}, {10, 200}, {90, 120}}
	changes := map[string]func(*rand.Rand, []parse.Block, int) []parse.Block{
		"edit": func(random *rand.Rand, blocks []parse.Block, at int) []parse.Block {
			blocks[at].Text = strings.Replace(blocks[at].Text, " ", " thirty "+fmt.Sprint(random.IntN(9999))+" ", 1)
			return blocks
		},
		"rewrite": func(random *rand.Rand, blocks []parse.Block, at int) []parse.Block {
			blocks[at].Text = prose(random, 10, 90)
			return blocks
		},
		"insert": func(random *rand.Rand, blocks []parse.Block, at int) []parse.Block {
			return slices.Insert(blocks, at, para(prose(random, 10, 90)))
		},
		"remove": func(_ *rand.Rand, blocks []parse.Block, at int) []parse.Block {
			return slices.Delete(blocks, at, at+1)
		},
	}
	for name, change := range changes {
		for _, withHeadings := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, headings %t", name, withHeadings), func(t *testing.T) {
				t.Parallel()
				histogram := map[int]int{}
				for seed, length := range lengths {
					random := rand.New(rand.NewPCG(uint64(seed), 1))
					var blocks []parse.Block
					for i := range 200 {
						if withHeadings && i%15 == 0 {
							blocks = append(blocks, heading(1+i%2, fmt.Sprintf("Part %d", i)))
						}
						blocks = append(blocks, para(prose(random, length[0], length[1])))
					}
					before := split(t, chunk.Config{}, blocks...)
					for at := 0; at < len(blocks); at += 10 {
						if blocks[at].Kind == parse.Heading {
							at++
						}
						after := chunk.Split(parse.Document{Blocks: change(random, slices.Clone(blocks), at)}, pieceCounter{}, chunk.Config{})
						changed := newTexts(before, after)
						histogram[changed]++
						if changed > 3 {
							t.Errorf("%v words, paragraph %d: %d new texts", length, at, changed)
						}
					}
				}
				t.Logf("new texts: %v", histogram)
			})
		}
	}
}

// TestEditingARowOfALongTableChangesFewChunks does the same inside one block.
func TestEditingARowOfALongTableChangesFewChunks(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 3))
	rows := []string{"Name | Code | Price"}
	for range 800 {
		rows = append(rows, fmt.Sprintf("part%d | %d | %d", random.IntN(999), random.IntN(999), random.IntN(999)))
	}
	table := func(rows []string) parse.Block {
		return parse.Block{Kind: parse.Table, Text: strings.Join(rows, "\n")}
	}
	before := split(t, chunk.Config{}, table(rows))
	for at := 20; at < 800; at += 37 {
		changed := newTexts(before, split(t, chunk.Config{}, table(slices.Delete(slices.Clone(rows), at, at+1))))
		if changed > 3 {
			t.Errorf("without row %d: %d new texts", at, changed)
		}
	}
}

func TestChunksAreAboutAsLongAsTheTarget(t *testing.T) {
	t.Parallel()
	for _, length := range [][2]int{{8, 16}, {10, 40}, {30, 60}, {40, 90}, {10, 200}} {
		random := rand.New(rand.NewPCG(5, 5))
		var blocks []parse.Block
		for range 2000 {
			blocks = append(blocks, para(prose(random, length[0], length[1])))
		}
		chunks := split(t, chunk.Config{}, blocks...)
		total, small := 0, 0
		for _, c := range chunks {
			total += c.Tokens
			if c.Tokens < 60 {
				small++
			}
		}
		mean := total / len(chunks)
		t.Logf("%v words: %d chunks of %d tokens on average, %d of them below 60", length, len(chunks), mean, small)
		if mean < 110 || mean > 330 {
			t.Errorf("%v words: chunks have %d tokens on average", length, mean)
		}
	}
}
