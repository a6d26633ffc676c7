package main

import (
	"bufio"
	"context"
	"io"
	"iter"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/chunk"
	"clearwell/internal/home"
	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/postgres/pgtest"
)

// smallModel is what setup/setup.sh smallmodel fetched: a language model that answers wrongly most of the time, so
// that what it says is the best trial of the checks.
type smallModel struct{ folder, file string }

func findSmallModel(t *testing.T) smallModel {
	t.Helper()
	m := smallModel{folder: filepath.Join(home.Default().Root, "smallmodel")}
	m.file = filepath.Join(m.folder, "SmolLM2-135M-Instruct.Q4_1.gguf")
	if _, err := os.Stat(m.file); err != nil {
		if os.Getenv("CLEARWELL_REQUIRE_SMALL_MODEL") == "1" {
			t.Fatalf("the small language model is not set up, and CLEARWELL_REQUIRE_SMALL_MODEL is set: %v", err)
		}
		t.Skip("needs the small language model: run make small-model")
	}
	if os.Getenv("CLEARWELL_REQUIRE_SMALL_MODEL") != "1" {
		t.Skip("takes minutes: run make small-model")
	}
	return m
}

// serve starts the model's server and returns its base URL. It ends with the test.
func (m smallModel) serve(t *testing.T, contextTokens string) string {
	t.Helper()
	server := exec.CommandContext(t.Context(), "python3", "../../setup/smallmodel/serve.py", m.file, contextTokens, "80")
	server.Env = append(os.Environ(), "PYTHONPATH="+m.folder, "PYTHONDONTWRITEBYTECODE=1")
	log, err := os.CreateTemp(t.TempDir(), "server")
	if err != nil {
		t.Fatal(err)
	}
	server.Stderr = log
	stdin, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		server.Process.Kill() // it may still be at work on an answer that nobody waits for
		_ = server.Wait()     // killed
	})
	url, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		log.Seek(0, io.SeekStart)
		said, _ := io.ReadAll(log)
		t.Fatalf("the model's server did not start: %v\n%s", err, said)
	}
	return strings.TrimSpace(url) + "/v1"
}

// recordingChat remembers what the model said to each question.
type recordingChat struct {
	inference.Chat
	said *strings.Builder
}

// Stream implements inference.Chat.
func (c recordingChat) Stream(ctx context.Context, messages []inference.Message) iter.Seq2[inference.Delta, error] {
	c.said.Reset()
	return func(yield func(inference.Delta, error) bool) {
		for delta, err := range c.Chat.Stream(ctx, messages) {
			c.said.WriteString(delta.Text)
			if !yield(delta, err) {
				return
			}
		}
	}
}

// citingChat says again what a model said, with a citation behind each sentence: a model this small forgets its own.
type citingChat struct{ says string }

// Model implements inference.Chat.
func (citingChat) Model() string { return "small model, citing" }

// Stream implements inference.Chat.
func (c citingChat) Stream(context.Context, []inference.Message) iter.Seq2[inference.Delta, error] {
	return func(yield func(inference.Delta, error) bool) {
		for _, span := range chunk.Sentences(c.says) {
			if !yield(inference.Delta{Text: c.says[span.Start:span.End] + " [1]\n"}, nil) {
				return
			}
		}
	}
}

// overExamples is the service over the examples: a function that answers with another chat model.
func overExamples(t *testing.T) func(chat inference.Chat, question string) answer.Answer {
	t.Helper()
	embedder, quiet := inferencetest.Builtin(t), slog.New(slog.DiscardHandler)
	cfg := &config{Chat: chatConfig{ContextTokens: 1280}}
	r, err := wire(t.Context(), pgtest.New(t), models{embedder: embedder}, cfg, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.queue.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := (&app{rooms: *r}).loadExamples(t.Context(), "../../examples"); err != nil {
		t.Fatal(err)
	}
	if err := r.stopWork(context.Background()); err != nil {
		t.Fatal(err)
	}
	return func(chat inference.Chat, question string) (a answer.Answer) {
		s, err := answer.New(r.searcher, embedder, chat, r.journal, r.library, cfg.answers(embedder.Model()), quiet)
		if err != nil {
			t.Fatal(err)
		}
		for event, err := range s.Answer(t.Context(), access.System("test"), answer.Question{Text: question}) {
			if err != nil {
				t.Fatalf("%s: %v", question, err)
			}
			if done, ok := event.(answer.Done); ok {
				a = done.Answer
			}
		}
		return a
	}
}

// tally is how many answers went which way.
type tally struct{ letThrough, flagged, replaced, abstained, statements, dropped, removed int }

func (n *tally) count(a answer.Answer) (way string) {
	n.dropped += a.Dropped
	n.removed += a.Removed
	n.statements += len(a.Flags)
	switch {
	case a.Abstained:
		n.abstained++
		return "abstained"
	case a.Replaced:
		n.replaced++
		return "replaced"
	case len(a.Flags) > 0:
		n.flagged++
		return "flagged"
	}
	n.letThrough++
	return "let through"
}

// TestSmallModelTellsNothingUnmarkedThatTheSourcesLack asks a real model that is mostly wrong, and holds what reaches
// the reader against the cited passages once more, by other means than the checks themselves: as the model says it,
// and with citations that it forgot.
func TestSmallModelTellsNothingUnmarkedThatTheSourcesLack(t *testing.T) {
	m := findSmallModel(t)
	chat, err := inference.OpenChat(inference.ChatConfig{BaseURL: m.serve(t, "2048"), Model: "SmolLM2-135M-Instruct", FirstToken: 5 * time.Minute},
		slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	said := &strings.Builder{}
	answerWith := overExamples(t)
	var alone, citing tally
	for i, question := range smallModelQuestions {
		if testing.Short() && i%5 > 0 {
			continue
		}
		said.Reset()
		check := func(n *tally, name string, chat inference.Chat) {
			a := answerWith(chat, question)
			t.Logf("%s, %s (%d dropped, %d removed):\n%s", name, n.count(a), a.Dropped, a.Removed, a.Text)
			for _, f := range a.Flags {
				t.Logf("%s %q: %s", f.Reason, f.Missing, f.Statement)
			}
			for _, lie := range unmarkedLies(a) {
				t.Errorf("unmarked and in no cited passage: %s\n  in %q", lie, a.Text)
			}
		}
		t.Logf("Question: %s", question)
		check(&alone, "alone", recordingChat{chat, said})
		t.Logf("the model said: %s", said)
		if said.Len() > 0 {
			check(&citing, "citing", citingChat{said.String()})
		}
	}
	t.Logf("the model alone: %+v\nwith citations: %+v", alone, citing)
}
