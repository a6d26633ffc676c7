package answer_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/fault"
	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/journal"
	"clearwell/internal/postgres/pgtest"
	"clearwell/internal/retrieve"
)

// found is a searcher that gives what a test lays before the answerer.
type found retrieve.Result

// Search implements answer.Searcher.
func (f found) Search(context.Context, access.Principal, retrieve.Query) (retrieve.Result, error) {
	return retrieve.Result(f), nil
}

// Ended implements answer.Searcher: nothing ever ended.
func (f found) Ended(context.Context, access.Principal, retrieve.Query) (retrieve.EndedResult, error) {
	return retrieve.EndedResult{}, nil
}

func passage(title, text string, revision int) retrieve.Passage {
	return retrieve.Passage{ChunkID: int64(revision), DocumentID: 1, DocumentKey: "hr/vacation", Title: title, Revision: revision,
		EffectiveFrom: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Text: text, Start: 100, End: 100 + len([]rune(text)),
		Score: 1.2, Fused: 1.2, Cosine: .9, Coverage: .9, Headings: []string{title}}
}

var vacation = found{Coverage: 1, Cosine: .9, Words: []retrieve.Word{{Text: "vacation", IDF: 2}, {Text: "days", IDF: 2}},
	Passages: []retrieve.Passage{
		passage("Vacation policy", "This policy is for all employees. Full-time employees get 28 vacation days a year. Unused days expire in March.", 3),
		passage("Office rules", "Visitors sign in at the desk.", 1),
	}}

type toldAnswer struct {
	sources int
	text    string
	cited   []answer.Citation
	done    answer.Answer
	err     error
}

func ask(t *testing.T, s *answer.Service, question string) toldAnswer {
	t.Helper()
	var out toldAnswer
	for event, err := range s.Answer(t.Context(), access.System("test"), answer.Question{Text: question}) {
		if err != nil {
			out.err = err
			break
		}
		switch e := event.(type) {
		case answer.Sources:
			out.sources++
		case answer.Text:
			out.text += e.Delta
		case answer.Cited:
			out.cited = append(out.cited, e.Citation)
		case answer.Done:
			out.done = e.Answer
		}
	}
	return out
}

func newService(t *testing.T, search answer.Searcher, chat inference.Chat) *answer.Service {
	t.Helper()
	s, err := answer.New(search, inferencetest.NewEmbedder(64), chat, journal.New(pgtest.New(t)), nil, answer.Config{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestExtractQuotesTheSentenceThatAnswers(t *testing.T) {
	t.Parallel()
	got := ask(t, newService(t, vacation, nil), "How many vacation days do employees get?")
	if !strings.HasPrefix(got.text, "Full-time employees get 28 vacation days a year. [1]") {
		t.Errorf("got %q", got.text)
	}
	checkCitations(t, got)
	if got.done.Model != "extractive" || got.done.Text != got.text || got.sources != 1 {
		t.Errorf("the last event holds the whole, got %+v", got.done)
	}
}

// checkCitations holds every citation against its passage.
func checkCitations(t *testing.T, got toldAnswer) {
	t.Helper()
	if len(got.cited) == 0 {
		t.Fatalf("no citations in %q", got.text)
	}
	if diff := cmp.Diff(got.done.Citations, got.cited); diff != "" {
		t.Errorf("streamed and final citations differ:\n%s", diff)
	}
	for _, c := range got.cited {
		text := []rune(c.Passage.Text)
		if quote := string(text[c.Start-c.Passage.Start : c.End-c.Passage.Start]); quote != c.Quote {
			t.Errorf("offsets give %q, quote is %q", quote, c.Quote)
		}
		if c.N < 1 || c.N > len(got.done.Passages) || got.done.Passages[c.N-1].ChunkID != c.Passage.ChunkID {
			t.Errorf("citation %d does not point to its source", c.N)
		}
	}
}

func TestNothingRelevantAbstainsWithTheNearestSources(t *testing.T) {
	t.Parallel()
	weak := vacation
	weak.Coverage, weak.Cosine = .1, .8
	got := ask(t, newService(t, weak, nil), "What is the meaning of life?")
	if !got.done.Abstained || len(got.cited) != 0 || len(got.done.Nearest) != 2 || !strings.HasPrefix(got.text, "I don't know") {
		t.Errorf("got %+v", got)
	}
	german := ask(t, newService(t, weak, nil), "Was ist der Sinn des Lebens und wer bestimmt ihn?")
	if !strings.HasPrefix(german.text, "Das weiß ich nicht") {
		t.Errorf("a German question is answered in German, got %q", german.text)
	}
	if empty := ask(t, newService(t, found{}, nil), "Anything?"); !empty.done.Abstained || len(empty.done.Nearest) != 0 {
		t.Errorf("an empty library abstains, got %+v", empty)
	}
}

// chatting is a service whose model says the given pieces.
func chatting(t *testing.T, pieces ...string) (*answer.Service, *inferencetest.Server) {
	t.Helper()
	server := inferencetest.New(t, 64)
	server.AnswerChat(inferencetest.Completion{Pieces: pieces})
	chat, err := inference.OpenChat(inference.ChatConfig{BaseURL: server.BaseURL(), Model: "scripted"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return newService(t, vacation, chat), server
}

func TestModelThatFindsNoAnswerAbstains(t *testing.T) {
	t.Parallel()
	s, _ := chatting(t, "NO_", "ANSWER")
	got := ask(t, s, "How many vacation days do I get?")
	if !got.done.Abstained || strings.Contains(got.text, "NO_ANSWER") {
		t.Errorf("got %+v", got)
	}
}

func TestSilentModelIsReplacedByExtracts(t *testing.T) {
	t.Parallel()
	server := inferencetest.New(t, 64)
	server.AnswerChat(inferencetest.Completion{Status: 401})
	chat, err := inference.OpenChat(inference.ChatConfig{BaseURL: server.BaseURL(), Model: "scripted", Attempts: 1}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	got := ask(t, newService(t, vacation, chat), "How many vacation days do employees get?")
	if got.done.Model != "extractive" || !strings.Contains(got.text, "28 vacation days") {
		t.Errorf("got %+v", got.done)
	}
}

func TestReceiptIsWrittenAlsoWhenTheReaderLeaves(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	s, err := answer.New(vacation, inferencetest.NewEmbedder(64), nil, journal.New(pool), nil, answer.Config{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for event := range s.Answer(t.Context(), access.System("test"), answer.Question{Text: "How many vacation days?"}) {
		if _, ok := event.(answer.Text); ok {
			break
		}
	}
	var receipts int
	if err := pool.QueryRow(t.Context(), `select count(*) from receipts where answer like '%28 vacation days%'`).Scan(&receipts); err != nil {
		t.Fatal(err)
	}
	if receipts != 1 {
		t.Errorf("want one receipt, got %d", receipts)
	}
}

func TestSearchFailureIsTheAnswersFailure(t *testing.T) {
	t.Parallel()
	got := ask(t, newService(t, failing{}, nil), "How many?")
	if fault.CodeOf(got.err) != "embedder_unavailable" {
		t.Errorf("got %v", got.err)
	}
}

type failing struct{ found }

// Search implements answer.Searcher.
func (failing) Search(context.Context, access.Principal, retrieve.Query) (retrieve.Result, error) {
	return retrieve.Result{}, fault.Newf(fault.Unavailable, "embedder_unavailable", "The embedding model does not answer.")
}
