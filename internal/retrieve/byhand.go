package retrieve

import (
	"context"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/access"
)

// ByHand returns the statement that Search would run now for the query, with everything looked up and the
// question embedded, to be run without the rest: what a search costs beyond its SQL is measured against it.
func (s *Searcher) ByHand(ctx context.Context, who access.Principal, q Query) (func(context.Context) error, error) {
	q, err := checked(q)
	if err != nil {
		return nil, err
	}
	at, words, vector, err := s.prepare(ctx, who, q)
	if err != nil {
		return nil, err
	}
	args := append([]any{pgx.QueryExecModeCacheDescribe}, s.hybridArgs(q, at, words, vector)...)
	return func(ctx context.Context) error {
		rows, err := s.pool.Query(ctx, s.hybrid, args...)
		if err != nil {
			return err
		}
		for rows.Next() { // read as psql would, into nothing
		}
		return rows.Err()
	}, nil
}
