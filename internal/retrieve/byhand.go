package retrieve

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/access"
)

// ByHand is what one who knows the tables would run for a query, with everything looked up and the question
// embedded: what a search costs beyond it, and how well it finds, is measured against it.
type ByHand struct {
	// Whole runs the statement that Search would run.
	Whole func(context.Context) error
	// Arms runs a plain statement for each arm, one after the other: the nearest vectors, and the best by words.
	Arms func(context.Context) error
	// Nearest returns the chunks that are nearest in meaning, as many as an arm proposes: by the index, or by looking
	// at all.
	Nearest func(ctx context.Context, isExact bool) ([]int64, error)
}

// ByHand returns the query's statements.
func (s *Searcher) ByHand(ctx context.Context, who access.Principal, q Query) (ByHand, error) {
	q, err := checked(q)
	if err != nil {
		return ByHand{}, err
	}
	at, words, vector, err := s.prepare(ctx, who, q)
	if err != nil {
		return ByHand{}, err
	}
	dense := fmt.Sprintf(`
		select chunk_id from passages where valid @> now() and collection_id = any($1)
		order by embedding::halfvec(%d) <=> $2 limit $3`, s.dimension)
	const lexical = `
		select chunk_id from passages where valid @> now() and collection_id = any($1) and terms && $2
		order by weights <#> $3 limit $4`
	return ByHand{
		Whole: func(ctx context.Context) error {
			return s.readAll(ctx, s.hybrid, s.hybridArgs(q, at, words, vector, fetched(q))...)
		},
		Arms: func(ctx context.Context) error {
			if err := s.readAll(ctx, dense, at.readable, vector, s.cfg.Candidates); err != nil {
				return err
			}
			return s.readAll(ctx, lexical, at.readable, words.selective(s.cfg.Budget), words.vector(), s.cfg.Candidates)
		},
		Nearest: func(ctx context.Context, isExact bool) (chunks []int64, err error) {
			err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
				if isExact {
					if _, err := tx.Exec(ctx, `set local enable_indexscan = off`); err != nil {
						return err
					}
				}
				rows, err := tx.Query(ctx, dense, pgx.QueryExecModeCacheDescribe, at.readable, vector, s.cfg.Candidates)
				if err != nil {
					return err
				}
				chunks, err = pgx.CollectRows(rows, pgx.RowTo[int64])
				return err
			})
			return chunks, err
		},
	}, nil
}

// readAll runs a statement as psql would, reading every row into nothing.
func (s *Searcher) readAll(ctx context.Context, sql string, args ...any) error {
	rows, err := s.pool.Query(ctx, sql, append([]any{pgx.QueryExecModeCacheDescribe}, args...)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}
