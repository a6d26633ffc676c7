package retrieve

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/access"
)

// EndedPassage is a passage of the last text of a document of which nothing applies any more. It tells why
// there is no answer, and is never one.
type EndedPassage struct {
	Passage
	EndedAt time.Time // the first moment at which it didn't apply
	EndedBy string    // "expired" or "withdrawn"
	// IsAmendment says that it changed another document, which may apply again as it stands.
	IsAmendment bool
}

// EndedResult is what applied once, best first.
type EndedResult struct {
	AsOf     time.Time
	Passages []EndedPassage
	Cosine   float64 // the highest cosine, 0 if there are none
	Coverage float64 // of the best passage
}

// endedCandidates is how many ended passages are scored, by their meaning.
const endedCandidates = 50

// Ended returns the passages that answer the query best among the last texts of documents of which nothing
// applies any more at the moment asked about, and when and how they ended. Rights and errors are those of
// Search; the query's arm is not looked at. Where nothing ended it costs one look into an index.
func (s *Searcher) Ended(ctx context.Context, who access.Principal, q Query) (EndedResult, error) {
	q.Arm = Hybrid
	q, err := checked(q)
	if err != nil {
		return EndedResult{}, err
	}
	var hasEnded bool
	const look = `select has_ended(coalesce($1::timestamptz, now()))`
	if err := s.pool.QueryRow(ctx, look, moment(q.AsOf)).Scan(&hasEnded); err != nil {
		return EndedResult{}, fmt.Errorf("look for what ended: %w", err)
	}
	if !hasEnded {
		return EndedResult{AsOf: q.AsOf}, nil
	}
	at, words, vector, err := s.prepare(ctx, who, q)
	if err != nil || len(at.readable) == 0 {
		return EndedResult{AsOf: q.AsOf}, err
	}
	result, err := s.collectEnded(ctx, words, q.Limit, append(s.knownArgs(q, at, words, vector, fetched(q)), endedCandidates))
	if err != nil {
		return EndedResult{}, fmt.Errorf("search what ended: %w", err)
	}
	return result, nil
}

func (s *Searcher) collectEnded(ctx context.Context, words question, limit int, args []any) (EndedResult, error) {
	rows, err := s.pool.Query(ctx, s.ended, append([]any{pgx.QueryExecModeCacheDescribe}, args...)...)
	if err != nil {
		return EndedResult{}, err
	}
	defer rows.Close()
	var shared Result
	var result EndedResult
	for rows.Next() {
		var endedAt *time.Time
		var endedBy *string
		var isAmendment bool
		found, err := scan(rows, &shared, words, &endedAt, &endedBy, &isAmendment)
		if err != nil {
			return EndedResult{}, err
		}
		if found != nil {
			result.Passages = append(result.Passages, EndedPassage{Passage: *found, EndedAt: endedAt.UTC(), EndedBy: *endedBy,
				IsAmendment: isAmendment})
		}
	}
	result.AsOf, result.Cosine = shared.AsOf, shared.Cosine
	result.Passages = result.Passages[:min(len(result.Passages), limit)]
	if len(result.Passages) > 0 {
		result.Coverage = result.Passages[0].Coverage
	}
	return result, rows.Err()
}
