package answer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// Present is the stored calibration of the library for the embedding model; without one, the fallback.
func (c *Calibrator) Present(ctx context.Context) (Calibration, error) {
	found := Calibration{Model: c.model}
	var evidence, points []byte
	err := c.pool.QueryRow(ctx, `
		select made_at, chunks, documents, questions, evidence, curve from calibrations where model = $1`, c.model).
		Scan(&found.MadeAt, &found.Chunks, &found.Documents, &found.Questions, &evidence, &points)
	if errors.Is(err, pgx.ErrNoRows) {
		return Calibration{Model: c.model, Evidence: c.fallback}, nil
	}
	if err != nil {
		return Calibration{}, fmt.Errorf("read calibration: %w", err)
	}
	found.MadeAt = found.MadeAt.UTC()
	if err := errors.Join(json.Unmarshal(evidence, &found.Evidence), json.Unmarshal(points, &found.Curve)); err != nil {
		return Calibration{}, fmt.Errorf("read calibration: %w", err)
	}
	return found, nil
}

func (c *Calibrator) store(ctx context.Context, made Calibration) (madeAt time.Time, err error) {
	evidence, err := json.Marshal(made.Evidence)
	if err != nil {
		return time.Time{}, fmt.Errorf("write calibration: %w", err)
	}
	points, err := json.Marshal(made.Curve)
	if err != nil {
		return time.Time{}, fmt.Errorf("write calibration: %w", err)
	}
	err = c.pool.QueryRow(ctx, `
		insert into calibrations (model, chunks, documents, questions, evidence, curve) values ($1, $2, $3, $4, $5, $6)
		on conflict (model) do update set made_at = excluded.made_at, chunks = excluded.chunks, documents = excluded.documents,
			questions = excluded.questions, evidence = excluded.evidence, curve = excluded.curve
		returning made_at`, made.Model, made.Chunks, made.Documents, made.Questions, evidence, points).Scan(&madeAt)
	if err != nil {
		return time.Time{}, fmt.Errorf("write calibration: %w", err)
	}
	return madeAt.UTC(), nil
}

// sample returns the passages in force whose hash is lowest, all of a small library's. Which those are changes with
// the library and only as far as it changes: by how many are others now one can tell how much of it is new.
func (c *Calibrator) sample(ctx context.Context) ([]sampledPassage, error) {
	readable, err := c.collections(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := c.pool.Query(ctx, `
		with lowest as (
			select publication_id, chunk_id from passages_in_force(now(), $1::bigint[])
			order by hashint8(chunk_id), chunk_id limit $2
		)
		select d.chunk_id, d.document_id, d.title, d.text, d.headings
		from lowest join passage_details d using (publication_id, chunk_id)
		order by hashint8(d.chunk_id), d.chunk_id`, readable, calibrationSample)
	if err != nil {
		return nil, fmt.Errorf("sample passages: %w", err)
	}
	sampled, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p sampledPassage, err error) {
		err = row.Scan(&p.chunkID, &p.documentID, &p.title, &p.text, &p.headings)
		return p, err
	})
	if err != nil {
		return nil, fmt.Errorf("sample passages: %w", err)
	}
	return sampled, nil
}

func (c *Calibrator) collections(ctx context.Context) ([]int64, error) {
	rows, err := c.pool.Query(ctx, `select id from collections`)
	if err != nil {
		return nil, fmt.Errorf("list collections: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("list collections: %w", err)
	}
	return append([]int64{}, ids...), nil // never null
}

func chunksOf(sampled []sampledPassage) []int64 {
	ids := make([]int64, len(sampled))
	for i, s := range sampled {
		ids[i] = s.chunkID
	}
	return ids
}

// isStale compares the sample that would be taken now with the one that was.
func (c *Calibrator) isStale(ctx context.Context) (bool, error) {
	last, err := c.Present(ctx)
	if err != nil {
		return false, err
	}
	sampled, err := c.sample(ctx)
	if err != nil {
		return false, err
	}
	kept := 0
	for _, s := range sampled {
		if slices.Contains(last.Chunks, s.chunkID) {
			kept++
		}
	}
	size := max(len(sampled), len(last.Chunks))
	return float64(size-kept) > staleAfter*float64(size), nil
}

// calibrationLock is the advisory lock of whoever calibrates ("clcl").
const calibrationLock = 0x636c636c

// lock waits until nobody else calibrates.
func (c *Calibrator) lock(ctx context.Context) (unlock func(), err error) {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("wait to calibrate: %w", err)
	}
	if _, err := conn.Exec(ctx, `select pg_advisory_lock($1)`, calibrationLock); err != nil {
		conn.Release()
		return nil, fmt.Errorf("wait to calibrate: %w", err)
	}
	return func() {
		if _, err := conn.Exec(context.WithoutCancel(ctx), `select pg_advisory_unlock($1)`, calibrationLock); err != nil {
			_ = conn.Conn().Close(context.WithoutCancel(ctx)) // the lock goes with the connection
		}
		conn.Release()
	}, nil
}
