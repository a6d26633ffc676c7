package httpapi

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"sync"
	"time"

	"clearwell/api"
	"clearwell/internal/answer"
)

// answerStream writes an answer as server-sent events while it is made.
type answerStream struct {
	ctx    context.Context // of the request, which outlives the stream
	server *Server
	door   *door
	events iter.Seq2[answer.Event, error]
	leave  func()
}

// VisitAskResponse implements api.AskResponseObject. A failure before the first event is returned and
// becomes an ordinary problem; after it, it becomes the last event. When the client leaves, the answer's
// context ends and no event is asked for any more.
func (a answerStream) VisitAskResponse(w http.ResponseWriter) error {
	defer a.leave()
	out := &eventWriter{w: w, control: http.NewResponseController(w)}
	stopBeating := out.beat(a.server.Heartbeat)
	defer stopBeating()
	isDone := false
	for event, err := range a.events {
		if err != nil {
			return a.fail(out, fmt.Errorf("answer: %w", err))
		}
		if done, ok := event.(answer.Done); ok {
			isDone = true
			a.server.metrics.answered(done.Answer)
		}
		if err := out.event(event); err != nil {
			return a.left(err)
		}
	}
	if isDone {
		return nil
	}
	if err := a.ctx.Err(); err != nil {
		return a.fail(out, err)
	}
	return a.fail(out, errNoDone)
}

// fail ends the stream with what went wrong.
func (a answerStream) fail(out *eventWriter, err error) error {
	a.server.metrics.failed()
	if !out.close() {
		return err
	}
	a.door.err = err
	if err := out.write("problem", problemOf(a.door, err)); err != nil {
		return a.left(err)
	}
	return nil
}

// left notes that nobody reads any more; there is no one to be told.
func (a answerStream) left(err error) error {
	a.door.err = fmt.Errorf("write event: %w", err)
	return nil
}

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

// event writes an answer's event in the form that openapi.yaml describes.
func (e *eventWriter) event(event answer.Event) error {
	switch ev := event.(type) {
	case answer.Sources:
		return e.write("sources", api.SourcesEvent{Passages: passagesOf(ev.Passages)})
	case answer.Text:
		return e.write("text", api.TextEvent{Delta: ev.Delta})
	case answer.Cited:
		return e.write("citation", citationOf(ev.Citation))
	case answer.Done:
		return e.write("done", answerOf(ev.Answer))
	default:
		return fmt.Errorf("no such event: %T", event)
	}
}

// write sends an event. JSON has no line breaks outside of strings and none unescaped inside, so data is one line.
func (e *eventWriter) write(name string, data any) error {
	encoded, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encode event %s: %w", name, err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	var b bytes.Buffer
	fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", name, encoded)
	return e.send(b.Bytes())
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
