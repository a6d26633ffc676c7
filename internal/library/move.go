package library

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

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

// ownDocument is a document that has no revision but this one: the one it is in, or a new one whose key is
// made of the file's path.
func ownDocument(ctx context.Context, tx pgx.Tx, rev Revision) (int64, error) {
	var isAlone bool
	err := tx.QueryRow(ctx, `select not exists (select from revisions where document_id = $1 and id <> $2)`,
		rev.DocumentID, rev.ID).Scan(&isAlone)
	if err != nil {
		return 0, fmt.Errorf("look for other revisions: %w", err)
	}
	if isAlone {
		return rev.DocumentID, nil
	}
	ext := path.Ext(rev.Path)
	base := strings.TrimSuffix(rev.Path, ext)
	for n := 2; ; n++ {
		var id int64
		err := tx.QueryRow(ctx, `
			insert into documents (collection_id, key)
			select collection_id, $2 from documents where id = $1
			on conflict (collection_id, key) do nothing returning id`,
			rev.DocumentID, fmt.Sprintf("%s (%d)%s", base, n, ext)).Scan(&id)
		if err == nil || !errors.Is(err, pgx.ErrNoRows) {
			return id, err
		}
	}
}

// markDuplicate ends a revision's way: what it says stands in another one.
func markDuplicate(ctx context.Context, tx pgx.Tx, revisionID, of int64) error {
	if _, err := tx.Exec(ctx, `update revisions set duplicate_of = $2 where id = $1`, revisionID, of); err != nil {
		return fmt.Errorf("mark duplicate: %w", err)
	}
	return stopAs(ctx, tx, revisionID, Duplicate, "same_text", "It says the same as another revision of this document.")
}
