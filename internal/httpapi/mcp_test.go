package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"clearwell/api"
	"clearwell/internal/answer"
	"clearwell/internal/fault"
	"clearwell/internal/httpapi"
	"clearwell/internal/library"
)

// keyed sends a key with every request, as users of the protocol's client do it.
type keyed struct{ key string }

// RoundTrip implements http.RoundTripper.
func (k keyed) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+k.key)
	return http.DefaultTransport.RoundTrip(r)
}

// mcp connects the protocol's own client with one of the desk's keys.
func (d *desk) mcp(t *testing.T, key string, options *mcp.ClientOptions) *mcp.ClientSession {
	t.Helper()
	session, err := d.dialMCP(t.Context(), key, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

func (d *desk) dialMCP(ctx context.Context, key string, options *mcp.ClientOptions) (*mcp.ClientSession, error) {
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, options)
	return client.Connect(ctx, &mcp.StreamableClientTransport{
		Endpoint: d.url + "/mcp", HTTPClient: &http.Client{Transport: keyed{d.keys[key]}},
	}, nil)
}

// use calls a tool, decodes its structured result into out if there is one, and returns its text.
func use(t *testing.T, session *mcp.ClientSession, tool string, arguments map[string]any, out any) (text string, isError bool) {
	t.Helper()
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range result.Content {
		if piece, ok := content.(*mcp.TextContent); ok {
			text += piece.Text
		}
	}
	if out != nil && !result.IsError {
		encoded, err := json.Marshal(result.StructuredContent)
		if err != nil {
			t.Fatal(err)
		}
		decoder := json.NewDecoder(bytes.NewReader(encoded))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(out); err != nil {
			t.Fatalf("structured result of %s: %v: %s", tool, err, encoded)
		}
	}
	return text, result.IsError
}

func TestAnMCPClientFindsTheTools(t *testing.T) {
	t.Parallel()
	session := newDesk(t).mcp(t, "reader", nil)
	list, err := session.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	arguments := map[string][]string{}
	for _, tool := range list.Tools {
		schema, _ := tool.InputSchema.(map[string]any)
		properties, _ := schema["properties"].(map[string]any)
		for name, property := range properties {
			if description, _ := property.(map[string]any)["description"].(string); description == "" {
				t.Errorf("%s says nothing of %s", tool.Name, name)
			}
			arguments[tool.Name] = append(arguments[tool.Name], name)
		}
		slices.Sort(arguments[tool.Name])
		if tool.Annotations == nil || !tool.Annotations.ReadOnlyHint || tool.Description == "" || tool.Title == "" {
			t.Errorf("tool %+v", tool)
		}
	}
	want := map[string][]string{
		"search": {"as_of", "collections", "limit", "query"}, "ask": {"as_of", "collections", "question"},
		"get_document": {"document_id", "revision", "start"}, "what_changed": {"document_id", "question", "since"},
	}
	if diff := cmp.Diff(want, arguments); diff != "" {
		t.Errorf("tools (-want +got):\n%s", diff)
	}
	if told := session.InitializeResult(); told.ServerInfo.Name != "clearwell" || told.Instructions == "" {
		t.Errorf("the server says %+v", told)
	}
}

func TestMCPSearches(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var found api.SearchResult
	text, isError := use(t, d.mcp(t, "hr reader", nil), "search",
		map[string]any{"query": "vacation", "collections": []string{"hr"}, "as_of": "2026-03-03", "limit": 3}, &found)
	if isError || len(found.Passages) != 1 || found.Passages[0].Text != "Everyone has 25 days." {
		t.Errorf("error %v, found %+v", isError, found)
	}
	want := "1. Vacation (document 9007199254740993, revision 2, in force since 2026-03-03), Leave > Days <" + d.url +
		"/documents/9007199254740993?revision=2&start=40&end=61>\nEveryone has 25 days."
	if text != want {
		t.Errorf("text %q, want %q", text, want)
	}
	asked := d.rooms.searched[0]
	if asked.Text != "vacation" || asked.Limit != 3 || !asked.AsOf.Equal(march) || d.rooms.who.Name != "hr reader" {
		t.Errorf("searched %+v as %s", asked, d.rooms.who.Name)
	}
}

func TestMCPAsksAndTellsTheAnswerAsItIsMade(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	heard, all := make(chan string, 2), make(chan struct{})
	d.rooms.answer = func(ctx context.Context, yield func(answer.Event, error) bool) {
		for _, e := range script() {
			if _, ok := e.(answer.Done); ok { // the words must have arrived before
				select {
				case <-all:
				case <-ctx.Done():
					return
				}
			}
			yield(e, nil)
		}
	}
	session := d.mcp(t, "reader", &mcp.ClientOptions{ProgressNotificationHandler: func(_ context.Context, r *mcp.ProgressNotificationClientRequest) {
		heard <- r.Params.Message
		if r.Params.Progress == 2 {
			close(all)
		}
	}})
	params := &mcp.CallToolParams{Name: "ask", Arguments: map[string]any{"question": "How many?"}}
	params.SetProgressToken("p1")
	result, err := session.CallTool(t.Context(), params)
	if err != nil || result.IsError {
		t.Fatalf("error %v, result %+v", err, result)
	}
	if pieces := []string{<-heard, <-heard}; !slices.Contains(pieces, "You have ") || !slices.Contains(pieces, "25 days [1].") {
		t.Errorf("heard %q", pieces)
	}
	var a api.Answer
	text, _ := use(t, session, "ask", map[string]any{"question": "How many?"}, &a)
	if a.Answer != "You have 25 days [1]." || len(a.Citations) != 1 || a.Id != wholeAnswer().ID {
		t.Errorf("answer %+v", a)
	}
	if !strings.HasPrefix(text, "You have 25 days [1].\n\nSources:\n[1] Vacation (document 9007199254740993, revision 2") || !strings.Contains(text, "“25 days”") {
		t.Errorf("text %q", text)
	}
}

func TestMCPReadsADocumentInPieces(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rooms.text = strings.Repeat("é", 20_001)
	session := d.mcp(t, "reader", nil)
	var first, second api.McpDocument
	text, _ := use(t, session, "get_document", map[string]any{"document_id": "7"}, &first)
	if first.Document.Id != "7" || first.Revision.Revision != 2 || len([]rune(first.Text)) != 20_000 || first.NextStart == nil || *first.NextStart != 20_000 {
		t.Errorf("first piece %+v", first)
	}
	if !strings.Contains(text, "collection hr, revision 2 of 3, in force, from 2026-03-03") || !strings.Contains(text, "go on with start 20000") {
		t.Errorf("text %.300q", text)
	}
	use(t, session, "get_document", map[string]any{"document_id": "12", "revision": 2, "start": 20_000}, &second)
	if second.Text != "é" || second.NextStart != nil || second.Start != 20_000 || second.End != 20_001 {
		t.Errorf("second piece %+v", second)
	}
}

func TestMCPTellsWhatChanged(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	older := d.rooms.revs[1]
	older.ID, older.Number, older.InForce, older.EffectiveFrom = 5, 1, false, march.AddDate(0, -1, 0)
	d.rooms.before = map[int]library.Revision{2: older}
	d.rooms.revs = append(d.rooms.revs, older)
	session := d.mcp(t, "reader", nil)
	for name, tt := range map[string]struct {
		arguments map[string]any
		from      int
		text      string
	}{
		"the last change": {map[string]any{"document_id": "7"}, 1, "“20 days” → “25 days”"},
		"since a moment":  {map[string]any{"document_id": "7", "since": "2026-02-20"}, 1, "revision 2, in force since 2026-03-03, against revision 1"},
		"nothing since":   {map[string]any{"document_id": "7", "since": "2026-03-10"}, 2, "nothing has changed"},
	} {
		t.Run(name, func(t *testing.T) {
			var changed api.Diff
			text, isError := use(t, session, "what_changed", tt.arguments, &changed)
			if isError || changed.From != tt.from || changed.To != 2 || !strings.Contains(text, tt.text) {
				t.Errorf("error %v, text %q, diff %+v", isError, text, changed)
			}
		})
	}
	var whole api.Diff
	text, isError := use(t, session, "what_changed", map[string]any{"document_id": "7", "since": "2026-01-01"}, &whole)
	if isError || !strings.Contains(text, "Nothing came before") || len(whole.Changes) != 0 {
		t.Errorf("before the beginning: error %v, %q", isError, text)
	}
	d.rooms.docs[0].ID = 9007199254740993 // of the passage that a search finds
	for i := range d.rooms.revs[:2] {
		d.rooms.revs[i].DocumentID = 9007199254740993
	}
	d.rooms.revs[3].DocumentID = 9007199254740993
	var changed api.Diff
	if _, isError := use(t, session, "what_changed", map[string]any{"question": "vacation"}, &changed); isError || changed.DocumentId != "9007199254740993" {
		t.Errorf("by a question: %+v", changed)
	}
}

func TestMCPSaysThatNothingCameBeforeAFirstRevision(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first := d.rooms.revs[1]
	first.ID, first.Number = 5, 1
	d.rooms.docs[0].Current, d.rooms.revs = &first, append(d.rooms.revs, first)
	var changed api.Diff
	text, isError := use(t, d.mcp(t, "reader", nil), "what_changed", map[string]any{"document_id": "7"}, &changed)
	if isError || changed.From != 1 || changed.To != 1 || changed.Changes == nil || len(changed.Changes) != 0 {
		t.Errorf("error %v, %+v", isError, changed)
	}
	const want = "Vacation: revision 1, in force since 2026-03-03, is the first. Nothing came before it, so there is nothing to compare it with."
	if text != want {
		t.Errorf("text %q, want %q", text, want)
	}
}

func TestMCPTellsOnlyWhatMayBeRead(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	session := d.mcp(t, "hr reader", nil)
	for _, tt := range []struct {
		tool      string
		arguments map[string]any
		code      string
	}{
		{"get_document", map[string]any{"document_id": "8"}, "unknown_document"},
		{"get_document", map[string]any{"document_id": "999"}, "unknown_document"},
		{"get_document", map[string]any{"document_id": "7", "revision": 3}, "not_published"},
		{"what_changed", map[string]any{"document_id": "8"}, "unknown_document"},
		{"search", map[string]any{"query": "a", "collections": []string{"legal"}}, "collection_not_covered"},
		{"ask", map[string]any{"question": "a", "collections": []string{"legal"}}, "collection_not_covered"},
	} {
		if text, isError := use(t, session, tt.tool, tt.arguments, nil); !isError || !strings.HasPrefix(text, tt.code+": ") {
			t.Errorf("%s %v: error %v, text %q, want %s", tt.tool, tt.arguments, isError, text, tt.code)
		}
	}
	if len(d.rooms.asked)+len(d.rooms.searched) != 0 {
		t.Error("a room was asked for what may not be read")
	}
	for _, key := range []string{"nobody", ""} {
		if _, err := d.dialMCP(t.Context(), key, nil); err == nil {
			t.Errorf("connected with the key of %q", key)
		}
	}
}

func TestMCPSaysWhatIsWrongWithArguments(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	session := d.mcp(t, "reader", nil)
	for _, tt := range []struct {
		tool      string
		arguments map[string]any
		code      string
	}{
		{"search", map[string]any{}, "missing_query"},
		{"search", map[string]any{"query": "a", "limit": 101}, "invalid_limit"},
		{"search", map[string]any{"query": 5}, "invalid_field"},
		{"search", map[string]any{"query": "a", "asof": "2026-01-01"}, "unknown_field"},
		{"ask", nil, "missing_question"},
		{"ask", map[string]any{"question": strings.Repeat("a", 4001)}, "question_too_long"},
		{"ask", map[string]any{"question": "a", "as_of": "soon"}, "invalid_date"},
		{"get_document", map[string]any{"document_id": "x"}, "unknown_document"},
		{"get_document", map[string]any{"document_id": "7", "revision": 9}, "unknown_revision"},
		{"get_document", map[string]any{"document_id": "7", "start": 99}, "invalid_start"},
		{"get_document", map[string]any{"document_id": "8"}, "not_in_force"},
		{"what_changed", map[string]any{}, "missing_question"},
		{"what_changed", map[string]any{"document_id": "7", "since": "soon"}, "invalid_date"},
	} {
		if text, isError := use(t, session, tt.tool, tt.arguments, nil); !isError || !strings.HasPrefix(text, tt.code+": ") {
			t.Errorf("%s %v: error %v, text %q, want %s", tt.tool, tt.arguments, isError, text, tt.code)
		}
	}
	if _, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "delete"}); err == nil {
		t.Error("there is a tool that nobody made")
	}
}

func TestAToolThatFailsDoesNotEndTheService(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	session := d.mcp(t, "reader", nil)
	d.rooms.answer = func(context.Context, func(answer.Event, error) bool) { panic("a bug") }
	if text, isError := use(t, session, "ask", map[string]any{"question": "a"}, nil); !isError || !strings.HasPrefix(text, "internal: ") || strings.Contains(text, "a bug") {
		t.Errorf("a panic is told as %q", text)
	}
	d.rooms.answer = func(_ context.Context, yield func(answer.Event, error) bool) {
		yield(nil, fault.Newf(fault.Unavailable, "chat_unavailable", "Try again."))
	}
	if text, isError := use(t, session, "ask", map[string]any{"question": "a"}, nil); !isError || text != "chat_unavailable: Try again." {
		t.Errorf("a failure is told as %q", text)
	}
	if log := d.log.String(); !strings.Contains(log, "a bug") || !strings.Contains(log, `"tool":"ask"`) {
		t.Error("calls and panics must be logged")
	}
}

// With an older version of the protocol, too, and without its client waiting for an answer.
func TestAToolEndsWithItsRequest(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	begun, ended := make(chan struct{}), make(chan error, 1)
	d.rooms.answer = func(ctx context.Context, yield func(answer.Event, error) bool) {
		close(begun)
		<-ctx.Done()
		ended <- ctx.Err()
		yield(nil, ctx.Err())
	}
	ctx, leave := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "POST", d.url+"/mcp",
		text(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask","arguments":{"question":"a"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Authorization": "Bearer " + d.keys["reader"], "Content-Type": "application/json",
		"Accept": "application/json, text/event-stream", "Mcp-Protocol-Version": "2025-06-18"} {
		req.Header.Set(name, value)
	}
	go func() {
		<-begun
		leave()
	}()
	if res, err := d.client.Do(req); err == nil {
		_ = res.Body.Close()
	}
	if err := <-ended; err == nil {
		t.Error("the answer went on")
	}
}

func TestOtherSitesMayNotUseMCP(t *testing.T) {
	t.Parallel()
	const ping = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	accept := map[string]string{"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
	with := func(name, value string) map[string]string {
		return map[string]string{"Content-Type": accept["Content-Type"], "Accept": accept["Accept"], name: value}
	}
	newDesk(t).run(t, []scenario{
		{name: "a program", method: "POST", path: "/mcp", as: "reader", header: accept, body: text(ping), status: 200, holds: []string{"what_changed"}},
		{name: "another site", method: "POST", path: "/mcp", as: "reader", header: with("Origin", "https://evil.example"), body: text(ping), status: 403, code: "cross_origin"},
		{name: "another site, in a browser", method: "POST", path: "/mcp", as: "reader", header: with("Sec-Fetch-Site", "cross-site"), body: text(ping), status: 403, code: "cross_origin"},
		{name: "no key", method: "POST", path: "/mcp", header: accept, body: text(ping), status: 401, code: "missing_key"},
		{name: "no session to listen to", path: "/mcp", as: "reader", status: 405, code: "method_not_allowed"},
		{name: "too much", method: "POST", path: "/mcp", as: "reader", header: accept, body: text(strings.Repeat(" ", 1<<20+1)), status: 413, code: "body_too_large"},
	})
}

func TestBrokenMessagesOfMCPAreProblems(t *testing.T) {
	t.Parallel()
	both := map[string]string{"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
	post := func(name, body string, header map[string]string, status int, code string) scenario {
		return scenario{name: name, method: "POST", path: "/mcp", as: "reader", header: header, body: text(body), status: status, code: code}
	}
	const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	newDesk(t).run(t, []scenario{
		post("no JSON", "hello", both, 400, "malformed_json"),
		post("half a message", list[:20], both, 400, "malformed_json"),
		post("nothing", "", both, 400, "malformed_json"),
		post("no message", `5`, both, 400, "malformed_json"),
		post("a message of another kind", `{}`, both, 400, "refused_message"),
		post("an unknown method", `{"jsonrpc":"2.0","id":1,"method":"tools/delete"}`, both, 400, "refused_message"),
		post("not as JSON", list, map[string]string{"Content-Type": "text/plain", "Accept": both["Accept"]}, 415, "refused_message"),
		post("no stream wanted", list, map[string]string{"Content-Type": both["Content-Type"], "Accept": "application/json"}, 400, "refused_message"),
		post("several messages", `[`+list+`]`, both, 200, ""),
	})
}

func TestMCPSharesTheGateOfQuestions(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *httpapi.Config) { c.MaxAsks = 1 })
	begun, goOn := make(chan struct{}), make(chan struct{})
	d.rooms.answer = func(_ context.Context, yield func(answer.Event, error) bool) {
		close(begun)
		<-goOn
		yield(answer.Done{Answer: wholeAnswer()}, nil)
	}
	first := make(chan bool)
	session := d.mcp(t, "reader", nil)
	go func() {
		result, err := session.CallTool(context.WithoutCancel(t.Context()), &mcp.CallToolParams{Name: "ask", Arguments: map[string]any{"question": "a"}})
		first <- err == nil && !result.IsError
	}()
	<-begun
	for _, tool := range []map[string]any{{"question": "b"}, {"query": "b"}} {
		name := "ask"
		if tool["query"] != nil {
			name = "search"
		}
		if text, isError := use(t, session, name, tool, nil); !isError || !strings.HasPrefix(text, "busy: ") {
			t.Errorf("%s beside a question: %q", name, text)
		}
	}
	close(goOn)
	if !<-first {
		t.Error("the first question got no answer")
	}
}
