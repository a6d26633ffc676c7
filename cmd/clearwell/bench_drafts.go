package main

import (
	"crypto/sha256"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"

	"clearwell/internal/chunk"
	"clearwell/internal/diff"
	"clearwell/internal/library"
	"clearwell/internal/parse"
)

// draft is a made-up document: words as frequent as words are (Zipf), in paragraphs under headings; every
// fifth shares a paragraph of small print with others. The n-th is the same in every run.
type draft struct {
	key, fileName, title string
	paragraphs           []string // headings begin with "#"
	text                 string
	hasKey               bool
	from                 time.Time // since when it applies; zero: not said
}

const (
	vocabulary = 20_000
	smallPrint = 8 // different paragraphs of it
)

func draftOf(n int) draft {
	random := rand.New(rand.NewPCG(uint64(n), 100))
	words := newWords(random)
	title := words.heading(4)
	d := draft{key: fmt.Sprintf("doc-%d", n), title: title, hasKey: true, from: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC),
		fileName: strings.ReplaceAll(strings.ToLower(title), " ", "-") + ".md"}
	d.paragraphs = append(d.paragraphs, "# "+title)
	for left := 400 + random.IntN(600); left > 0; {
		if len(d.paragraphs)%4 == 1 {
			d.paragraphs = append(d.paragraphs, "## "+words.heading(3))
		}
		length := 40 + random.IntN(60)
		d.paragraphs = append(d.paragraphs, words.prose(length))
		left -= length
	}
	if random.IntN(5) == 0 {
		common := rand.New(rand.NewPCG(uint64(random.IntN(smallPrint)), 200))
		d.paragraphs = append(d.paragraphs, newWords(common).prose(70))
	}
	return d.written()
}

// written joins the paragraphs.
func (d draft) written() draft {
	d.text = strings.Join(d.paragraphs, "\n\n")
	return d
}

// edited is the draft with one paragraph written anew.
func (d draft) edited(seed int) draft {
	random := rand.New(rand.NewPCG(uint64(seed), 300))
	d.paragraphs = append([]string(nil), d.paragraphs...)
	d.paragraphs[2] = newWords(random).prose(60)
	return d.written()
}

// arrivalKinds are the files without a key that a check of identity meets. None has a key.
var arrivalKinds = []struct {
	name  string
	draft func(i, documents int) draft
}{
	{"a new document", func(i, documents int) draft {
		return draftOf(documents + i).unkeyed(fmt.Sprintf("upload-%d", i))
	}},
	{"a renamed revision", func(i, documents int) draft {
		d := draftOf(i * 97 % documents).edited(i)
		return d.unkeyed(strings.TrimSuffix(d.fileName, ".md") + fmt.Sprintf("_FINAL v%d", i+2))
	}},
	{"a near-duplicate with another title", func(i, documents int) draft {
		d := draftOf(i * 89 % documents).edited(i)
		d.title = draftOf(2*documents + i).title
		d.paragraphs[0] = "# " + d.title
		return d.written().unkeyed(fmt.Sprintf("scan %d", i))
	}},
	{"a copy under another name", func(i, documents int) draft {
		return draftOf(i * 83 % documents).unkeyed(fmt.Sprintf("copy of file %d", i))
	}},
}

func (d draft) unkeyed(name string) draft {
	d.fileName, d.hasKey, d.from = name+".md", false, time.Time{}
	d.key = d.fileName
	return d
}

// arrival adds a mark to the bytes, not the text, so that a copy in another file has other bytes.
func (d draft) arrival() library.Arrival {
	body := d.text + "\n<!-- " + d.fileName + " -->\n"
	a := library.Arrival{Collection: identityCollection, Key: d.key, IsKeyDerived: !d.hasKey, FileName: d.fileName, Path: d.fileName,
		MediaType: "text/markdown", CreatedBy: "bench", SHA256: sha256.Sum256([]byte(body)), Size: int64(len(body)),
		Body: strings.NewReader(body)}
	if !d.from.IsZero() {
		a.EffectiveFrom = &d.from
	}
	return a
}

func (d draft) reading() library.Reading {
	return library.Reading{Title: d.title, Text: d.text, Blocks: diff.Cut(d.text)}
}

func (d draft) staging() library.Staging {
	doc := parse.Document{Title: d.title, MediaType: "text/markdown"}
	for _, p := range d.paragraphs {
		kind, level := parse.Paragraph, 0
		if strings.HasPrefix(p, "#") {
			kind, level = parse.Heading, strings.Count(p, "#")
		}
		doc.Blocks = append(doc.Blocks, parse.Block{Kind: kind, Level: level, Text: p})
	}
	return library.Staging{Title: d.title, MediaType: doc.MediaType, Text: doc.Text(), Blocks: diff.Cut(d.text), Language: "en",
		Chunks: chunk.Split(doc, wordCounter{}, chunk.Config{})}
}

// wordCounter counts four tokens for three words, as models do in English.
type wordCounter struct{}

// CountTokens implements chunk.Counter.
func (wordCounter) CountTokens(text string) int {
	n, inWord := 0, false
	for _, r := range text {
		isLetter := unicode.IsLetter(r) || unicode.IsDigit(r)
		if isLetter && !inWord {
			n++
		}
		inWord = isLetter
	}
	return n*4/3 + 1
}

// madeUpVector points in a direction that the text's hash chooses.
func madeUpVector(text string) []float32 {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(text)) // a hash takes everything
	random := rand.New(rand.NewPCG(hash.Sum64(), 0))
	v := make([]float32, identityDimension)
	for i := range v {
		v[i] = random.Float32() - .5
	}
	return v
}

// wordSource gives made-up words, the n-th most frequent about n times as rare as the first.
type wordSource struct {
	random *rand.Rand
	zipf   *rand.Zipf
}

func newWords(random *rand.Rand) wordSource {
	return wordSource{random, rand.NewZipf(random, 1.07, 3, vocabulary-1)}
}

var benchSyllables = []string{"ba", "den", "ti", "ro", "mel", "sa", "ku", "lin", "for", "ga", "pes", "no", "vi", "tar", "ul", "wen", "ho", "ji", "rak", "mo"}

// word is the n-th word of the vocabulary: frequent ones are short.
func word(n uint64) string {
	s := benchSyllables[n%20]
	for n /= 20; n > 0; n /= 20 {
		s += benchSyllables[n%20]
	}
	return s
}

func (w wordSource) prose(n int) string {
	var s strings.Builder
	for i := range n {
		next := word(w.zipf.Uint64())
		if i%12 == 0 {
			next = strings.ToUpper(next[:1]) + next[1:]
		}
		s.WriteString(next)
		if i%12 == 11 || i == n-1 {
			s.WriteByte('.')
		}
		if i < n-1 {
			s.WriteByte(' ')
		}
	}
	return s.String()
}

// heading is made of rarer words, as titles are.
func (w wordSource) heading(n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = word(uint64(20 + w.random.IntN(vocabulary-20)))
	}
	return strings.ToUpper(parts[0][:1]) + strings.Join(parts, " ")[1:]
}
