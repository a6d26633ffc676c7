package retrieve

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"
)

// amendment is a passage that changes others, and the chunks of those among the passages found.
type amendment struct {
	passage Passage
	amended []int64
}

// amend puts the passages that amend what was found before it.
func (s *Searcher) amend(ctx context.Context, q Query, at setting, words question, vector *pgvector.HalfVector, result *Result) error {
	var documents, chunks []int64
	for _, p := range result.Passages {
		documents = append(documents, p.DocumentID)
		chunks = append(chunks, p.ChunkID)
	}
	q.AsOf = result.AsOf // the moment of the search, to the microsecond
	all, err := s.amendments(ctx, words, moment(q.AsOf), moment(q.KnownAt), at.readable, vector, words.terms(), documents, chunks)
	if err != nil {
		return fmt.Errorf("find amendments: %w", err)
	}
	result.Passages = withAmendments(result.Passages, all)
	return nil
}

// amendments runs amended.sql.
func (s *Searcher) amendments(ctx context.Context, words question, args ...any) ([]amendment, error) {
	rows, err := s.pool.Query(ctx, s.amended, append([]any{pgx.QueryExecModeCacheDescribe}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []amendment
	for rows.Next() {
		var a amendment
		var ignored Result // the moment and the highest cosine are the search's
		found, err := scan(rows, &ignored, words, &a.amended)
		if err != nil {
			return nil, err
		}
		a.passage = *found
		all = append(all, a)
	}
	return all, rows.Err()
}

// withAmendments puts each amending passage directly before the first that it amends, with that one's score
// or its own if that is higher, and marks those that it amends.
func withAmendments(passages []Passage, all []amendment) []Passage {
	found := make(map[int64]Passage, len(passages))
	for _, p := range passages {
		found[p.ChunkID] = p
	}
	isAmending := func(p Passage) bool {
		return slices.ContainsFunc(all, func(a amendment) bool { return a.passage.ChunkID == p.ChunkID })
	}
	placed := make(map[int64]bool, len(all))
	var out []Passage
	for _, p := range passages {
		if isAmending(p) {
			continue // it stands before what it amends
		}
		for _, a := range all {
			if !slices.Contains(a.amended, p.ChunkID) {
				continue
			}
			p.AmendedBy = append(p.AmendedBy, a.passage.ChunkID)
			if !placed[a.passage.ChunkID] {
				placed[a.passage.ChunkID] = true
				a.passage.Score = max(found[a.passage.ChunkID].Score, p.Score)
				a.passage.Fused = max(found[a.passage.ChunkID].Fused, p.Fused)
				out = append(out, a.passage)
			}
		}
		out = append(out, p)
	}
	return out
}

// amendedOrAmending are the chunks of passages that stay as they are, since others were placed by them.
func amendedOrAmending(passages []Passage) map[int64]bool {
	chunks := make(map[int64]bool)
	for _, p := range passages {
		for _, id := range p.AmendedBy {
			chunks[id], chunks[p.ChunkID] = true, true
		}
	}
	return chunks
}
