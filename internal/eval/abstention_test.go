package eval

import (
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"clearwell/internal/answer"
	"clearwell/internal/fault"
)

func TestAbstentionAsksWithTheDocumentAndWithoutIt(t *testing.T) {
	t.Parallel()
	s := newSubject(t)
	var corpus, queries, qrels strings.Builder
	qrels.WriteString("query-id\tcorpus-id\tscore\n")
	for i, animal := range []string{"otter", "heron", "badger", "salamander", "kingfisher", "hedgehog", "dormouse", "woodpecker"} {
		fmt.Fprintf(&corpus, `{"_id": "d%d", "title": "The %s", "text": "The %s sleeps in winter near the old mill and eats what it finds there at night."}`+"\n", i, animal, animal)
		fmt.Fprintf(&queries, `{"_id": "q%d", "text": "Where does the %s sleep in winter?"}`+"\n", i, animal)
		fmt.Fprintf(&qrels, "q%d\td%d\t1\n", i, i)
	}
	dir := folder(t, map[string]string{"corpus.jsonl": corpus.String(), "queries.jsonl": queries.String(), "qrels.tsv": qrels.String()})
	set := RetrievalSet{Corpus: Corpus{Entries: filepath.Join(dir, "corpus.jsonl")},
		Queries: []QueryFile{{Name: "animals", Queries: filepath.Join(dir, "queries.jsonl"), Qrels: filepath.Join(dir, "qrels.tsv")}}}
	bar := answer.NewCalibrator(s.Pool, s.Searcher, s.Embedder.Model().Name, answer.WordEvidence, slog.New(slog.DiscardHandler))
	report, err := Abstention(t.Context(), s, bar, set)
	if err != nil {
		t.Fatal(err)
	}
	if report.Documents != 8 || len(report.Observed) != 16 || len(report.Sets) != 1 || report.Calibration.Questions != 8 {
		t.Fatalf("want 8 questions asked twice, got %+v", report)
	}
	if got := report.Sets[0]; got.Name != "animals" || got.Questions != 8 || got.AUC < .99 {
		t.Errorf("a question whose only distinctive word is gone scores lower, got %+v", got)
	}
	for i, o := range report.Observed {
		if want := []Half{Odd, Odd, Even, Even}[i%4]; o.Half != want || o.IsAnswerable != (i%2 == 0) {
			t.Errorf("observation %d: want half %s and answerable first, got %+v", i, want, o)
		}
	}
}

// observed are made observations in which only the coverage tells, and questions below the line of -1 are few.
func observed(n int) []Observation {
	random := rand.New(rand.NewPCG(1, 1))
	var seen []Observation
	for i := range n {
		o := Observation{Set: "made", ID: fmt.Sprint(i), Half: []Half{Odd, Even}[i/2%2], IsAnswerable: i%2 == 0}
		for k := range o.Measures {
			o.Measures[k] = random.NormFloat64()
		}
		if o.IsAnswerable {
			o.Measures[0] += 3
		}
		seen = append(seen, o)
	}
	return seen
}

func TestFitLearnsWhatTellsAndGivesUpTheShareThatIsAllowed(t *testing.T) {
	t.Parallel()
	fitted, err := Fit(observed(4000), false, .05)
	if err != nil {
		t.Fatal(err)
	}
	if fitted.Weights[0] < 2 || math.Abs(fitted.Weights[1]) > .3 || math.Abs(fitted.Weights[2]) > .3 || fitted.Weights[3] != 0 {
		t.Errorf("only the coverage tells, and the lead isn't looked at: got %v", fitted.Weights)
	}
	if fit, rest := fitted.Fit[0], fitted.Rest[0]; math.Abs(fit.HeldBack-.05) > .003 || math.Abs(rest.HeldBack-.05) > .02 || rest.AUC < .97 {
		t.Errorf("want one in twenty given up in both halves, got %+v and %+v", fit, rest)
	}
	if _, err := Fit(observed(40), false, .05); fault.CodeOf(err) != "too_few_observations" {
		t.Errorf("want a refusal, got %v", err)
	}
}
