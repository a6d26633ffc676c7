package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/inference/inferencetest"
)

// conversationShape is what a test looks at of a conversation.
type conversationShape struct {
	ID       string
	Title    string
	Messages []struct {
		Question string
		Answer   *struct {
			ID          string
			Answer      string
			Stopped     bool
			SearchedFor string `json:"searched_for"`
			Citations   []struct{ Quote string }
		}
		Feedback *struct {
			Helpful bool
			Reason  string
		}
	}
}

func (s *service) sendJSON(path string, body any, out any) int {
	s.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		s.Fatal(err)
	}
	return s.call(http.MethodPost, path, "application/json", bytes.NewReader(encoded), out)
}

func (s *service) conversation(id string) (found conversationShape) {
	s.Helper()
	if status := s.call(http.MethodGet, "/api/v1/conversations/"+id, "", nil, &found); status != http.StatusOK {
		s.Fatalf("conversation %s: status %d", id, status)
	}
	return found
}

// readUntilText asks for a stream in the conversation, and leaves after the first words.
func (s *service) readUntilText(conversation, question string) {
	s.Helper()
	ctx, leave := context.WithCancel(s.Context())
	defer leave()
	body, err := json.Marshal(map[string]any{"question": question, "conversation_id": conversation, "stream": true})
	if err != nil {
		s.Fatal(err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/api/v1/ask", bytes.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if lines.Text() == "event: text" {
			return
		}
	}
	s.Fatal("the stream ended before its first words")
}

func TestAConversationOutlivesTheService(t *testing.T) {
	t.Parallel()
	s := newService(t)
	_, up := s.upload("vacation.md", "# Vacation policy\n\nFull-time employees get 28 vacation days a year. Unused vacation days expire in March.\n",
		"collection", "hr", "key", "vacation", "effective_from", "2026-01-01")
	if rev := s.awaitEnd(up); rev.Status != "published" {
		t.Fatalf("revision %+v", rev)
	}
	var made struct{ ID string }
	if status := s.sendJSON("/api/v1/conversations", struct{}{}, &made); status != http.StatusCreated {
		t.Fatalf("status %d", status)
	}
	for _, question := range []string{"How many vacation days do employees get?", "And when do they expire?"} {
		if status := s.sendJSON("/api/v1/ask", map[string]string{"question": question, "conversation_id": made.ID}, nil); status != http.StatusOK {
			t.Fatalf("%s: status %d", question, status)
		}
	}
	before := s.conversation(made.ID)
	if len(before.Messages) != 2 || before.Title != "How many vacation days do employees get?" || len(before.Messages[0].Answer.Citations) == 0 ||
		before.Messages[1].Answer.SearchedFor != "And when do they expire? (vacation days employees)" {
		t.Fatalf("conversation %+v", before)
	}
	if status := s.sendJSON("/api/v1/feedback", map[string]any{"answer_id": before.Messages[0].Answer.ID, "helpful": true}, nil); status != http.StatusNoContent {
		t.Errorf("feedback: status %d", status)
	}

	// Again with a model, which is interrupted by the end of the service while nobody reads.
	model := inferencetest.New(t, 8)
	model.ScriptChat(inferencetest.Completion{Pieces: []string{"How many vacation days do full-time employees get?"}})
	gate := make(chan struct{}, 2)
	gate <- struct{}{}
	gate <- struct{}{}
	model.AnswerChat(inferencetest.Completion{Gate: gate, Pieces: []string{
		"Full-time employees get 28 vacation days a year [1]. ", "Unused vacation days expire in March [1]. ", "That is all.",
	}})
	s.stop()
	s.start("--chat-base-url", model.BaseURL(), "--chat-model", "scripted")
	s.readUntilText(made.ID, "And full-time employees?")
	s.stop()
	s.start()
	after := s.conversation(made.ID)
	if len(after.Messages) != 3 {
		t.Fatalf("%d messages", len(after.Messages))
	}
	last := after.Messages[2]
	if last.Answer == nil || !last.Answer.Stopped || strings.TrimSpace(last.Answer.Answer) != "Full-time employees get 28 vacation days a year [1]." ||
		last.Answer.SearchedFor != "How many vacation days do full-time employees get?" {
		t.Errorf("the interrupted answer is %+v", last.Answer)
	}
	if f := after.Messages[0].Feedback; f == nil || !f.Helpful {
		t.Errorf("feedback %+v", f)
	}
	after.Messages[0].Feedback = nil
	if diff := cmp.Diff(before.Messages, after.Messages[:2]); diff != "" {
		t.Errorf("what was said before (-before +after):\n%s", diff)
	}
	if status := s.call(http.MethodDelete, "/api/v1/conversations/"+made.ID, "", nil, nil); status != http.StatusNoContent {
		t.Errorf("delete: status %d", status)
	}
	if status := s.sendJSON("/api/v1/ask", map[string]string{"question": "And now?", "conversation_id": made.ID}, nil); status != http.StatusNotFound {
		t.Errorf("asked in a deleted conversation: status %d", status)
	}
}
