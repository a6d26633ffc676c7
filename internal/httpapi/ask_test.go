package httpapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/answer"
	"clearwell/internal/fault"
	"clearwell/internal/httpapi"
	"clearwell/internal/retrieve"
)

func TestAskAnswersInTheContractsShape(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const citation = `{"n":1,"document_id":"9007199254740993","document_key":"vacation.md","collection":"hr","title":"Vacation",
		"revision":2,"effective_from":"2026-03-03T00:00:00Z","effective_until":null,"page":null,"heading":"Leave > Days",
		"quote":"25 days","start":53,"end":60,"url":"/documents/9007199254740993?revision=2&start=53&end=60","former":false}`
	const passage = `{"document_id":"9007199254740993","document_key":"vacation.md","collection":"hr","title":"Vacation",
		"revision":2,"effective_from":"2026-03-03T00:00:00Z","effective_until":null,"page":null,"heading":"Leave > Days","context":"",
		"text":"Everyone has 25 days.","start":40,"end":61,"score":1.5,"url":"/documents/9007199254740993?revision=2&start=40&end=61","amended_by":[]}`
	const want = `{"id":"0b9f2f0e-6a52-4a6e-9d3c-1d7a3f3d0c11","answer":"You have 25 days [1].","abstained":false,
		"stopped":false,"general":false,"replaced":false,"flags":[],"dropped_citations":0,"removed_markup":0,"searched_for":"",
		"citations":[` + citation + `],"conflicts":[],"passages":[` + passage + `],"ended":null,"changes":[],"as_of":"2026-04-01T00:00:00Z","model":"extractive",
		"usage":{"prompt_tokens":1,"completion_tokens":2,"search_ms":3,"total_ms":4}}`
	same := func(t *testing.T, _ *http.Response, body string) {
		if diff := cmp.Diff(decode(t, want), decode(t, body)); diff != "" {
			t.Errorf("answer (-want +got):\n%s", diff)
		}
	}
	var scenarios []scenario
	for _, path := range []string{"/api/v1/ask", "/ask"} {
		scenarios = append(scenarios, scenario{
			name: path, method: "POST", path: path, as: "reader",
			body: text(`{"question":" How many days? ","as_of":"2026-04-01","known_at":"2026-03-03","collections":["hr"],"conversation_id":"x","stream":false}`), status: 200, check: same,
		})
	}
	d.run(t, scenarios)
	for _, q := range d.rooms.asked {
		if diff := cmp.Diff(answer.Question{Text: "How many days?", Collections: []string{"hr"}, AsOf: april, KnownAt: march, ConversationID: "x"}, q); diff != "" {
			t.Errorf("question (-want +got):\n%s", diff)
		}
	}
	if d.rooms.who.Name != "reader" {
		t.Errorf("asked as %+v", d.rooms.who)
	}
}

func decode(t *testing.T, body string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return v
}

func TestAnAbstentionShowsTheNearestSources(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rooms.answer = func(_ context.Context, yield func(answer.Event, error) bool) {
		yield(answer.Done{Answer: answer.Answer{Text: "Nothing says so.", Abstained: true, Nearest: []retrieve.Passage{passage()}}}, nil)
	}
	d.run(t, []scenario{{
		name: "abstention", method: "POST", path: "/ask", as: "reader", body: text(`{"question":"Why?"}`), status: 200,
		holds: []string{`"abstained":true`, `"citations":[]`, `"text":"Everyone has 25 days."`},
	}, {
		name: "counted", path: "/metrics", status: 200, holds: []string{`clearwell_answers_total{outcome="abstained"} 1`},
	}})
}

func TestAnAnswerSaysWhatEndedWhatChangedAndWhatAmends(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	amendment, amended := passage(), passage()
	amendment.ChunkID, amendment.DocumentID, amendment.Start, amendment.End = 9, 8, 1, 2
	amended.AmendedBy = []int64{9, 77} // 77 is not in the list
	d.rooms.answer = func(_ context.Context, yield func(answer.Event, error) bool) {
		a := wholeAnswer()
		a.Passages = []retrieve.Passage{amendment, amended}
		a.Ended = &answer.EndedNote{DocumentID: 7, DocumentKey: "pilot", Title: "Pilot", Revision: 2, At: march, By: "expired"}
		a.Changes = []answer.ChangeNote{{
			DocumentID: 7, DocumentKey: "vacation.md", Title: "Vacation", FromRevision: 1, ToRevision: 2, At: march,
			OldText: "20 days", NewText: "25 days",
		}}
		a.Citations[0].IsFormer = true
		yield(answer.Done{Answer: a}, nil)
	}
	d.run(t, []scenario{{
		name: "ask", method: "POST", path: "/ask", as: "reader", body: text(`{"question":"Why?"}`), status: 200,
		holds: []string{
			`"ended":{"at":"2026-03-03T00:00:00Z","by":"expired","document_id":"7","document_key":"pilot","revision":2,"title":"Pilot"}`,
			`"changes":[{"at":"2026-03-03T00:00:00Z","document_id":"7","document_key":"vacation.md","from_revision":1,` +
				`"new_text":"25 days","old_text":"20 days","title":"Vacation","to_revision":2}]`,
			`"amended_by":[{"document_id":"8","document_key":"vacation.md","end":2,"revision":2,"start":1,"title":"Vacation","url":"/documents/8?revision=2\u0026start=1\u0026end=2"}]`,
			`"amended_by":[]`, `"former":true`,
		},
	}})
}

func TestACitationSaysWhereItsQuoteStandsAndAPassageWhereItBegins(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	joined := passage()
	joined.Page = 2
	joined.Parts = []retrieve.Part{
		{Start: joined.Start, Place: retrieve.Place{Page: 1, Headings: []string{"Leave", "Scope"}}},
		{Start: 50, Place: retrieve.Place{Page: 2, Headings: joined.Headings}},
	}
	d.rooms.answer = func(_ context.Context, yield func(answer.Event, error) bool) {
		a := wholeAnswer()
		a.Passages, a.Citations[0].Passage = []retrieve.Passage{joined}, joined
		yield(answer.Done{Answer: a}, nil)
	}
	d.run(t, []scenario{{
		name: "ask", method: "POST", path: "/ask", as: "reader", body: text(`{"question":"Why?"}`), status: 200,
		holds: []string{`"end":60,"former":false,"heading":"Leave \u003e Days","n":1,"page":2`, `"heading":"Leave \u003e Scope","page":1`},
	}})
}

func TestBadQuestionsAreRefusedWithASentence(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	huge := `{"question":"` + strings.Repeat("x", 1<<20) + `"}`
	bad := func(name, body string, status int, code string) scenario {
		return scenario{name: name, method: "POST", path: "/api/v1/ask", as: "hr reader", body: text(body), status: status, code: code}
	}
	d.run(t, []scenario{
		bad("no body", ``, 400, "malformed_json"),
		bad("half a body", `{"question":`, 400, "malformed_json"),
		bad("not an object", `["question"]`, 400, "malformed_json"),
		bad("more behind it", `{"question":"a"} {"question":"b"}`, 400, "malformed_json"),
		bad("no question", `{}`, 400, "missing_question"),
		bad("an empty question", `{"question":" \u0000 "}`, 400, "missing_question"),
		bad("a long question", `{"question":"`+strings.Repeat("ä", 4001)+`"}`, 400, "question_too_long"),
		bad("a number for a question", `{"question":5}`, 400, "invalid_field"),
		bad("a misspelt field", `{"question":"a","asof":"2026-03-03"}`, 400, "unknown_field"),
		bad("a wrong date", `{"question":"a","as_of":"03/04/2026"}`, 400, "invalid_date"),
		bad("a wrong moment of knowledge", `{"question":"a","known_at":"0226-01-01"}`, 400, "invalid_date"),
		bad("an impossible date", `{"question":"a","as_of":"2026-02-30"}`, 400, "invalid_date"),
		bad("the zero time", `{"question":"a","as_of":"0001-01-01T00:00:00Z"}`, 400, "invalid_date"),
		bad("a body over the limit", huge, 413, "body_too_large"),
		bad("a collection that the key does not cover", `{"question":"a","collections":["hr","legal"]}`, 403, "collection_not_covered"),
		bad("a stream of a bad question", `{"stream":true}`, 400, "missing_question"),
		{name: "no key", method: "POST", path: "/ask", body: text(huge), status: 401, code: "missing_key"},
		{name: "a wrong key", method: "POST", path: "/ask", header: map[string]string{"Authorization": "Bearer cw_x"}, body: text(`{}`), status: 401, code: "invalid_key"},
		{name: "another scheme", method: "POST", path: "/ask", header: map[string]string{"Authorization": "Basic eDp5"}, body: text(`{}`), status: 401, code: "missing_key"},
	})
	if len(d.rooms.asked) != 0 {
		t.Errorf("a bad question was asked: %v", d.rooms.asked)
	}
}

func TestSearchReturnsPassages(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.run(t, []scenario{
		{
			name: "defaults", method: "POST", path: "/api/v1/search", as: "reader", body: text(`{"query":"days"}`), status: 200,
			holds: []string{`"as_of":"2026-04-01T00:00:00Z"`, `"document_id":"9007199254740993"`, `"score":1.5`},
		},
		{name: "all fields", method: "POST", path: "/api/v1/search", as: "hr reader", status: 200,
			body: text(`{"query":"days","limit":100,"collections":["hr"],"as_of":"2026-03-03T01:00:00+01:00","known_at":"2026-04-01"}`)},
		{name: "no query", method: "POST", path: "/api/v1/search", as: "reader", body: text(`{}`), status: 400, code: "missing_query"},
		{name: "limit 0", method: "POST", path: "/api/v1/search", as: "reader", body: text(`{"query":"a","limit":0}`), status: 400, code: "invalid_limit"},
		{name: "limit 101", method: "POST", path: "/api/v1/search", as: "reader", body: text(`{"query":"a","limit":101}`), status: 400, code: "invalid_limit"},
	})
	want := []retrieve.Query{{Text: "days", Limit: 10}, {Text: "days", Limit: 100, Collections: []string{"hr"}, AsOf: march, KnownAt: april}}
	if diff := cmp.Diff(want, d.rooms.searched); diff != "" {
		t.Errorf("queries (-want +got):\n%s", diff)
	}
}

func TestFailuresBecomeProblemsOnce(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind   fault.Kind
		status int
	}{
		{fault.Invalid, 400}, {fault.TooLarge, 413}, {fault.Unsupported, 415}, {fault.NotFound, 404}, {fault.Conflict, 409},
		{fault.Unauthenticated, 401}, {fault.Forbidden, 403}, {fault.Unavailable, 503}, {fault.Busy, 429}, {fault.Internal, 500},
	}
	d := newDesk(t)
	for _, tt := range tests {
		d.rooms.failure = fault.Wrapf(errors.New("secret cause"), tt.kind, "some_code", "Do this.")
		d.run(t, []scenario{{
			name: http.StatusText(tt.status), method: "POST", path: "/api/v1/search", as: "reader", body: text(`{"query":"a"}`),
			status: tt.status, code: "some_code", holds: []string{"Do this."},
			check: func(t *testing.T, res *http.Response, body string) {
				if strings.Contains(body, "secret cause") {
					t.Error("the cause is shown to the caller")
				}
				waits := tt.kind == fault.Unavailable || tt.kind == fault.Busy
				if waits != (res.Header.Get("Retry-After") != "") {
					t.Errorf("Retry-After %q", res.Header.Get("Retry-After"))
				}
			},
		}})
	}
	d.rooms.failure = errors.New("unmarked, with a password")
	d.run(t, []scenario{{
		name: "unmarked", method: "POST", path: "/api/v1/search", as: "reader", body: text(`{"query":"a"}`), status: 500, code: "internal",
		check: func(t *testing.T, _ *http.Response, body string) {
			if strings.Contains(body, "password") {
				t.Error("an unmarked error is shown to the caller")
			}
		},
	}})
	if log := d.log.String(); strings.Count(log, "unmarked, with a password") != 1 || !strings.Contains(log, `"level":"ERROR"`) {
		t.Errorf("an unmarked error must be logged once, as an error:\n%s", log)
	}
}

func TestAnAnswerThatTakesTooLongIsATimeout(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *httpapi.Config) { c.AskTimeout = time.Millisecond })
	d.rooms.answer = func(ctx context.Context, yield func(answer.Event, error) bool) {
		<-ctx.Done()
		yield(nil, ctx.Err())
	}
	d.run(t, []scenario{{name: "timeout", method: "POST", path: "/ask", as: "reader", body: text(`{"question":"a"}`), status: 503, code: "timeout"}})
}

func TestTooManyQuestionsAtOnceAreBusy(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *httpapi.Config) { c.MaxAsks = 1 })
	inside, goOn := make(chan struct{}), make(chan struct{})
	d.rooms.answer = func(_ context.Context, yield func(answer.Event, error) bool) {
		close(inside)
		<-goOn
		yield(answer.Done{Answer: wholeAnswer()}, nil)
	}
	ask := scenario{name: "ask", method: "POST", path: "/ask", as: "reader"}
	first := make(chan int)
	go func() {
		sc := ask
		sc.body = text(`{"question":"a"}`)
		res, _ := d.send(t, sc)
		first <- res.StatusCode
	}()
	<-inside
	ask.body, ask.status, ask.code = text(`{"question":"b"}`), 429, "busy"
	d.run(t, []scenario{ask})
	close(goOn)
	if status := <-first; status != 200 {
		t.Errorf("the first question got %d", status)
	}
	d.rooms.answer = newRooms().answer
	ask.body, ask.status, ask.code = text(`{"question":"c"}`), 200, ""
	d.run(t, []scenario{ask})
}

func TestQuestionsAreNotLogged(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.run(t, []scenario{
		{name: "ask", method: "POST", path: "/ask", as: "reader", body: text(`{"question":"my illness"}`), status: 200},
		{name: "list", path: "/api/v1/documents?text=my+illness", as: "reader", status: 200},
	})
	log := d.log.String()
	if strings.Contains(log, "illness") {
		t.Errorf("the log holds what was asked:\n%s", log)
	}
	if !strings.Contains(log, `"path":"/ask"`) || !strings.Contains(log, `"principal":"key:`) {
		t.Errorf("the log says too little:\n%s", log)
	}
}
