package httpapi_test

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/go-chi/chi/v5"

	"clearwell/api"
	"clearwell/internal/answer"
	"clearwell/internal/fault"
	"clearwell/internal/httpapi"
)

func TestEveryOperationOfTheContractIsRouted(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	contract := chi.NewRouter()
	api.HandlerFromMux(api.Unimplemented{}, contract)
	operations := 0
	err := chi.Walk(contract, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		operations++
		path := strings.NewReplacer("{id}", "7", "{n}", "2", "{answer_id}", "x", "{conversation_id}", "x").Replace(route)
		res, body := d.send(t, scenario{method: method, path: path})
		if res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusMethodNotAllowed || strings.Contains(body, "<title>") {
			t.Errorf("%s %s is not answered: %d", method, route, res.StatusCode)
		}
		open := strings.HasPrefix(route, "/healthz") || strings.HasPrefix(route, "/readyz") || route == "/api/v1/session"
		if !open && res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s %s is answered without a key: %d", method, route, res.StatusCode)
		}
		return nil
	})
	if err != nil || operations < 19 {
		t.Errorf("%d operations, error %v", operations, err)
	}
}

func TestTheServiceTellsOfItself(t *testing.T) {
	t.Parallel()
	state := []httpapi.Check{{Name: "database"}, {Name: "embedder"}}
	d := newDesk(t, func(c *httpapi.Config) {
		c.Ready = func(context.Context) []httpapi.Check { return state }
	})
	d.run(t, []scenario{
		{name: "alive", path: "/healthz", status: 200, holds: []string{`{"status":"ok"}`}},
		{name: "alive by HEAD", method: "HEAD", path: "/healthz", status: 200},
		{name: "ready", path: "/readyz", status: 200, holds: []string{`"ready":true`, `"name":"embedder"`}},
		{name: "contract", path: "/api/v1/openapi.yaml", status: 200, holds: []string{"openapi: 3.0.3"}},
	})
	state[0].Err = fault.Newf(fault.Unavailable, "database_unavailable", "Postgres does not answer.")
	state[1].Err = errors.New("no file /private/model.onnx")
	d.run(t, []scenario{
		{name: "not ready", path: "/readyz", status: 503, holds: []string{`"ready":false`, "Postgres does not answer."}, check: lacks("model.onnx")},
		{name: "still alive", path: "/healthz", status: 200},
		{name: "metrics", path: "/metrics", status: 200, holds: []string{
			`clearwell_http_requests_total{method="GET",route="/readyz",status="503"} 1`,
			`clearwell_http_request_duration_seconds_count{route="/healthz"}`, "go_goroutines",
		}},
	})
}

func TestMadeUpAddressesShareOneSeries(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.run(t, []scenario{
		{name: "an address", path: "/made/up/1", status: 200},
		{name: "a method", method: "BREW", path: "/made/up/2", status: 405, code: "method_not_allowed"},
		{name: "metrics", path: "/metrics", status: 200, holds: []string{`route="site",status="200"`}, check: lacks("/made/up", "BREW")},
	})
}

func TestWhatIsNotThereIsAProblemForProgramsAndThePageForPeople(t *testing.T) {
	t.Parallel()
	const page = "<title>Clearwell</title>"
	cached := func(want string) func(*testing.T, *http.Response, string) {
		return func(t *testing.T, res *http.Response, _ string) {
			checkHeaders(t, res, map[string]string{"Cache-Control": want})
		}
	}
	newDesk(t).run(t, []scenario{
		{name: "home", path: "/", status: 200, holds: []string{page}, check: cached("no-cache")},
		{name: "a page", path: "/documents/7?revision=2&start=1&end=2", status: 200, holds: []string{page}},
		{name: "the ask page", path: "/ask", status: 200, holds: []string{page}},
		{name: "index.html", path: "/index.html", status: 200, holds: []string{page}},
		{name: "a hashed file", path: "/assets/a.1234.js", status: 200, holds: []string{"let a"}, check: cached("public, max-age=31536000, immutable")},
		{name: "another file", path: "/favicon.svg", status: 200, check: cached("no-cache")},
		{name: "a missing file", path: "/assets/b.js", status: 404, code: "unknown_address"},
		{name: "a hidden file", path: "/.gitkeep", status: 404, code: "unknown_address"},
		{name: "out of the folder", path: "/assets/..%2f..%2fetc%2fpasswd", status: 200, holds: []string{page}},
		{name: "an unknown route", path: "/api/v1/nothing", as: "reader", status: 404, code: "unknown_address"},
		{name: "an unknown route, posted", method: "POST", path: "/nothing", body: text("{}"), status: 404, code: "unknown_address"},
		{
			name: "a wrong method", method: "PUT", path: "/api/v1/session", body: text("{}"), status: 405, code: "method_not_allowed",
			check: func(t *testing.T, res *http.Response, _ string) {
				checkHeaders(t, res, map[string]string{"Allow": "GET, POST, DELETE"})
			},
		},
		{name: "a wrong method that reads", path: "/api/v1/ask", as: "reader", status: 405, code: "method_not_allowed"},
	})
}

func TestABinaryWithoutTheSiteSaysHowToBuildIt(t *testing.T) {
	t.Parallel()
	for name, site := range map[string]fs.FS{"none": nil, "empty": fstest.MapFS{".gitkeep": {}}} {
		d := newDesk(t, func(c *httpapi.Config) { c.Web = site })
		d.run(t, []scenario{{name: name, path: "/", status: 503, holds: []string{"`make build`"}}})
	}
}

func TestEveryResponseIsHardened(t *testing.T) {
	t.Parallel()
	hardened := func(t *testing.T, res *http.Response, _ string) {
		t.Helper()
		checkHeaders(t, res, map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"})
		csp := res.Header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'self'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("Content-Security-Policy %q", csp)
		}
	}
	newDesk(t).run(t, []scenario{
		{name: "page", path: "/", status: 200, check: hardened},
		{name: "problem", path: "/api/v1/me", status: 401, code: "missing_key", check: func(t *testing.T, res *http.Response, body string) {
			hardened(t, res, body)
			checkHeaders(t, res, map[string]string{"Cache-Control": "no-store", "WWW-Authenticate": `Bearer realm="clearwell"`})
		}},
		{name: "original", path: "/api/v1/documents/7/revisions/2/content", as: "reader", status: 200, check: hardened},
	})
}

func TestRequestIDsAreTakenOverWhenTheyAreHarmless(t *testing.T) {
	t.Parallel()
	got := func(want string, same bool) func(*testing.T, *http.Response, string) {
		return func(t *testing.T, res *http.Response, _ string) {
			if id := res.Header.Get("X-Request-Id"); id == "" || (id == want) != same {
				t.Errorf("request id %q", id)
			}
		}
	}
	long := strings.Repeat("x", 65)
	newDesk(t).run(t, []scenario{
		{name: "harmless", path: "/healthz", header: map[string]string{"X-Request-Id": "trace-1.a_b"}, status: 200, check: got("trace-1.a_b", true)},
		{name: "a quote", path: "/healthz", header: map[string]string{"X-Request-Id": `a"b`}, status: 200, check: got(`a"b`, false)},
		{name: "long", path: "/healthz", header: map[string]string{"X-Request-Id": long}, status: 200, check: got(long, false)},
	})
}

func TestAPanicIsAProblemAndTheServiceGoesOn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rooms.answer = func(context.Context, func(answer.Event, error) bool) { panic("a bug") }
	for _, accept := range []string{"application/json", "text/event-stream"} {
		d.run(t, []scenario{{
			name: accept, method: "POST", path: "/ask", as: "reader", header: map[string]string{"Accept": accept},
			body: text(`{"question":"a"}`), status: 500, code: "internal", check: lacks("a bug"),
		}})
	}
	d.rooms.answer = func(_ context.Context, yield func(answer.Event, error) bool) {
		yield(answer.Text{Delta: "You"}, nil)
		panic("a late bug")
	}
	_, lines := d.openStream(t.Context(), t)
	if got, want := names(readAll(t, lines)), []string{"start", "text", "problem"}; !slices.Equal(got, want) {
		t.Errorf("a panic in the middle must be the last event, got %v", got)
	}
	d.run(t, []scenario{{name: "afterwards", path: "/healthz", status: 200}})
	if log := d.log.String(); !strings.Contains(log, "a bug") || !strings.Contains(log, "a late bug") || !strings.Contains(log, "server_test.go") {
		t.Error("a panic must be logged with its stack")
	}
}
