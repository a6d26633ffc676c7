package inference

import (
	"context"
	"sync"
	"time"
)

// Pauses collects the pauses that a retrier makes, instead of making them.
type Pauses struct {
	mu   sync.Mutex
	made []time.Duration
}

// Made are the pauses so far.
func (p *Pauses) Made() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]time.Duration{}, p.made...)
}

// SkipPauses makes an endpoint or a chat pause no more.
func SkipPauses(of any) *Pauses {
	p := &Pauses{}
	wait := func(ctx context.Context, pause time.Duration) error {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.made = append(p.made, pause)
		return ctx.Err()
	}
	switch model := of.(type) {
	case *endpoint:
		model.retry.wait = wait
	case *rerankEndpoint:
		model.retry.wait = wait
	case *chat:
		model.retry.wait = wait
	}
	return p
}
