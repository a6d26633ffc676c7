package main

import (
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"clearwell/internal/inference"
)

func TestTheInstantModelCitesTheFirstPassage(t *testing.T) {
	t.Parallel()
	var times timings
	server := httptest.NewServer(instantChat{&times})
	defer server.Close()
	chat, err := inference.OpenChat(inference.ChatConfig{BaseURL: server.URL + "/v1", Model: "instant"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	prompt := "=== X passage 1 | Rules\nThe team lead approves parking. Nobody else does.\n=== X end of passage 1\n\nQuestion: Who approves parking?"
	var said strings.Builder
	for delta, err := range chat.Stream(t.Context(), []inference.Message{{Role: inference.User, Content: prompt}}) {
		if err != nil {
			t.Fatal(err)
		}
		said.WriteString(delta.Text)
	}
	if got := said.String(); got != "The team lead approves parking [1]." || len(times.list()) != 1 {
		t.Errorf("said %q in %v", got, times.list())
	}
}

func TestALoadAsksWhatTheLibraryHolds(t *testing.T) {
	t.Parallel()
	texts := benchDocuments(40)
	for _, q := range askQuestions(texts, asksTogether) {
		what := strings.TrimSuffix(strings.TrimPrefix(q, "Who "), "?")
		if what == "" || !slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, what+".") }) {
			t.Errorf("no document answers %q", q)
		}
	}
}
