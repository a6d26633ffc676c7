package library

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
	"clearwell/internal/imprint"
	"clearwell/internal/likeness"
)

// setFacts files what the document says of itself. What the uploader said stands above it.
func setFacts(ctx context.Context, tx pgx.Tx, rev Revision, facts imprint.Facts) error {
	_, err := tx.Exec(ctx, `update revisions set version_label = $2 where id = $1`, rev.ID, facts.Version)
	if err != nil {
		return fmt.Errorf("file version label: %w", err)
	}
	if facts.From != nil && facts.From.Source == imprint.FileProperties && facts.From.At.After(rev.ReceivedAt) {
		facts.From = nil // a clock that ran ahead, or a time zone that nobody wrote down
	}
	if rev.EffectiveBy == Explicit || facts.From == nil && facts.Until == nil {
		return nil
	}
	from, source, quote := rev.EffectiveFrom, rev.EffectiveBy, ""
	if facts.From != nil {
		from, source, quote = facts.From.At, DateSource(facts.From.Source), facts.From.Quote
	}
	until := rev.EffectiveUntil
	if until == nil && facts.Until != nil && (facts.From != nil || from.Before(facts.Until.At)) {
		until = &facts.Until.At
		quote = strings.TrimSpace(quote + " … " + facts.Until.Quote)
	}
	_, err = tx.Exec(ctx, `
		update revisions set effective_from = $2, effective_until = $3, effective_source = $4, effective_quote = $5 where id = $1`,
		rev.ID, from, until, source, quote)
	if isCheckViolation(err) {
		return fault.Wrapf(err, fault.Invalid, "invalid_dates",
			"The document says that it ends before it begins; give effective_from and effective_until with the upload.")
	}
	if err != nil {
		return fmt.Errorf("file dates: %w", err)
	}
	return nil
}

// labelOf joins what the version, the file's name and the title say about the order.
func labelOf(version, fileName, title string) likeness.Label {
	label := likeness.VersionLabel(version)
	for _, other := range []likeness.Label{likeness.LabelOf(fileName), likeness.LabelOf(title)} {
		if label.Version == nil {
			label.Version = other.Version
		}
		if label.Date == nil {
			label.Date = other.Date
		}
	}
	return label
}

// dates holds a revision whose own date can be read in two ways, or in none.
func (id *identification) dates(ctx context.Context) (Verdict, error) {
	unclear, until := id.reading.Facts.Unclear, id.reading.Facts.Until
	if id.rev.EffectiveBy == Explicit {
		return GoOn, nil
	}
	if until != nil && id.rev.EffectiveUntil == nil {
		return id.hold(ctx, ReviewDate, "already_expired", fmt.Sprintf(
			"It says %q, which is over, and not since when it applied; say both, or reject it.", until.Quote))
	}
	if unclear == nil {
		return GoOn, nil
	}
	message := fmt.Sprintf("It says %q, which is no date that can be right; say from when it applies.", unclear.Quote)
	if len(unclear.Readings) > 0 {
		days := make([]string, len(unclear.Readings))
		for i, t := range unclear.Readings {
			days[i] = t.Format("2 January 2006")
		}
		message = fmt.Sprintf("It says %q, which may mean %s; say which, or set the collection's locale.",
			unclear.Quote, strings.Join(days, " or "))
	}
	return id.hold(ctx, ReviewDate, "unclear_date", message)
}
