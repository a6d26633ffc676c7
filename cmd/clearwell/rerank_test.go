package main

import (
	"net/http"
	"strings"
	"testing"

	"clearwell/internal/inference/inferencetest"
)

func TestRerankerOfTheSettingsOrdersWhatIsFound(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for key, text := range map[string]string{
		"vacation": "# Vacation days\n\nEmployees get 27 vacation days a year.\n",
		"rules":    "# Office rules\n\nWhoever leaves the office last turns the lights off.\n",
	} {
		if status, up := s.upload(key+".md", text, "collection", "hr", "key", key); status != http.StatusAccepted || s.awaitEnd(up).Status != "published" {
			t.Fatalf("upload of %s: status %d", key, status)
		}
	}
	first := func() string {
		t.Helper()
		var found struct {
			Passages []struct {
				Key   string `json:"document_key"`
				Score float64
			}
		}
		if status := s.call(http.MethodPost, "/api/v1/search", "application/json", strings.NewReader(`{"query": "How many vacation days?"}`), &found); status != http.StatusOK || len(found.Passages) != 2 {
			t.Fatalf("search: status %d, %+v", status, found)
		}
		if found.Passages[0].Score < found.Passages[1].Score {
			t.Errorf("not in the order of their scores: %+v", found.Passages)
		}
		return found.Passages[0].Key
	}
	if got := first(); got != "vacation" {
		t.Fatalf("without a reranker %s is first", got)
	}
	reranker := inferencetest.NewRerankServer(t, "tei")
	reranker.ScoreBy(func(_, passage string) float64 {
		if strings.Contains(passage, "lights") {
			return .7
		}
		return .2
	})
	flags := []string{"--rerank-base-url", reranker.BaseURL(), "--rerank-api-key", "secret", "--rerank-style", "tei"}
	s.stop()
	s.start(flags...)
	if got := first(); got != "rules" {
		t.Errorf("with a reranker %s is first", got)
	}
	if got := s.ask("How many vacation days do employees get?"); !strings.Contains(got.Answer, "27") || got.Citations[0].Key != "vacation" {
		t.Errorf("the answer is %+v", got)
	}
	if out := string(s.command(append([]string{"doctor"}, flags...)...)); !strings.Contains(out, "ok    reranker           tei, two passages in ") {
		t.Errorf("doctor printed\n%s", out)
	}
	reranker.Answer(inferencetest.Reply{Status: http.StatusUnauthorized, Message: "no such key"})
	if got := first(); got != "vacation" {
		t.Errorf("with a reranker that refuses %s is first", got)
	}
	if failed := s.try(append([]string{"doctor"}, flags...)...); failed.code != 1 || !strings.Contains(failed.stdout, "CLEARWELL_RERANK_API_KEY") {
		t.Errorf("doctor ended with %d and printed\n%s", failed.code, failed.stdout)
	}
	if log := s.output.String(); !strings.Contains(log, "rerank_key_refused") || strings.Contains(log, "secret") {
		t.Errorf("the log is\n%s", log)
	}
}
