// Package eval measures retrieval, versions and answers on question sets, through the real pipeline.
// It changes no setting to fit a set and is no part of the service.
package eval

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/inference"
	"clearwell/internal/ingest"
	"clearwell/internal/library"
	"clearwell/internal/retrieve"
)

// Subject is what is measured: the rooms of a service on an empty database of their own, workers running.
type Subject struct {
	Pool     *pgxpool.Pool
	Embedder inference.Embedder
	Intake   *ingest.Intake
	Library  *library.Store
	Searcher *retrieve.Searcher
	Answers  *answer.Service
	Upkeep   func(context.Context) error // brings up to date what follows the library: statistics, the bar for answers
}

var evaluator = access.System("eval")

// load publishes all uploads and brings up to date what follows the library. It returns what was not published.
func (s Subject) load(ctx context.Context, uploads []ingest.Upload) (refused []string, err error) {
	if refused, err = s.publish(ctx, uploads); err != nil {
		return nil, err
	}
	return refused, s.Upkeep(ctx)
}

// publish hands in all uploads and waits until each has an end. It returns what was not published, and why:
// real sets hold files without text, too.
func (s Subject) publish(ctx context.Context, uploads []ingest.Upload) (refused []string, err error) {
	pending := make(map[int64]string)
	for _, up := range uploads {
		rev, _, err := s.Intake.Accept(ctx, evaluator, up)
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", up.Key, err)
		}
		pending[rev.ID] = up.Key
	}
	for len(pending) > 0 {
		ids := make([]int64, 0, len(pending))
		for id := range pending {
			ids = append(ids, id)
		}
		revs, err := s.Library.RevisionsByID(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, r := range revs {
			switch r.Status {
			case library.Published:
				delete(pending, r.ID)
			case library.Failed, library.Held, library.Duplicate, library.Rejected, library.Withdrawn:
				refused = append(refused, pending[r.ID]+": "+r.ReasonMessage)
				delete(pending, r.ID)
			}
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return refused, nil
}

func upload(key, title, name, text string) ingest.Upload {
	return ingest.Upload{Key: key, Title: title, Name: name, MediaType: "text/plain", Body: strings.NewReader(text)}
}

// ask is the whole answer to a question on its own, from the collections or, without any, from all.
func (s Subject) ask(ctx context.Context, question string, collections ...string) (answer.Answer, error) {
	var done answer.Answer
	for event, err := range s.Answers.Answer(ctx, evaluator, answer.Question{Text: question, Collections: collections}) {
		if err != nil {
			return answer.Answer{}, err
		}
		if d, ok := event.(answer.Done); ok {
			done = d.Answer
		}
	}
	return done, nil
}
