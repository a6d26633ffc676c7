package answer_test

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/journal"
	"clearwell/internal/postgres/pgtest"
	"clearwell/internal/retrieve"
)

func TestStatementsAreCheckedWhileTheyStream(t *testing.T) {
	t.Parallel()
	s, server := chatting(t, "You get 28 vacation", " days a year [", "1]. Visitors sign in [2][7]. ", "You get 99 days [1]. ",
		`It says "employees may fly to the moon" [1].`)
	got := ask(t, s, "How many vacation days do I get?")
	want := `You get 28 vacation days a year [1]. Visitors sign in [2]. You get 99 days. [not in the sources] It says "employees may fly to the moon". [not in the sources]`
	if got.text != want {
		t.Errorf("want %q\n got %q", want, got.text)
	}
	if got.done.Dropped != 3 {
		t.Errorf("an unknown number, a wrong figure and an invented quotation are dropped, counted %d", got.done.Dropped)
	}
	checkCitations(t, got)
	checkFlags(t, got.done, answer.Flag{Reason: answer.FlagFigure, Statement: "You get 99 days.", Missing: "99"},
		answer.Flag{Reason: answer.FlagQuote, Statement: `It says "employees may fly to the moon".`, Missing: "employees may fly to the moon"})
	if got.cited[0].Quote != "Full-time employees get 28 vacation days a year." {
		t.Errorf("the quote is the sentence that supports the statement, got %q", got.cited[0].Quote)
	}
	prompt := server.ChatRequests()[0].Messages
	for _, part := range []string{"Vacation policy", "revision 3", "in force since 2026-01-01", "28 vacation days"} {
		if !strings.Contains(prompt[len(prompt)-1].Content, part) {
			t.Errorf("the prompt lacks %q", part)
		}
	}
}

// checkFlags compares flags, and holds their offsets against the text.
func checkFlags(t *testing.T, a answer.Answer, want ...answer.Flag) {
	t.Helper()
	text := []rune(a.Text)
	got := make([]answer.Flag, len(a.Flags))
	for i, f := range a.Flags {
		if words := string(text[f.Start:f.End]); words != f.Statement {
			t.Errorf("offsets give %q, statement is %q", words, f.Statement)
		}
		f.Start, f.End = 0, 0
		got[i] = f
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("flags (-want +got):\n%s", diff)
	}
}

func TestNothingIsShownBeforeAStatementHasSupport(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		says       string
		isReplaced bool
		want       string
	}{
		"first claim without support waits":     {"You get a pony [1]. You get 28 vacation days a year [1].", false, "You get a pony. [not in the sources] You get 28 vacation days a year [1]."},
		"two claims without support":            {"You get a pony [1]. You get 99 days [1]. You get 28 vacation days a year [1].", true, ""},
		"no claim with support":                 {"You get a pony [9].", true, ""},
		"no citation":                           {"You get 28 vacation days a year.", true, ""},
		"nothing but a cited word":              {"Yes [1].", true, ""},
		"nothing but a word":                    {"Yes.", true, ""},
		"connective and lead-in stay unmarked":  {"Yes. Here is what the policy says:\n\n- You get 28 vacation days a year [1].", false, "Yes. Here is what the policy says:\n\n- You get 28 vacation days a year [1]."},
		"cut off when support is lost":          {"You get 28 vacation days a year [1]. You get a pony [1]. You get a car [1]. You get 28 vacation days a year [1].", false, "You get 28 vacation days a year [1]. You get a pony. [not in the sources]\n\n[The rest was left out: the sources don't support it.]"},
		"mark after the full stop":              {"You get 28 vacation days a year. [1] Unused days expire in March. [1]", false, "You get 28 vacation days a year. [1] Unused days expire in March. [1]"},
		"mark in a line of its own":             {"You get 28 vacation days a year.\n[1]\n\nUnused days expire in March [1].", false, "You get 28 vacation days a year.\n[1]\n\nUnused days expire in March [1]."},
		"other forms of marks":                  {"You get 28 vacation days a year 【1】. Unused days expire in March [passage 1].", false, "You get 28 vacation days a year [1]. Unused days expire in March [1]."},
		"rows":                                  {"| What | Days |\n|---|---|\n| vacation days | 28 [1] |\n| vacation days | 99 [1] |", false, "| What | Days |\n|---|---|\n| vacation days | 28 [1] |\n| vacation days | 99 [not in the sources] |"},
		"a passage cited for what it lacks":     {"You get 28 vacation days a year [1][2].", false, "You get 28 vacation days a year [1]."},
		"no answer after something was said":    {"You get 28 vacation days a year [1]. NO_ANSWER", false, "You get 28 vacation days a year [1]."},
		"no answer after a word":                {"Sorry: NO_ANSWER", false, "I don't know"},
		"markup":                                {"You get **28 vacation days** a year [1]. <img src=x onerror=alert(1)>", false, "You get **28 vacation days** a year [1]."},
		"a link that the passage does not have": {"You get 28 vacation days [a year](https://evil.example/?q=28) [1].", false, "You get 28 vacation days a year [1]."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := chatting(t, strings.SplitAfter(c.says, " ")...)
			got := ask(t, s, "How many vacation days do I get?")
			if c.isReplaced {
				c.want = "Full-time employees get 28 vacation days a year. [1]"
			}
			if !strings.HasPrefix(got.text, c.want) || !c.isReplaced && !got.done.Abstained && got.text != c.want {
				t.Errorf("want %q\n got %q", c.want, got.text)
			}
			if got.done.Replaced != c.isReplaced || c.isReplaced && (got.done.Model != "extractive" || len(got.done.Flags) > 0) {
				t.Errorf("want replaced %v, got %+v", c.isReplaced, got.done)
			}
		})
	}
}

func TestStatementsAreMarkedInTheLanguageOfTheQuestion(t *testing.T) {
	t.Parallel()
	german := found{Coverage: 1, Cosine: .9, Passages: []retrieve.Passage{passage("Urlaub", "Vollzeitkräfte haben 28 Tage Urlaub im Jahr.", 1)}}
	s := chattingOver(t, german, "Vollzeitkräfte haben 28 Tage Urlaub im Jahr [1]. ", "Dazu kommen 14 Tage für Umzüge [1].")
	got := ask(t, s, "Wie viele Tage Urlaub habe ich im Jahr?")
	if !strings.HasSuffix(got.text, "Dazu kommen 14 Tage für Umzüge. [nicht in den Quellen]") {
		t.Errorf("got %q", got.text)
	}
}

// chattingOver is a service over other passages whose model says the given pieces.
func chattingOver(t *testing.T, search answer.Searcher, pieces ...string) *answer.Service {
	t.Helper()
	s, _ := serving(t, search, answer.Config{}, inferencetest.Completion{Pieces: pieces})
	return s
}

// serving is a service with a scripted model.
func serving(t *testing.T, search answer.Searcher, config answer.Config, completion inferencetest.Completion) (*answer.Service, *inferencetest.Server) {
	t.Helper()
	return recording(t, search, config, completion, journal.New(pgtest.New(t)))
}

// recording is a service with a scripted model and a journal that others may write to.
func recording(t *testing.T, search answer.Searcher, config answer.Config, completion inferencetest.Completion,
	recorder answer.Recorder) (*answer.Service, *inferencetest.Server) {
	t.Helper()
	server := inferencetest.New(t, 64)
	server.AnswerChat(completion)
	chat, err := inference.OpenChat(inference.ChatConfig{BaseURL: server.BaseURL(), Model: "scripted", Attempts: 1}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s, err := answer.New(search, inferencetest.NewEmbedder(64), chat, recorder, nil, config, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s, server
}

func TestStatementIsShownWhileTheModelStillSpeaks(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{}, 1)
	s, _ := serving(t, vacation, answer.Config{}, inferencetest.Completion{Gate: gate,
		Pieces: []string{"You get 28 vacation days a year [1]. Unused days ", "expire in March [1]."}})
	gate <- struct{}{}
	text := ""
	for event, err := range s.Answer(t.Context(), access.System("test"), answer.Question{Text: "How many vacation days do I get?"}) {
		if err != nil {
			t.Fatal(err)
		}
		if piece, ok := event.(answer.Text); ok {
			if text += piece.Delta; text == "You get 28 vacation days a year [1]." {
				close(gate) // only now may the model go on
			}
		}
	}
	if text != "You get 28 vacation days a year [1]. Unused days expire in March [1]." {
		t.Errorf("got %q", text)
	}
}

func TestPromptLeavesRoomForTheAnswer(t *testing.T) {
	t.Parallel()
	long := vacation
	long.Passages = nil
	for i := range 8 {
		long.Passages = append(long.Passages, passage("Vacation policy", strings.Repeat("Employees get 28 vacation days a year. ", 30), i+1))
	}
	for context, want := range map[int]int{1000: 1, 2048: 2, 8192: 8} {
		s, server := serving(t, long, answer.Config{ContextTokens: context}, inferencetest.Completion{Pieces: []string{"28 vacation days [1]."}})
		got := ask(t, s, "How many vacation days do I get?")
		if len(got.done.Passages) < want || context < 8192 && len(got.done.Passages) > want {
			t.Errorf("a context of %d takes %d passages, got %d", context, want, len(got.done.Passages))
		}
		if words := len(strings.Fields(server.ChatRequests()[0].Messages[1].Content)); words > context*3/4 {
			t.Errorf("a context of %d got %d words", context, words)
		}
	}
}
