package httpapi_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/api"
	"clearwell/internal/answer"
	"clearwell/internal/httpapi"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/journal"
	"clearwell/internal/library"
	"clearwell/internal/postgres/pgtest"
	"clearwell/internal/retrieve"
)

// newTalkingDesk is a desk whose answers, conversations and receipts are the real ones, on an empty library.
func newTalkingDesk(t *testing.T) *desk {
	t.Helper()
	pool := pgtest.New(t)
	return newDeskOn(t, pool, withRealAnswers(t, pool))
}

func withRealAnswers(t *testing.T, pool *pgxpool.Pool) func(*httpapi.Config) {
	t.Helper()
	embedder, receipts, quiet := inferencetest.NewEmbedder(64), journal.New(pool), slog.New(slog.DiscardHandler)
	if err := library.New(pool).OpenIndex(t.Context(), embedder.Model()); err != nil {
		t.Fatal(err)
	}
	service, err := answer.New(retrieve.NewSearcher(pool, embedder, retrieve.Config{}), embedder, nil, receipts, nil, answer.Config{}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return func(c *httpapi.Config) {
		c.Asker, c.Receipts = answer.NewDialogue(service, answer.NewConversations(pool), quiet), receipts
	}
}

// begin starts a conversation of the reader's and returns its address.
func (d *desk) talk(t *testing.T, as string) api.ConversationSummary {
	t.Helper()
	res, body := d.send(t, scenario{method: "POST", path: "/api/v1/conversations", as: as, body: text(`{}`)})
	var made api.ConversationSummary
	if err := json.Unmarshal([]byte(body), &made); err != nil || res.StatusCode != http.StatusCreated || made.Title != "" || made.Messages != 0 {
		t.Fatalf("status %d: %s", res.StatusCode, body)
	}
	return made
}

func TestAConversationIsReadBackAsItWasHeld(t *testing.T) {
	t.Parallel()
	d := newTalkingDesk(t)
	id := d.talk(t, "reader").Id
	_, whole := d.send(t, scenario{method: "POST", path: "/ask", as: "reader", body: text(`{"question":"How many vacation days do I get?","conversation_id":"` + id + `"}`)})
	res, streamed := d.send(t, scenario{method: "POST", path: "/ask", as: "reader", body: text(`{"question":"And why?","stream":true,"conversation_id":"` + id + `"}`)})
	if res.StatusCode != 200 || !strings.Contains(streamed, `"conversation_id":"`+id+`"`) {
		t.Fatalf("status %d: %s", res.StatusCode, streamed)
	}
	_, last, _ := strings.Cut(streamed, "event: done\ndata: ")
	_, body := d.send(t, scenario{path: "/api/v1/conversations/" + id, as: "reader"})
	var read struct {
		Title    string
		Messages []struct {
			Question string
			Answer   json.RawMessage
			Feedback any
		}
	}
	if err := json.Unmarshal([]byte(body), &read); err != nil || len(read.Messages) != 2 {
		t.Fatalf("error %v: %s", err, body)
	}
	for i, given := range []string{whole, last} {
		if string(read.Messages[i].Answer) != strings.TrimSpace(given) {
			t.Errorf("given\n%s\nread back\n%s", given, read.Messages[i].Answer)
		}
	}
	if read.Title != "How many vacation days do I get?" || read.Messages[1].Question != "And why?" || read.Messages[1].Feedback != nil {
		t.Errorf("read %+v", read)
	}
	if !strings.Contains(last, `"searched_for":"And why? (vacation days)"`) {
		t.Errorf("done %s", last)
	}
}

func TestNobodyElseSeesAConversation(t *testing.T) {
	t.Parallel()
	d := newTalkingDesk(t)
	id := d.talk(t, "reader").Id
	path, question := "/api/v1/conversations/"+id, `{"question":"a","conversation_id":"`+id+`"}`
	var scenarios []scenario
	for _, as := range []string{"admin", "hr reader"} {
		scenarios = append(scenarios,
			scenario{name: "read by " + as, path: path, as: as, status: 404, code: "unknown_conversation"},
			scenario{name: "deleted by " + as, method: "DELETE", path: path, as: as, status: 404, code: "unknown_conversation"},
			scenario{name: "asked by " + as, method: "POST", path: "/ask", as: as, body: text(question), status: 404, code: "unknown_conversation"},
			scenario{name: "streamed by " + as, method: "POST", path: "/ask", as: as, body: text(question),
				header: map[string]string{"Accept": "text/event-stream"}, status: 404, code: "unknown_conversation"},
			scenario{name: "listed by " + as, path: "/api/v1/conversations", as: as, status: 200, holds: []string{`{"conversations":[],"next_cursor":null}`}},
		)
	}
	d.run(t, append(scenarios,
		scenario{name: "no such id", path: "/api/v1/conversations/7", as: "reader", status: 404, code: "unknown_conversation"},
		scenario{name: "an unknown field", method: "POST", path: "/api/v1/conversations", as: "reader", body: text(`{"title":"a"}`), status: 400, code: "unknown_field"},
		scenario{name: "deleted by its owner", method: "DELETE", path: path, as: "reader", status: 204},
		scenario{name: "gone", path: path, as: "reader", status: 404, code: "unknown_conversation"},
		scenario{name: "asked when gone", method: "POST", path: "/ask", as: "reader", body: text(question), status: 404, code: "unknown_conversation"},
	))
}

func TestConversationsAreListedByPages(t *testing.T) {
	t.Parallel()
	d := newTalkingDesk(t)
	var want []string
	for range 3 {
		want = append([]string{d.talk(t, "reader").Id}, want...)
	}
	var got []string
	for path := "/api/v1/conversations?limit=2"; path != ""; {
		_, body := d.send(t, scenario{path: path, as: "reader"})
		var page api.ConversationList
		if err := json.Unmarshal([]byte(body), &page); err != nil {
			t.Fatal(err, body)
		}
		for _, c := range page.Conversations {
			got = append(got, c.Id)
		}
		if path = ""; page.NextCursor != nil {
			path = "/api/v1/conversations?limit=2&cursor=" + *page.NextCursor
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("listed %v, want %v", got, want)
	}
	var scenarios []scenario
	for _, cursor := range []string{"x", "5", "5_x", "_" + want[0], "-5_" + want[0], "99999999999999999_" + want[0]} {
		scenarios = append(scenarios, scenario{name: "cursor " + cursor, path: "/api/v1/conversations?cursor=" + cursor, as: "reader", status: 400, code: "invalid_cursor"})
	}
	d.run(t, append(scenarios, scenario{name: "limit", path: "/api/v1/conversations?limit=201", as: "reader", status: 400, code: "invalid_limit"}))
}

func TestAConversationBeginsWithoutABody(t *testing.T) {
	t.Parallel()
	begin := func(name, body string, status int, code string) scenario {
		return scenario{name: name, method: "POST", path: "/api/v1/conversations", as: "reader", body: text(body), status: status, code: code}
	}
	newTalkingDesk(t).run(t, []scenario{
		{name: "none", method: "POST", path: "/api/v1/conversations", as: "reader", status: 201},
		begin("empty", "", 201, ""), begin("white space", " \n", 201, ""), begin("no fields", "{}", 201, ""),
		begin("a field", `{"title":"a"}`, 400, "unknown_field"), begin("no JSON", "hello", 400, "malformed_json"),
	})
}

func TestFeedbackIsGivenByTheAskerAndReadByAdmins(t *testing.T) {
	t.Parallel()
	d := newTalkingDesk(t)
	id := d.talk(t, "reader").Id
	_, body := d.send(t, scenario{method: "POST", path: "/ask", as: "reader", body: text(`{"question":"How many vacation days do I get?","conversation_id":"` + id + `"}`)})
	var given api.Answer
	if err := json.Unmarshal([]byte(body), &given); err != nil {
		t.Fatal(err)
	}
	give := func(name, as, body string, status int, code string) scenario {
		return scenario{name: name, method: "POST", path: "/api/v1/feedback", as: as, body: text(body), status: status, code: code}
	}
	of := `{"answer_id":"` + given.Id + `","helpful":`
	d.run(t, []scenario{
		give("by the asker", "reader", of+`true}`, 204, ""),
		give("again, otherwise", "reader", of+`false,"reason":" There are `+"\\u0000"+`30. "}`, 204, ""),
		give("by another", "admin", of+`true}`, 404, "unknown_answer"),
		give("no such answer", "reader", `{"answer_id":"x","helpful":true}`, 404, "unknown_answer"),
		give("a long reason", "reader", of+`true,"reason":"`+strings.Repeat("ä", 2001)+`"}`, 400, "reason_too_long"),
		give("a longest reason", "hr reader", of+`true,"reason":"`+strings.Repeat("ä", 2000)+`"}`, 404, "unknown_answer"),
		give("no verdict", "reader", of+`"yes"}`, 400, "invalid_field"),
		give("a verdict left out", "reader", `{"answer_id":"`+given.Id+`"}`, 400, "missing_field"),
		give("a verdict of null", "reader", of+`null}`, 400, "missing_field"),
		give("no answer named", "reader", `{"helpful":true}`, 400, "missing_field"),
		{name: "in the conversation", path: "/api/v1/conversations/" + id, as: "reader", status: 200, holds: []string{`"feedback":{"helpful":false,"reason":"There are 30."}`}},
		{
			name: "listed", path: "/api/v1/feedback?helpful=false&days=1&limit=1", as: "admin", status: 200,
			holds: []string{`"answer_id":"` + given.Id + `"`, `"question":"How many vacation days do I get?"`, `"given_by":"key:`},
		},
		{name: "of the other kind", path: "/api/v1/feedback?helpful=true", as: "admin", status: 200, holds: []string{`{"feedback":[]}`}},
		{name: "days", path: "/api/v1/feedback?days=0", as: "admin", status: 400, code: "invalid_days"},
		{name: "limit", path: "/api/v1/feedback?limit=1001", as: "admin", status: 400, code: "invalid_limit"},
		{name: "not for readers", path: "/api/v1/feedback", as: "reader", status: 403, code: "may_not_list_feedback"},
		{name: "nor for admins of some", path: "/api/v1/feedback", as: "hr admin", status: 403, code: "may_not_list_feedback"},
	})
}
