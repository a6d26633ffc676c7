package eval

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
)

// codeForms are the ways in which people ask for a code: as it is; as they retype it, with separators lost and marks
// left out; inside a sentence.
var codeForms = []string{"alone", "in parts", "in a sentence"}

// codeStyle is one kind of identifier with what is written about it.
type codeStyle struct {
	name string
	// family makes codes that differ from each other in one digit or part.
	family    func(rng *rand.Rand, n int) []string
	titles    []string // %s: the code; half of the documents bear it in the title
	bare      []string // titles without it
	sentences []string // the first holds the code; {x} is filled with one of fillers, {n} with a number
	questions []string
}

// familySize is how many codes are near-duplicates of each other.
const familySize = 10

// codeDocuments makes n short documents about one code each, and the questions for them in every form. The prose of a
// style is alike in all its documents, and their codes nearly so: only the exact code tells them apart.
func codeDocuments(n int, seed uint64) ([]document, []query) {
	rng := rand.New(rand.NewPCG(seed, 2))
	var documents []document
	var queries []query
	seen := make(map[string]bool)
	for at := 0; len(documents) < n; at++ {
		style := codeStyles[at%len(codeStyles)]
		for _, code := range style.family(rng, familySize) {
			if seen[code] || len(documents) == n {
				continue
			}
			seen[code] = true
			d := style.write(rng, code)
			d.key = fmt.Sprintf("%s %03d", style.name, len(documents)+1)
			documents = append(documents, d)
			for _, form := range codeForms {
				queries = append(queries, query{id: d.key + " " + form, kind: form, text: style.ask(rng, code, form), relevant: map[string]int{d.key: 1}})
			}
		}
	}
	return documents, queries
}

// write makes the document about a code: four to six sentences, the code in the first of them.
func (c codeStyle) write(rng *rand.Rand, code string) document {
	title := fmt.Sprintf(pick(rng, c.titles), code)
	if rng.IntN(2) == 0 {
		title = pick(rng, c.bare)
	}
	sentences := []string{fmt.Sprintf(c.sentences[0], code)}
	for _, i := range rng.Perm(len(c.sentences) - 1)[:3+rng.IntN(3)] {
		sentences = append(sentences, c.sentences[i+1])
	}
	for i := range sentences {
		for strings.Contains(sentences[i], "{x}") {
			sentences[i] = strings.Replace(sentences[i], "{x}", pick(rng, fillers), 1)
		}
		sentences[i] = strings.ReplaceAll(sentences[i], "{n}", fmt.Sprint(2+rng.IntN(58)))
	}
	return document{title: title, text: strings.Join(sentences, " ")}
}

var (
	separators = regexp.MustCompile(`[-_/:]+`)
	marks      = regexp.MustCompile(`^(?:§ |v|0x)`)
)

func (c codeStyle) ask(rng *rand.Rand, code, form string) string {
	switch form {
	case "in parts":
		return marks.ReplaceAllString(separators.ReplaceAllString(code, " "), "")
	case "in a sentence":
		return fmt.Sprintf(pick(rng, c.questions), code)
	}
	return code
}

func pick(rng *rand.Rand, from []string) string { return from[rng.IntN(len(from))] }

// around makes n codes of a pattern for numbers that lie close together.
func around(rng *rand.Rand, n int, format string, low, high int) []string {
	codes := make([]string, n)
	first := low + rng.IntN(high-low-n)
	for i := range codes {
		codes[i] = fmt.Sprintf(format, first+i)
	}
	return codes
}
