// Package eval measures retrieval, versions and answers on question sets, through the real pipeline.
// It changes no setting to fit a set and is no part of the service.
package eval

import (
	"context"
	"fmt"
	"strings"
	"time"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/ingest"
	"clearwell/internal/library"
	"clearwell/internal/retrieve"
)

// Subject is what is measured: the rooms of a service on an empty database of their own, workers running.
type Subject struct {
	Intake   *ingest.Intake
	Library  *library.Store
	Searcher *retrieve.Searcher
	Answers  *answer.Service
	Upkeep   func(context.Context) error // brings the statistics up to date
}

var evaluator = access.System("eval")

// load hands in all uploads and waits until each is published. One that isn't is an error.
func (s Subject) load(ctx context.Context, uploads []ingest.Upload) error {
	pending := make(map[int64]string)
	for _, up := range uploads {
		rev, _, err := s.Intake.Accept(ctx, evaluator, up)
		if err != nil {
			return fmt.Errorf("load %s: %w", up.Key, err)
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
			return err
		}
		for _, r := range revs {
			switch r.Status {
			case library.Published:
				delete(pending, r.ID)
			case library.Failed, library.Held:
				return fmt.Errorf("load %s: %s", pending[r.ID], r.ReasonMessage)
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return s.Upkeep(ctx)
}

func upload(key, title, name, text string) ingest.Upload {
	return ingest.Upload{Key: key, Title: title, Name: name, MediaType: "text/plain", Body: strings.NewReader(text)}
}
