package httpapi

import (
	"cmp"
	"context"
	"net/http"
	"sync"
	"time"
)

// answerStream writes the events of an answer as server-sent events while it is made, from the n-th on.
type answerStream struct {
	ctx    context.Context // of the request, which outlives the stream
	server *Server
	door   *door
	run    *run
	n      int    // events that were read before
	leave  func() // of the run's readers
}

// VisitAskResponse implements api.AskResponseObject. A failure before the first event is returned and
// becomes an ordinary problem; after it, it becomes the last event. When the client leaves, the answer goes on.
func (a answerStream) VisitAskResponse(w http.ResponseWriter) error {
	defer a.leave()
	out := &eventWriter{w: w, control: http.NewResponseController(w)}
	stopBeating := out.beat(a.server.Heartbeat)
	defer stopBeating()
	if err := a.run.begun(a.ctx, beginPatience); err != nil && !out.close() {
		return err
	}
	a.door.err = a.run.follow(a.ctx, a.n, out)
	return nil
}

// VisitFollowAnswerResponse implements api.FollowAnswerResponseObject.
func (a answerStream) VisitFollowAnswerResponse(w http.ResponseWriter) error {
	defer a.leave()
	out := &eventWriter{w: w, control: http.NewResponseController(w)}
	stopBeating := out.beat(a.server.Heartbeat)
	defer stopBeating()
	a.door.err = a.run.follow(a.ctx, a.n, out)
	return nil
}

// beginPatience is how long an answer may take to its first words before its reader is told that it has begun: from
// then on it can be stopped, and no longer fail with a status.
const beginPatience = 300 * time.Millisecond

// stallLimit is how long a client may leave an event unread before it counts as gone.
const stallLimit = 30 * time.Second

// eventWriter writes events; its heartbeat may run beside.
type eventWriter struct {
	mu      sync.Mutex
	w       http.ResponseWriter
	control *http.ResponseController
	pulse   string // what a heartbeat sends; "": a comment
	started bool
	closed  bool // no more heartbeats
}

// send starts the response when it has not begun, and flushes. The caller holds the lock.
func (e *eventWriter) send(b []byte) error {
	if !e.started {
		e.started = true
		h := e.w.Header()
		h.Set("Content-Type", "text/event-stream; charset=utf-8")
		h.Set("X-Accel-Buffering", "no") // proxies that buffer would hold the words back
		e.w.WriteHeader(http.StatusOK)
	}
	_ = e.control.SetWriteDeadline(time.Now().Add(stallLimit)) // not every connection has one
	if _, err := e.w.Write(b); err != nil {
		return err
	}
	return e.control.Flush()
}

// close ends the heartbeats and reports whether the response has begun.
func (e *eventWriter) close() (started bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	return e.started
}

// beat sends a comment whenever the interval has passed, so that proxies don't take a thinking model
// for a dead connection. The function that it returns ends it and waits for it.
func (e *eventWriter) beat(interval time.Duration) (stop func()) {
	ticker := time.NewTicker(interval)
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-quit:
				return
			case <-ticker.C:
				e.comment()
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(quit)
		<-ended
	}
}

func (e *eventWriter) comment() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		_ = e.send([]byte(cmp.Or(e.pulse, ": still here\n\n"))) // the next event meets the same failure
	}
}
