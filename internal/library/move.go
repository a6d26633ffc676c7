package library

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// moveRevision gives a revision to another document as its newest one. It is still to be found where it was
// first filed, so its number there is not given again; a document that has no revision left is taken away.
func moveRevision(ctx context.Context, tx pgx.Tx, rev Revision, documentID int64) error {
	there, err := lockAll(ctx, tx, documentID, rev.DocumentID)
	if err != nil {
		return err
	}
	if !slices.Contains(there, documentID) {
		return errNoDocument()
	}
	_, err = tx.Exec(ctx, `insert into moved_revisions (document_id, number, revision_id) values ($1, $2, $3)`,
		rev.DocumentID, rev.Number, rev.ID)
	if err != nil {
		return fmt.Errorf("note the move: %w", err)
	}
	_, err = tx.Exec(ctx, `
		update revisions set document_id = $2, content_id = null,
			number = 1 + greatest((select max(number) from revisions where document_id = $2),
				(select max(number) from moved_revisions where document_id = $2), 0)
		where id = $1`, rev.ID, documentID)
	if err != nil {
		return fmt.Errorf("move revision: %w", err)
	}
	if _, err := tx.Exec(ctx, `update signatures set document_id = $2 where revision_id = $1`, rev.ID, documentID); err != nil {
		return fmt.Errorf("move signature: %w", err)
	}
	_, err = tx.Exec(ctx, `delete from documents d where d.id = $1 and not exists (select from revisions where document_id = d.id)`,
		rev.DocumentID)
	if err != nil {
		return fmt.Errorf("remove the empty document: %w", err)
	}
	return nil
}

// ownDocument is a document that has no settled revision but this one: the one it is in, or a new one whose key
// is made of the file's path.
func ownDocument(ctx context.Context, tx pgx.Tx, rev Revision) (int64, error) {
	isShared, err := hasSettled(ctx, tx, rev)
	if err != nil || !isShared {
		return rev.DocumentID, err
	}
	var collectionID int64
	if err := tx.QueryRow(ctx, `select collection_id from documents where id = $1`, rev.DocumentID).Scan(&collectionID); err != nil {
		return 0, fmt.Errorf("read collection: %w", err)
	}
	key, err := freeKey(ctx, tx, collectionID, rev.Path)
	if err != nil {
		return 0, err
	}
	id, _, err := openDocument(ctx, tx, collectionID, key)
	return id, err
}

// hasSettled reports whether the document has another revision of which is known that it belongs there.
func hasSettled(ctx context.Context, tx pgx.Tx, rev Revision) (bool, error) {
	var has bool
	err := tx.QueryRow(ctx, `
		select exists (
			select from revisions r
			where r.document_id = $1 and r.id <> $2 and (r.status in ('published', 'withdrawn')
				or r.status in ('queued', 'running') and exists (select from signatures where revision_id = r.id)))`,
		rev.DocumentID, rev.ID).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("look for settled revisions: %w", err)
	}
	return has, nil
}

// markDuplicate ends a revision's way: what it says stands in another one.
func markDuplicate(ctx context.Context, tx pgx.Tx, revisionID, of int64) error {
	if _, err := tx.Exec(ctx, `update revisions set duplicate_of = $2 where id = $1`, revisionID, of); err != nil {
		return fmt.Errorf("mark duplicate: %w", err)
	}
	return stopAs(ctx, tx, revisionID, Duplicate, "same_text", "It says the same as another revision of this document.")
}
