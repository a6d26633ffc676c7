package library

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/likeness"
)

// state is another revision of a document, as far as its place in time goes.
type state struct {
	revisionID int64
	number     int
	from       time.Time
	by         DateSource
	label      likeness.Label
}

// latest is the state that applies last of those that a document has or will have; nil if it has none. What was
// not read yet has no date yet.
func latest(ctx context.Context, tx pgx.Tx, documentID, exceptRevision int64) (*state, error) {
	var s state
	var version, fileName, title string
	err := tx.QueryRow(ctx, `
		select r.id, r.number, r.effective_from, r.effective_source, r.version_label, r.file_name, r.title
		from revisions r
		where r.document_id = $1 and r.id <> $2 and (r.status = 'published'
			or r.status in ('queued', 'running') and exists (select from signatures where revision_id = r.id))
		order by r.effective_from desc, r.number desc limit 1`, documentID, exceptRevision).
		Scan(&s.revisionID, &s.number, &s.from, &s.by, &version, &fileName, &title)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the latest state: %w", err)
	}
	s.label = labelOf(version, fileName, title)
	return &s, nil
}

// isOrderCertain reports whether the revision's place among a document's states is beyond doubt, and why or
// why not, as the rest of a sentence.
func (id *identification) isOrderCertain(ctx context.Context, c candidate) (bool, string, error) {
	last, err := latest(ctx, id.tx, c.documentID, id.rev.ID)
	if err != nil {
		return false, "", err
	}
	if last == nil {
		return false, "It is like a document of which nothing applies any more; say whether it continues it.", nil
	}
	byLabel := id.label.Compare(last.label)
	switch {
	case id.rev.EffectiveBy.isStated() && last.by.isStated():
		sameDay, err := id.hasStart(ctx, c.documentID, id.rev.EffectiveFrom)
		if err != nil {
			return false, "", err
		}
		if sameDay && c.score.HoldsAll && id.rev.EffectiveFrom.Equal(last.from) {
			return true, "it says all that the other says of the same day.", nil
		}
		if sameDay {
			return false, "It applies from the same day as a revision of the document that it is like, and says something else.", nil
		}
		return true, "both say from when they apply.", nil
	case id.rev.EffectiveBy.isStated() && id.rev.EffectiveFrom.After(last.from):
		return true, "it applies from a day after the other came.", nil
	case id.rev.EffectiveBy.isStated() && byLabel < 0:
		return true, "its version is an earlier one.", nil
	case !id.rev.EffectiveBy.isStated() && byLabel > 0 && !last.from.After(id.rev.ReceivedAt):
		return true, "its version is a later one.", id.dateByArrival(ctx, last)
	}
	return false, "It is like a document, but nothing says for certain which of the two is newer.", nil
}

// dateByArrival lets a revision of a later version apply from when it came, where the time of its file would
// put it before an earlier version: copies and exports change that time.
func (id *identification) dateByArrival(ctx context.Context, last *state) error {
	if !id.rev.EffectiveFrom.Before(last.from) {
		return nil
	}
	_, err := id.tx.Exec(ctx, `
		update revisions set effective_from = received_at, effective_source = 'upload_time', effective_quote = '' where id = $1`, id.rev.ID)
	if err != nil {
		return fmt.Errorf("date by arrival: %w", err)
	}
	id.rev, err = revisionByID(ctx, id.tx, id.rev.ID)
	return err
}

func (id *identification) hasStart(ctx context.Context, documentID int64, from time.Time) (bool, error) {
	var has bool
	err := id.tx.QueryRow(ctx, `
		select exists (select from revisions where document_id = $1 and id <> $2 and effective_from = $3
			and status in ('queued', 'running', 'published'))`, documentID, id.rev.ID, from).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("compare starts: %w", err)
	}
	return has, nil
}

// order holds a revision whose place in time would be a guess: it would be filed behind one whose date is
// only when it came, or continue a document that another one has taken over.
func (id *identification) order(ctx context.Context) (Verdict, error) {
	rev := id.rev
	if rev.IsOrderDecided {
		return GoOn, nil
	}
	isOver, err := id.isTakenOver(ctx)
	if err != nil {
		return GoOn, err
	}
	if isOver {
		return id.hold(ctx, ReviewOrder, "document_taken_over",
			"Another document has taken this one over by then; publish it to let it apply again, or file it into history with its dates.")
	}
	if rev.EffectiveBy == Explicit {
		return GoOn, nil
	}
	last, err := latest(ctx, id.tx, rev.DocumentID, rev.ID)
	if err != nil || last == nil || !rev.EffectiveFrom.Before(last.from) || rev.EffectiveBy == UploadTime {
		return GoOn, err
	}
	byLabel := id.label.Compare(last.label)
	if rev.EffectiveBy.isStated() && last.by.isStated() || byLabel < 0 {
		return GoOn, nil
	}
	// Of two that only clocks date, the later version is the newer, or the one that was sent later as the next
	// state of this very document.
	isNext := byLabel > 0 || rev.IdentifiedBy == ByKey || rev.IdentifiedBy == BySource
	if isNext && !rev.EffectiveBy.isStated() && !last.by.isStated() {
		return GoOn, id.dateByArrival(ctx, last)
	}
	return id.hold(ctx, ReviewOrder, "unclear_order", fmt.Sprintf(
		"It applies from %s, but of revision %d is only known when it was made or came; say whether this one is newer (publish) or older (file it into history).",
		rev.EffectiveFrom.Format("2 January 2006"), last.number))
}

func (id *identification) isTakenOver(ctx context.Context) (bool, error) {
	var is bool
	err := id.tx.QueryRow(ctx, `select exists (select from supersessions where document_id = $1 and at <= $2)`,
		id.rev.DocumentID, id.rev.EffectiveFrom).Scan(&is)
	if err != nil {
		return false, fmt.Errorf("look for a takeover: %w", err)
	}
	return is, nil
}
