package main

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"clearwell/internal/eval"
)

// evalSets are small sets of every kind.
var evalSets = map[string]string{
	"corpus.jsonl": `{"_id": "leave", "title": "Leave", "text": "Employees get 25 vacation days a year."}
{"_id": "hall", "title": "Sports hall", "text": "The sports hall closes at ten in the evening."}
{"_id": "canteen", "title": "Canteen", "text": "The canteen serves soup and bread every day at noon for the whole staff of the house."}`,
	"en/queries.jsonl": `{"_id": "q1", "text": "How many vacation days are there?"}
{"_id": "q2", "text": "When does the sports hall close?"}`,
	"de/queries.jsonl": `{"_id": "q1", "text": "Wie viele Urlaubstage gibt es?"}
{"_id": "q2", "text": "Wann schließt die Sporthalle?"}`,
	"qrels.tsv": "query-id\tcorpus-id\tscore\nq1\tleave\t1\nq2\thall\t1\n",
	"answers.jsonl": `{"id": "q1", "question": "How many vacation days do employees get a year?", "answers": ["25"], "document": "leave", "type": "figure"}
{"id": "q2", "question": "What is the boiling point of tungsten?", "answers": null, "type": "none"}`,
	"cases.jsonl":    `{"id": "c1", "question": "How many vacation days do employees get a year?", "documents": [{"doc": 0, "type": "correct", "answer": "25 days", "text": "Employees get 25 vacation days a year."}, {"doc": 1, "type": "noise", "answer": "unknown", "text": "The canteen serves soup at noon."}], "gold_answers": ["25"], "wrong_answers": [], "has_conflict": false}`,
	"manifest.jsonl": `{"file": "a.md", "snippets": ["soup at noon"]}`,
	"a.md":           "# Canteen\n\nThere is **soup** at noon.\n",
}

// TestEvalMeasuresStoresAndCompares runs every measurement as people type it, with the built-in model.
func TestEvalMeasuresStoresAndCompares(t *testing.T) {
	t.Parallel()
	s := newService(t)
	dir := t.TempDir()
	for name, body := range evalSets {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	t.Run("retrieval", func(t *testing.T) { s.in(t).tryEvalRetrieval(at) })
	t.Run("answers", func(t *testing.T) { s.in(t).tryEvalAnswers(at) })
	t.Run("abstention", func(t *testing.T) { s.in(t).tryEvalAbstention(at) })
	t.Run("library", func(t *testing.T) { s.in(t).tryEvalOfLibrary(at) })
	t.Run("parse", func(t *testing.T) {
		s := s.in(t)
		s.says(s.try("eval", "parse", "--manifest", at("manifest.jsonl"), "--save", at("parse.json")), "1 of 1 snippets found")
		s.refuses(s.try("eval", "retrieval", "--codes", "6", "--against", at("parse.json")), "other_kind")
	})
}

func (s *service) tryEvalRetrieval(at func(string) string) {
	s.Helper()
	flags := []string{"eval", "retrieval", "--corpus", at("corpus.jsonl"), "--queries", at("en/queries.jsonl"), "--queries", at("de/queries.jsonl"),
		"--qrels", at("qrels.tsv"), "--codes", "12", "--known-items", "4"}
	var first eval.RetrievalReport
	s.json(&first, append(flags, "--save", at("run.json"))...)
	var names []string
	for _, set := range first.Sets {
		names = append(names, set.Name)
	}
	if want := []string{"en", "de", "known items", "codes"}; !slices.Equal(names, want) {
		s.Errorf("want the sets %v, got %v", want, names)
	}
	if first.Documents != 15 || first.Arms["hybrid"].Recall1 != 1 || first.Sets[1].Arms["hybrid"].Recall1 != 1 || first.Run.Outcomes != nil {
		s.Errorf("questions in both languages find their documents, got %+v", first)
	}
	if m := first.Run.Settings; m.Dimensions != 384 || m.Version != version || m.Half != eval.All {
		s.Errorf("a run says what it was made with, got %+v", m)
	}
	var second eval.RetrievalReport
	s.json(&second, append(flags, "--half", "odd", "--without", "windows", "--exponent", "1.5", "--against", at("run.json"))...)
	if m := second.Run.Settings; !slices.Equal(m.Without, []string{"windows"}) || m.Exponent != 1.5 || m.Half != eval.Odd {
		s.Errorf("a run says what was left out, got %+v", m)
	}
	c := second.Run.Comparison
	if c == nil || c.Common != c.Only {
		s.Fatalf("half of the questions are compared, got %+v", second.Run.Comparison)
	}
	changed := append(c.Better, c.Worse...)
	isLexical := func(change eval.Change) bool { return strings.HasSuffix(change.Part, "lexical") }
	if len(changed) == 0 || slices.ContainsFunc(changed, isLexical) {
		s.Errorf("without windows vectors rank otherwise and words as before, got %+v", changed)
	}
	s.says(s.try(append(flags, "--arms", "lexical", "--against", at("run.json"))...), "known items · lexical", "codes · lexical, in parts", "worse: 0 questions")
	s.refuses(s.try("eval", "retrieval", "--codes", "6", "--against", at("run.json")), "other_set")
	s.refuses(s.try("eval", "retrieval", "--corpus", at("corpus.jsonl")), "no_questions")
	s.refuses(s.try("eval", "retrieval", "--corpus", at("corpus.jsonl"), "--queries", at("en/queries.jsonl")), "unpaired_judgements")
}

func (s *service) tryEvalAnswers(at func(string) string) {
	s.Helper()
	s.says(s.try("eval", "answers", "--set", at("answers.jsonl"), "--corpus", at("corpus.jsonl"), "--all"), "answer-string recall 1 of 1: 1.000", "abstention precision 1 of 1")
	var report eval.ConflictsReport
	s.json(&report, "eval", "conflicts", "--set", at("cases.jsonl"))
	if report.Falsely.Value != 0 || report.Exact.Value != 1 || report.Citations.Valid != report.Citations.Checked {
		s.Errorf("one document has the answer and nothing disagrees, got %+v", report)
	}
}

// tryEvalOfLibrary asks the documents of the service itself, and leaves nothing there.
func (s *service) tryEvalOfLibrary(at func(string) string) {
	s.Helper()
	flags := []string{"eval", "answers", "--set", at("answers.jsonl")}
	s.refuses(s.try(flags...), "no_documents")
	for _, days := range []string{"25", "26"} {
		if status, up := s.upload("leave.md", "# Leave\n\nEmployees get "+days+" vacation days a year.\n", "key", "leave"); status != http.StatusAccepted || s.awaitEnd(up).Status != published {
			s.Fatalf("upload: status %d, %+v", status, up)
		}
		if days == "25" {
			s.says(s.try(flags...), "documents in force in this library: 1; 2 questions, 1 answerable", "answer-string recall 1 of 1: 1.000")
		}
	}
	var report eval.AnswersReport
	s.json(&report, flags...)
	if report.Documents != 1 || report.Answerable != 1 || report.Recalled != 0 {
		s.Errorf("what was replaced is not answered any more, got %+v", report)
	}
	s.says(s.try("receipts", "--outdated"), "No answer of the last 30 days is outdated.")
}

func (s *service) tryEvalAbstention(at func(string) string) {
	s.Helper()
	flags := []string{"eval", "abstention", "--corpus", at("corpus.jsonl"), "--queries", at("en/queries.jsonl"), "--qrels", at("qrels.tsv")}
	var report eval.AbstentionReport
	s.json(&report, append(flags, "--observed", at("observed.jsonl"))...)
	if got := report.Sets[0]; report.Documents != 3 || got.Questions != 2 || got.AUC != 1 || got.HeldBack != 0 {
		s.Errorf("questions score higher where their document is there, got %+v", report)
	}
	s.says(s.try(flags...), "calibrated on", "held back", "precision")
	s.refuses(s.try("eval", "abstention", "--fit", at("observed.jsonl")), "too_few_observations")
	s.refuses(s.try("eval", "abstention", "--queries", at("en/queries.jsonl")), "missing_corpus")
	s.refuses(s.try("eval", "abstention", "--observed", at("observed.jsonl"), "--calibrate"), "missing_corpus")
	s.says(s.try("eval", "abstention"), "not calibrated yet")
	s.says(s.try("eval", "abstention", "--calibrate"), "calibrated on 0 questions")
}
