package library

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
)

// Publish puts a staged revision in force from its effective date, in the caller's transaction: before
// the commit nobody finds the new text, after it nobody finds what it supersedes. It reports false,
// and changes nothing, when the revision is no longer on its way: another worker was first.
func Publish(ctx context.Context, tx pgx.Tx, revisionID int64) (bool, error) {
	rev, err := revisionByID(ctx, tx, revisionID)
	if err != nil {
		return false, err
	}
	there, err := lockAll(ctx, tx, append(ids(rev.supersedes), rev.DocumentID)...)
	if err != nil {
		return false, err
	}
	t, err := openTimeline(ctx, tx, rev.DocumentID)
	if err != nil {
		return false, err
	}
	if rev, err = revisionByID(ctx, tx, revisionID); err != nil { // again, now that nobody else changes it
		return false, err
	}
	if rev.Status != Queued && rev.Status != Running {
		return false, nil
	}
	// What was erased in the meantime needs no taking over.
	rev.supersedes = slices.DeleteFunc(rev.supersedes, func(id int64) bool { return !slices.Contains(there, id) })
	if err := checkStaged(ctx, tx, revisionID); err != nil {
		return false, err
	}
	if err := checkTakeovers(ctx, tx, rev.DocumentID, rev.supersedes); err != nil {
		return false, err
	}
	_, err = t.place(ctx, claim{documentID: rev.DocumentID, revisionID: rev.ID, number: rev.Number,
		from: rev.EffectiveFrom, until: rev.EffectiveUntil, decided: rev.IsOrderDecided && t.isTakenOver(rev.EffectiveFrom)})
	if err != nil {
		return false, err
	}
	if err := takeOver(ctx, tx, rev); err != nil {
		return false, err
	}
	if err := noteAmendments(ctx, tx, rev); err != nil {
		return false, err
	}
	return true, setPublished(ctx, tx, revisionID, t.now)
}

// checkStaged refuses a revision of which anything is missing: Publish is the only way in.
func checkStaged(ctx context.Context, tx pgx.Tx, revisionID int64) error {
	var isStaged bool
	err := tx.QueryRow(ctx, `
		select r.content_id is not null and c.chunks = (
			select count(*) from chunks k where k.content_id = c.id and vector_dims(k.embedding) = s.dimension)
		from revisions r left join contents c on c.id = r.content_id cross join index_settings s
		where r.id = $1`, revisionID).Scan(&isStaged)
	if err != nil {
		return fmt.Errorf("check staging: %w", err)
	}
	if !isStaged {
		return fault.Newf(fault.Conflict, "not_staged", "This revision is not fully processed and can't be published yet.")
	}
	return nil
}

func setPublished(ctx context.Context, tx pgx.Tx, revisionID int64, at time.Time) error {
	_, err := tx.Exec(ctx, `
		update revisions set status = 'published', stage = '', reason_code = '', reason_message = '',
			published_at = coalesce(published_at, $2)
		where id = $1`, revisionID, at)
	if err != nil {
		return fmt.Errorf("mark revision published: %w", err)
	}
	return nil
}

// Republish puts a revision that was published before in force again (roll back): a new publication,
// same number, no embedding. from nil means now; until nil means no known end.
func Republish(ctx context.Context, tx pgx.Tx, rev Revision, from, until *time.Time) error {
	if rev.Status != Published && rev.Status != Withdrawn {
		return fault.Newf(fault.Conflict, "not_published",
			"Revision %d is %s; only a revision that was published before can be put in force again.", rev.Number, rev.Status)
	}
	if rev.HistoryDroppedAt != nil {
		return fault.Newf(fault.Conflict, "history_dropped",
			"The text of revision %d was dropped as the collection's retention says; upload the file again.", rev.Number)
	}
	t, err := openTimeline(ctx, tx, rev.DocumentID)
	if err != nil {
		return err
	}
	if err := checkStaged(ctx, tx, rev.ID); err != nil {
		return err
	}
	from, until = microseconds(from), microseconds(until)
	if from == nil {
		from = &t.now
	}
	if until != nil && !from.Before(*until) {
		return fault.Newf(fault.Invalid, "invalid_dates", "effective_until must be later than effective_from.")
	}
	_, err = t.place(ctx, claim{documentID: rev.DocumentID, revisionID: rev.ID, number: rev.Number,
		from: *from, until: until, decided: true})
	if err != nil {
		return err
	}
	return setPublished(ctx, tx, rev.ID, t.now)
}

// Withdraw ends, from now, whatever the revision still has; the one before it does not come back by itself.
func Withdraw(ctx context.Context, tx pgx.Tx, rev Revision) error {
	t, err := openTimeline(ctx, tx, rev.DocumentID)
	if err != nil {
		return err
	}
	ended := 0
	for _, p := range t.all {
		if p.revisionID != rev.ID || p.until != nil && !p.until.After(t.now) {
			continue
		}
		if err := t.cut(ctx, rev.DocumentID, p, t.now, "withdrawn"); err != nil {
			return err
		}
		if err := t.noteWithdrawal(ctx, rev.DocumentID, p); err != nil {
			return err
		}
		ended++
	}
	if ended == 0 {
		return fault.Newf(fault.Conflict, "not_in_force",
			"Revision %d is neither in force nor scheduled, so there is nothing to withdraw.", rev.Number)
	}
	_, err = tx.Exec(ctx, `update revisions set status = 'withdrawn' where id = $1`, rev.ID)
	if err != nil {
		return fmt.Errorf("mark revision withdrawn: %w", err)
	}
	return nil
}

// noteWithdrawal keeps that a person ended what was in force.
func (t *timeline) noteWithdrawal(ctx context.Context, documentID int64, p publication) error {
	if !p.from.Before(t.now) {
		return nil // it had not begun: its place is empty, and nothing else ends
	}
	_, err := t.tx.Exec(ctx, `insert into withdrawals (document_id, at) values ($1, $2) on conflict do nothing`, documentID, t.now)
	if err != nil {
		return fmt.Errorf("note withdrawal: %w", err)
	}
	return nil
}

// Erase removes a document with all its revisions, chunks and publications, and the bytes that no
// other document holds.
func Erase(ctx context.Context, tx pgx.Tx, documentID int64) error {
	if err := lockDocument(ctx, tx, documentID); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `select distinct original_sha256 from revisions where document_id = $1`, documentID)
	if err != nil {
		return fmt.Errorf("list originals: %w", err)
	}
	hashes, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return fmt.Errorf("list originals: %w", err)
	}
	if _, err := tx.Exec(ctx, `delete from documents where id = $1`, documentID); err != nil {
		return fmt.Errorf("erase document %d: %w", documentID, err)
	}
	_, err = tx.Exec(ctx, `
		delete from originals o where o.sha256 = any($1)
			and not exists (select from revisions where original_sha256 = o.sha256)`, hashes)
	if err != nil {
		return fmt.Errorf("erase originals: %w", err)
	}
	return nil
}
