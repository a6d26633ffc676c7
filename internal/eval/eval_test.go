package eval

import (
	"context"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"testing"

	"clearwell/internal/answer"
	"clearwell/internal/chunk"
	"clearwell/internal/fault"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/ingest"
	"clearwell/internal/journal"
	"clearwell/internal/library"
	"clearwell/internal/parse"
	"clearwell/internal/postgres/pgtest"
	"clearwell/internal/retrieve"
)

// newSubject is the rooms of a service on a database of their own, with words hashed to vectors.
func newSubject(t *testing.T) Subject {
	t.Helper()
	pool, embedder, quiet := pgtest.New(t), inferencetest.NewEmbedder(64), slog.New(slog.DiscardHandler)
	lib, jour := library.New(pool), journal.New(pool)
	if err := lib.OpenIndex(t.Context(), embedder.Model()); err != nil {
		t.Fatal(err)
	}
	queue, err := ingest.NewQueue(pool, lib, ingest.NewPipeline(pool, lib, jour, embedder, parse.Limits{}, chunk.Config{}), 2, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if err := queue.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := queue.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	searcher := retrieve.NewSearcher(pool, embedder, retrieve.Config{})
	answers, err := answer.New(searcher, embedder, nil, jour, lib, answer.Config{}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return Subject{Pool: pool, Embedder: embedder, Intake: ingest.NewIntake(pool, lib, jour, queue, 0), Library: lib, Searcher: searcher, Answers: answers, Upkeep: queue.Upkeep}
}

// folder writes files by name and returns where.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRetrievalScoresASetInBEIRFormats(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"corpus.jsonl":  `{"_id": "a", "title": "Pets", "text": "Dogs bark at the postman."}` + "\n" + `{"id": "b", "text": "Ships sail across the ocean."}` + "\n" + `{"id": "c", "text": " "}`,
		"queries.jsonl": `{"_id": "q1", "text": "Who do dogs bark at?"}` + "\n" + `{"id": "q2", "text": "Where do ships sail?"}` + "\n" + `{"id": "unjudged", "text": "?"}`,
		"qrels.tsv":     "query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tb\t1\n",
	})
	report, err := Retrieval(t.Context(), newSubject(t), RetrievalSet{Corpus: Corpus{Entries: filepath.Join(dir, "corpus.jsonl")},
		Queries: []QueryFile{{Queries: filepath.Join(dir, "queries.jsonl"), Qrels: filepath.Join(dir, "qrels.tsv")}}}, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if s := report.Arms[retrieve.Hybrid]; s.Queries != 2 || s.NDCG10 != 1 || s.Recall1 != 1 || s.MRR10 != 1 {
		t.Errorf("both questions find their passage first, got %+v", s)
	}
	if report.Documents != 3 || report.Chunks != 2 || len(report.Refused) != 1 {
		t.Errorf("the entry without text is refused and named, got %+v", report)
	}
}

func TestJudgementsOfATranslationServeAcrossLanguages(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"corpus.jsonl": `{"_id": "en-a", "text": "Dogs bark at the postman."}`, "de.jsonl": `{"_id": "de-1", "text": "Dogs bark?"}`,
		"de.tsv": "de-1\tde-a\t1\n",
	})
	set := RetrievalSet{Corpus: Corpus{Entries: filepath.Join(dir, "corpus.jsonl")}, Arms: []retrieve.Arm{retrieve.Hybrid},
		Queries: []QueryFile{{Queries: filepath.Join(dir, "de.jsonl"), Qrels: filepath.Join(dir, "de.tsv")}}}
	s := newSubject(t)
	if _, err := Retrieval(t.Context(), s, set, Settings{}); fault.CodeOf(err) != "foreign_judgements" {
		t.Errorf("judgements of other documents measure nothing, got %v", err)
	}
	set.Renamed = map[string]string{"de-": "en-"}
	report, err := Retrieval(t.Context(), s, set, Settings{})
	if err != nil || report.Sets[0].Name != "de" || report.Arms[retrieve.Hybrid].Recall1 != 1 {
		t.Errorf("the document is found under its own id, got %+v, %v", report.Sets, err)
	}
}

func TestVersionsCountsCurrentAndStaleAnswers(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"documents.jsonl": `{"doc_id": "v", "title": "Vacation", "version": 1, "file": "files/v1.md", "effective_date": "2024-01-01", "superseded_date": "2025-01-01", "status": "superseded"}
{"doc_id": "v", "title": "Vacation", "version": 2, "file": "files/v2.md", "effective_date": "2025-01-01", "superseded_date": null, "status": "current"}
{"doc_id": "g", "title": "Guild", "version": 1, "file": "files/g1.md", "effective_date": "2024-01-01", "superseded_date": "2024-01-01", "status": "withdrawn"}`,
		"corpus.jsonl": `{"file": "other/o.md"}`,
		"cases.jsonl": `{"id": "1", "type": "value_changed", "question": "How many vacation days do employees get a year?", "doc_id": "v", "current_file": "files/v2.md", "current_patterns": ["\\b25\\b(?! euros)"], "outdated_answers": [{"pattern": "\\b20\\b"}], "evidence_current": "1. Employees get **25 vacation days** a year."}
{"id": "2", "type": "withdrawn", "question": "Zebra guild xylophone meeting?", "doc_id": "g", "current_patterns": [], "outdated_answers": [{"pattern": "Monday"}]}`,
		"files/v1.md": "# Vacation\n\n1. Employees get 20 vacation days a year.\n",
		"files/v2.md": "# Vacation\n\n1. Employees get **25 vacation days** a year.\n",
		"files/g1.md": "# Guild\n\nThe zebra guild has its xylophone meeting on Monday.\n",
		"other/o.md":  "# Office\n\nVisitors wear a badge.\n",
	})
	report, err := Versions(t.Context(), newSubject(t), VersionsSet{Folder: dir, Seed: 7}, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if report.Current["1"] != 1 || report.StaleAt10 != 0 || report.Stale != 0 || report.Correct != 1 || report.Cited != 1 {
		t.Errorf("the current value is found, said and cited, got %+v", report)
	}
	if report.ShouldNot != 1 || report.Abstained != 1 || report.Over != 0 {
		t.Errorf("what was withdrawn is not answered, got %+v", report)
	}
}

func TestScoresAgreeWithTheirDefinitions(t *testing.T) {
	t.Parallel()
	relevant := map[string]int{"a": 1, "b": 1}
	ranked := []string{"x", "a", "y", "b"}
	got := rankValues(ranked, relevant)
	ideal := 1 + 1/math.Log2(3)
	want := (1/math.Log2(3) + 1/math.Log2(5)) / ideal
	if math.Abs(got["nDCG@10"]-want) > 1e-12 || got["R@1"] != 0 || got["R@5"] != 1 || got["MRR@10"] != .5 || got["MRR"] != .5 {
		t.Errorf("want nDCG %f, recall@5 1, MRR .5, got %v", want, got)
	}
	if got := ndcg(nil, relevant, 10); got != 0 {
		t.Errorf("nothing found gains nothing, got %f", got)
	}
	if got := percentile([]float64{3, 1, 2}, 50); got != 2 {
		t.Errorf("want the median 2, got %f", got)
	}
}
