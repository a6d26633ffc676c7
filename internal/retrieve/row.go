package retrieve

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// row is what the statements have in common; all of a passage is null when none was found.
type row struct {
	score, cosine                          *float64
	chunkID, documentID                    *int64
	key, collection, title, context, text  *string
	revision, page, startOffset, endOffset *int
	ordinal                                *int
	effectiveFrom, effectiveUntil          *time.Time
	held                                   []int32
	headings                               []string
}

// scan reads a row: what holds for the whole result into result, the passage, nil when none was found,
// and what the statement has beyond that into more.
func scan(rows pgx.Rows, result *Result, words question, more ...any) (*Passage, error) {
	var r row
	targets := []any{&result.AsOf, &result.Cosine, &r.score, &r.cosine, &r.held, &r.chunkID, &r.documentID, &r.key,
		&r.collection, &r.title, &r.revision, &r.effectiveFrom, &r.effectiveUntil, &r.page, &r.headings, &r.context,
		&r.text, &r.startOffset, &r.endOffset, &r.ordinal}
	if err := rows.Scan(append(targets, more...)...); err != nil {
		return nil, fmt.Errorf("read a passage: %w", err)
	}
	result.AsOf = result.AsOf.UTC()
	if r.chunkID == nil {
		return nil, nil
	}
	passage := &Passage{
		ChunkID: *r.chunkID, DocumentID: *r.documentID, DocumentKey: *r.key, Collection: *r.collection, Title: *r.title,
		Revision: *r.revision, EffectiveFrom: r.effectiveFrom.UTC(), Page: *r.page, Headings: r.headings,
		Context: *r.context, Text: *r.text, Start: *r.startOffset, End: *r.endOffset,
		Score: *r.score, Fused: *r.score, Cosine: *r.cosine, Coverage: words.coverage(r.held), Ordinal: *r.ordinal,
	}
	if r.effectiveUntil != nil {
		until := r.effectiveUntil.UTC()
		passage.EffectiveUntil = &until
	}
	return passage, nil
}
