package ingest_test

import (
	"context"
	"testing"
	"time"
)

func TestWhatWaitsForQuietRunsWhenNothingIsPublished(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ran := make(chan int64)
	f.queue.SetUpkeepPeriod(10 * time.Millisecond)
	f.queue.OnQuiet(func(ctx context.Context) error {
		var counted int64
		if err := f.pool.QueryRow(ctx, `select passages from lexical_statistics`).Scan(&counted); err != nil {
			return err
		}
		select {
		case ran <- counted:
		case <-ctx.Done():
		}
		return nil
	})
	f.work(f.queue)
	f.publish("policy", "policy.md", oldPolicy)
	for deadline := time.After(patience); ; {
		select {
		case counted := <-ran:
			if counted > 0 {
				return // it sees what was published, counted
			}
		case <-deadline:
			t.Fatal("nothing ran that saw the publication")
		}
	}
}
