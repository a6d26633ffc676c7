package inference_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"clearwell/internal/fault"
	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
)

const rerankQuestion = "how many vacation days"

var (
	rerankPassages = []string{"parking is free", "twenty vacation days", "vacation", "so many vacation days"}
	rerankScores   = []float64{0, 0.5, 0.25, 0.75}
)

func openRerankServer(t *testing.T, server *inferencetest.RerankServer, style inference.RerankStyle) (inference.Reranker, *inference.Pauses) {
	t.Helper()
	reranker := openReranker(t, inference.RerankConfig{BaseURL: server.BaseURL() + "/", Model: "judge", APIKey: "sk-very-secret", Style: style})
	return reranker, inference.SkipPauses(reranker)
}

func mustRerank(t *testing.T, reranker inference.Reranker) {
	t.Helper()
	scores, err := reranker.Rerank(t.Context(), rerankQuestion, rerankPassages)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rerankScores, scores); diff != "" {
		t.Errorf("scores (-want +got):\n%s", diff)
	}
}

func TestRerankEndpointIsAskedInItsStyle(t *testing.T) {
	t.Parallel()
	no := false
	cohere := inferencetest.RerankRequest{Model: "judge", Query: rerankQuestion, Documents: rerankPassages, TopN: 4}
	tei := inferencetest.RerankRequest{Query: rerankQuestion, Texts: rerankPassages, RawScores: &no, Truncate: true}
	for name, test := range map[string]struct {
		server string
		style  inference.RerankStyle
		want   []inferencetest.RerankRequest // of two calls
	}{
		"cohere":       {"cohere", inference.RerankCohere, []inferencetest.RerankRequest{cohere, cohere}},
		"tei":          {"tei", inference.RerankTEI, []inferencetest.RerankRequest{tei, tei}},
		"found cohere": {"cohere", "", []inferencetest.RerankRequest{cohere, cohere}},
		"found tei":    {"tei", inference.RerankAuto, []inferencetest.RerankRequest{cohere, tei, tei}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := inferencetest.NewRerankServer(t, test.server)
			reranker, _ := openRerankServer(t, server, test.style)
			mustRerank(t, reranker)
			mustRerank(t, reranker)
			if diff := cmp.Diff(test.want, server.Requests()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if keys := server.APIKeys(); slices.ContainsFunc(keys, func(k string) bool { return k != "Bearer sk-very-secret" }) {
				t.Errorf("keys %q", keys)
			}
			if scores, err := reranker.Rerank(t.Context(), rerankQuestion, nil); err != nil || len(scores) != 0 {
				t.Errorf("no passages: %v %v", scores, err)
			}
			if len(server.Requests()) != len(test.want) {
				t.Error("a request was made for no passages")
			}
		})
	}
}

func TestRerankEndpointsLogitsBecomeShares(t *testing.T) {
	t.Parallel()
	server := inferencetest.NewRerankServer(t, "cohere")
	server.ScoreBy(func(_, passage string) float64 { return float64(len(passage) - len("vacation")) })
	reranker, _ := openRerankServer(t, server, inference.RerankCohere)
	scores, err := reranker.Rerank(t.Context(), "vacation", []string{"vacation", "vacations", "leave"})
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{0.5, 0.731059, 0.047426} // the sigmoid of 0, 1 and -3
	if diff := cmp.Diff(want, scores, cmpopts.EquateApprox(0, 1e-6)); diff != "" {
		t.Errorf("scores (-want +got):\n%s", diff)
	}
}

func TestRerankFailuresSayWhatToDo(t *testing.T) {
	t.Parallel()
	body := func(b string) inferencetest.Reply { return inferencetest.Reply{Body: b} }
	for name, test := range map[string]struct {
		reply inferencetest.Reply
		code  string
		kind  fault.Kind
		calls int
	}{
		"broken":         {inferencetest.Reply{Status: 500}, "rerank_unavailable", fault.Unavailable, 2},
		"busy":           {inferencetest.Reply{Status: 429}, "rerank_busy", fault.Busy, 2},
		"wrong key":      {inferencetest.Reply{Status: 401}, "rerank_key_refused", fault.Unavailable, 1},
		"wrong model":    {inferencetest.Reply{Status: 404}, "rerank_model_unknown", fault.Unavailable, 1},
		"refused twice":  {inferencetest.Reply{Status: 422}, "rerank_refused", fault.Invalid, 2}, // once in each style
		"too large":      {inferencetest.Reply{Status: 413}, "rerank_refused", fault.Invalid, 1},
		"wrong count":    {inferencetest.Reply{Missing: 1}, "rerank_answer", fault.Unavailable, 1},
		"no results":     {body(`{}`), "rerank_answer", fault.Unavailable, 1},
		"no JSON":        {body(`<html>hello</html>`), "rerank_answer", fault.Unavailable, 1},
		"other JSON":     {body(`{"results":"no"}`), "rerank_answer", fault.Unavailable, 1},
		"twice":          {body(results(`0,"relevance_score":1`, `1,"relevance_score":1`, `1,"relevance_score":1`, `3,"relevance_score":1`)), "rerank_answer", fault.Unavailable, 1},
		"out of range":   {body(results(`0,"relevance_score":1`, `1,"relevance_score":1`, `2,"relevance_score":1`, `4,"relevance_score":1`)), "rerank_answer", fault.Unavailable, 1},
		"below zero":     {body(results(`0,"relevance_score":1`, `1,"relevance_score":1`, `2,"relevance_score":1`, `-1,"relevance_score":1`)), "rerank_answer", fault.Unavailable, 1},
		"without score":  {body(results(`0,"relevance_score":1`, `1,"relevance_score":1`, `2,"relevance_score":1`, `3`)), "rerank_answer", fault.Unavailable, 1},
		"no number":      {body(results(`0,"relevance_score":NaN`, `1,"relevance_score":1`, `2,"relevance_score":1`, `3,"relevance_score":1`)), "rerank_answer", fault.Unavailable, 1},
		"infinite":       {body(results(`0,"relevance_score":1e999`, `1,"relevance_score":1`, `2,"relevance_score":1`, `3,"relevance_score":1`)), "rerank_answer", fault.Unavailable, 1},
		"cut off":        {body(`{"results":[{"ind`), "rerank_unavailable", fault.Unavailable, 2},
		"without number": {body(`{"results":[{"relevance_score":1},{"relevance_score":1},{"relevance_score":1},{"relevance_score":1}]}`), "rerank_answer", fault.Unavailable, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := inferencetest.NewRerankServer(t, "cohere")
			reranker, _ := openRerankServer(t, server, inference.RerankAuto)
			server.Answer(test.reply)
			_, err := reranker.Rerank(t.Context(), rerankQuestion, rerankPassages)
			if fault.CodeOf(err) != test.code || fault.KindOf(err) != test.kind {
				t.Errorf("error %s, kind %d: %v", fault.CodeOf(err), fault.KindOf(err), err)
			}
			if calls := len(server.Requests()); calls != test.calls {
				t.Errorf("%d requests, want %d", calls, test.calls)
			}
			server.Answer(inferencetest.Reply{})
			mustRerank(t, reranker)
		})
	}
}

// results is an answer whose results are these, each beginning with its index.
func results(each ...string) string {
	return `{"results":[{"index":` + strings.Join(each, `},{"index":`) + `}]}`
}

func TestRerankEndpointIsTriedAgain(t *testing.T) {
	t.Parallel()
	server := inferencetest.NewRerankServer(t, "tei")
	reranker, pauses := openRerankServer(t, server, inference.RerankTEI)
	server.Script(inferencetest.Reply{Status: 503})
	mustRerank(t, reranker)
	if len(pauses.Made()) != 1 || len(server.Requests()) != 2 {
		t.Errorf("pauses %v, %d requests", pauses.Made(), len(server.Requests()))
	}
}

func TestRerankEndpointThatHangsIsGivenUp(t *testing.T) {
	t.Parallel()
	server := inferencetest.NewRerankServer(t, "cohere")
	server.Answer(inferencetest.Reply{Hold: make(chan struct{})})
	reranker := openReranker(t, inference.RerankConfig{BaseURL: server.BaseURL(), Model: "judge", Timeout: 50 * time.Millisecond, Attempts: 1})
	if _, err := reranker.Rerank(t.Context(), rerankQuestion, rerankPassages); fault.CodeOf(err) != "rerank_unavailable" {
		t.Errorf("error %s: %v", fault.CodeOf(err), err)
	}
	reranker, _ = openRerankServer(t, server, inference.RerankCohere)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := reranker.Rerank(ctx, rerankQuestion, rerankPassages); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

func TestRerankKeyAndTextsStayOutOfLogs(t *testing.T) {
	t.Parallel()
	var written bytes.Buffer
	log := slog.New(slog.NewTextHandler(&written, &slog.HandlerOptions{Level: slog.LevelDebug}))
	server := inferencetest.NewRerankServer(t, "cohere")
	server.Answer(inferencetest.Reply{Status: 500, Message: "sk-very-secret can't read " + rerankPassages[0]})
	cfg := inference.RerankConfig{BaseURL: server.BaseURL(), Model: "judge", APIKey: "sk-very-secret"}
	log.Info("configured", "rerank", cfg)
	reranker, err := inference.OpenReranker(t.Context(), cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	defer reranker.Close()
	inference.SkipPauses(reranker)
	_, err = reranker.Rerank(t.Context(), rerankQuestion, rerankPassages)
	if err == nil || strings.Contains(err.Error(), "sk-very-secret") {
		t.Errorf("error %v", err)
	}
	if log := written.String(); strings.Contains(log, "secret") || strings.Contains(log, rerankPassages[0]) || !strings.Contains(log, "judge") {
		t.Errorf("logged:\n%s", log)
	}
}
