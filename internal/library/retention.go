package library

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
	"clearwell/internal/postgres"
)

// dropped is a revision whose text goes.
type dropped struct {
	contentID int64
	original  []byte
}

// DropHistory drops the text, chunks and original bytes of revisions that ended longer ago than their
// collection keeps history. What happened and when stays known: revisions and publications remain. It
// returns how many revisions it dropped.
func (s *Store) DropHistory(ctx context.Context) (int, error) {
	count := 0
	err := postgres.InTx(ctx, s.pool, func(tx pgx.Tx) error {
		over, err := dropOver(ctx, tx)
		if err != nil || len(over) == 0 {
			return err
		}
		count = len(over)
		return dropTexts(ctx, tx, over)
	})
	if err != nil {
		return 0, fmt.Errorf("drop history: %w", err)
	}
	return count, nil
}

// dropOver takes the texts from the revisions whose time is over.
func dropOver(ctx context.Context, tx pgx.Tx) ([]dropped, error) {
	const drop = `
		with over as (
			select r.id, r.content_id
			from revisions r
			join documents d on d.id = r.document_id
			join collections k on k.id = d.collection_id
			where k.keep_history_days is not null and r.history_dropped_at is null and r.content_id is not null
				and r.status in ('published', 'withdrawn')
				and not exists (
					select from publications b
					where b.revision_id = r.id and upper_inf(b.recorded)
						and coalesce(upper(b.valid), 'infinity') > now() - make_interval(days => k.keep_history_days))
				and coalesce(r.published_at, r.received_at) < now() - make_interval(days => k.keep_history_days)
			for update of r skip locked
		)
		update revisions r set content_id = null, history_dropped_at = now() from over where r.id = over.id
		returning over.content_id, r.original_sha256`
	rows, err := tx.Query(ctx, drop)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (dropped, error) {
		var d dropped
		err := row.Scan(&d.contentID, &d.original)
		return d, err
	})
}

// dropTexts removes the texts and bytes that no other revision needs. The hash of the bytes stays, so that the
// same file is still recognised.
func dropTexts(ctx context.Context, tx pgx.Tx, over []dropped) error {
	contents, originals := make([]int64, len(over)), make([][]byte, len(over))
	for i, d := range over {
		contents[i], originals[i] = d.contentID, d.original
	}
	_, err := tx.Exec(ctx, `
		delete from contents c where c.id = any($1) and not exists (select from revisions where content_id = c.id)`, contents)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		delete from original_parts p where p.sha256 = any($1)
			and not exists (select from revisions where original_sha256 = p.sha256 and history_dropped_at is null)`, originals)
	return err
}

// errHistoryDropped is what a caller gets who asks for the words of a revision that has none any more.
func errHistoryDropped(rev Revision) error {
	return fault.Newf(fault.NotFound, "history_dropped",
		"The text of revision %d was dropped on %s, as the collection's retention says; upload the file again if it is needed.",
		rev.Number, rev.HistoryDroppedAt.Format(time.DateOnly))
}
