package retrieve

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
)

// reranked is a shelf whose searches ask the server, and what they log.
func reranked(t *testing.T) (*shelf, *inferencetest.RerankServer, *bytes.Buffer) {
	t.Helper()
	s, server, logged := newShelf(t), inferencetest.NewRerankServer(t, "cohere"), new(bytes.Buffer)
	model, err := inference.OpenReranker(t.Context(), inference.RerankConfig{BaseURL: server.BaseURL(), Model: "scripted", Attempts: 1}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { model.Close() })
	s.searcher = NewSearcher(s.pool, s.embedder, Config{Reranker: model, Log: slog.New(slog.NewTextHandler(logged, nil))})
	s.put(t, page{key: "a", text: "vacation days and vacation days: the days of vacation"})
	s.put(t, page{key: "b", text: "everyone has 28 days of vacation"})
	s.put(t, page{key: "c", text: "visitors sign in at the desk"})
	s.put(t, page{collection: "board", key: "d", text: "vacation days of the board"})
	s.count(t)
	server.ScoreBy(func(_, passage string) float64 {
		if strings.Contains(passage, "28") {
			return .9
		}
		return .1
	})
	return s, server, logged
}

func TestRerankerOrdersWhatTheReaderMayRead(t *testing.T) {
	t.Parallel()
	s, server, _ := reranked(t)
	for name, at := range map[string]time.Time{"now": {}, "then": time.Now()} {
		result := s.search(t, reader("handbook"), Query{Text: "vacation days", AsOf: at})
		if diff := cmp.Diff([]string{"b", "a", "c"}, keys(result)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if best := result.Passages[0]; best.Score != .9 || best.Fused <= 0 || best.Fused >= result.Passages[1].Fused {
			t.Errorf("%s: the best has score %v, fused %v", name, best.Score, best.Fused)
		}
	}
	for _, request := range server.Requests() {
		if request.Query != "vacation days" || len(request.Documents) != 3 {
			t.Errorf("the reranker was asked %+v", request)
		}
		for _, text := range request.Documents {
			if !strings.HasPrefix(text, "Title\nRules\n") || strings.Contains(text, "board") {
				t.Errorf("the reranker read %q", text)
			}
		}
	}
}

func TestRerankerIsAskedOnlyWherePeopleSearch(t *testing.T) {
	t.Parallel()
	s, server, _ := reranked(t)
	for _, q := range []Query{{Arm: Lexical}, {Arm: Dense}, {AsFused: true}, {Collections: []string{"board"}}, {Collections: []string{"none"}}} {
		q.Text = "vacation days"
		s.search(t, reader(), q)
	}
	if asked := server.Requests(); len(asked) != 0 {
		t.Errorf("the reranker was asked %+v", asked)
	}
}

func TestSearchDoesWithoutARerankerThatFails(t *testing.T) {
	t.Parallel()
	s, server, logged := reranked(t)
	server.Answer(inferencetest.Reply{Status: 500, Message: "vacation"})
	for range 3 {
		if got := keys(s.search(t, reader("handbook"), Query{Text: "vacation days"})); got[0] != "a" {
			t.Errorf("found %v", got)
		}
	}
	if asked := len(server.Requests()); asked != 1 {
		t.Errorf("a reranker that fails was asked %d times", asked)
	}
	if text := logged.String(); strings.Count(text, "code=rerank_unavailable") != 1 || strings.Contains(text, "vacation") {
		t.Errorf("logged %s", text)
	}
	server.Answer(inferencetest.Reply{})
	s.searcher.reranking.restUntil.Store(time.Now().UnixNano())
	if got := keys(s.search(t, reader("handbook"), Query{Text: "vacation days"})); got[0] != "b" {
		t.Errorf("after its rest it found %v", got)
	}
}

func TestSearchEndsWithItsCallerWhileItIsReranked(t *testing.T) {
	t.Parallel()
	s, server, _ := reranked(t)
	hold := make(chan struct{})
	defer close(hold)
	server.Answer(inferencetest.Reply{Hold: hold})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := s.searcher.Search(ctx, reader(), Query{Text: "vacation days"}); err == nil || ctx.Err() == nil {
		t.Errorf("want the caller's end, got %v", err)
	}
	if s.searcher.reranking.restUntil.Load() != 0 {
		t.Error("a reranker rests because a reader left")
	}
}
