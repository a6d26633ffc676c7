package library

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/diff"
	"clearwell/internal/fault"
)

// blocksOf joins a text with the structure that was stored beside it. Texts from before there was any are
// cut at blank lines.
func blocksOf(text string, stored []byte) ([]diff.Block, error) {
	if stored == nil {
		return diff.Cut(text), nil
	}
	var blocks []diff.Block
	if err := json.Unmarshal(stored, &blocks); err != nil {
		return nil, fmt.Errorf("read blocks: %w", err)
	}
	runes := []rune(text)
	for i, b := range blocks {
		if b.Start < 0 || b.Start > b.End || b.End > len(runes) {
			return nil, fmt.Errorf("block %d lies outside of its text", i)
		}
		blocks[i].Text = string(runes[b.Start:b.End])
	}
	return blocks, nil
}

// blocks returns a revision's text in blocks, and the id of its content.
func (s *Store) blocks(ctx context.Context, rev Revision) ([]diff.Block, int64, error) {
	var contentID int64
	var text string
	var stored []byte
	err := s.pool.QueryRow(ctx, `
		select c.id, c.text, c.blocks from revisions r join contents c on c.id = r.content_id where r.id = $1`, rev.ID).
		Scan(&contentID, &text, &stored)
	if errors.Is(err, pgx.ErrNoRows) {
		if rev.HistoryDroppedAt != nil {
			return nil, 0, errHistoryDropped(rev)
		}
		return nil, 0, fault.Newf(fault.Conflict, "no_text", "Revision %d has no text yet; its status is %s.", rev.Number, rev.Status)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read text of revision %d: %w", rev.ID, err)
	}
	blocks, err := blocksOf(text, stored)
	return blocks, contentID, err
}

// Change is what came from one revision of a document to another; it is computed once and kept.
// Errors: unknown_revision, no_text, history_dropped.
func (s *Store) Change(ctx context.Context, documentID int64, from, to int) (Change, error) {
	old, err := s.Revision(ctx, documentID, from)
	if err != nil {
		return Change{}, err
	}
	current, err := s.Revision(ctx, documentID, to)
	if err != nil {
		return Change{}, err
	}
	return s.change(ctx, old, current)
}

func (s *Store) change(ctx context.Context, from, to Revision) (Change, error) {
	change := Change{From: from, To: to}
	// What was compared before needs no text: an answer may ask for it again and again.
	err := s.pool.QueryRow(ctx, `
		select d.diff from diffs d
		join revisions f on f.content_id = d.from_content_id
		join revisions t on t.content_id = d.to_content_id
		where f.id = $1 and t.id = $2`, from.ID, to.ID).Scan(&change.Report)
	if err == nil || !errors.Is(err, pgx.ErrNoRows) {
		return change, err
	}
	old, oldID, err := s.blocks(ctx, from)
	if err != nil {
		return change, err
	}
	current, currentID, err := s.blocks(ctx, to)
	if err != nil {
		return change, err
	}
	change.Report = diff.Compare(old, current)
	_, err = s.pool.Exec(ctx, `
		insert into diffs (from_content_id, to_content_id, diff)
		select $1, $2, $3
		where exists (select from contents where id = $1) and exists (select from contents where id = $2)
		on conflict do nothing`, oldID, currentID, change.Report)
	if err != nil {
		return change, fmt.Errorf("keep difference: %w", err)
	}
	return change, nil
}

// LatestChange is what the revision that applied at a moment, as far as was known at another, changed against
// the one whose place it took. Zero times mean now. It is nil when nothing applied, or nothing did before.
func (s *Store) LatestChange(ctx context.Context, documentID int64, asOf, knownAt time.Time) (*Change, error) {
	current, previous, err := s.succession(ctx, documentID, asOf, knownAt)
	if err != nil || previous == nil {
		return nil, err
	}
	change, err := s.change(ctx, *previous, *current)
	if fault.CodeOf(err) == "history_dropped" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &change, nil
}

// Predecessor is the revision whose place the given one took when it last began to apply; nil if it was the first.
func (s *Store) Predecessor(ctx context.Context, rev Revision) (*Revision, error) {
	var asOf *time.Time
	err := s.pool.QueryRow(ctx, `select max(lower(valid)) from publications where revision_id = $1 and upper_inf(recorded)`, rev.ID).Scan(&asOf)
	if err != nil {
		return nil, fmt.Errorf("read when revision %d began: %w", rev.ID, err)
	}
	if asOf == nil {
		return nil, nil
	}
	_, previous, err := s.succession(ctx, rev.DocumentID, *asOf, time.Time{})
	return previous, err
}

// succession is the revision that applied at a moment, with the dates of that publication, and the last
// other one before it.
func (s *Store) succession(ctx context.Context, documentID int64, asOf, knownAt time.Time) (current, previous *Revision, err error) {
	const list = `
		select b.revision_id, lower(b.valid), upper(b.valid)
		from publications b
		where b.document_id = $1 and b.recorded @> coalesce($3::timestamptz, now()) and lower(b.valid) <= coalesce($2::timestamptz, now())
		order by lower(b.valid) desc`
	rows, err := s.pool.Query(ctx, list, documentID, moment(asOf), moment(knownAt))
	if err != nil {
		return nil, nil, fmt.Errorf("read succession: %w", err)
	}
	type span struct {
		revisionID int64
		from       time.Time
		until      *time.Time
	}
	spans, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (span, error) {
		var s span
		err := row.Scan(&s.revisionID, &s.from, &s.until)
		return s, err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read succession: %w", err)
	}
	for i, sp := range spans {
		if i > 0 && sp.revisionID == spans[0].revisionID {
			continue
		}
		rev, err := s.RevisionByID(ctx, sp.revisionID)
		if err != nil {
			return nil, nil, err
		}
		rev.EffectiveFrom, rev.EffectiveUntil = sp.from.UTC(), utc(sp.until)
		if current == nil {
			if sp.until != nil && !asOf.IsZero() && !sp.until.After(asOf) || sp.until != nil && asOf.IsZero() && !rev.InForce {
				return nil, nil, nil // it had ended by then
			}
			current = &rev
			continue
		}
		return current, &rev, nil
	}
	return current, nil, nil
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
