package httpapi_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"clearwell/api"
	"clearwell/internal/answer"
	"clearwell/internal/fault"
	"clearwell/internal/httpapi"
	"clearwell/internal/journal"
)

// steps has each event made only when the test lets it; what is sent behind the last one ends the answer.
func (r *rooms) steps() chan answer.Event {
	steps := make(chan answer.Event)
	r.answer = func(ctx context.Context, yield func(answer.Event, error) bool) {
		for {
			select {
			case e, ok := <-steps:
				if !ok || !yield(e, nil) {
					return
				}
			case <-ctx.Done():
				if context.Cause(ctx) == answer.ErrStopped {
					yield(answer.Done{Answer: answer.Answer{Text: "You", Stopped: true}}, nil)
				} else {
					yield(nil, fmt.Errorf("cut: %w", context.Cause(ctx)))
				}
				return
			}
		}
	}
	return steps
}

// follow asks for the events of an answer after one of them.
func (d *desk) follow(ctx context.Context, t *testing.T, as, answerID, last string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, "GET", d.url+"/api/v1/answers/"+answerID+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+d.keys[as])
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	res, err := d.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// begin opens a stream and returns the answer's id with its lines.
func (d *desk) begin(ctx context.Context, t *testing.T) (string, *bufio.Scanner) {
	t.Helper()
	_, lines := d.openStream(ctx, t)
	first, ok := readEvent(t, lines)
	var start api.StartEvent
	if !ok || first.Name != "start" || json.Unmarshal([]byte(first.Data), &start) != nil {
		t.Fatalf("first came %+v", first)
	}
	return start.AnswerId, lines
}

func TestAReaderWhoComesBackGetsExactlyWhatWasMissed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	steps := d.rooms.steps()
	ctx, leave := context.WithCancel(t.Context())
	id, lines := d.begin(ctx, t)
	events := script()
	steps <- events[0]
	steps <- events[1]
	var last sentEvent
	for range 2 {
		last, _ = readEvent(t, lines)
	}
	leave()            // in the middle
	steps <- events[2] // made while nobody reads
	again := d.follow(t.Context(), t, "reader", id, last.ID)
	for _, e := range events[3:] { // and what comes live
		steps <- e
	}
	close(steps)
	missed, err := io.ReadAll(again.Body)
	if err != nil || again.StatusCode != 200 || again.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" {
		t.Fatalf("status %d, error %v", again.StatusCode, err)
	}
	whole, err := io.ReadAll(d.follow(t.Context(), t, "reader", id, "").Body)
	if err != nil {
		t.Fatal(err)
	}
	read := strings.Index(string(whole), "id: "+id+":4\n") // start, sources and text were read
	if read < 0 || string(missed) != string(whole[read:]) {
		t.Errorf("missed\n%s\nof\n%s", missed, whole)
	}
	if !strings.HasPrefix(string(whole), "id: "+id+":1\nevent: start\ndata: {") || strings.Count(string(whole), "\nevent: done\n") != 1 {
		t.Errorf("the whole is\n%s", whole)
	}
}

func TestFollowingIsForWhoeverAsked(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id, lines := d.begin(t.Context(), t)
	readAll(t, lines)
	path := "/api/v1/answers/" + id + "/"
	scenarios := []scenario{
		{name: "the last event by query", path: path + "events?last_event_id=" + id + ":5", as: "reader", status: 200, holds: []string{"id: " + id + ":6\nevent: done\n"}},
		{name: "all was read", path: path + "events?last_event_id=" + id + ":6", as: "reader", status: 204},
		{name: "stopped when done", method: "POST", path: path + "stop", as: "reader", status: 204},
		{name: "another's", path: path + "events", as: "admin", status: 404, code: "unknown_answer"},
		{name: "stop another's", method: "POST", path: path + "stop", as: "admin", status: 404, code: "unknown_answer"},
		{name: "no such answer", path: "/api/v1/answers/x/events", as: "reader", status: 404, code: "unknown_answer"},
	}
	for _, wrong := range []string{"6", ":3", id + ":7", id + ":-1", id + ":x", "5b0a7c3e-52a1-4f0e-9d1c-0d8b7f6e5a41:2"} {
		scenarios = append(scenarios, scenario{
			name: "last event " + wrong, path: path + "events", as: "reader", header: map[string]string{"Last-Event-ID": wrong}, status: 400, code: "invalid_event_id",
		})
	}
	d.run(t, scenarios)
}

func TestAStoppedAnswerIsDoneWithWhatWasSaid(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	steps := d.rooms.steps()
	id, lines := d.begin(t.Context(), t)
	steps <- answer.Text{Delta: "You"}
	d.run(t, []scenario{{name: "stop", method: "POST", path: "/api/v1/answers/" + id + "/stop", as: "reader", status: 204}})
	events := readAll(t, lines)
	var done api.Answer
	if err := json.Unmarshal([]byte(events[len(events)-1].Data), &done); err != nil {
		t.Fatal(err)
	}
	if events[len(events)-1].Name != "done" || !done.Stopped || done.Answer != "You" {
		t.Errorf("events %+v", events)
	}
}

func TestAnAnswerThatIsThoughtOverLongCanBeStopped(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rooms.steps()
	id, lines := d.begin(t.Context(), t) // `start` comes although nothing was said yet
	d.run(t, []scenario{{name: "stop", method: "POST", path: "/api/v1/answers/" + id + "/stop", as: "reader", status: 204}})
	if got := names(readAll(t, lines)); len(got) != 1 || got[0] != "done" {
		t.Errorf("then came %v", got)
	}
}

func TestAnswersAreForgottenAfterAWhile(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *httpapi.Config) { c.KeepAnswers = time.Millisecond })
	id, lines := d.begin(t.Context(), t)
	readAll(t, lines)
	path := "/api/v1/answers/" + id + "/"
	deadline := time.Now().Add(time.Minute)
	for { // until its time is over
		res, _ := d.send(t, scenario{path: path + "events", as: "reader"})
		if res.StatusCode == 404 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("it is kept for ever")
		}
	}
	d.rooms.receipts = []journal.Receipt{{AnswerID: id, Actor: "key:0"}}
	d.run(t, []scenario{{name: "of another", path: path + "events", as: "reader", status: 404, code: "unknown_answer"}})
	d.rooms.receipts[0].Actor = d.rooms.who.ID
	d.run(t, []scenario{
		{name: "the asker is told", path: path + "events", as: "reader", status: 404, code: "answer_not_kept"},
		{name: "stopped long after", method: "POST", path: path + "stop", as: "reader", status: 204},
	})
}

func TestRunningAnswersAreCountedAndNotTheirReaders(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *httpapi.Config) { c.MaxAsks = 1 })
	steps := d.rooms.steps()
	ctx, leave := context.WithCancel(t.Context())
	id, _ := d.begin(ctx, t)
	leave()
	ask := scenario{name: "one too many", method: "POST", path: "/ask", as: "reader", body: text(`{"question":"a"}`), status: 429, code: "busy"}
	stream := ask
	stream.name, stream.header, stream.body = "streamed", map[string]string{"Accept": "text/event-stream"}, text(`{"question":"a"}`)
	d.run(t, []scenario{ask, stream})
	first, second := d.follow(t.Context(), t, "reader", id, ""), d.follow(t.Context(), t, "reader", id, "")
	for _, e := range script() {
		steps <- e
	}
	close(steps)
	for _, res := range []*http.Response{first, second} { // two readers of one answer
		if got := names(readAll(t, bufio.NewScanner(res.Body))); len(got) != 6 || got[5] != "done" {
			t.Errorf("events %v", got)
		}
	}
	d.rooms.answer = newRooms().answer
	deadline := time.Now().Add(time.Minute)
	for { // the place is free as soon as the answer has ended, a moment after its last event
		res, body := d.send(t, scenario{method: "POST", path: "/ask", as: "reader", body: text(`{"question":"a"}`)})
		if res.StatusCode == 200 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(body)
		}
	}
}

func TestClosingEndsAllAnswersAndTellsTheirReaders(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	steps := d.rooms.steps()
	id, lines := d.begin(t.Context(), t)
	steps <- answer.Text{Delta: "You"}
	ctx, leave := context.WithCancel(t.Context())
	unread, _ := d.begin(ctx, t)
	leave()
	d.api.Close() // returns when both have ended
	events := readAll(t, lines)
	var p api.Problem
	if last := events[len(events)-1]; last.Name != "problem" || json.Unmarshal([]byte(last.Data), &p) != nil || p.Code != "stopping" || p.Status != 503 {
		t.Errorf("events %+v", events)
	}
	d.run(t, []scenario{
		{name: "forgotten", path: "/api/v1/answers/" + id + "/events", as: "reader", status: 404, code: "unknown_answer"},
		{name: "forgotten, too", path: "/api/v1/answers/" + unread + "/events", as: "reader", status: 404, code: "unknown_answer"},
		{
			name: "no new one", method: "POST", path: "/ask", as: "reader", header: map[string]string{"Accept": "text/event-stream"},
			body: text(`{"question":"a"}`), status: 503, code: "stopping",
		},
		{name: "the rest is answered", path: "/healthz", status: 200},
	})
}

func TestAFailureThatNobodyReadsIsLogged(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	goOn := make(chan struct{})
	d.rooms.answer = func(_ context.Context, yield func(answer.Event, error) bool) {
		<-goOn
		yield(nil, fault.Newf(fault.Unavailable, "chat_unavailable", "Try again."))
	}
	ctx, leave := context.WithCancel(t.Context())
	d.begin(ctx, t)
	leave()
	awaitLog(t, d, `"status":499`) // the request is over
	close(goOn)
	awaitLog(t, d, "an answer that nobody reads failed")
}

func awaitLog(t *testing.T, d *desk, line string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(d.log.String(), line); {
		if time.Now().After(deadline) {
			t.Fatalf("the log lacks %s:\n%s", line, d.log.String())
		}
		time.Sleep(time.Millisecond)
	}
}
