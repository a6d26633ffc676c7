package answer

import (
	"bufio"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clearwell/internal/retrieve"
)

// parallelTexts is a collection of paragraphs and questions in six languages, beside the repository.
const parallelTexts = "../../../shared/data/retrieval-xquad"

type paragraph struct{ ID, Title, Text string }

type askedOf struct {
	ID, Text string
	Answers  []string
	gold     int // index of its paragraph
}

// readTexts reads one language of the collection. Without it the test is skipped.
func readTexts(t *testing.T, language string) (paragraphs []paragraph, questions []askedOf) {
	t.Helper()
	folder := filepath.Join(parallelTexts, language)
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		t.Skip("the collection of parallel texts is not beside this repository: support is not measured here")
	}
	paragraphs = readLines[paragraph](t, filepath.Join(folder, "corpus.jsonl"))
	index := make(map[string]int)
	for i, p := range paragraphs {
		index[p.ID] = i
	}
	relevant, err := os.ReadFile(filepath.Join(folder, "qrels.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	gold := make(map[string]string)
	for line := range strings.Lines(string(relevant)) {
		if fields := strings.Split(line, "\t"); len(fields) > 1 {
			gold[fields[0]] = fields[1]
		}
	}
	for _, q := range readLines[askedOf](t, filepath.Join(folder, "queries.jsonl")) {
		if at, ok := index[gold[q.ID]]; ok {
			q.gold = at
			questions = append(questions, q)
		}
	}
	return paragraphs, questions
}

func readLines[T any](t *testing.T, path string) (all []T) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

// TestSupportTellsParagraphsApart takes a question with its answer for a statement in other words than its source's,
// and measures how many are taken for supported, figures and words, by their own paragraph (recall), and by another one of
// the same article.
func TestSupportTellsParagraphsApart(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "es", "ru"} {
		paragraphs, questions := readTexts(t, language)
		passages := make([]retrieve.Passage, len(paragraphs))
		for i, p := range paragraphs {
			passages[i] = retrieve.Passage{Title: p.Title, Text: p.Text}
		}
		v := (&Service{}).newVerifier(t.Context(), "", passages)
		isSupportedBy := func(claim string, i int) bool {
			_, hasFigures := v.missingFigure(claim, []int{i})
			return hasFigures && isSupported(claim, v.wordings([]int{i}))
		}
		random := rand.New(rand.NewPCG(1, 2))
		for half := range 2 {
			var asked, own, others, other float64
			for i, q := range questions {
				if i%2 != half {
					continue
				}
				claim := strings.TrimSuffix(q.Text, "?") + " " + q.Answers[0]
				asked++
				if isSupportedBy(claim, q.gold) {
					own++
				}
				j := random.IntN(len(paragraphs))
				for range 200 {
					if j != q.gold && paragraphs[j].Title == paragraphs[q.gold].Title {
						break
					}
					j = random.IntN(len(paragraphs))
				}
				if j == q.gold || paragraphs[j].Title != paragraphs[q.gold].Title {
					continue
				}
				others++
				if isSupportedBy(claim, j) {
					other++
				}
			}
			t.Logf("%s, half %d: recall %.3f of %.0f, wrongly supported %.3f of %.0f, precision %.3f",
				language, half, own/asked, asked, other/others, others, own/(own+other))
			if own/asked < 0.88 || other/others > 0.08 {
				t.Errorf("%s: support tells too little", language)
			}
		}
	}
}

// TestSourcesSupportTheirOwnSentences cites each paragraph for each of its sentences: what is copied is never flagged.
func TestSourcesSupportTheirOwnSentences(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "es", "ru", "zh", "ar"} {
		paragraphs, _ := readTexts(t, language)
		flagged, all := 0, 0
		for i, p := range paragraphs {
			if i%4 > 0 {
				continue
			}
			v := (&Service{}).newVerifier(t.Context(), "", []retrieve.Passage{{Title: p.Title, Text: p.Text}})
			for _, s := range split(p.Text) {
				all++
				v.quotes.endLine()
				if d := v.check(s.text + " [1]"); d.reason != "" {
					flagged++
					t.Logf("%s %q: %s", d.reason, d.missing, s.text)
				}
			}
		}
		if flagged > 0 {
			t.Errorf("%s: %d of %d sentences are flagged", language, flagged, all)
		}
	}
}
