package library

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/chunk"
)

// selectRevisions reads revisions with their standing by the database's clock. The condition is
// SQL of this room, never of a caller, over r (revisions), d (documents), k (collections). It is the
// statement's time, not the transaction's: a caller may have published in the same one.
func selectRevisions(ctx context.Context, q querier, condition string, args ...any) ([]Revision, error) {
	rows, err := q.Query(ctx, `
		select r.id, r.document_id, d.key, k.name, r.number, r.title, r.file_name, r.media_type, r.size,
			r.original_sha256, r.source, r.created_by, r.received_at, r.status, r.stage, r.reason_code,
			r.reason_message, coalesce(b.in_force, false), coalesce(b.scheduled, false),
			case when b.valid_from is null or r.status in ('queued', 'running', 'held') then r.effective_from else b.valid_from end,
			case when b.valid_from is null or r.status in ('queued', 'running', 'held') then r.effective_until else b.valid_until end,
			r.effective_source, r.published_at, coalesce(c.chunks, 0), r.effective_quote, r.path, r.identified_by,
			r.identity, o.document_id, o.number, r.version_label, r.is_order_decided, r.history_dropped_at,
			r.supersedes, r.amends
		from revisions r
		join documents d on d.id = r.document_id
		join collections k on k.id = d.collection_id
		left join contents c on c.id = r.content_id
		left join revisions o on o.id = r.duplicate_of
		left join lateral (
			select lower(valid) as valid_from, upper(valid) as valid_until, valid @> statement_timestamp() as in_force,
				lower(valid) > statement_timestamp() as scheduled
			from publications where revision_id = r.id and upper_inf(recorded)
			order by valid @> statement_timestamp() desc, lower(valid) > statement_timestamp() desc, lower(valid) desc limit 1
		) b on true
		where `+condition, args...)
	if err != nil {
		return nil, fmt.Errorf("read revisions: %w", err)
	}
	revs, err := pgx.CollectRows(rows, scanRevision)
	if err != nil {
		return nil, fmt.Errorf("read revisions: %w", err)
	}
	return revs, nil
}

func scanRevision(row pgx.CollectableRow) (Revision, error) {
	var r Revision
	var sha []byte
	var ofDocument *int64
	var ofNumber *int
	err := row.Scan(&r.ID, &r.DocumentID, &r.DocumentKey, &r.Collection, &r.Number, &r.Title, &r.FileName,
		&r.MediaType, &r.Size, &sha, &r.Source, &r.CreatedBy, &r.ReceivedAt, &r.Status, &r.Stage, &r.ReasonCode,
		&r.ReasonMessage, &r.InForce, &r.Scheduled, &r.EffectiveFrom, &r.EffectiveUntil, &r.EffectiveBy,
		&r.PublishedAt, &r.Chunks, &r.EffectiveQuote, &r.Path, &r.IdentifiedBy, &r.Identity, &ofDocument, &ofNumber,
		&r.VersionLabel, &r.IsOrderDecided, &r.HistoryDroppedAt, &r.supersedes, &r.amends)
	if ofDocument != nil {
		r.DuplicateOf = &RevisionRef{DocumentID: *ofDocument, Number: *ofNumber}
	}
	copy(r.SHA256[:], sha)
	r.Superseded = r.Status == Published && !r.InForce && !r.Scheduled
	r.EffectiveFrom, r.ReceivedAt = r.EffectiveFrom.UTC(), r.ReceivedAt.UTC()
	r.EffectiveUntil, r.PublishedAt, r.HistoryDroppedAt = utc(r.EffectiveUntil), utc(r.PublishedAt), utc(r.HistoryDroppedAt)
	return r, err
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

func revisionByID(ctx context.Context, q querier, id int64) (Revision, error) {
	revs, err := selectRevisions(ctx, q, `r.id = $1`, id)
	if err != nil {
		return Revision{}, err
	}
	if len(revs) == 0 {
		return Revision{}, errNoDocument()
	}
	return revs[0], nil
}

// RevisionByID returns one revision by its internal id.
func (s *Store) RevisionByID(ctx context.Context, id int64) (Revision, error) {
	return revisionByID(ctx, s.pool, id)
}

// Revision returns revision number of a document, also under the document where it was first filed.
func (s *Store) Revision(ctx context.Context, documentID int64, number int) (Revision, error) {
	revs, err := selectRevisions(ctx, s.pool, `r.document_id = $1 and r.number = $2`, documentID, number)
	if err != nil {
		return Revision{}, err
	}
	if len(revs) == 0 {
		if revs, err = movedRevisions(ctx, s.pool, documentID, number); err != nil {
			return Revision{}, err
		}
	}
	if len(revs) == 0 {
		return Revision{}, errNoRevision(number)
	}
	return revs[0], nil
}

// movedRevisions finds the revision that was first filed under that document and number; any number if 0.
func movedRevisions(ctx context.Context, q querier, documentID int64, number int) ([]Revision, error) {
	return selectRevisions(ctx, q, `r.id = (select revision_id from moved_revisions
		where document_id = $1 and ($2 = 0 or number = $2) order by number desc limit 1)`, documentID, number)
}

// Revisions returns a document's history, newest first.
func (s *Store) Revisions(ctx context.Context, documentID int64) ([]Revision, error) {
	return selectRevisions(ctx, s.pool, `r.document_id = $1 order by r.number desc`, documentID)
}

// RevisionText returns the cleaned text that chunks and citations point into; "" before staging.
// Errors: history_dropped.
func (s *Store) RevisionText(ctx context.Context, rev Revision) (string, error) {
	var text string
	err := s.pool.QueryRow(ctx, `
		select coalesce((select c.text from contents c join revisions r on r.content_id = c.id where r.id = $1), '')`,
		rev.ID).Scan(&text)
	if err != nil {
		return "", fmt.Errorf("read text of revision %d: %w", rev.ID, err)
	}
	if text == "" && rev.HistoryDroppedAt != nil {
		return "", errHistoryDropped(rev)
	}
	return text, nil
}

// ChunkRefs returns where the chunks of a revision stand, in the order of its text.
func (s *Store) ChunkRefs(ctx context.Context, rev Revision) ([]chunk.Ref, error) {
	rows, err := s.pool.Query(ctx, `
		select c.start_offset, c.end_offset, c.page, c.headings
		from chunks c join revisions r on r.content_id = c.content_id
		where r.id = $1
		order by c.ordinal`, rev.ID)
	if err != nil {
		return nil, fmt.Errorf("read chunks of revision %d: %w", rev.ID, err)
	}
	refs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[chunk.Ref])
	if err != nil {
		return nil, fmt.Errorf("read chunks of revision %d: %w", rev.ID, err)
	}
	return refs, nil
}

// Collections returns the names of all collections in order.
func (s *Store) Collections(ctx context.Context) ([]string, error) {
	rows, err := s.pool.Query(ctx, `select name from collections order by name`)
	if err != nil {
		return nil, fmt.Errorf("list collections: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("list collections: %w", err)
	}
	return names, nil
}

// Document returns one document. An id under which a file was first filed gives the document that it was
// found to belong to.
func (s *Store) Document(ctx context.Context, id int64) (Document, error) {
	docs, err := s.documents(ctx, []int64{id})
	if err != nil {
		return Document{}, err
	}
	if len(docs) == 0 {
		moved, err := movedRevisions(ctx, s.pool, id, 0)
		if err != nil {
			return Document{}, err
		}
		if len(moved) > 0 {
			docs, err = s.documents(ctx, []int64{moved[0].DocumentID})
		}
		if err != nil {
			return Document{}, err
		}
	}
	if len(docs) == 0 {
		return Document{}, errNoDocument()
	}
	return docs[0], nil
}

// ListDocuments returns a page of documents, newest first.
func (s *Store) ListDocuments(ctx context.Context, f ListFilter) ([]Document, error) {
	const list = `
		select d.id
		from documents d
		join collections k on k.id = d.collection_id
		join lateral (select title, status from revisions where document_id = d.id order by number desc limit 1) r on true
		where ($1::text[] is null or k.name = any($1)) and ($2 = '' or k.name = $2) and ($3 = '' or r.status = $3)
			and ($4 = '' or strpos(lower(d.key), lower($4)) > 0 or strpos(lower(r.title), lower($4)) > 0)
			and ($5 = '' or d.key = $5) and ($6 = 0 or d.id < $6)
		order by d.id desc
		limit $7`
	if f.Limit <= 0 {
		f.Limit = 50
	}
	rows, err := s.pool.Query(ctx, list, f.Collections, f.Collection, f.Status, f.Text, f.Key, f.After, min(f.Limit, 200))
	if err != nil {
		return nil, fmt.Errorf("list documents: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("list documents: %w", err)
	}
	return s.documents(ctx, ids)
}

// documents reads documents with their current and latest revisions, in the order of ids.
func (s *Store) documents(ctx context.Context, ids []int64) ([]Document, error) {
	rows, err := s.pool.Query(ctx, `
		select d.id, k.name, d.key, d.created_at, count(r.id)::int
		from documents d
		join collections k on k.id = d.collection_id
		join revisions r on r.document_id = d.id
		where d.id = any($1)
		group by d.id, k.name`, ids)
	if err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	docs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Document, error) {
		var d Document
		err := row.Scan(&d.ID, &d.Collection, &d.Key, &d.CreatedAt, &d.Revisions)
		d.CreatedAt = d.CreatedAt.UTC()
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	revs, err := selectRevisions(ctx, s.pool, `r.document_id = any($1) and (coalesce(b.in_force, false)
		or r.number = (select max(number) from revisions where document_id = r.document_id))`, ids)
	if err != nil {
		return nil, err
	}
	return attachRevisions(docs, revs, ids), nil
}

func attachRevisions(docs []Document, revs []Revision, order []int64) []Document {
	byID := make(map[int64]*Document, len(docs))
	for i := range docs {
		byID[docs[i].ID] = &docs[i]
	}
	for _, r := range revs {
		d := byID[r.DocumentID]
		if d == nil {
			continue
		}
		if r.InForce {
			current := r
			d.Current = &current
		}
		if r.Number > d.Latest.Number {
			d.Latest = r
		}
	}
	slices.SortFunc(docs, func(a, b Document) int {
		return slices.Index(order, a.ID) - slices.Index(order, b.ID)
	})
	return docs
}

// RevisionsByID returns those of the revisions that still exist, in no order.
func (s *Store) RevisionsByID(ctx context.Context, ids []int64) ([]Revision, error) {
	return selectRevisions(ctx, s.pool, `r.id = any($1)`, ids)
}

// IsEmpty reports whether the library holds no document at all.
func (s *Store) IsEmpty(ctx context.Context) (bool, error) {
	var isEmpty bool
	if err := s.pool.QueryRow(ctx, `select not exists (select from documents)`).Scan(&isEmpty); err != nil {
		return false, fmt.Errorf("look for documents: %w", err)
	}
	return isEmpty, nil
}

// Counts is how many revisions stand where, for people who watch.
func (s *Store) Counts(ctx context.Context) (map[Status]int, error) {
	rows, err := s.pool.Query(ctx, `select status, count(*)::int from revisions group by status`)
	if err != nil {
		return nil, fmt.Errorf("count revisions: %w", err)
	}
	counts := make(map[Status]int)
	var status Status
	var n int
	_, err = pgx.ForEachRow(rows, []any{&status, &n}, func() error {
		counts[status] = n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count revisions: %w", err)
	}
	return counts, nil
}

// CountPassages is how many passages the hot table holds.
func (s *Store) CountPassages(ctx context.Context) (int, error) {
	var n int
	if err := s.pool.QueryRow(ctx, `select count(*)::int from passages`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count passages: %w", err)
	}
	return n, nil
}
