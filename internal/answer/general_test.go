package answer_test

import (
	"strings"
	"testing"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/journal"
	"clearwell/internal/postgres/pgtest"
)

func askGenerally(t *testing.T, s *answer.Service, question string) answer.Answer {
	t.Helper()
	var done answer.Answer
	for event, err := range s.Answer(t.Context(), access.System("test"), answer.Question{Text: question, GeneralKnowledge: true}) {
		if err != nil {
			t.Fatal(err)
		}
		if d, ok := event.(answer.Done); ok {
			done = d.Answer
		}
	}
	return done
}

func TestGeneralKnowledgeIsLabelledAndCitesNothing(t *testing.T) {
	t.Parallel()
	weak := vacation
	weak.Coverage, weak.Cosine = .1, .8
	pool := pgtest.New(t)
	s, server := recording(t, weak, answer.Config{}, inferencetest.Completion{
		Pieces: []string{"Paris is the capital [1]. See ![x](http://x.example/?q=1) [more](http://x.example)."},
		Usage:  inference.Usage{PromptTokens: 7, CompletionTokens: 5},
	}, journal.New(pool))
	got := askGenerally(t, s, "What is the capital of France?")
	want := "General knowledge of the language model, not from the library:\n\nParis is the capital. See x more."
	if got.Text != want || !got.IsGeneral || got.Abstained || len(got.Citations)+len(got.Passages)+len(got.Flags) > 0 {
		t.Errorf("want %q\n got %+v", want, got)
	}
	if got.Dropped != 1 || got.Removed != 2 || got.Model != "scripted" || got.PromptTokens != 7 {
		t.Errorf("what was taken out is counted, got %+v", got)
	}
	for _, m := range server.ChatRequests()[0].Messages {
		if strings.Contains(m.Content, "28 vacation days") {
			t.Errorf("the prompt holds a passage: %q", m.Content)
		}
	}
	var model string
	if err := pool.QueryRow(t.Context(), `select model from receipts where answer_id = $1`, got.ID).Scan(&model); err != nil || model != "scripted" {
		t.Errorf("the receipt names the model, got %q, %v", model, err)
	}
}

func TestGeneralKnowledgeIsOnlyForWhatTheLibraryDoesNotSay(t *testing.T) {
	t.Parallel()
	weak := vacation
	weak.Coverage, weak.Cosine = .1, .8
	for name, c := range map[string]struct {
		search     found
		completion inferencetest.Completion
		isAsked    bool
		wants      func(answer.Answer) bool
	}{
		"off unless asked for":    {weak, inferencetest.Completion{Pieces: []string{"Paris."}}, false, func(a answer.Answer) bool { return a.Abstained && !a.IsGeneral }},
		"never when it answers":   {vacation, inferencetest.Completion{Pieces: []string{"You get 28 vacation days a year [1]."}}, true, func(a answer.Answer) bool { return !a.IsGeneral && len(a.Citations) == 1 }},
		"the model knows nothing": {weak, inferencetest.Completion{Pieces: []string{"NO_ANSWER"}}, true, func(a answer.Answer) bool { return a.Abstained && !a.IsGeneral && a.Model == "" }},
		"the model fails":         {weak, inferencetest.Completion{Status: 401}, true, func(a answer.Answer) bool { return a.Abstained && !a.IsGeneral }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := serving(t, c.search, answer.Config{}, c.completion)
			got := ask(t, s, "How many vacation days do I get?").done
			if c.isAsked {
				got = askGenerally(t, s, "How many vacation days do I get?")
			}
			if !c.wants(got) {
				t.Errorf("got %+v", got)
			}
		})
	}
	if got := askGenerally(t, newService(t, weak, nil), "What is the capital of France?"); !got.Abstained || got.IsGeneral {
		t.Errorf("without a chat model there is none, got %+v", got)
	}
}

func TestGeneralKnowledgeFollowsWhereTheModelFindsNoAnswerInThePassages(t *testing.T) {
	t.Parallel()
	s, server := serving(t, vacation, answer.Config{}, inferencetest.Completion{})
	server.ScriptChat(inferencetest.Completion{Pieces: []string{"NO_ANSWER"}}, inferencetest.Completion{Pieces: []string{"Die Sonne ist ein Stern."}})
	got := askGenerally(t, s, "Was ist die Sonne und wie viele Tage Urlaub habe ich dort?")
	if want := "Allgemeinwissen des Sprachmodells, nicht aus der Bibliothek:\n\nDie Sonne ist ein Stern."; got.Text != want || !got.IsGeneral {
		t.Errorf("want %q, got %+v", want, got)
	}
}
