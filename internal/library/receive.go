package library

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
)

// Arrival is a file at the door, its bytes already hashed and at hand.
type Arrival struct {
	Collection     string
	Key            string
	Title          string // "" lets the document's own title stand
	FileName       string
	MediaType      string
	Source         string
	CreatedBy      string
	SHA256         [32]byte
	Size           int64
	Body           io.Reader  // read at most once, and only if these bytes are new
	EffectiveFrom  *time.Time // as the uploader says; nil: not said
	EffectiveUntil *time.Time
}

// Outcome says what an arrival came to.
type Outcome int

// What an arrival can come to.
const (
	Added       Outcome = iota // a new revision, queued: it needs a job
	Requeued                   // a revision that had failed or was held is queued again: it needs a job
	Unchanged                  // these bytes are what the document already says
	Republished                // bytes of an earlier revision: that one is in force again, no job needed
)

var collectionName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}$`)

// Receive files an arrival under its collection and key, which are made when they are new.
// Bytes that this document has had before make no new revision.
func (s *Store) Receive(ctx context.Context, tx pgx.Tx, a Arrival) (Revision, Outcome, error) {
	if err := a.check(); err != nil {
		return Revision{}, 0, err
	}
	a.EffectiveFrom, a.EffectiveUntil = microseconds(a.EffectiveFrom), microseconds(a.EffectiveUntil)
	documentID, err := openDocument(ctx, tx, a.Collection, a.Key)
	if err != nil {
		return Revision{}, 0, err
	}
	seen, err := newestWithBytes(ctx, tx, documentID, a.SHA256)
	if err != nil {
		return Revision{}, 0, err
	}
	if seen != nil {
		return receiveAgain(ctx, tx, a, *seen)
	}
	if err := saveOriginal(ctx, tx, a.SHA256, a.Size, a.Body); err != nil {
		return Revision{}, 0, err
	}
	rev, err := addRevision(ctx, tx, documentID, a)
	return rev, Added, err
}

// microseconds cuts an instant to what Postgres keeps, so that it compares equal when it is read back.
func microseconds(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	cut := t.Truncate(time.Microsecond)
	return &cut
}

func (a Arrival) check() error {
	if !collectionName.MatchString(a.Collection) {
		return fault.Newf(fault.Invalid, "invalid_collection",
			"A collection's name has 1–63 lower-case letters, digits, dots, dashes and underscores, and begins with a letter or digit.")
	}
	if n := len(a.Key); n == 0 || n > 1024 {
		return fault.Newf(fault.Invalid, "invalid_document_key", "A document's key has 1–1,024 bytes; this one has %d.", n)
	}
	for _, t := range []*time.Time{a.EffectiveFrom, a.EffectiveUntil} {
		if t != nil && (t.Year() < 1900 || t.Year() > 9999) {
			return fault.Newf(fault.Invalid, "invalid_dates",
				"The year %d can't be right for a document; dates lie between 1900 and 9999.", t.Year())
		}
	}
	if a.EffectiveFrom != nil && a.EffectiveUntil != nil && !a.EffectiveFrom.Before(*a.EffectiveUntil) {
		return fault.Newf(fault.Invalid, "invalid_dates", "effective_until must be later than effective_from.")
	}
	return nil
}

// openDocument returns the document of that key, locked, and makes it when it is new.
func openDocument(ctx context.Context, tx pgx.Tx, collection, key string) (int64, error) {
	// Look before inserting: an insert that meets a conflict still draws a number and locks.
	var collectionID int64
	err := tx.QueryRow(ctx, `
		with made as (
			insert into collections (name) select $1 where not exists (select from collections where name = $1)
			on conflict (name) do nothing returning id)
		select id from made union all select id from collections where name = $1 limit 1`, collection).Scan(&collectionID)
	if errors.Is(err, pgx.ErrNoRows) { // made by another at this moment: visible to the next statement
		err = tx.QueryRow(ctx, `select id from collections where name = $1`, collection).Scan(&collectionID)
	}
	if err != nil {
		return 0, fmt.Errorf("open collection %q: %w", collection, err)
	}
	if _, err := tx.Exec(ctx, `
		insert into documents (collection_id, key) select $1, $2
		where not exists (select from documents where collection_id = $1 and key = $2)
		on conflict (collection_id, key) do nothing`, collectionID, key); err != nil {
		return 0, fmt.Errorf("make document %q: %w", key, err)
	}
	var id int64
	err = tx.QueryRow(ctx, `select id from documents where collection_id = $1 and key = $2 for update`,
		collectionID, key).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("open document %q: %w", key, err)
	}
	return id, nil
}

func newestWithBytes(ctx context.Context, tx pgx.Tx, documentID int64, sha256 [32]byte) (*Revision, error) {
	revs, err := selectRevisions(ctx, tx,
		`r.document_id = $1 and r.original_sha256 = $2 order by r.number desc limit 1`, documentID, sha256[:])
	if err != nil || len(revs) == 0 {
		return nil, err
	}
	return &revs[0], nil
}

func addRevision(ctx context.Context, tx pgx.Tx, documentID int64, a Arrival) (Revision, error) {
	const insert = `
		insert into revisions (document_id, number, original_sha256, title, file_name, media_type, size, source,
			created_by, received_at, status, stage, effective_from, effective_until, effective_source)
		select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8, t.now, 'queued', 'waiting',
			coalesce($9, t.now), $10, case when $9::timestamptz is null then 'upload_time' else 'explicit' end
		from (select clock_timestamp() as now) t left join revisions on document_id = $1
		group by t.now
		returning id`
	var id int64
	err := tx.QueryRow(ctx, insert, documentID, a.SHA256[:], a.Title, a.FileName, a.MediaType, a.Size, a.Source,
		a.CreatedBy, a.EffectiveFrom, a.EffectiveUntil).Scan(&id)
	if isCheckViolation(err) {
		return Revision{}, fault.Wrapf(err, fault.Invalid, "invalid_dates",
			"effective_until lies before the moment from which this revision would apply; give effective_from, too.")
	}
	if err != nil {
		return Revision{}, fmt.Errorf("add revision: %w", err)
	}
	return revisionByID(ctx, tx, id)
}

// receiveAgain decides what bytes mean that this document has had before.
func receiveAgain(ctx context.Context, tx pgx.Tx, a Arrival, seen Revision) (Revision, Outcome, error) {
	sameDates := (a.EffectiveFrom == nil || a.EffectiveFrom.Equal(seen.EffectiveFrom)) &&
		(a.EffectiveUntil == nil || seen.EffectiveUntil != nil && a.EffectiveUntil.Equal(*seen.EffectiveUntil))
	switch seen.Status {
	case Queued, Running:
		if sameDates {
			return seen, Unchanged, nil
		}
		return Revision{}, 0, fault.Newf(fault.Conflict, "still_processing",
			"This file is being processed with other dates; send it again when it is published.")
	case Failed, Held, Rejected, Duplicate:
		rev, err := requeue(ctx, tx, a, seen.ID)
		return rev, Requeued, err
	}
	newer, err := hasNewerPending(ctx, tx, seen)
	if err != nil {
		return Revision{}, 0, err
	}
	if sameDates && !newer && (seen.InForce || seen.Scheduled) {
		return seen, Unchanged, nil
	}
	if a.EffectiveFrom == nil && seen.Status == Published && (seen.EffectiveBy == FrontMatter || seen.EffectiveBy == FromText) {
		return seen, Unchanged, nil // its own words date it: an old file that arrives again stays history
	}
	if a.EffectiveFrom != nil && sameDates && seen.Status == Published {
		return seen, Unchanged, nil // the uploader dates it as before: its place in history is known
	}
	if err := Republish(ctx, tx, seen, a.EffectiveFrom, a.EffectiveUntil); err != nil {
		return Revision{}, 0, err
	}
	rev, err := revisionByID(ctx, tx, seen.ID)
	return rev, Republished, err
}

// requeue gives a revision that failed another try, as what the bytes are called now: the old name may be
// why it failed.
func requeue(ctx context.Context, tx pgx.Tx, a Arrival, id int64) (Revision, error) {
	const update = `
		update revisions set status = 'queued', stage = 'waiting', reason_code = '', reason_message = '',
			title = case when $4 = '' then title else $4 end, file_name = $5, media_type = $6, source = $7,
			effective_from = coalesce($2, clock_timestamp()), effective_until = $3,
			effective_source = case when $2::timestamptz is null then 'upload_time' else 'explicit' end
		where id = $1`
	_, err := tx.Exec(ctx, update, id, a.EffectiveFrom, a.EffectiveUntil, a.Title, a.FileName, a.MediaType, a.Source)
	if err != nil {
		return Revision{}, fmt.Errorf("queue revision %d again: %w", id, err)
	}
	return revisionByID(ctx, tx, id)
}

// hasNewerPending reports whether a later arrival of the document is still on its way.
func hasNewerPending(ctx context.Context, tx pgx.Tx, seen Revision) (bool, error) {
	var newer bool
	err := tx.QueryRow(ctx, `
		select exists (select from revisions where document_id = $1 and number > $2 and status in ('queued', 'running'))`,
		seen.DocumentID, seen.Number).Scan(&newer)
	if err != nil {
		return false, fmt.Errorf("look for pending revisions: %w", err)
	}
	return newer, nil
}
