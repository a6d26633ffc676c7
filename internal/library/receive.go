package library

import (
	"cmp"
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
	// IsKeyDerived says that nobody named the document: Key was made of Path, and only proposes.
	IsKeyDerived bool
	Path         string   // below Source, or the file's name
	Supersedes   []string // keys or ids of documents of this collection
	Amends       []string
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
	collectionID, err := openCollection(ctx, tx, a.Collection)
	if err != nil {
		return Revision{}, 0, err
	}
	at, err := locate(ctx, tx, collectionID, a)
	if err != nil {
		return Revision{}, 0, err
	}
	if at.settled != nil {
		return *at.settled, Unchanged, nil
	}
	documentID, isNew, err := openDocument(ctx, tx, collectionID, at.key)
	if err != nil {
		return Revision{}, 0, err
	}
	if at.rule == ByName && isNew {
		at.rule = NotYet
	}
	if err := checkTakeovers(ctx, tx, documentID, at.supersedes); err != nil {
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
	rev, err := addRevision(ctx, tx, documentID, a, at)
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

// openCollection returns the collection's id, and makes it when it is new.
func openCollection(ctx context.Context, tx pgx.Tx, name string) (int64, error) {
	// Look before inserting: an insert that meets a conflict still draws a number and locks.
	var id int64
	err := tx.QueryRow(ctx, `
		with made as (
			insert into collections (name) select $1 where not exists (select from collections where name = $1)
			on conflict (name) do nothing returning id)
		select id from made union all select id from collections where name = $1 limit 1`, name).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) { // made by another at this moment: visible to the next statement
		err = tx.QueryRow(ctx, `select id from collections where name = $1`, name).Scan(&id)
	}
	if err != nil {
		return 0, fmt.Errorf("open collection %q: %w", name, err)
	}
	return id, nil
}

// openDocument returns the document of that key, locked, and makes it when it is new.
func openDocument(ctx context.Context, tx pgx.Tx, collectionID int64, key string) (id int64, isNew bool, err error) {
	tag, err := tx.Exec(ctx, `
		insert into documents (collection_id, key) select $1, $2
		where not exists (select from documents where collection_id = $1 and key = $2)
		on conflict (collection_id, key) do nothing`, collectionID, key)
	if err != nil {
		return 0, false, fmt.Errorf("make document %q: %w", key, err)
	}
	err = tx.QueryRow(ctx, `select id from documents where collection_id = $1 and key = $2 for update`,
		collectionID, key).Scan(&id)
	if err != nil {
		return 0, false, fmt.Errorf("open document %q: %w", key, err)
	}
	return id, tag.RowsAffected() == 1, nil
}

func newestWithBytes(ctx context.Context, tx pgx.Tx, documentID int64, sha256 [32]byte) (*Revision, error) {
	revs, err := selectRevisions(ctx, tx,
		`r.document_id = $1 and r.original_sha256 = $2 order by r.number desc limit 1`, documentID, sha256[:])
	if err != nil || len(revs) == 0 {
		return nil, err
	}
	return &revs[0], nil
}

func addRevision(ctx context.Context, tx pgx.Tx, documentID int64, a Arrival, at location) (Revision, error) {
	const insert = `
		insert into revisions (document_id, number, original_sha256, title, file_name, media_type, size, source,
			created_by, received_at, status, stage, effective_from, effective_until, effective_source, path,
			identified_by, supersedes, amends)
		select $1, greatest(max(number), (select max(number) from moved_revisions where document_id = $1), 0) + 1, $2, $3, $4, $5, $6, $7, $8, t.now, 'queued', 'waiting',
			coalesce($9, t.now), $10, case when $9::timestamptz is null then 'upload_time' else 'explicit' end,
			$11, $12, $13, $14
		from (select clock_timestamp() as now) t left join revisions on document_id = $1
		group by t.now
		returning id`
	var id int64
	err := tx.QueryRow(ctx, insert, documentID, a.SHA256[:], a.Title, a.FileName, a.MediaType, a.Size, a.Source,
		a.CreatedBy, a.EffectiveFrom, a.EffectiveUntil, cmp.Or(a.Path, a.FileName), at.rule, ids(at.supersedes),
		ids(at.amends)).Scan(&id)
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
	if a.IsKeyDerived && a.EffectiveFrom == nil && !mayComeAgain(seen) {
		return seen, Unchanged, nil
	}
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
	if seen.HistoryDroppedAt != nil { // its text is gone: it is processed anew
		if err := saveOriginal(ctx, tx, a.SHA256, a.Size, a.Body); err != nil {
			return Revision{}, 0, err
		}
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
	if a.IsKeyDerived && a.EffectiveFrom == nil {
		if hasCurrent, err := hasRevisionInForce(ctx, tx, seen.DocumentID); err != nil || !hasCurrent {
			return seen, Unchanged, err // its document has ended: an old copy does not revive it
		}
	}
	if err := Republish(ctx, tx, seen, a.EffectiveFrom, a.EffectiveUntil); err != nil {
		return Revision{}, 0, err
	}
	rev, err := revisionByID(ctx, tx, seen.ID)
	return rev, Republished, err
}

// mayComeAgain reports whether bytes that nobody gave a key may change anything when they come again: what
// waits for a person or was decided by one stays so, and an old copy brings back nothing that has ended.
func mayComeAgain(seen Revision) bool {
	switch seen.Status {
	case Held, Rejected, Duplicate, Withdrawn:
		return false
	}
	return true
}

// requeue gives a revision that failed another try, as what the bytes are called now: the old name may be
// why it failed.
func requeue(ctx context.Context, tx pgx.Tx, a Arrival, id int64) (Revision, error) {
	const update = `
		update revisions set status = 'queued', stage = 'waiting', reason_code = '', reason_message = '',
			title = case when $4 = '' then title else $4 end, file_name = $5, media_type = $6, source = $7,
			path = $8, duplicate_of = null, is_order_decided = false, history_dropped_at = null,
			effective_from = coalesce($2, clock_timestamp()), effective_until = $3,
			effective_source = case when $2::timestamptz is null then 'upload_time' else 'explicit' end
		where id = $1`
	_, err := tx.Exec(ctx, update, id, a.EffectiveFrom, a.EffectiveUntil, a.Title, a.FileName, a.MediaType, a.Source,
		cmp.Or(a.Path, a.FileName))
	if err == nil { // what it was held for is asked anew
		_, err = tx.Exec(ctx, `delete from reviews where revision_id = $1 and decided_at is null`, id)
	}
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

func hasRevisionInForce(ctx context.Context, tx pgx.Tx, documentID int64) (bool, error) {
	var has bool
	err := tx.QueryRow(ctx, `
		select exists (select from publications
			where document_id = $1 and upper_inf(recorded) and valid @> statement_timestamp())`, documentID).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("look for a revision in force: %w", err)
	}
	return has, nil
}
