package httpapi_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clearwell/api"
	"clearwell/internal/answer"
	"clearwell/internal/fault"
	"clearwell/internal/httpapi"
)

// sentEvent is one event as it came over the line.
type sentEvent struct{ ID, Name, Data string }

// names are the events' names in their order.
func names(events []sentEvent) []string {
	var list []string
	for _, e := range events {
		list = append(list, e.Name)
	}
	return list
}

// readEvent returns the next event, or a comment under the name ":"; ok is false at the stream's end.
func readEvent(t *testing.T, lines *bufio.Scanner) (e sentEvent, ok bool) {
	t.Helper()
	for lines.Scan() {
		switch name, value, _ := strings.Cut(lines.Text(), ": "); {
		case name == "id":
			e.ID = value
		case name == "event":
			e.Name = value
		case name == "data":
			e.Data = value
		case strings.HasPrefix(lines.Text(), ":"):
			e.Name = ":"
		case lines.Text() == "" && e.Name != "":
			return e, true
		}
	}
	return e, false
}

// openStream asks for events and returns the response and its lines. The caller's context ends it.
func (d *desk) openStream(ctx context.Context, t *testing.T) (*http.Response, *bufio.Scanner) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, "POST", d.url+"/ask", text(`{"question":"How many?"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+d.keys["reader"])
	req.Header.Set("Accept", "text/event-stream")
	res, err := d.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res, bufio.NewScanner(res.Body)
}

func readAll(t *testing.T, lines *bufio.Scanner) []sentEvent {
	t.Helper()
	var events []sentEvent
	for {
		e, ok := readEvent(t, lines)
		if !ok {
			return events
		}
		events = append(events, e)
	}
}

func TestAStreamTellsTheAnswerAsItIsMade(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	res, lines := d.openStream(t.Context(), t)
	if got := res.Header.Get("Content-Type"); res.StatusCode != 200 || got != "text/event-stream; charset=utf-8" {
		t.Fatalf("status %d, content type %q", res.StatusCode, got)
	}
	events := readAll(t, lines)
	if diff := cmp.Diff([]string{"start", "sources", "text", "text", "citation", "done"}, names(events)); diff != "" {
		t.Fatalf("events (-want +got):\n%s", diff)
	}
	var start api.StartEvent
	var sources api.SourcesEvent
	var delta api.TextEvent
	var citation api.Citation
	var done api.Answer
	for i, into := range map[int]any{0: &start, 1: &sources, 2: &delta, 4: &citation, 5: &done} {
		if err := json.Unmarshal([]byte(events[i].Data), into); err != nil {
			t.Fatal(err)
		}
	}
	if len(sources.Passages) != 1 || delta.Delta != "You have " || citation.Quote != "25 days" || done.Answer != "You have 25 days [1]." {
		t.Errorf("data %+v", events)
	}
	for i, e := range events {
		if want := fmt.Sprintf("%s:%d", start.AnswerId, i+1); e.ID != want {
			t.Errorf("event %d has id %q, want %q", i, e.ID, want)
		}
	}
	_, body := d.send(t, scenario{path: "/metrics"})
	if !strings.Contains(body, `clearwell_answers_total{outcome="answered"} 1`) {
		t.Error("the answer was not counted")
	}
}

func TestAStreamIsAskedForByFieldToo(t *testing.T) {
	t.Parallel()
	newDesk(t).run(t, []scenario{{
		name: "stream", method: "POST", path: "/api/v1/ask", as: "reader", body: text(`{"question":"a","stream":true}`),
		status: 200, holds: []string{"event: done\ndata: {"},
	}})
}

func TestAStreamIsSentToWhoPrefersEvents(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for accept, isStream := range map[string]bool{
		"text/event-stream":                             true,
		"Text/Event-Stream; Q=0.5":                      true,
		"text/event-stream, application/json":           true,
		"text/event-stream, */*":                        true,
		"text/event-stream;q=0.9, */*;q=0.8":            true,
		"application/json;q=0.5, text/event-stream":     true,
		"application/json;q=0, text/event-stream;q=0.1": true,
		"":                                    false,
		"*/*":                                 false,
		"text/event-streams":                  false,
		"application/json":                    false,
		"text/event-stream;q=0":               false,
		"text/event-stream; q=0.000, */*;q=0": false,
		"application/json, text/event-stream": false,
		"application/json, text/event-stream;q=0.5":               false,
		"text/event-stream;q=0.5, application/json":               false,
		"text/event-stream;q=0.5, application/*":                  false,
		"text/event-stream;q=0.5, application/*;q=0.1, */*;q=0.9": true,
	} {
		t.Run(accept, func(t *testing.T) {
			t.Parallel()
			res, body := d.send(t, scenario{method: "POST", path: "/ask", as: "reader", header: map[string]string{"Accept": accept}, body: text(`{"question":"a"}`)})
			if got := strings.HasPrefix(body, "id: "); res.StatusCode != 200 || got != isStream {
				t.Errorf("status %d, a stream %t, want %t", res.StatusCode, got, isStream)
			}
		})
	}
}

func TestEachEventIsSentAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	seen := make(chan struct{})
	d.rooms.answer = func(ctx context.Context, yield func(answer.Event, error) bool) {
		for _, e := range script() {
			if !yield(e, nil) {
				return
			}
			select { // the next one is made only when this one has arrived
			case <-seen:
			case <-ctx.Done():
				return
			}
		}
	}
	_, lines := d.openStream(t.Context(), t)
	if e, ok := readEvent(t, lines); !ok || e.Name != "start" {
		t.Fatalf("first came %+v", e)
	}
	for range script() {
		if _, ok := readEvent(t, lines); !ok {
			t.Fatal("the stream ended")
		}
		seen <- struct{}{}
	}
}

func TestAFailureBeforeTheFirstEventIsAnOrdinaryProblem(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rooms.answer = func(_ context.Context, yield func(answer.Event, error) bool) {
		yield(nil, fault.Newf(fault.Unavailable, "embedder_unavailable", "Try again."))
	}
	d.run(t, []scenario{{
		name: "problem", method: "POST", path: "/ask", as: "reader", header: map[string]string{"Accept": "text/event-stream"},
		body: text(`{"question":"a"}`), status: 503, code: "embedder_unavailable",
	}})
}

func TestAFailureInTheMiddleIsTheLastEvent(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error // nil: it just ends
		code string
	}{
		"known":     {fault.Newf(fault.Unavailable, "chat_unavailable", "Try again."), "chat_unavailable"},
		"unmarked":  {errors.New("boom"), "internal"},
		"cut short": {nil, "internal"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.rooms.answer = func(_ context.Context, yield func(answer.Event, error) bool) {
				if yield(answer.Text{Delta: "You"}, nil) && tt.err != nil {
					yield(nil, tt.err)
				}
			}
			res, lines := d.openStream(t.Context(), t)
			events := readAll(t, lines)
			if got := names(events); !slices.Equal(got, []string{"start", "text", "problem"}) {
				t.Fatalf("events %+v", events)
			}
			var p api.Problem
			if err := json.Unmarshal([]byte(events[2].Data), &p); err != nil {
				t.Fatal(err)
			}
			if p.Code != tt.code || p.RequestId != res.Header.Get("X-Request-Id") || strings.Contains(p.Detail, "boom") {
				t.Errorf("problem %+v", p)
			}
		})
	}
}

func TestAnAnswerThatNobodyReadsIsStoppedAfterItsGrace(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *httpapi.Config) { c.ReaderGrace = time.Millisecond })
	ended := make(chan error, 1)
	d.rooms.answer = func(ctx context.Context, yield func(answer.Event, error) bool) {
		yield(answer.Text{Delta: "You"}, nil)
		<-ctx.Done()
		ended <- context.Cause(ctx)
		yield(answer.Done{Answer: answer.Answer{Text: "You", Stopped: true}}, nil)
	}
	ctx, leave := context.WithCancel(t.Context())
	_, lines := d.openStream(ctx, t)
	if _, ok := readEvent(t, lines); !ok {
		t.Fatal("no event came")
	}
	leave()
	if err := <-ended; !errors.Is(err, answer.ErrStopped) {
		t.Errorf("the answer ended with %v", err)
	}
	d.server.Close() // waits for the request to be over
	if log := d.log.String(); !strings.Contains(log, `"status":499`) || strings.Contains(log, `"level":"ERROR"`) {
		t.Errorf("a reader who leaves is no failure of ours:\n%s", log)
	}
}

func TestASilentStreamBeats(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *httpapi.Config) { c.Heartbeat = time.Millisecond })
	goOn := make(chan struct{})
	d.rooms.answer = func(_ context.Context, yield func(answer.Event, error) bool) {
		<-goOn
		for _, e := range script() {
			yield(e, nil)
		}
	}
	_, lines := d.openStream(t.Context(), t)
	if e, ok := readEvent(t, lines); !ok || e.Name != ":" {
		t.Fatalf("got %+v, want a comment while the answer thinks", e)
	}
	close(goOn)
	events := readAll(t, lines)
	if len(events) == 0 || events[len(events)-1].Name != "done" {
		t.Errorf("events %+v", events)
	}
}
