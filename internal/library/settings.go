package library

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
)

// Settings returns how a collection treats what arrives. Errors: unknown_collection.
func (s *Store) Settings(ctx context.Context, collection string) (Settings, error) {
	return settingsOf(ctx, s.pool, collection)
}

func settingsOf(ctx context.Context, q querier, collection string) (Settings, error) {
	set := Settings{Collection: collection}
	err := q.QueryRow(ctx, `select on_certain, on_uncertain, locale, keep_history_days from collections where name = $1`, collection).
		Scan(&set.OnCertain, &set.OnUncertain, &set.Locale, &set.KeepHistoryDays)
	if errors.Is(err, pgx.ErrNoRows) {
		return set, errNoCollection(collection)
	}
	if err != nil {
		return set, fmt.Errorf("read settings of %q: %w", collection, err)
	}
	return set, nil
}

// SetSettings changes how a collection treats what arrives from now on. Errors: unknown_collection,
// invalid_settings.
func SetSettings(ctx context.Context, tx pgx.Tx, set Settings) error {
	tag, err := tx.Exec(ctx, `
		update collections set on_certain = $2, on_uncertain = $3, locale = $4, keep_history_days = $5 where name = $1`,
		set.Collection, set.OnCertain, set.OnUncertain, set.Locale, set.KeepHistoryDays)
	if isCheckViolation(err) {
		return fault.Wrapf(err, fault.Invalid, "invalid_settings",
			`A collection can't be set so: on_certain is "supersede" or "hold", on_uncertain "hold" or "publish_as_new", locale like "de" or "en-GB" or empty, and days are not below zero.`)
	}
	if err != nil {
		return fmt.Errorf("change settings of %q: %w", set.Collection, err)
	}
	if tag.RowsAffected() == 0 {
		return errNoCollection(set.Collection)
	}
	return nil
}

func errNoCollection(name string) error {
	return fault.Newf(fault.NotFound, "unknown_collection", "There is no collection %q, or it is not yours to see.", name)
}
