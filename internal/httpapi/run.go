package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"clearwell/api"
	"clearwell/internal/answer"
)

// keptEvent is an event as readers get it, but for its id.
type keptEvent struct {
	name string
	data []byte // one line of JSON
}

// eventOf encodes an answer's event in the form that openapi.yaml describes.
func eventOf(event answer.Event) (keptEvent, error) {
	switch e := event.(type) {
	case answer.Sources:
		return encoded("sources", api.SourcesEvent{Passages: passagesOf(e.Passages)})
	case answer.Text:
		return encoded("text", api.TextEvent{Delta: e.Delta})
	case answer.Cited:
		return encoded("citation", citationOf(e.Citation))
	case answer.Done:
		return encoded("done", answerOf(e.Answer))
	default:
		return keptEvent{}, fmt.Errorf("no such event: %T", event)
	}
}

func encoded(name string, data any) (keptEvent, error) {
	line, err := json.Marshal(data)
	if err != nil {
		return keptEvent{}, fmt.Errorf("encode event %s: %w", name, err)
	}
	return keptEvent{name, line}, nil
}

// run is an answer that is made apart from any connection. All its events are kept, so that readers may come and go.
type run struct {
	id    string // the answer's
	owner string // the principal who asked
	stop  context.CancelCauseFunc
	grace time.Duration // how long it goes on without a reader

	mu      sync.Mutex
	events  []keptEvent
	size    int           // of the events, in bytes
	isOver  bool          // no event follows
	failure error         // what it broke off with
	changed chan struct{} // closed and made anew when an event came, or the end
	readers int
	unread  *time.Timer // ends the run, set while there is no reader; nil before the first one
}

func newRun(id, owner string, stop context.CancelCauseFunc, grace time.Duration) *run {
	return &run{id: id, owner: owner, stop: stop, grace: grace, changed: make(chan struct{})}
}

// end stops the run; it is done with what was said so far.
func (r *run) end() { r.stop(answer.ErrStopped) }

// add keeps an event and wakes the readers.
func (r *run) add(e keptEvent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
	r.size += len(e.name) + len(e.data)
	r.wake()
}

// finish says that no event follows, and why if it broke off. It reports whether anybody was there to hear it.
func (r *run) finish(failure error) (isHeard bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.isOver, r.failure = true, failure
	if r.unread != nil {
		r.unread.Stop()
	}
	r.wake()
	return r.readers > 0
}

// wake is called with the lock held.
func (r *run) wake() {
	close(r.changed)
	r.changed = make(chan struct{})
}

// state is what a reader sees at one moment.
type state struct {
	events  []keptEvent // those behind the ones that were read
	isOver  bool
	failure error
	changed <-chan struct{} // closed when there is more to see
}

// after returns the events behind the first n.
func (r *run) after(n int) state {
	r.mu.Lock()
	defer r.mu.Unlock()
	return state{events: r.events[n:], isOver: r.isOver, failure: r.failure, changed: r.changed}
}

// attend notes a reader, who must call leave. When the last one has left, the run is stopped after its grace.
func (r *run) attend() (leave func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.readers++
	if r.unread != nil {
		r.unread.Stop()
	}
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.readers--; r.readers == 0 && !r.isOver {
			r.unread = time.AfterFunc(r.grace, r.end)
		}
	}
}

// begun waits until something can be said: an event behind `start`, the end, or that patience is over. A failure
// before any event is returned, so that it can be told as an ordinary problem.
func (r *run) begun(ctx context.Context, patience time.Duration) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		now := r.after(0)
		if now.failure != nil && len(now.events) <= 2 { // start and problem
			return now.failure
		}
		if now.isOver || len(now.events) > 1 {
			return nil
		}
		select {
		case <-now.changed:
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return nil // nobody is told anything any more
		}
	}
}

// follow writes the events behind the first n until the run is over, and returns what it broke off with, or why no
// more could be written.
func (r *run) follow(ctx context.Context, n int, out *eventWriter) error {
	for {
		now := r.after(n)
		for _, e := range now.events {
			n++
			if err := out.kept(r.id, n, e); err != nil {
				return fmt.Errorf("write event: %w", err)
			}
		}
		if now.isOver {
			return now.failure
		}
		select {
		case <-now.changed:
		case <-ctx.Done():
			return fmt.Errorf("write event: %w", ctx.Err())
		}
	}
}

// kept sends an event with its id.
func (e *eventWriter) kept(id string, n int, event keptEvent) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "id: %s:%d\nevent: %s\ndata: %s\n\n", id, n, event.name, event.data)
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.send(b.Bytes())
}
