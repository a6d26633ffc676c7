package answer

import (
	"errors"
	"os"
	"testing"

	"clearwell/internal/retrieve"
)

// conflictingDocuments is a set of questions with documents that conflict or don't, beside the repository.
const conflictingDocuments = "../../../shared/data/conflict-ramdocs/cases.jsonl"

type conflictingCase struct {
	Question    string
	HasConflict bool `json:"has_conflict"`
	Documents   []struct{ Text string }
}

// The rules were made while looking at the even positions alone; both halves are held to the same.
func TestMostConflictsAreShownAndFewFalsely(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(conflictingDocuments); errors.Is(err, os.ErrNotExist) {
		t.Skip("the collection of conflicting documents is not beside this repository")
	}
	const wantShown, mayFalsely = .6, .1
	var shown, all [2]map[bool]int
	for half := range all {
		shown[half], all[half] = make(map[bool]int), make(map[bool]int)
	}
	for i, c := range readLines[conflictingCase](t, conflictingDocuments) {
		texts := make([][2]string, len(c.Documents))
		for j, d := range c.Documents {
			texts[j][1] = d.Text
		}
		all[i%2][c.HasConflict]++
		if len(Disagreements(c.Question, ofDocuments(texts))) > 0 {
			shown[i%2][c.HasConflict]++
		}
	}
	for half, name := range []string{"even", "odd"} {
		is, falsely := shareIn(shown[half], all[half], true), shareIn(shown[half], all[half], false)
		t.Logf("%s half: shown %.3f of %d, falsely %.3f of %d", name, is, all[half][true], falsely, all[half][false])
		if is < wantShown || falsely > mayFalsely {
			t.Errorf("%s half: shown %.3f, falsely %.3f", name, is, falsely)
		}
	}
}

func shareIn(some, all map[bool]int, key bool) float64 { return float64(some[key]) / float64(all[key]) }

// Each of these paragraphs alone answers its questions: what disagrees among paragraphs is a mistake of the rules.
func TestParagraphsOfOneTextSeldomDisagree(t *testing.T) {
	t.Parallel()
	const neighbours, mayFalsely = 8, .01
	for _, language := range []string{"en", "de", "es"} {
		paragraphs, questions := readTexts(t, language)
		falsely := 0
		for _, q := range questions {
			first := max(0, min(q.gold-neighbours/2, len(paragraphs)-neighbours))
			var passages []retrieve.Passage
			for i := first; i < first+neighbours; i++ {
				p := paragraphs[i]
				passages = append(passages, retrieve.Passage{ChunkID: int64(i), DocumentID: int64(i), Title: p.Title, Text: p.Text})
			}
			if len(Disagreements(q.Text, passages)) > 0 {
				falsely++
			}
		}
		t.Logf("%s: %d of %d questions", language, falsely, len(questions))
		if float64(falsely) > mayFalsely*float64(len(questions)) {
			t.Errorf("%s: a disagreement for %d of %d questions", language, falsely, len(questions))
		}
	}
}
