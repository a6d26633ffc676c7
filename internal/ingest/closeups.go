package ingest

import (
	"context"
	"fmt"
	"time"

	"clearwell/internal/chunk"
	"clearwell/internal/library"
)

const (
	// sharpenBatch is how many chunks are closed up between two writes.
	sharpenBatch = 16
	// sharpenStretch is how long one upkeep goes on with it; the next goes on from there.
	sharpenStretch = 5 * time.Second
	// busyLimit is the age after which a revision on its way no longer holds up the windows of others.
	busyLimit = 10 * time.Minute
)

// Sharpen gives chunks without windows theirs, one batch, and reports whether there were any. A passage is findable
// as soon as it is published; its windows follow when there is time, and make its place among the others better.
func (p *Pipeline) Sharpen(ctx context.Context) (bool, error) {
	batch, err := p.library.ListBlurred(ctx, sharpenBatch)
	if err != nil || len(batch) == 0 {
		return false, err
	}
	windows, err := p.windows(ctx, batch)
	if err != nil {
		return false, err
	}
	return true, p.library.Sharpen(ctx, batch, windows)
}

// windows embeds the windows of all chunks of a batch together. A model without windows has none.
func (p *Pipeline) windows(ctx context.Context, batch []library.Blurred) ([][][]float32, error) {
	windows := make([][][]float32, len(batch))
	size := p.embedder.Model().Window
	if size == 0 {
		return windows, nil
	}
	var texts []string
	var owners []int
	for i, b := range batch {
		for _, text := range chunk.Windows(b.Chunk, b.HasSections, p.embedder, size) {
			texts, owners = append(texts, text), append(owners, i)
		}
	}
	if len(texts) == 0 {
		return windows, nil
	}
	vectors, err := p.embedder.EmbedPassages(ctx, texts)
	if err != nil {
		return nil, fmt.Errorf("embed windows: %w", err)
	}
	if err := p.checkVectors(vectors, len(texts)); err != nil {
		return nil, err
	}
	for i, owner := range owners {
		windows[owner] = append(windows[owner], vectors[i])
	}
	return windows, nil
}

// sharpen makes windows until none is missing or the time is over; then the next upkeep goes on. Uploads go first.
func (q *Queue) sharpen(ctx context.Context, stretch time.Duration) error {
	if q.pipeline == nil {
		return nil
	}
	q.sharpening.Lock()
	defer q.sharpening.Unlock()
	for started := time.Now(); ; {
		if stretch > 0 {
			isBusy, err := q.library.IsBusy(ctx, time.Now().Add(-busyLimit))
			if err != nil || isBusy {
				return err
			}
		}
		isMore, err := q.pipeline.Sharpen(ctx)
		if err != nil || !isMore {
			return err
		}
		if stretch > 0 && time.Since(started) > stretch {
			q.noteChange()
			return nil
		}
	}
}
