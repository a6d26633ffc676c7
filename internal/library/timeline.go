package library

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// publication is a row that is held to be true now: recorded has no end.
type publication struct {
	id         int64
	revisionID int64
	number     int
	from       time.Time
	until      *time.Time
}

// claim is the time that a revision asks for.
type claim struct {
	documentID, revisionID int64
	number                 int
	from                   time.Time
	until                  *time.Time
	// decided is set when a person puts a revision in force: it then wins over a later number
	// that begins at the same instant.
	decided bool
}

// timeline is one document's publications, locked, and the instant at which they are changed.
type timeline struct {
	tx  pgx.Tx
	now time.Time
	all []publication
	// takenOver is when another document took this one over; nil if none did.
	takenOver *time.Time
	// withdrawn are the instants at which a person ended what was in force then. They stand also when a file
	// that arrives late takes the place of the withdrawn revision.
	withdrawn []time.Time
}

// openTimeline locks the document. The instant is taken after the lock and is later than any recorded
// one, so recorded time never runs backwards even if the clock does.
func openTimeline(ctx context.Context, tx pgx.Tx, documentID int64) (*timeline, error) {
	if err := lockDocument(ctx, tx, documentID); err != nil {
		return nil, err
	}
	t := &timeline{tx: tx}
	err := tx.QueryRow(ctx, `
		select greatest(clock_timestamp(), max(lower(recorded)) + interval '1 microsecond',
			max(upper(recorded)) + interval '1 microsecond'), (select min(at) from supersessions where document_id = $1),
			array(select at from withdrawals where document_id = $1)
		from publications where document_id = $1`, documentID).Scan(&t.now, &t.takenOver, &t.withdrawn)
	if err != nil {
		return nil, fmt.Errorf("read the clock: %w", err)
	}
	rows, err := tx.Query(ctx, `
		select b.id, b.revision_id, r.number, lower(b.valid), upper(b.valid)
		from publications b join revisions r on r.id = b.revision_id
		where b.document_id = $1 and upper_inf(b.recorded)
		order by lower(b.valid)`, documentID)
	if err != nil {
		return nil, fmt.Errorf("read publications: %w", err)
	}
	t.all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (publication, error) {
		var p publication
		err := row.Scan(&p.id, &p.revisionID, &p.number, &p.from, &p.until)
		return p, err
	})
	if err != nil {
		return nil, fmt.Errorf("read publications: %w", err)
	}
	return t, nil
}

// place gives a revision its time. What is in force at its start ends there; what begins later stays
// and ends it, so a late arrival is filed into history and never takes over (rule 7). A withdrawal
// bounds what begins before it in the same way. It reports whether the revision got any time at all.
func (t *timeline) place(ctx context.Context, c claim) (bool, error) {
	until, endedBy := c.until, ""
	if until != nil {
		endedBy = "expired"
	}
	bound := func(at time.Time, by string) {
		if at.After(c.from) && (until == nil || at.Before(*until)) {
			until, endedBy = &at, by
		}
	}
	if !c.decided && t.isTakenOver(c.from) {
		return false, nil // another document speaks for it by then
	}
	if t.takenOver != nil && !c.decided {
		bound(*t.takenOver, "superseded")
	}
	for _, p := range t.all {
		if p.from.Equal(c.from) && p.number > c.number && !c.decided {
			return false, nil // a newer revision begins at the same instant
		}
		bound(p.from, "superseded")
	}
	if c.decided {
		if err := t.overrule(ctx, c.documentID, c.from, until); err != nil {
			return false, err
		}
	} else {
		for _, at := range t.withdrawn {
			bound(at, "withdrawn")
		}
	}
	for _, p := range t.all {
		if p.from.After(c.from) || p.until != nil && !p.until.After(c.from) {
			continue
		}
		if err := t.cut(ctx, c.documentID, p, c.from, "superseded"); err != nil {
			return false, err
		}
	}
	return true, t.open(ctx, c.documentID, c.revisionID, c.from, until, endedBy)
}

// overrule forgets the withdrawals that a person's decision for a revision covers.
func (t *timeline) overrule(ctx context.Context, documentID int64, from time.Time, until *time.Time) error {
	_, err := t.tx.Exec(ctx, `
		delete from withdrawals where document_id = $1 and at >= $2 and ($3::timestamptz is null or at < $3)`, documentID, from, until)
	if err != nil {
		return fmt.Errorf("overrule withdrawals: %w", err)
	}
	return nil
}

// isTakenOver reports whether another document has taken this one's place by the given instant.
func (t *timeline) isTakenOver(at time.Time) bool {
	return t.takenOver != nil && !at.Before(*t.takenOver)
}

// grace keeps passages that have just ended in the hot table. A search reads the clock a moment before it
// takes its snapshot: for it the old revision is still in force although the new one is committed.
const grace = time.Minute

// cut ends a publication at the given instant: the row that said otherwise stays as what was known
// until now, a new row says what is true from now on, if anything is left of it.
func (t *timeline) cut(ctx context.Context, documentID int64, p publication, at time.Time, endedBy string) error {
	_, err := t.tx.Exec(ctx, `update publications set recorded = tstzrange(lower(recorded), $2) where id = $1`, p.id, t.now)
	if err != nil {
		return fmt.Errorf("close publication %d: %w", p.id, err)
	}
	if !at.After(p.from) || at.Before(t.now.Add(-grace)) { // nothing left, or history: out of the hot table
		if _, err := t.tx.Exec(ctx, `delete from passages where publication_id = $1`, p.id); err != nil {
			return fmt.Errorf("move passages to history: %w", err)
		}
	}
	if !at.After(p.from) {
		return nil
	}
	id, err := t.record(ctx, documentID, p.revisionID, p.from, &at, endedBy)
	if err != nil {
		return err
	}
	_, err = t.tx.Exec(ctx, `
		update passages set publication_id = $2, valid = tstzrange($3, $4) where publication_id = $1`, p.id, id, p.from, at)
	if err != nil {
		return fmt.Errorf("shorten passages: %w", err)
	}
	return nil
}

// open records a publication and makes its passages findable if they are or will be in force.
func (t *timeline) open(ctx context.Context, documentID, revisionID int64, from time.Time, until *time.Time, endedBy string) error {
	id, err := t.record(ctx, documentID, revisionID, from, until, endedBy)
	if err != nil {
		return err
	}
	if until != nil && !until.After(t.now) {
		return nil
	}
	_, err = t.tx.Exec(ctx, `
		insert into passages (publication_id, chunk_id, document_id, collection_id, valid, embedding, terms, weights)
		select $1, c.id, d.id, d.collection_id, tstzrange($3, $4), c.embedding, c.terms,
			bm25_weights(c.terms, c.counts, c.words, s.weighted_words)
		from revisions r
		join documents d on d.id = r.document_id
		join chunks c on c.content_id = r.content_id
		cross join lexical_statistics s
		where r.id = $2
		order by c.ordinal`, id, revisionID, from, until)
	if err != nil {
		return fmt.Errorf("make passages findable: %w", err)
	}
	return nil
}

func (t *timeline) record(ctx context.Context, documentID, revisionID int64, from time.Time, until *time.Time, endedBy string) (int64, error) {
	var id int64
	err := t.tx.QueryRow(ctx, `
		insert into publications (document_id, revision_id, valid, recorded, ended_by)
		values ($1, $2, tstzrange($3, $4), tstzrange($5, null), $6) returning id`,
		documentID, revisionID, from, until, t.now, endedBy).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("record publication: %w", err)
	}
	return id, nil
}
