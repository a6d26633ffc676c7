package library

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
	"clearwell/internal/postgres"
)

// Statistics within these shares of the truth rank as well as exact ones (overlap@50 with exact BM25
// .995 at 10 % behind), so a library that changes is not counted again and again. When it is idle, the counts become
// exact and the weights nearly so, for the order in which documents came shall not show.
const (
	staleShare   = 0.05   // passages published since the last count
	driftShare   = 0.10   // average length, which is baked into the weights
	exactDrift   = 0.01   // of it, where weighing anew is cheap
	alwaysCount  = 2_000  // below this many passages counting costs nothing, and weighing anew a second
	weighedExact = 20_000 // below this many an idle library can afford to weigh anew for little
)

// Recount brings document frequencies and the average length up to date if they are stale, or, in an idle library, if
// anything has changed; and rewrites the baked weights when the average has drifted. It reports whether it counted. Never
// part of a publication: counters there made four publishers four times slower.
func (s *Store) Recount(ctx context.Context, isIdle bool) (bool, error) {
	isStale, err := s.statisticsAreStale(ctx, isIdle)
	if err != nil {
		return false, err
	}
	if isStale {
		if err := postgres.InTx(ctx, s.pool, func(tx pgx.Tx) error { return countTerms(ctx, tx) }); err != nil {
			return false, fmt.Errorf("recount: %w", err)
		}
	}
	var average, weighted float64
	var passages int64
	err = s.pool.QueryRow(ctx, `select passages, average_words, weighted_words from lexical_statistics`).Scan(&passages, &average, &weighted)
	if err != nil {
		return isStale, fmt.Errorf("read the average length: %w", err)
	}
	tolerated := driftShare
	if passages < alwaysCount || isIdle && passages < weighedExact {
		tolerated = exactDrift
	}
	if math.Abs(average-weighted) <= tolerated*weighted {
		return isStale, nil
	}
	if err := s.reweigh(ctx, average); err != nil {
		// Back to the old value, so that the next count tries again.
		_, resetErr := s.pool.Exec(context.WithoutCancel(ctx), `update lexical_statistics set weighted_words = $1`, weighted)
		return isStale, errors.Join(err, resetErr)
	}
	return isStale, nil
}

func (s *Store) statisticsAreStale(ctx context.Context, isIdle bool) (bool, error) {
	var counted, present, changed int64
	err := s.pool.QueryRow(ctx, `
		select s.passages, (select count(*) from passages where not coalesce(upper(valid) <= now(), false)),
			(select count(*) from passages p join publications b on b.id = p.publication_id
			 where lower(b.recorded) > s.counted_at)
		from lexical_statistics s`).Scan(&counted, &present, &changed)
	if err != nil {
		return false, fmt.Errorf("read statistics: %w", err)
	}
	if present < alwaysCount || isIdle {
		return changed > 0 || present != counted, nil
	}
	behind := math.Max(float64(changed), math.Abs(float64(present-counted)))
	return behind > staleShare*float64(present), nil
}

func countTerms(ctx context.Context, tx pgx.Tx) error {
	for _, step := range []string{
		`create temporary table fresh on commit drop as
			select term, count(*)::int as frequency from passages, unnest(terms) as term
			where not coalesce(upper(valid) <= now(), false) group by term`,
		`delete from term_statistics s where not exists (select from fresh f where f.term = s.term)`,
		`insert into term_statistics (term, frequency) select term, frequency from fresh
			on conflict (term) do update set frequency = excluded.frequency
			where term_statistics.frequency <> excluded.frequency`,
		`update lexical_statistics s set passages = n.passages, average_words = n.average, counted_at = now()
			from (select count(*) as passages, coalesce(avg(greatest(c.words, 1)), 100) as average
				from passages p join chunks c on c.id = p.chunk_id where not coalesce(upper(p.valid) <= now(), false)) n`,
	} {
		if _, err := tx.Exec(ctx, step); err != nil {
			return fmt.Errorf("count terms: %w", err)
		}
	}
	return nil
}

// reweigh bakes a new average length into all weights, one document at a time, so that publishers
// never wait long. What is published meanwhile has the new average already.
func (s *Store) reweigh(ctx context.Context, average float64) error {
	if _, err := s.pool.Exec(ctx, `update lexical_statistics set weighted_words = $1`, average); err != nil {
		return fmt.Errorf("note average length: %w", err)
	}
	rows, err := s.pool.Query(ctx, `select distinct document_id from passages`)
	if err != nil {
		return fmt.Errorf("list documents to weigh: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("list documents to weigh: %w", err)
	}
	for _, id := range ids {
		err := postgres.InTx(ctx, s.pool, func(tx pgx.Tx) error {
			if err := lockDocument(ctx, tx, id); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `
				update passages p set weights = bm25_weights(c.terms, c.counts, c.words, $2)
				from chunks c where c.id = p.chunk_id and p.document_id = $1`, id, average)
			return err
		})
		if err != nil && fault.KindOf(err) != fault.NotFound { // erased meanwhile: nothing to weigh
			return fmt.Errorf("rewrite weights of document %d: %w", id, err)
		}
	}
	return nil
}

// MoveEnded takes passages whose time is over out of the hot table; their chunks stay as history.
// Searches don't depend on it: they look at the valid time. It returns how many were moved.
func (s *Store) MoveEnded(ctx context.Context) (int64, error) {
	tag, err := s.pool.Exec(ctx, `delete from passages where upper(valid) < now() - $1::interval`, grace)
	if err != nil {
		return 0, fmt.Errorf("move ended passages: %w", err)
	}
	return tag.RowsAffected(), nil
}
