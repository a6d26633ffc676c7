package main

import (
	"log/slog"
	"net/http/httptest"
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

func TestNoQuestionOfALoadIsAskedTwice(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i := range asksTogether + 1 {
		if q := askQuestion(i); seen[q] {
			t.Fatalf("%q is asked twice", q)
		} else {
			seen[q] = true
		}
	}
}
