package inference_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/fault"
	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
)

const dimension = 16

// openEndpoint opens an embedder on server, with a known dimension, and skips its pauses.
func openEndpoint(t *testing.T, server *inferencetest.Server, change func(*inference.EmbedConfig)) (inference.Embedder, *inference.Pauses) {
	t.Helper()
	cfg := inference.EmbedConfig{BaseURL: server.BaseURL(), Model: "words", APIKey: "sk-very-secret", Dimension: dimension}
	if change != nil {
		change(&cfg)
	}
	embedder, err := inference.OpenEmbedder(t.Context(), cfg, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := embedder.Close(); err != nil {
			t.Error(err)
		}
	})
	return embedder, inference.SkipPauses(embedder)
}

func numbered(count int) []string {
	texts := make([]string, count)
	for i := range texts {
		texts[i] = fmt.Sprintf("text number %d", i)
	}
	return texts
}

func TestEndpointEmbedsInBatchesAndKeepsTheOrder(t *testing.T) {
	t.Parallel()
	server := inferencetest.New(t, dimension)
	embedder, _ := openEndpoint(t, server, func(cfg *inference.EmbedConfig) {
		cfg.PassagePrefix, cfg.QueryPrefix, cfg.BatchSize = "passage: ", "query: ", 10
	})
	texts := numbered(95)
	vectors := mustEmbed(t, embedder, texts...)
	for i, text := range texts {
		if dot(vectors[i], inferencetest.Vector("passage: "+text, dimension)) < 0.9999 {
			t.Errorf("text %d has the vector of another", i)
		}
	}
	if calls := server.EmbeddingCalls(); calls != 10 {
		t.Errorf("%d requests for 95 texts in batches of 10", calls)
	}
	question, err := embedder.EmbedQuery(t.Context(), "number 7")
	if err != nil {
		t.Fatal(err)
	}
	if dot(question, inferencetest.Vector("query: number 7", dimension)) < 0.9999 {
		t.Error("the question has no prefix")
	}
	for _, key := range server.APIKeys() {
		if key != "Bearer sk-very-secret" {
			t.Errorf("Authorization = %q", key)
		}
	}
	if none := mustEmbed(t, embedder); len(none) != 0 || server.EmbeddingCalls() != 11 {
		t.Errorf("no texts gave %d vectors in %d requests", len(none), server.EmbeddingCalls())
	}
}

func TestEndpointIsAskedForItsDimension(t *testing.T) {
	t.Parallel()
	server := inferencetest.New(t, 24)
	embedder, _ := openEndpoint(t, server, func(cfg *inference.EmbedConfig) { cfg.Dimension, cfg.MaxTokens = 0, 8000 })
	want := inference.Model{Name: "words", Dimension: 24, MaxTokens: 8000}
	if diff := cmp.Diff(want, embedder.Model()); diff != "" {
		t.Errorf("model (-want +got):\n%s", diff)
	}
}

func TestEndpointIsTriedAgainWhereThatMayHelp(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]inferencetest.Reply{
		"overloaded": {Status: 503},
		"broken":     {Status: 500},
		"too many":   {Status: 429, RetryAfter: "7"},
		"timed out":  {Hold: make(chan struct{})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := inferencetest.New(t, dimension)
			embedder, pauses := openEndpoint(t, server, func(cfg *inference.EmbedConfig) { cfg.Timeout = 300 * time.Millisecond })
			server.ScriptEmbeddings(reply, reply)
			mustEmbed(t, embedder, "one", "two")
			if calls := server.EmbeddingCalls(); calls != 3 {
				t.Errorf("%d requests, want 3", calls)
			}
			made := pauses.Made()
			if len(made) != 2 || made[0] <= 0 || reply.RetryAfter != "" && made[0] != 7*time.Second {
				t.Errorf("pauses = %v", made)
			}
		})
	}
}

func TestEndpointFailuresSayWhatToDo(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		reply inferencetest.Reply
		code  string
		kind  fault.Kind
		calls int
	}{
		"always broken":   {inferencetest.Reply{Status: 500}, "embedding_unavailable", fault.Unavailable, 4},
		"always busy":     {inferencetest.Reply{Status: 429}, "embedding_busy", fault.Busy, 4},
		"busy for long":   {inferencetest.Reply{Status: 429, RetryAfter: "3600"}, "embedding_busy", fault.Busy, 1},
		"wrong key":       {inferencetest.Reply{Status: 401}, "embedding_key_refused", fault.Unavailable, 1},
		"wrong model":     {inferencetest.Reply{Status: 404}, "embedding_model_unknown", fault.Unavailable, 1},
		"refused":         {inferencetest.Reply{Status: 400}, "embedding_refused", fault.Invalid, 1},
		"wrong dimension": {inferencetest.Reply{Dimension: 8}, "embedder_dimension", fault.Unavailable, 1},
		"wrong count":     {inferencetest.Reply{Missing: 1}, "embedding_answer", fault.Unavailable, 1},
		"no vectors":      {inferencetest.Reply{Body: `{"data":[]}`}, "embedding_answer", fault.Unavailable, 1},
		"no JSON":         {inferencetest.Reply{Body: `<html>hello</html>`}, "embedding_answer", fault.Unavailable, 1},
		"other JSON":      {inferencetest.Reply{Body: `{"data":"no"}`}, "embedding_answer", fault.Unavailable, 1},
		"zero vector":     {inferencetest.Reply{Body: `{"data":[{"index":0,"embedding":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}]}`}, "embedding_answer", fault.Unavailable, 1},
		"cut off":         {inferencetest.Reply{Body: `{"data":[{"index":0,"emb`}, "embedding_unavailable", fault.Unavailable, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := inferencetest.New(t, dimension)
			embedder, _ := openEndpoint(t, server, nil)
			server.AnswerEmbeddings(test.reply)
			_, err := embedder.EmbedPassages(t.Context(), []string{"text"})
			if fault.CodeOf(err) != test.code || fault.KindOf(err) != test.kind {
				t.Errorf("error %s, kind %d: %v", fault.CodeOf(err), fault.KindOf(err), err)
			}
			if calls := server.EmbeddingCalls(); calls != test.calls {
				t.Errorf("%d requests, want %d", calls, test.calls)
			}
			server.AnswerEmbeddings(inferencetest.Reply{})
			mustEmbed(t, embedder, "text")
		})
	}
}

func TestUnreachableEndpointSaysWhatToDo(t *testing.T) {
	t.Parallel()
	cfg := inference.EmbedConfig{BaseURL: "http://127.0.0.1:1/v1", Model: "words", Attempts: 1}
	_, err := inference.OpenEmbedder(t.Context(), cfg, quiet)
	if fault.CodeOf(err) != "embedding_unavailable" {
		t.Errorf("error %s: %v", fault.CodeOf(err), err)
	}
	cfg.Model = ""
	_, err = inference.OpenEmbedder(t.Context(), cfg, quiet)
	if fault.CodeOf(err) != "embedding_model_missing" {
		t.Errorf("error %s: %v", fault.CodeOf(err), err)
	}
}

func TestCallersCancellationEndsARequest(t *testing.T) {
	t.Parallel()
	server := inferencetest.New(t, dimension)
	embedder, _ := openEndpoint(t, server, nil)
	server.AnswerEmbeddings(inferencetest.Reply{Hold: make(chan struct{})})
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() {
		_, err := embedder.EmbedPassages(ctx, numbered(1000))
		result <- err
	}()
	for server.EmbeddingCalls() == 0 {
		if _, err := embedder.EmbedPassages(t.Context(), nil); err != nil { // gives way to the other goroutine
			t.Fatal(err)
		}
	}
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
}

func TestQuestionPassesABatchThatHangs(t *testing.T) {
	t.Parallel()
	server := inferencetest.New(t, dimension)
	embedder, _ := openEndpoint(t, server, func(cfg *inference.EmbedConfig) { cfg.Parallel, cfg.BatchSize = 2, 1 })
	hold := make(chan struct{})
	server.ScriptEmbeddings(inferencetest.Reply{Hold: hold}, inferencetest.Reply{Hold: hold})
	result := make(chan error, 1)
	go func() {
		_, err := embedder.EmbedPassages(context.Background(), numbered(5))
		result <- err
	}()
	for server.EmbeddingCalls() < 2 {
		time.Sleep(time.Millisecond) // polls; the test's own deadline bounds it
	}
	if _, err := embedder.EmbedQuery(t.Context(), "now"); err != nil {
		t.Error(err)
	}
	if calls := server.EmbeddingCalls(); calls != 3 {
		t.Errorf("%d requests at once for passages, want 2", calls-1)
	}
	close(hold)
	if err := <-result; err != nil {
		t.Error(err)
	}
}

func TestKeysStayOutOfErrorsAndLogs(t *testing.T) {
	t.Parallel()
	const key = "sk-very-secret"
	server := inferencetest.New(t, dimension)
	server.AnswerEmbeddings(inferencetest.Reply{Status: 500, Message: "the key " + key + " is wrong"})
	server.AnswerChat(inferencetest.Completion{Status: 500, Message: "the key " + key + " is wrong"})
	var logged bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&logged, nil))
	embedding := inference.EmbedConfig{BaseURL: server.BaseURL(), Model: "words", APIKey: key, Attempts: 2}
	_, err := inference.OpenEmbedder(t.Context(), embedding, log)
	if err == nil {
		t.Fatal("no error")
	}
	talking := inference.ChatConfig{BaseURL: server.BaseURL(), Model: "words", APIKey: key, Attempts: 2}
	model, err2 := inference.OpenChat(talking, log)
	if err2 != nil {
		t.Fatal(err2)
	}
	_, _, err2 = collect(t.Context(), model)
	log.Info("configured", "embedding", embedding, "chat", talking)
	for _, text := range []string{logged.String(), err.Error(), err2.Error(), fmt.Sprint(embedding, talking), fmt.Sprintf("%+v %v", embedding, talking)} {
		if strings.Contains(text, key) {
			t.Errorf("the key is in %q", text)
		}
	}
	if !strings.Contains(logged.String(), "[key]") {
		t.Errorf("the log lost the endpoint's reason: %s", logged.String())
	}
}

func TestEndpointCountsTokensFromAbove(t *testing.T) {
	t.Parallel()
	server := inferencetest.New(t, dimension)
	embedder, _ := openEndpoint(t, server, nil)
	real := inferencetest.Builtin(t)
	for _, text := range []string{"", "a", passage(1, 50), "Receipts above $75.00 must reach accounting within 30 days (see form FIN-204/b).", "Überstunden genehmigt die Geschäftsführung.", "员工每年享有二十天带薪年假", "Сотрудник обязан сообщить о болезни."} {
		if got, want := embedder.CountTokens(text), real.CountTokens(text); got < want {
			t.Errorf("%q counts as %d, a real tokenizer says %d", text, got, want)
		}
	}
	if got := embedder.CountTokens(strings.Repeat("word ", 100)); got > 200 {
		t.Errorf("100 words count as %d tokens", got)
	}
}

func TestStandInEmbedderRemembersAndFails(t *testing.T) {
	t.Parallel()
	embedder := inferencetest.NewEmbedder(32)
	mustEmbed(t, embedder, "one", "two")
	broken := errors.New("broken")
	embedder.Fail(broken)
	if _, err := embedder.EmbedPassages(t.Context(), []string{"three"}); !errors.Is(err, broken) {
		t.Errorf("error = %v", err)
	}
	embedder.Fail(nil)
	if _, err := embedder.EmbedQuery(t.Context(), "two"); err != nil {
		t.Error(err)
	}
	if embedder.Calls() != 2 || !slices.Equal(embedder.Passages(), []string{"one", "two"}) {
		t.Errorf("%d calls for %q", embedder.Calls(), embedder.Passages())
	}
}
