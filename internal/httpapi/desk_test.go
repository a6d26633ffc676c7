package httpapi_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/api"
	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/httpapi"
	"clearwell/internal/postgres/pgtest"
)

// desk is a running server: real HTTP, real keys and sessions; the rooms behind are scripted.
type desk struct {
	url    string
	server *httptest.Server
	api    *httpapi.Server
	client *http.Client
	access *access.Store
	keys   map[string]string // by the name that scenarios use
	rooms  *rooms
	log    *lockedBuffer
}

// newDesk starts a server that is gone when the test ends. Change its Config by the functions.
func newDesk(t *testing.T, changes ...func(*httpapi.Config)) *desk {
	t.Helper()
	return newDeskOn(t, pgtest.New(t), changes...)
}

func newDeskOn(t *testing.T, pool *pgxpool.Pool, changes ...func(*httpapi.Config)) *desk {
	t.Helper()
	d := &desk{access: access.New(pool), keys: map[string]string{}, rooms: newRooms(), log: &lockedBuffer{}}
	for name, key := range map[string]access.Principal{
		"reader":    {Role: access.Reader},
		"editor":    {Role: access.Editor},
		"admin":     {Role: access.Admin},
		"hr reader": {Role: access.Reader, Collections: []string{"hr"}},
		"hr editor": {Role: access.Editor, Collections: []string{"hr"}},
		"hr admin":  {Role: access.Admin, Collections: []string{"hr"}},
	} {
		secret, err := d.access.CreateKey(t.Context(), name, key.Role, key.Collections)
		if err != nil {
			t.Fatal(err)
		}
		d.keys[name] = secret
	}
	cfg := httpapi.Config{
		Access: d.access, Asker: d.rooms, Searcher: d.rooms, Intake: d.rooms, Library: d.rooms, Receipts: d.rooms,
		Conversations: answer.NewConversations(pool),
		Log:           slog.New(slog.NewJSONHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Web: fstest.MapFS{
			"index.html":       {Data: []byte("<!doctype html><title>Clearwell</title>")},
			"assets/a.1234.js": {Data: []byte("let a = 1")},
			"favicon.svg":      {Data: []byte("<svg/>")},
			".gitkeep":         {Data: []byte("")},
		},
	}
	for _, change := range changes {
		change(&cfg)
	}
	d.api = httpapi.New(cfg)
	server := httptest.NewServer(d.api)
	t.Cleanup(server.Close)
	t.Cleanup(d.api.Close) // first: whoever still reads is told
	d.url, d.server, d.client = server.URL, server, server.Client()
	return d
}

// scenario is one request and what must come back.
type scenario struct {
	name   string
	method string // default GET
	path   string
	as     string            // whose key; "" sends none
	header map[string]string // further headers
	body   io.Reader
	status int
	code   string // of the problem; "" where there is none
	// holds are pieces that the body must contain.
	holds []string
	// check looks at the rest.
	check func(t *testing.T, res *http.Response, body string)
}

// run sends the scenarios one after the other.
func (d *desk) run(t *testing.T, scenarios []scenario) {
	t.Helper()
	for _, sc := range scenarios {
		t.Run(sc.name, func(t *testing.T) {
			res, body := d.send(t, sc)
			if res.StatusCode != sc.status {
				t.Fatalf("status %d, want %d: %s", res.StatusCode, sc.status, body)
			}
			if sc.status >= 400 && sc.code != "" {
				checkProblem(t, res, body, sc.code)
			}
			for _, piece := range sc.holds {
				if !strings.Contains(body, piece) {
					t.Errorf("the body does not hold %q: %s", piece, body)
				}
			}
			if sc.check != nil {
				sc.check(t, res, body)
			}
		})
	}
}

func (d *desk) send(t *testing.T, sc scenario) (*http.Response, string) {
	t.Helper()
	method := sc.method
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(t.Context(), method, d.url+sc.path, sc.body)
	if err != nil {
		t.Fatal(err)
	}
	if sc.as != "" {
		req.Header.Set("Authorization", "Bearer "+d.keys[sc.as])
	}
	for name, value := range sc.header {
		req.Header.Set(name, value)
	}
	res, err := d.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

// checkProblem looks at everything that openapi.yaml promises of a problem.
func checkProblem(t *testing.T, res *http.Response, body, code string) {
	t.Helper()
	if got := res.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("content type %q: %s", got, body)
	}
	var p api.Problem
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		t.Fatal(err)
	}
	if p.Code != code {
		t.Errorf("code %q, want %q: %s", p.Code, code, p.Detail)
	}
	if p.Status != res.StatusCode || p.Title != http.StatusText(res.StatusCode) || p.Type != "about:blank" || p.Detail == "" {
		t.Errorf("an incomplete problem: %s", body)
	}
	if p.RequestId == "" || p.RequestId != res.Header.Get("X-Request-Id") {
		t.Errorf("request id %q in the body, %q in the header", p.RequestId, res.Header.Get("X-Request-Id"))
	}
}

func text(s string) io.Reader { return strings.NewReader(s) }

// part is a piece of a form: a file if it has a file name.
type part struct{ field, fileName, value string }

// multipartForm builds a body and its Content-Type.
func multipartForm(parts ...part) (io.Reader, map[string]string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts { // writing into a buffer does not fail
		var into io.Writer
		if p.fileName != "" {
			into, _ = w.CreateFormFile(p.field, p.fileName)
		} else {
			into, _ = w.CreateFormField(p.field)
		}
		_, _ = io.WriteString(into, p.value)
	}
	_ = w.Close()
	return &b, map[string]string{"Content-Type": w.FormDataContentType()}
}

// lockedBuffer is a log that a test may read while the server writes.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
