package library

import (
	"context"
	"fmt"
)

// DropHistory drops the text, chunks and original bytes of revisions that ended longer ago than their
// collection keeps history. What happened and when stays known: revisions and publications remain. It
// returns how many revisions it dropped.
func (s *Store) DropHistory(ctx context.Context) (int, error) {
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
		),
		dropped as (
			update revisions r set content_id = null, history_dropped_at = now() from over where r.id = over.id
			returning r.id, r.original_sha256, over.content_id
		)
		select id, original_sha256, content_id from dropped`
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return 0, fmt.Errorf("drop history: %w", err)
	}
	defer func() { _ = tx.Rollback(ctx) }() // after a commit it does nothing
	rows, err := tx.Query(ctx, drop)
	if err != nil {
		return 0, fmt.Errorf("drop history: %w", err)
	}
	var contents []int64
	var hashes [][]byte
	var id, content int64
	var hash []byte
	count := 0
	for rows.Next() {
		if err := rows.Scan(&id, &hash, &content); err != nil {
			return 0, fmt.Errorf("drop history: %w", err)
		}
		contents, hashes = append(contents, content), append(hashes, append([]byte{}, hash...))
		count++
	}
	if err := rows.Err(); err != nil {
		return 0, fmt.Errorf("drop history: %w", err)
	}
	if count == 0 {
		return 0, nil
	}
	if _, err := tx.Exec(ctx, `
		delete from contents c where c.id = any($1) and not exists (select from revisions where content_id = c.id)`, contents); err != nil {
		return 0, fmt.Errorf("drop texts: %w", err)
	}
	// The hash stays, so that the same bytes are still recognised; a revision that lives needs its parts.
	if _, err := tx.Exec(ctx, `
		delete from original_parts p where p.sha256 = any($1)
			and not exists (select from revisions where original_sha256 = p.sha256 and history_dropped_at is null)`, hashes); err != nil {
		return 0, fmt.Errorf("drop originals: %w", err)
	}
	return count, tx.Commit(ctx)
}
