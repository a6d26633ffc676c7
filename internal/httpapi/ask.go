package httpapi

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"clearwell/api"
	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/fault"
	"clearwell/internal/retrieve"
)

// errNoDone is an answer that ended without its last event.
var errNoDone = errors.New("the answer ended without being done")

// Ask answers a question, whole or as a stream of events.
func (s *Server) Ask(ctx context.Context, req api.AskRequestObject) (api.AskResponseObject, error) {
	d := doorOf(ctx)
	q, err := question(d.who, *req.Body)
	if err != nil {
		return nil, err
	}
	if d.wantsEvents || valueOf(req.Body.Stream) {
		run, err := s.answerApart(ctx, d, q)
		if err != nil {
			return nil, err
		}
		return answerStream{ctx: ctx, server: s, door: d, run: run, leave: run.attend()}, nil
	}
	leave, err := s.asks.enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, s.AskTimeout)
	defer cancel()
	done, err := s.whole(ctx, s.Asker.Answer(ctx, d.who, q))
	if err != nil {
		return nil, err
	}
	return api.Ask200JSONResponse(answerOf(done)), nil
}

// whole hears an answer to its end.
func (s *Server) whole(ctx context.Context, events iter.Seq2[answer.Event, error]) (answer.Answer, error) {
	for event, err := range events {
		if err != nil {
			s.metrics.failed()
			return answer.Answer{}, fmt.Errorf("answer: %w", err)
		}
		if done, ok := event.(answer.Done); ok {
			s.metrics.answered(done.Answer)
			return done.Answer, nil
		}
	}
	s.metrics.failed()
	if err := ctx.Err(); err != nil {
		return answer.Answer{}, err
	}
	return answer.Answer{}, errNoDone
}

func question(who access.Principal, body api.AskRequest) (answer.Question, error) {
	text, err := checkQuestion("missing_question", "question", body.Question)
	if err != nil {
		return answer.Question{}, err
	}
	asOf, knownAt, err := parseClocks(body.AsOf, body.KnownAt)
	if err != nil {
		return answer.Question{}, err
	}
	collections := valueOf(body.Collections)
	if err := checkCollections(who, collections); err != nil {
		return answer.Question{}, err
	}
	return answer.Question{
		Text: text, Collections: collections, AsOf: asOf, KnownAt: knownAt,
		ConversationID: valueOf(body.ConversationId), GeneralKnowledge: valueOf(body.GeneralKnowledge),
	}, nil
}

// Search finds passages.
func (s *Server) Search(ctx context.Context, req api.SearchRequestObject) (api.SearchResponseObject, error) {
	found, err := s.search(ctx, principalOf(ctx), *req.Body)
	if err != nil {
		return nil, err
	}
	return api.Search200JSONResponse(found), nil
}

func (s *Server) search(ctx context.Context, who access.Principal, body api.SearchRequest) (api.SearchResult, error) {
	q, err := searchQuery(who, body)
	if err != nil {
		return api.SearchResult{}, err
	}
	leave, err := s.asks.enter()
	if err != nil {
		return api.SearchResult{}, err
	}
	defer leave()
	result, err := s.Searcher.Search(ctx, who, q)
	if err != nil {
		return api.SearchResult{}, fmt.Errorf("search: %w", err)
	}
	return api.SearchResult{AsOf: result.AsOf, Passages: passagesOf(result.Passages)}, nil
}

func searchQuery(who access.Principal, body api.SearchRequest) (retrieve.Query, error) {
	text, err := checkQuestion("missing_query", "query", body.Query)
	if err != nil {
		return retrieve.Query{}, err
	}
	asOf, knownAt, err := parseClocks(body.AsOf, body.KnownAt)
	if err != nil {
		return retrieve.Query{}, err
	}
	limit, err := checkLimit(body.Limit, 10, 100)
	if err != nil {
		return retrieve.Query{}, err
	}
	collections := valueOf(body.Collections)
	if err := checkCollections(who, collections); err != nil {
		return retrieve.Query{}, err
	}
	return retrieve.Query{Text: text, Collections: collections, AsOf: asOf, KnownAt: knownAt, Limit: limit}, nil
}

// parseClocks reads the moment asked about and the knowledge to ask by; zero means now.
func parseClocks(asOf, knownAt *string) (at, known time.Time, err error) {
	if at, err = parseTime("as_of", valueOf(asOf)); err != nil {
		return at, known, err
	}
	known, err = parseTime("known_at", valueOf(knownAt))
	return at, known, err
}

// checkLimit returns the number of things asked for, within 1 and most.
func checkLimit(limit *int, fallback, most int) (int, error) {
	if limit == nil {
		return fallback, nil
	}
	if *limit < 1 || *limit > most {
		return 0, fault.Newf(fault.Invalid, "invalid_limit", "`limit` must be a whole number from 1 to %d.", most)
	}
	return *limit, nil
}
