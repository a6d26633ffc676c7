package eval

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/fault"
)

// runOf makes a run of one part whose questions q0, q1 … have these values.
func runOf(set string, values ...float64) Run {
	var outcomes []Outcome
	for i, v := range values {
		outcomes = append(outcomes, Outcome{Part: "p", Type: []string{"x", "y"}[i%2], ID: fmt.Sprintf("q%d", i), Values: map[string]float64{"hit": v}})
	}
	return newRun(OfRetrieval, set, Settings{Version: "1"}, []Metric{{Name: "hit"}, {Name: "never"}}, outcomes)
}

func TestRunSumsUpByPartAndType(t *testing.T) {
	t.Parallel()
	var got []Figure
	for _, f := range runOf("s", 1, 0, 1, 0).Figures {
		got = append(got, Figure{Part: f.Part, Type: f.Type, Metric: f.Metric, Questions: f.Questions, Interval: Interval{Value: f.Value}})
	}
	want := []Figure{
		{Part: "p", Metric: "hit", Questions: 4, Interval: Interval{Value: .5}},
		{Part: "p", Type: "x", Metric: "hit", Questions: 2, Interval: Interval{Value: 1}},
		{Part: "p", Type: "y", Metric: "hit", Questions: 2},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
}

func TestComparisonPairsQuestionsAndNamesWhatChanged(t *testing.T) {
	t.Parallel()
	before, after := make([]float64, 40), make([]float64, 41)
	for i := range 20 {
		after[i] = 1
	}
	before[39], before[38] = 1, 1
	after[38] = 1
	c := runOf("s", after...).Against(runOf("s", before...))
	if c.Common != 40 || c.Only != 1 || len(c.Better) != 20 || len(c.Worse) != 1 || c.Worse[0].ID != "q39" {
		t.Errorf("20 of 40 got better and q39 worse, got %d common, %d alone, %d better, worse %v", c.Common, c.Only, len(c.Better), c.Worse)
	}
	d := c.Deltas[0]
	if d.Before != .05 || d.After != .525 || !d.IsSignificant() || d.Low > .475 || d.High < .475 {
		t.Errorf("want a difference of .475 that leaves zero out, got %+v", d)
	}
	if same := runOf("s", 1, 0).Against(runOf("s", 1, 0)); same.Deltas[0].IsSignificant() || len(same.Better)+len(same.Worse) != 0 {
		t.Errorf("a run does not differ from itself, got %+v", same)
	}
}

func TestStoredRunIsComparedWithItsOwnSetOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "run.json")
	run := runOf("set-a", 1, 0, .5)
	if err := run.Save(path); err != nil {
		t.Fatal(err)
	}
	read, err := ReadRun(path, OfRetrieval, "set-a")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(run, read); diff != "" {
		t.Errorf("stored and read (-want +got):\n%s", diff)
	}
	broken := filepath.Join(t.TempDir(), "broken.json")
	if err := os.WriteFile(broken, []byte(`{"documents": 3}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		kind Kind
		set  string
		code string
	}{
		{path, OfRetrieval, "set-b", "other_set"}, {path, OfVersions, "set-a", "other_kind"},
		{broken, OfRetrieval, "set-a", "unreadable_run"}, {filepath.Join(path, "no"), OfRetrieval, "set-a", "unreadable_run"},
	} {
		if _, err := ReadRun(c.path, c.kind, c.set); fault.CodeOf(err) != c.code {
			t.Errorf("want %s, got %v", c.code, err)
		}
	}
	if err := run.Save(filepath.Join(path, "no")); fault.CodeOf(err) != "unwritable_run" {
		t.Errorf("want unwritable_run, got %v", err)
	}
}

func TestHalvesAreOddAndEvenPositions(t *testing.T) {
	t.Parallel()
	items := []int{1, 2, 3, 4, 5}
	for half, want := range map[Half][]int{All: items, "": items, Odd: {1, 3, 5}, Even: {2, 4}} {
		if diff := cmp.Diff(want, halfOf(half, items)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", half, diff)
		}
	}
}

func TestFingerprintIsOfContentNotOfPlace(t *testing.T) {
	t.Parallel()
	files := map[string]string{"corpus.jsonl": `{"id": "a", "text": "x"}`, "queries.jsonl": "{}", "qrels.tsv": ""}
	set := func(dir string) RetrievalSet {
		return RetrievalSet{Corpus: Corpus{Entries: filepath.Join(dir, "corpus.jsonl")},
			Queries: []QueryFile{{Queries: filepath.Join(dir, "queries.jsonl"), Qrels: filepath.Join(dir, "qrels.tsv")}}}
	}
	print := func(s RetrievalSet) string {
		hash, err := s.Fingerprint()
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	first, second := set(folder(t, files)), set(folder(t, files))
	if print(first) != print(second) {
		t.Error("two copies of a set have one fingerprint")
	}
	first.Codes = 3
	files["qrels.tsv"] = "q\ta\t1"
	if print(first) == print(second) || print(set(folder(t, files))) == print(second) {
		t.Error("what is asked and how it is judged shows in the fingerprint")
	}
}
