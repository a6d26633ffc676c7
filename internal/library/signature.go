package library

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/likeness"
	"clearwell/internal/postgres"
)

// sign files by what later revisions find this one, and the ids that the document bears.
func (id *identification) sign(ctx context.Context) error {
	subject := id.subject
	scope, err := json.Marshal(subject.Scope)
	if err != nil {
		return fmt.Errorf("write scope: %w", err)
	}
	_, err = id.tx.Exec(ctx, `
		insert into signatures (revision_id, document_id, collection_id, title, name, folder, plain_sha256, bands, headings, scope)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict (revision_id) do update set document_id = excluded.document_id`,
		id.rev.ID, id.rev.DocumentID, id.collectionID, subject.Title, likeness.Name(id.rev.FileName), subject.Folder,
		id.signature.Plain[:], id.signature.Bands(id.collectionID), append([]string{}, subject.Headings...), scope)
	if err != nil {
		return fmt.Errorf("file signature: %w", err)
	}
	_, err = id.tx.Exec(ctx, `
		insert into document_ids (collection_id, name, document_id)
		select $1, name, $3 from unnest($2::text[]) as name on conflict do nothing`,
		id.collectionID, lowered(id.reading.Facts.IDs), id.rev.DocumentID)
	if err != nil {
		return fmt.Errorf("file the document's ids: %w", err)
	}
	return nil
}

// subjectOf is a revision as far as its likeness to others goes.
func subjectOf(rev Revision, reading Reading) likeness.Subject {
	title := likeness.Title(cmp.Or(rev.Title, reading.Title))
	if likeness.IsGeneric(title) {
		title = ""
	}
	s := likeness.Subject{Title: title, FileName: rev.FileName, Text: reading.Text,
		Folder: folderOf(rev), Scope: likeness.WithScope(reading.Facts.Scope, reading.Text)}
	runes := []rune(reading.Text)
	for _, b := range reading.Blocks {
		if b.Kind == "heading" && len(s.Headings) < 500 {
			s.Headings = append(s.Headings, string(runes[b.Start:b.End]))
		}
	}
	return s
}

// folderOf is where a file lay: its source and the folder below it; "" when neither is known.
func folderOf(rev Revision) string {
	folder := path.Dir(rev.Path)
	if folder == "." {
		folder = ""
	}
	return strings.Trim(rev.Source+"/"+folder, "/")
}

func lowered(names []string) []string {
	out := make([]string, 0, len(names))
	for _, n := range names {
		if n = strings.ToLower(strings.TrimSpace(n)); n != "" && len(n) <= 200 {
			out = append(out, n)
		}
	}
	return out
}

// SignMissing files signatures of revisions that were published before there were any, newest first, at most
// limit at a time, so that files without a key find them. It returns how many it filed.
func (s *Store) SignMissing(ctx context.Context, limit int) (int, error) {
	const list = `
		select r.id, r.document_id, d.collection_id, r.title, r.file_name, r.source, r.path, c.text, c.blocks
		from revisions r
		join documents d on d.id = r.document_id
		join contents c on c.id = r.content_id
		where r.status in ('published', 'withdrawn') and not exists (select from signatures where revision_id = r.id)
		order by r.id desc limit $1`
	rows, err := s.pool.Query(ctx, list, limit)
	if err != nil {
		return 0, fmt.Errorf("list revisions without signature: %w", err)
	}
	missing, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*identification, error) {
		id := &identification{}
		var stored []byte
		err := row.Scan(&id.rev.ID, &id.rev.DocumentID, &id.collectionID, &id.rev.Title, &id.rev.FileName, &id.rev.Source,
			&id.rev.Path, &id.reading.Text, &stored)
		if err == nil {
			id.reading.Blocks, err = blocksOf(id.reading.Text, stored)
		}
		if likeness.Title(id.rev.Title) == likeness.Name(id.rev.FileName) {
			id.rev.Title = "" // what the file's name made of it
		}
		return id, err
	})
	if err != nil {
		return 0, fmt.Errorf("list revisions without signature: %w", err)
	}
	for i, id := range missing {
		id.signature, id.subject = likeness.Sign(id.reading.Text), subjectOf(id.rev, id.reading)
		err := postgres.InTx(ctx, s.pool, func(tx pgx.Tx) error {
			id.tx = tx
			return id.sign(ctx)
		})
		if err != nil {
			return i, err
		}
	}
	return len(missing), nil
}
