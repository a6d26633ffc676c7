package library

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
	"clearwell/internal/inference"
	"clearwell/internal/postgres"
)

// maxDimension is what pgvector can index as halfvec.
const maxDimension = 4000

// OpenIndex ties the library to an embedding model: the first call stores the model and makes the
// approximate index for its dimension; a later call with another model is refused.
func (s *Store) OpenIndex(ctx context.Context, model inference.Model) error {
	if model.Dimension < 1 || model.Dimension > maxDimension {
		return fault.Newf(fault.Invalid, "dimension_unsupported",
			"The embedding model gives vectors of %d dimensions; 1 to %d can be indexed. Choose another model or a shorter output.",
			model.Dimension, maxDimension)
	}
	return postgres.InTx(ctx, s.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into index_settings (model, dimension, query_prefix, passage_prefix) values ($1, $2, $3, $4)
			on conflict do nothing`, model.Name, model.Dimension, model.QueryPrefix, model.PassagePrefix)
		if err != nil {
			return fmt.Errorf("store embedding model: %w", err)
		}
		var stored inference.Model
		err = tx.QueryRow(ctx, `select model, dimension, query_prefix, passage_prefix from index_settings`).
			Scan(&stored.Name, &stored.Dimension, &stored.QueryPrefix, &stored.PassagePrefix)
		if err != nil {
			return fmt.Errorf("read embedding model: %w", err)
		}
		if err := sameModel(stored, model); err != nil {
			return err
		}
		// The dimension is a number that was checked above; DDL takes no parameters. An inner product would
		// do for unit vectors, but the cosine also serves models that don't normalise.
		_, err = tx.Exec(ctx, fmt.Sprintf(`
			create index if not exists passages_embedding on passages
			using hnsw ((embedding::halfvec(%d)) halfvec_cosine_ops)`, stored.Dimension))
		if err != nil {
			return fmt.Errorf("make vector index: %w", err)
		}
		return nil
	})
}

// IndexModel returns the model whose vectors the library holds; ok is false before the first OpenIndex.
func (s *Store) IndexModel(ctx context.Context) (model inference.Model, ok bool, err error) {
	err = s.pool.QueryRow(ctx, `select model, dimension, query_prefix, passage_prefix from index_settings`).
		Scan(&model.Name, &model.Dimension, &model.QueryPrefix, &model.PassagePrefix)
	if errors.Is(err, pgx.ErrNoRows) {
		return inference.Model{}, false, nil
	}
	if err != nil {
		return inference.Model{}, false, fmt.Errorf("read embedding model: %w", err)
	}
	return model, true, nil
}

func sameModel(stored, now inference.Model) error {
	if stored.Name == now.Name && stored.Dimension == now.Dimension &&
		stored.QueryPrefix == now.QueryPrefix && stored.PassagePrefix == now.PassagePrefix {
		return nil
	}
	return fault.Newf(fault.Conflict, "embedder_changed",
		"This library was embedded with %s (%d dimensions, prefixes %q and %q); the settings name %s (%d, %q, %q). "+
			"Vectors of two models can't be compared: set CLEARWELL_EMBED_* back, or start with an empty --data folder and ingest again.",
		stored.Name, stored.Dimension, stored.QueryPrefix, stored.PassagePrefix,
		now.Name, now.Dimension, now.QueryPrefix, now.PassagePrefix)
}
