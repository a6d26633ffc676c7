package main

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// forgetPeriod is how often old conversations are looked for.
const forgetPeriod = time.Hour

// forgetConversations deletes conversations that nobody went on with for so many days, now and every hour, until
// the function that it returns is called, which waits for it. With 0 days it deletes none.
func (r *rooms) forgetConversations(ctx context.Context, days int, log *slog.Logger) (stop func()) {
	if days <= 0 {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() {
		ticker := time.NewTicker(forgetPeriod)
		defer ticker.Stop()
		for {
			dropped, err := r.talks.DropUntouched(ctx, time.Now().AddDate(0, 0, -days))
			switch {
			case err != nil && ctx.Err() == nil:
				log.Warn("old conversations not deleted, tried again later", "error", err)
			case dropped > 0:
				log.Info("deleted old conversations", "conversations", dropped)
			}
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
		}
	})
	return func() {
		cancel()
		running.Wait()
	}
}
