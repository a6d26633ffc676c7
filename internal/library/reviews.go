package library

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/diff"
	"clearwell/internal/fault"
)

// hold stops the revision until a person has decided, and keeps its text for the comparison. What is in
// force stays so.
func (id *identification) hold(ctx context.Context, kind ReviewKind, code, message string) (Verdict, error) {
	if err := stopAs(ctx, id.tx, id.rev.ID, Held, code, message); err != nil {
		return GoOn, err
	}
	candidates, err := json.Marshal(shown(id.candidates))
	if err != nil {
		return GoOn, fmt.Errorf("write candidates: %w", err)
	}
	blocks, err := json.Marshal(id.reading.Blocks)
	if err != nil {
		return GoOn, fmt.Errorf("write blocks: %w", err)
	}
	_, err = id.tx.Exec(ctx, `
		insert into reviews (revision_id, kind, code, message, candidates, text, blocks)
		values ($1, $2, $3, $4, $5, $6, $7)`, id.rev.ID, kind, code, message, candidates, id.reading.Text, blocks)
	if err != nil {
		return GoOn, fmt.Errorf("open review: %w", err)
	}
	return IsHeld, nil
}

// stopAs ends a revision's way, or holds it, and says why.
func stopAs(ctx context.Context, tx pgx.Tx, revisionID int64, status Status, code, message string) error {
	_, err := tx.Exec(ctx, `
		update revisions set status = $2, stage = '', reason_code = $3, reason_message = $4 where id = $1`,
		revisionID, status, code, message)
	if err != nil {
		return fmt.Errorf("stop revision %d as %s: %w", revisionID, status, err)
	}
	return nil
}

// ReviewFilter narrows a listing of reviews.
type ReviewFilter struct {
	Collections []string // readable ones; nil means all
	Collection  string   // "" means any
	Open        bool     // only those that wait
	After       int64    // cursor: the last review's id of the page before; 0 means from the newest
	Limit       int      // 1–200; default 50
}

const selectReviews = `
	select w.id, w.kind, w.code, w.message, w.revision_id, w.candidates, w.opened_at, w.decided_at, w.decided_by,
		w.decision, coalesce(w.target_document_id, 0)
	from reviews w
	join revisions r on r.id = w.revision_id
	join documents d on d.id = r.document_id
	join collections k on k.id = d.collection_id
	where `

// Reviews returns a page of reviews, newest first.
func (s *Store) Reviews(ctx context.Context, f ReviewFilter) ([]Review, error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	return readReviews(ctx, s.pool, `($1::text[] is null or k.name = any($1)) and ($2 = '' or k.name = $2)
		and (not $3 or w.decided_at is null) and ($4 = 0 or w.id < $4) order by w.id desc limit $5`,
		f.Collections, f.Collection, f.Open, f.After, min(f.Limit, 200))
}

// Review returns one review. Errors: unknown_review.
func (s *Store) Review(ctx context.Context, id int64) (Review, error) {
	return reviewByID(ctx, s.pool, id)
}

func reviewByID(ctx context.Context, q querier, id int64) (Review, error) {
	found, err := readReviews(ctx, q, `w.id = $1`, id)
	if err != nil {
		return Review{}, err
	}
	if len(found) == 0 {
		return Review{}, fault.Newf(fault.NotFound, "unknown_review", "There is no such review, or it is not yours to see.")
	}
	return found[0], nil
}

func readReviews(ctx context.Context, q querier, condition string, args ...any) ([]Review, error) {
	rows, err := q.Query(ctx, selectReviews+condition, args...)
	if err != nil {
		return nil, fmt.Errorf("read reviews: %w", err)
	}
	var revisionIDs []int64
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Review, error) {
		var w Review
		err := row.Scan(&w.ID, &w.Kind, &w.Code, &w.Message, &w.Revision.ID, &w.Candidates, &w.OpenedAt, &w.DecidedAt,
			&w.DecidedBy, &w.Decision, &w.TargetID)
		w.OpenedAt, w.DecidedAt = w.OpenedAt.UTC(), utc(w.DecidedAt)
		revisionIDs = append(revisionIDs, w.Revision.ID)
		return w, err
	})
	if err != nil {
		return nil, fmt.Errorf("read reviews: %w", err)
	}
	revs, err := selectRevisions(ctx, q, `r.id = any($1)`, revisionIDs)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]Revision, len(revs))
	for _, r := range revs {
		byID[r.ID] = r
	}
	for i := range found {
		found[i].Revision = byID[found[i].Revision.ID]
	}
	return found, nil
}

// ReviewChange compares a held revision's text with the document's nearest revision. documentID 0 means the
// first candidate, or the document that it was filed under.
func (s *Store) ReviewChange(ctx context.Context, w Review, documentID int64) (Change, error) {
	if documentID == 0 {
		documentID = w.Revision.DocumentID
		if len(w.Candidates) > 0 {
			documentID = w.Candidates[0].DocumentID
		}
	}
	if err := s.isCandidate(w, documentID); err != nil {
		return Change{}, err
	}
	of, err := nearestRevision(ctx, s.pool, w, documentID)
	if err != nil {
		return Change{}, err
	}
	var text string
	var blocks []byte
	err = s.pool.QueryRow(ctx, `select text, blocks from reviews where id = $1`, w.ID).Scan(&text, &blocks)
	if err != nil {
		return Change{}, fmt.Errorf("read held text: %w", err)
	}
	held, err := blocksOf(text, blocks)
	if err != nil {
		return Change{}, err
	}
	from, err := revisionByID(ctx, s.pool, of)
	if err != nil {
		return Change{}, err
	}
	old, _, err := s.blocks(ctx, from)
	if err != nil {
		return Change{}, err
	}
	return Change{From: from, To: w.Revision, Report: diff.Compare(old, held)}, nil
}

func (s *Store) isCandidate(w Review, documentID int64) error {
	if documentID == w.Revision.DocumentID {
		return nil
	}
	for _, c := range w.Candidates {
		if c.DocumentID == documentID {
			return nil
		}
	}
	return fault.Newf(fault.Invalid, "unknown_target", "That document is not among the candidates of this review.")
}

// nearestRevision is the revision of the document that the review compared with, or its newest with a text.
func nearestRevision(ctx context.Context, q querier, w Review, documentID int64) (int64, error) {
	number := 0
	for _, c := range w.Candidates {
		if c.DocumentID == documentID {
			number = c.Revision
		}
	}
	var id int64
	err := q.QueryRow(ctx, `
		select id from revisions where document_id = $1 and id <> $2 and content_id is not null
		order by (number = $3) desc, number desc limit 1`, documentID, w.Revision.ID, number).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, fault.Newf(fault.Conflict, "no_text", "That document has no revision with a text to compare with.")
	}
	if err != nil {
		return 0, fmt.Errorf("find the nearest revision: %w", err)
	}
	return id, nil
}
