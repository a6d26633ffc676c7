package inference

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"clearwell/internal/fault"
)

const (
	rerankTimeout  = 10 * time.Second
	rerankAttempts = 2
)

// rerankEndpoint is a reranker behind an API.
type rerankEndpoint struct {
	model   string
	url     string
	sender  *doer
	retry   retrier
	timeout time.Duration
	style   atomic.Value // RerankStyle; RerankAuto until an answer has told
}

func openRerankEndpoint(cfg RerankConfig) (Reranker, error) {
	style := cmp.Or(cfg.Style, RerankAuto)
	if style != RerankAuto && style != RerankCohere && style != RerankTEI {
		return nil, fault.Newf(fault.Invalid, "rerank_style_unknown", "There is no rerank style %q: set CLEARWELL_RERANK_STYLE to auto, cohere or tei.", string(style))
	}
	if cfg.Model == "" && style != RerankTEI {
		return nil, fault.Newf(fault.Invalid, "rerank_model_missing", "The rerank endpoint needs the name of a model: set CLEARWELL_RERANK_MODEL.")
	}
	e := &rerankEndpoint{
		model:  cfg.Model,
		url:    strings.TrimRight(cfg.BaseURL, "/") + "/rerank",
		sender: newDoer(cfg.APIKey),
		// An endpoint that fails may quote the passages, and a search can do without it: it alone says so, by the code.
		retry:   retrier{cmp.Or(cfg.Attempts, rerankAttempts), slog.New(slog.DiscardHandler), sleep},
		timeout: cmp.Or(cfg.Timeout, rerankTimeout),
	}
	e.style.Store(style)
	return e, nil
}

// Model is the endpoint's name for the model, "tei" where that needs none.
func (e *rerankEndpoint) Model() string { return cmp.Or(e.model, string(RerankTEI)) }

// Close lets go of idle connections.
func (e *rerankEndpoint) Close() error {
	e.sender.client.CloseIdleConnections()
	return nil
}

// Rerank asks for the scores of all passages in one request.
func (e *rerankEndpoint) Rerank(ctx context.Context, question string, passages []string) ([]float64, error) {
	if len(passages) == 0 {
		return nil, nil
	}
	question, texts := tidy(clip(question, queryLimit)), make([]string, len(passages))
	for i, passage := range passages {
		texts[i] = tidy(clip(passage, queryLimit))
	}
	scores, err := e.ask(ctx, question, texts)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, explain(err, "rerank", "RERANK")
	}
	unitScores(scores)
	return scores, nil
}

// ask asks in the style that is known, or finds it out.
func (e *rerankEndpoint) ask(ctx context.Context, question string, texts []string) ([]float64, error) {
	style := e.style.Load().(RerankStyle)
	if style != RerankAuto {
		return e.request(ctx, style, question, texts)
	}
	scores, err := e.request(ctx, RerankCohere, question, texts)
	if err == nil {
		e.style.Store(RerankCohere)
	}
	if !isRefusedAsMalformed(err) {
		return scores, err
	}
	scores, other := e.request(ctx, RerankTEI, question, texts)
	if other == nil {
		e.style.Store(RerankTEI)
		return scores, nil
	}
	if isRefusedAsMalformed(other) {
		return nil, err // neither style: it is the request that is wrong
	}
	return nil, other
}

func isRefusedAsMalformed(err error) bool {
	status, ok := errors.AsType[*statusError](err)
	return ok && (status.status == http.StatusBadRequest || status.status == http.StatusUnprocessableEntity)
}

// request makes one request, tried as often as configured.
func (e *rerankEndpoint) request(ctx context.Context, style RerankStyle, question string, texts []string) ([]float64, error) {
	var scores []float64
	err := e.retry.do(ctx, func() (err error) {
		scores, err = e.try(ctx, style, question, texts)
		return err
	})
	return scores, err
}

func (e *rerankEndpoint) try(ctx context.Context, style RerankStyle, question string, texts []string) ([]float64, error) {
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	request, err := e.build(ctx, style, question, texts)
	if err != nil {
		return nil, err
	}
	response, err := e.sender.Do(request)
	if err != nil {
		return nil, fmt.Errorf("request scores of %d passages: %w", len(texts), err)
	}
	defer response.Body.Close() // only read from
	ranked, err := readRanked(json.NewDecoder(response.Body), style)
	if isMalformed(err) {
		return nil, errRerankAnswer(err)
	}
	if err != nil {
		return nil, fmt.Errorf("read scores of %d passages: %w", len(texts), err)
	}
	scores, err := inOrder(ranked, len(texts))
	if err != nil {
		return nil, errRerankAnswer(err)
	}
	return scores, nil
}

func (e *rerankEndpoint) build(ctx context.Context, style RerankStyle, question string, texts []string) (*http.Request, error) {
	content := map[string]any{"query": question, "documents": texts, "top_n": len(texts), "model": e.model}
	if style == RerankTEI {
		content = map[string]any{"query": question, "texts": texts, "raw_scores": false, "truncate": true}
	}
	body, err := json.Marshal(content)
	if err != nil {
		return nil, fmt.Errorf("write the request for scores: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(body))
	if err != nil {
		return nil, fault.Wrapf(err, fault.Invalid, "rerank_address", "The address of the rerank endpoint is no URL: check CLEARWELL_RERANK_BASE_URL.")
	}
	request.Header.Set("Content-Type", "application/json")
	if e.sender.key != "" {
		request.Header.Set("Authorization", "Bearer "+e.sender.key)
	}
	return request, nil
}

// ranked is one passage's place in an answer. A pointer tells what is missing from a zero.
type ranked struct {
	Index     *int     `json:"index"`
	Relevance *float64 `json:"relevance_score"` // Cohere's name
	Score     *float64 `json:"score"`           // the name of Text Embeddings Inference
}

func readRanked(body *json.Decoder, style RerankStyle) ([]ranked, error) {
	if style == RerankTEI {
		var list []ranked
		err := body.Decode(&list)
		return list, err
	}
	var answer struct {
		Results []ranked `json:"results"`
	}
	err := body.Decode(&answer)
	return answer.Results, err
}

// inOrder puts the scores in the order of the passages and checks that each has exactly one.
func inOrder(list []ranked, count int) ([]float64, error) {
	if len(list) != count {
		return nil, fmt.Errorf("%d scores for %d passages", len(list), count)
	}
	scores, isKnown := make([]float64, count), make([]bool, count)
	for _, r := range list {
		value := cmp.Or(r.Relevance, r.Score)
		if r.Index == nil || value == nil {
			return nil, errors.New("a result lacks its index or its score")
		}
		at := *r.Index
		if at < 0 || at >= count {
			return nil, fmt.Errorf("a result is numbered %d of %d", at, count)
		}
		if isKnown[at] {
			return nil, fmt.Errorf("two results are numbered %d", at)
		}
		if math.IsNaN(*value) || math.IsInf(*value, 0) {
			return nil, fmt.Errorf("result %d has the score %v", at, *value)
		}
		scores[at], isKnown[at] = *value, true
	}
	return scores, nil
}

func errRerankAnswer(cause error) error {
	return fault.Wrapf(cause, fault.Unavailable, "rerank_answer", "The reranker returned something else than one score for each passage: check that CLEARWELL_RERANK_MODEL names a reranker and CLEARWELL_RERANK_STYLE its kind of endpoint.")
}
