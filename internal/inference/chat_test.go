package inference_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/fault"
	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
)

func openChat(t *testing.T, server *inferencetest.Server, change func(*inference.ChatConfig)) (inference.Chat, *inference.Pauses) {
	t.Helper()
	cfg := inference.ChatConfig{BaseURL: server.BaseURL(), Model: "talker", APIKey: "sk-very-secret"}
	if change != nil {
		change(&cfg)
	}
	model, err := inference.OpenChat(cfg, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return model, inference.SkipPauses(model)
}

var conversation = []inference.Message{{Role: inference.System, Content: "Be short."}, {Role: inference.User, Content: "How many days?"}}

// collect reads a completion to its end.
func collect(ctx context.Context, model inference.Chat) (string, inference.Usage, error) {
	var text strings.Builder
	var usage inference.Usage
	for delta, err := range model.Stream(ctx, conversation) {
		if err != nil {
			return text.String(), usage, err
		}
		text.WriteString(delta.Text)
		if delta.Usage != nil {
			usage = *delta.Usage
		}
	}
	return text.String(), usage, nil
}

func TestChatStreamsPiecesAndUsage(t *testing.T) {
	t.Parallel()
	server := inferencetest.New(t, dimension)
	gate := make(chan struct{})
	want := inference.Usage{PromptTokens: 12, CompletionTokens: 3}
	server.ScriptChat(inferencetest.Completion{Pieces: []string{"Twenty", "-five", " days."}, Gate: gate, Usage: want})
	model, _ := openChat(t, server, nil)
	var pieces []string
	var usage *inference.Usage
	go func() { gate <- struct{}{} }()
	for delta, err := range model.Stream(t.Context(), conversation) {
		if err != nil {
			t.Fatal(err)
		}
		if delta.Usage != nil {
			usage = delta.Usage
			break
		}
		pieces = append(pieces, delta.Text)
		go func() { gate <- struct{}{} }() // each piece comes only after the one before it has arrived
	}
	if diff := cmp.Diff([]string{"Twenty", "-five", " days."}, pieces); diff != "" {
		t.Errorf("pieces (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(&want, usage); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]inferencetest.ChatRequest{{Model: "talker", Messages: conversation, Stream: true}}, server.ChatRequests()); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
}

func TestChatIsTriedAgainBeforeTheFirstPieceOnly(t *testing.T) {
	t.Parallel()
	server := inferencetest.New(t, dimension)
	server.ScriptChat(
		inferencetest.Completion{Status: 503},
		inferencetest.Completion{Error: "overloaded"},
		inferencetest.Completion{Pieces: []string{"good"}},
		inferencetest.Completion{Pieces: []string{"half"}, Error: "overloaded"},
		inferencetest.Completion{Pieces: []string{"half"}, CutOff: true},
	)
	model, pauses := openChat(t, server, nil)
	text, _, err := collect(t.Context(), model)
	if text != "good" || err != nil || len(pauses.Made()) != 2 {
		t.Errorf("answer %q after %v: %v", text, pauses.Made(), err)
	}
	for range 2 {
		text, _, err = collect(t.Context(), model)
		if text != "half" || fault.CodeOf(err) != "chat_broken_off" {
			t.Errorf("answer %q: %v", text, err)
		}
	}
	if requests := len(server.ChatRequests()); requests != 5 {
		t.Errorf("%d requests, want 5", requests)
	}
}

func TestChatFailuresSayWhatToDo(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		completion inferencetest.Completion
		code       string
		requests   int
	}{
		"broken":    {inferencetest.Completion{Status: 500}, "chat_unavailable", 3},
		"busy":      {inferencetest.Completion{Status: 429, RetryAfter: "1"}, "chat_busy", 3},
		"wrong key": {inferencetest.Completion{Status: 401}, "chat_key_refused", 1},
		"too long":  {inferencetest.Completion{Status: 400}, "chat_refused", 1},
		"unknown":   {inferencetest.Completion{Status: 404}, "chat_model_unknown", 1},
		"cut off":   {inferencetest.Completion{CutOff: true}, "chat_unavailable", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := inferencetest.New(t, dimension)
			server.AnswerChat(test.completion)
			model, _ := openChat(t, server, nil)
			text, _, err := collect(t.Context(), model)
			if text != "" || fault.CodeOf(err) != test.code {
				t.Errorf("answer %q, error %s: %v", text, fault.CodeOf(err), err)
			}
			if requests := len(server.ChatRequests()); requests != test.requests {
				t.Errorf("%d requests, want %d", requests, test.requests)
			}
		})
	}
}

// silentAfter is a completion that sends so many of its two pieces, and then nothing.
func silentAfter(pieces int) inferencetest.Completion {
	gate := make(chan struct{}, pieces)
	for range pieces {
		gate <- struct{}{}
	}
	return inferencetest.Completion{Pieces: []string{"one", "two"}, Gate: gate}
}

func TestChatThatFallsSilentTimesOut(t *testing.T) {
	t.Parallel()
	server := inferencetest.New(t, dimension)
	server.ScriptChat(silentAfter(0), silentAfter(1))
	first, _ := openChat(t, server, func(cfg *inference.ChatConfig) { cfg.FirstToken = 50 * time.Millisecond })
	text, _, err := collect(t.Context(), first)
	if text != "" || fault.CodeOf(err) != "chat_timeout" {
		t.Errorf("answer %q: %v", text, err)
	}
	later, _ := openChat(t, server, func(cfg *inference.ChatConfig) { cfg.Idle = 50 * time.Millisecond })
	text, _, err = collect(t.Context(), later)
	if text != "one" || fault.CodeOf(err) != "chat_timeout" {
		t.Errorf("answer %q: %v", text, err)
	}
}

func TestChatEndsWithItsReader(t *testing.T) {
	t.Parallel()
	server := inferencetest.New(t, dimension)
	server.ScriptChat(silentAfter(1), silentAfter(1))
	model, _ := openChat(t, server, nil)
	for delta, err := range model.Stream(t.Context(), conversation) {
		if err != nil || delta.Text != "one" {
			t.Errorf("first piece %q: %v", delta.Text, err)
		}
		break // must not wait for the second piece, which never comes
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range model.Stream(ctx, conversation) {
		cancel()
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("error = %v", last)
	}
}

func TestEmptyAnswerIsNoError(t *testing.T) {
	t.Parallel()
	server := inferencetest.New(t, dimension)
	server.AnswerChat(inferencetest.Completion{Usage: inference.Usage{PromptTokens: 9}})
	model, _ := openChat(t, server, nil)
	text, usage, err := collect(t.Context(), model)
	if text != "" || usage.PromptTokens != 9 || err != nil {
		t.Errorf("answer %q, usage %v: %v", text, usage, err)
	}
}

func TestChatNeedsSettings(t *testing.T) {
	t.Parallel()
	for code, cfg := range map[string]inference.ChatConfig{
		"chat_not_configured": {},
		"chat_model_missing":  {BaseURL: "http://127.0.0.1:1/v1"},
	} {
		if _, err := inference.OpenChat(cfg, quiet); fault.CodeOf(err) != code {
			t.Errorf("error %v, want %s", err, code)
		}
	}
}
