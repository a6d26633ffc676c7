package library

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
)

// checkTakeovers refuses a document that would take over itself, or one that took it over, at any remove.
func checkTakeovers(ctx context.Context, tx pgx.Tx, documentID int64, superseded []int64) error {
	if len(superseded) == 0 {
		return nil
	}
	var isCycle bool
	err := tx.QueryRow(ctx, `
		with recursive successor (id) as (
			select $1::bigint
			union
			select s.by_document_id from supersessions s join successor on s.document_id = successor.id)
		select exists (select from successor where id = any($2))`, documentID, superseded).Scan(&isCycle)
	if err != nil {
		return fmt.Errorf("follow supersessions: %w", err)
	}
	if isCycle {
		return fault.Newf(fault.Invalid, "supersession_cycle",
			"A document can't replace itself, or one that has replaced it; leave supersedes out, or publish an earlier revision again.")
	}
	return nil
}

// lockAll locks documents, lowest id first, so that two transactions that touch the same ones wait for each
// other in turn. It returns those that are there.
func lockAll(ctx context.Context, tx pgx.Tx, documentIDs ...int64) ([]int64, error) {
	rows, err := tx.Query(ctx, `select id from documents where id = any($1) order by id for update`, documentIDs)
	if err != nil {
		return nil, fmt.Errorf("lock documents: %w", err)
	}
	there, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("lock documents: %w", err)
	}
	return there, nil
}

// takeOver ends what the documents still have at the moment from which the revision applies.
func takeOver(ctx context.Context, tx pgx.Tx, rev Revision) error {
	for _, old := range rev.supersedes {
		t, err := openTimeline(ctx, tx, old)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into supersessions (document_id, by_document_id, at, recorded_at) values ($1, $2, $3, $4)
			on conflict (document_id, by_document_id) do update set at = least(supersessions.at, excluded.at)`,
			old, rev.DocumentID, rev.EffectiveFrom, t.now)
		if err != nil {
			return fmt.Errorf("note takeover: %w", err)
		}
		if err := t.endAll(ctx, old, rev.EffectiveFrom); err != nil {
			return err
		}
	}
	return nil
}

// endAll ends at the given instant whatever reaches beyond it.
func (t *timeline) endAll(ctx context.Context, documentID int64, at time.Time) error {
	for _, p := range t.all {
		if p.until != nil && !p.until.After(at) {
			continue
		}
		if err := t.cut(ctx, documentID, p, at, "superseded"); err != nil {
			return err
		}
	}
	return nil
}

// noteAmendments says which documents the revision changes while it is in force.
func noteAmendments(ctx context.Context, tx pgx.Tx, rev Revision) error {
	_, err := tx.Exec(ctx, `
		insert into amendments (revision_id, document_id)
		select $1, d.id from documents d where d.id = any($2) and d.id <> $3
		on conflict do nothing`, rev.ID, rev.amends, rev.DocumentID)
	if err != nil {
		return fmt.Errorf("note amendments: %w", err)
	}
	return nil
}
