package library

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
)

// Settle carries out what a person decided about a held revision. It reports whether the revision goes on to
// publication and so needs a job. Files of the same source and name follow the decision from now on.
// Errors: unknown_review, review_closed, invalid_decision, unknown_document, date_needed, invalid_dates.
func Settle(ctx context.Context, tx pgx.Tx, reviewID int64, by string, d Settlement) (rev Revision, goesOn bool, err error) {
	w, err := reviewByID(ctx, tx, reviewID)
	if err != nil {
		return Revision{}, false, err
	}
	// In this order, and before anything else: whoever moves revisions takes documents so.
	if _, err := lockAll(ctx, tx, w.Revision.DocumentID, d.DocumentID); err != nil {
		return Revision{}, false, err
	}
	tag, err := tx.Exec(ctx, `
		update reviews set decided_at = clock_timestamp(), decided_by = $2, decision = $3, target_document_id = nullif($4::bigint, 0)
		where id = $1 and decided_at is null`, reviewID, by, d.Decision, d.DocumentID)
	if isCheckViolation(err) {
		return Revision{}, false, errDecision(w.Kind)
	}
	if err != nil {
		return Revision{}, false, fmt.Errorf("close review: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return Revision{}, false, fault.Newf(fault.Conflict, "review_closed", "This review was decided already: %s by %s.", w.Decision, w.DecidedBy)
	}
	if goesOn, err = w.settle(ctx, tx, by, d); err != nil {
		return Revision{}, false, err
	}
	rev, err = revisionByID(ctx, tx, w.Revision.ID)
	return rev, goesOn, err
}

func (w Review) settle(ctx context.Context, tx pgx.Tx, by string, d Settlement) (goesOn bool, err error) {
	switch {
	case d.Decision == Reject:
		return false, w.reject(ctx, tx, by)
	case w.Kind == ReviewIdentity && d.Decision == Replaces:
		return true, w.giveTo(ctx, tx, by, d, d.DocumentID)
	case w.Kind == ReviewIdentity && d.Decision == NewDocument:
		own, err := ownDocument(ctx, tx, w.Revision)
		if err != nil {
			return false, fmt.Errorf("make a document: %w", err)
		}
		return true, w.giveTo(ctx, tx, by, d, own)
	case w.Kind == ReviewIdentity && d.Decision == PublishIt && strings.HasPrefix(w.Code, "unknown_"):
		return true, w.goOn(ctx, tx, d) // without the relation that nobody could find
	case w.Kind == ReviewIdentity && d.Decision == DuplicateOf:
		return false, w.copyOf(ctx, tx, by, d.DocumentID)
	case w.Kind == ReviewDate && d.Decision == PublishIt && d.EffectiveFrom == nil:
		return false, fault.Newf(fault.Invalid, "date_needed", "Say from when it applies: effective_from.")
	case w.Kind == ReviewOrder && d.Decision == PublishIt && d.EffectiveFrom == nil:
		now := time.Now()
		d.EffectiveFrom = &now
		return true, w.goOn(ctx, tx, d)
	case w.Kind != ReviewIdentity && d.Decision == PublishIt, w.Kind == ReviewOrder && d.Decision == FileIntoHistory:
		return true, w.goOn(ctx, tx, d)
	}
	return false, errDecision(w.Kind)
}

func errDecision(kind ReviewKind) error {
	takes := map[ReviewKind]string{
		ReviewIdentity: "replaces, new_document, duplicate or reject",
		ReviewOrder:    "publish, file_into_history or reject",
		ReviewDate:     "publish (with effective_from) or reject",
	}
	return fault.Newf(fault.Invalid, "invalid_decision", "This review takes the decision %s.", takes[kind])
}

// giveTo makes the revision one of the document's, and lets it go on.
func (w Review) giveTo(ctx context.Context, tx pgx.Tx, by string, d Settlement, documentID int64) error {
	if err := w.checkTarget(ctx, tx, documentID); err != nil {
		return err
	}
	if documentID != w.Revision.DocumentID {
		if err := moveRevision(ctx, tx, w.Revision, documentID); err != nil {
			return err
		}
	}
	if err := w.remember(ctx, tx, by, &documentID); err != nil {
		return err
	}
	return w.goOn(ctx, tx, d)
}

// checkTarget refuses a document that is not there, or lies where other people read.
func (w Review) checkTarget(ctx context.Context, tx pgx.Tx, documentID int64) error {
	var isThere bool
	err := tx.QueryRow(ctx, `
		select exists (select from documents d join collections k on k.id = d.collection_id where d.id = $1 and k.name = $2)`,
		documentID, w.Revision.Collection).Scan(&isThere)
	if err != nil {
		return fmt.Errorf("look for the document: %w", err)
	}
	if !isThere {
		return fault.Newf(fault.Invalid, "unknown_target",
			"The collection %q has no such document; give the document_id of a candidate.", w.Revision.Collection)
	}
	return nil
}

// goOn queues the revision again, its identity and its place in time decided.
func (w Review) goOn(ctx context.Context, tx pgx.Tx, d Settlement) error {
	d.EffectiveFrom, d.EffectiveUntil = microseconds(d.EffectiveFrom), microseconds(d.EffectiveUntil)
	_, err := tx.Exec(ctx, `
		update revisions set status = 'queued', stage = 'waiting', reason_code = '', reason_message = '',
			identified_by = case when $2 then 'decision' else identified_by end,
			is_order_decided = is_order_decided or $3,
			effective_from = coalesce($4, effective_from),
			effective_until = coalesce($5, effective_until),
			effective_source = case when $4::timestamptz is null then effective_source else 'explicit' end
		where id = $1`, w.Revision.ID, w.Kind == ReviewIdentity, w.Kind == ReviewOrder, d.EffectiveFrom, d.EffectiveUntil)
	if isCheckViolation(err) {
		return fault.Wrapf(err, fault.Invalid, "invalid_dates", "effective_until must be later than effective_from.")
	}
	if err != nil {
		return fmt.Errorf("queue revision again: %w", err)
	}
	return nil
}

// copyOf files the revision as saying what the document's nearest revision says.
func (w Review) copyOf(ctx context.Context, tx pgx.Tx, by string, documentID int64) error {
	if err := w.checkTarget(ctx, tx, documentID); err != nil {
		return err
	}
	of, err := nearestRevision(ctx, tx, w, documentID)
	if err != nil {
		return err
	}
	if documentID != w.Revision.DocumentID {
		if err := moveRevision(ctx, tx, w.Revision, documentID); err != nil {
			return err
		}
	}
	if err := w.remember(ctx, tx, by, &documentID); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update revisions set identified_by = 'decision' where id = $1`, w.Revision.ID)
	if err != nil {
		return fmt.Errorf("note the decision: %w", err)
	}
	return markDuplicate(ctx, tx, w.Revision.ID, of)
}

func (w Review) reject(ctx context.Context, tx pgx.Tx, by string) error {
	if err := stopAs(ctx, tx, w.Revision.ID, Rejected, "rejected", "A person rejected it."); err != nil {
		return err
	}
	if w.Kind != ReviewIdentity {
		return nil // it is this state that is unwanted, not files of its name
	}
	return w.remember(ctx, tx, by, nil)
}

// remember keeps whose files of this source and name are; nil: nobody's.
func (w Review) remember(ctx context.Context, tx pgx.Tx, by string, documentID *int64) error {
	_, err := tx.Exec(ctx, `
		insert into remembered (collection_id, source, name, document_id, decided_by)
		select id, $2, $3, $4, $5 from collections where name = $1
		on conflict (collection_id, source, name)
		do update set document_id = excluded.document_id, decided_by = excluded.decided_by, decided_at = clock_timestamp()`,
		w.Revision.Collection, w.Revision.Source, w.Revision.Path, documentID, by)
	if err != nil {
		return fmt.Errorf("remember the decision: %w", err)
	}
	return nil
}
