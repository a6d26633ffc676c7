package main

import (
	"context"
	"errors"
	"log/slog"

	"clearwell/internal/inference"
)

// models are what reads texts for the rooms, opened once and used by all of them.
type models struct {
	embedder inference.Embedder
	reranker inference.Reranker // nil: passages stay in the search's own order
}

// openModels opens those that the settings choose. The caller closes them.
func openModels(ctx context.Context, cfg *config, log *slog.Logger) (models, error) {
	embedder, err := inference.OpenEmbedder(ctx, cfg.embedder(), log)
	if err != nil || !cfg.hasReranker() {
		return models{embedder: embedder}, err
	}
	reranker, err := inference.OpenReranker(ctx, cfg.reranker(), log)
	if err != nil {
		return models{}, errors.Join(err, embedder.Close())
	}
	return models{embedder, reranker}, nil
}

func (m models) close() error {
	var err error
	if m.embedder != nil {
		err = m.embedder.Close()
	}
	if m.reranker != nil {
		err = errors.Join(err, m.reranker.Close())
	}
	return err
}
