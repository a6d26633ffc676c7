package httpapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	openai "github.com/sashabaranov/go-openai"

	"clearwell/api"
	"clearwell/internal/answer"
	"clearwell/internal/fault"
	"clearwell/internal/httpapi"
)

// openAI is the usual client of OpenAI's API, with one of the desk's keys.
func (d *desk) openAI(key string) *openai.Client {
	cfg := openai.DefaultConfig(d.keys[key])
	cfg.BaseURL = d.url + "/v1"
	return openai.NewClientWithConfig(cfg)
}

// says is a message of a chat; who is "user", "assistant" or "system".
func says(who, text string) openai.ChatCompletionMessage {
	return openai.ChatCompletionMessage{Role: who, Content: text}
}

func asks(model string, messages ...openai.ChatCompletionMessage) openai.ChatCompletionRequest {
	if messages == nil {
		messages = []openai.ChatCompletionMessage{says("user", "How many?")}
	}
	return openai.ChatCompletionRequest{Model: model, Messages: messages}
}

// chunksOf reads a stream to its end.
func chunksOf(t *testing.T, stream *openai.ChatCompletionStream) []openai.ChatCompletionStreamResponse {
	t.Helper()
	var chunks []openai.ChatCompletionStreamResponse
	for {
		chunk, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return chunks
		}
		if err != nil {
			t.Fatal(err)
		}
		chunks = append(chunks, chunk)
	}
}

func saidIn(chunks []openai.ChatCompletionStreamResponse) string {
	var b strings.Builder
	for _, chunk := range chunks {
		for _, choice := range chunk.Choices {
			b.WriteString(choice.Delta.Content)
		}
	}
	return b.String()
}

func TestAnOpenAIClientGetsTheAnswer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	got, err := d.openAI("reader").CreateChatCompletion(t.Context(), asks("clearwell"))
	if err != nil {
		t.Fatal(err)
	}
	choice := got.Choices[0]
	if len(got.Choices) != 1 || choice.Message.Content != "You have 25 days [1]." || choice.Message.Role != "assistant" || choice.FinishReason != "stop" {
		t.Errorf("choices %+v", got.Choices)
	}
	if diff := cmp.Diff(openai.Usage{PromptTokens: 1, CompletionTokens: 2, TotalTokens: 3}, got.Usage); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
	if got.Object != "chat.completion" || got.Model != "clearwell" || !strings.HasPrefix(got.ID, "chatcmpl-") || time.Unix(got.Created, 0).Year() < 2026 {
		t.Errorf("completion %+v", got)
	}
	if asked := d.rooms.asked[0]; "chatcmpl-"+asked.AnswerID != got.ID || asked.Text != "How many?" || len(asked.Collections)+len(asked.History) != 0 {
		t.Errorf("asked %+v", asked)
	}
}

func TestCitationsAreKeptInAChatCompletion(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	whole := wholeAnswer()
	second := whole.Citations[0]
	second.N, second.Passage.Title, second.Start, second.End = 2, "Leave — général", 1, 4
	whole.Text = "“25 días” [1]. Und [2], again [1]; §[7]."
	whole.Citations = append(whole.Citations, second)
	d.rooms.answer = func(_ context.Context, yield func(answer.Event, error) bool) { yield(answer.Done{Answer: whole}, nil) }
	_, body := d.send(t, scenario{method: "POST", path: "/v1/chat/completions", as: "reader",
		body: text(`{"model":"clearwell","messages":[{"role":"user","content":"a"}]}`)})
	var got api.ChatCompletion
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	message := got.Choices[0].Message
	var marks []string
	for _, a := range message.Annotations {
		c := a.UrlCitation
		marks = append(marks, string([]rune(message.Content)[c.StartIndex:c.EndIndex])+" "+c.Title+" "+strings.TrimPrefix(c.Url, d.url))
	}
	first := "[1] Vacation /documents/9007199254740993?revision=2&start=53&end=60"
	want := []string{first, "[2] Leave — général /documents/9007199254740993?revision=2&start=1&end=4", first}
	if diff := cmp.Diff(want, marks); diff != "" {
		t.Errorf("annotations (-want +got):\n%s", diff)
	}
	grounds := message.Clearwell
	if grounds.AnswerId != whole.ID || len(grounds.Citations) != 2 || grounds.Citations[0].Quote != "25 days" || grounds.Abstained || grounds.Conflicts == nil || grounds.Flags == nil {
		t.Errorf("clearwell %+v", grounds)
	}
}

func TestAnOpenAIClientGetsTheAnswerAsItIsMade(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	goOn := make(chan struct{})
	d.rooms.answer = func(ctx context.Context, yield func(answer.Event, error) bool) {
		for _, e := range script() {
			if _, ok := e.(answer.Done); ok {
				<-goOn // the words must have arrived before
			}
			yield(e, nil)
		}
	}
	request := asks("clearwell")
	request.StreamOptions = &openai.StreamOptions{IncludeUsage: true}
	stream, err := d.openAI("reader").CreateChatCompletionStream(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	var chunks []openai.ChatCompletionStreamResponse
	for saidIn(chunks) != "You have 25 days [1]." {
		chunk, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		chunks = append(chunks, chunk)
	}
	if chunks[0].Choices[0].Delta.Role != "assistant" || chunks[0].Object != "chat.completion.chunk" {
		t.Errorf("the first chunk is %+v", chunks[0])
	}
	close(goOn)
	rest := chunksOf(t, stream)
	if len(rest) != 2 || rest[0].Choices[0].FinishReason != "stop" || len(rest[1].Choices) != 0 || rest[1].Usage == nil || rest[1].Usage.TotalTokens != 3 {
		t.Errorf("after the words came %+v", rest)
	}
}

func TestTheLastDeltaHoldsTheCitations(t *testing.T) {
	t.Parallel()
	newDesk(t).run(t, []scenario{{
		name: "stream", method: "POST", path: "/v1/chat/completions", as: "reader", status: 200,
		body: text(`{"model":"clearwell:hr","stream":true,"messages":[{"role":"user","content":"a"}]}`),
		check: func(t *testing.T, res *http.Response, body string) {
			events := strings.Split(strings.TrimSuffix(body, "\n\n"), "\n\n")
			if len(events) < 3 || events[len(events)-1] != "data: [DONE]" {
				t.Fatalf("the stream is %s", body)
			}
			var last api.ChatCompletionChunk
			if err := json.Unmarshal([]byte(strings.TrimPrefix(events[len(events)-2], "data: ")), &last); err != nil {
				t.Fatal(err)
			}
			delta := last.Choices[0].Delta
			if len(valueOr(delta.Annotations)) != 1 || delta.Clearwell == nil || delta.Clearwell.Citations[0].Quote != "25 days" || last.Usage != nil {
				t.Errorf("the last chunk is %+v", last)
			}
			if res.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" || strings.Contains(body, "event:") {
				t.Errorf("not as OpenAI's clients read it: %s", body)
			}
		},
	}})
}

func valueOr[T any](p *[]T) []T {
	if p == nil {
		return nil
	}
	return *p
}

func TestTheMessagesBeforeAreTheConversation(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	parts := openai.ChatCompletionMessage{Role: "user", MultiContent: []openai.ChatMessagePart{
		{Type: openai.ChatMessagePartTypeText, Text: "And in"}, {Type: openai.ChatMessagePartTypeText, Text: "part time?"},
	}}
	_, err := d.openAI("reader").CreateChatCompletion(t.Context(), asks("clearwell",
		says("system", "Never cite."), says("assistant", "Hello!"), says("user", "Vacation?"), says("user", "How many days?"),
		says("assistant", "25 [1]."), says("assistant", "That is all."), parts))
	if err != nil {
		t.Fatal(err)
	}
	asked := d.rooms.asked[0]
	want := []answer.Turn{{Question: "Vacation?"}, {Question: "How many days?", Answer: "25 [1].\n\nThat is all."}}
	if diff := cmp.Diff(want, asked.History); diff != "" || asked.Text != "And in\npart time?" {
		t.Errorf("asked %q with history (-want +got):\n%s", asked.Text, diff)
	}
}

func TestAModelIsTheLibraryOrACollection(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for key, want := range map[string][]string{
		"reader": {"clearwell", "clearwell:hr", "clearwell:legal"}, "hr reader": {"clearwell", "clearwell:hr"},
	} {
		list, err := d.openAI(key).ListModels(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, m := range list.Models {
			names = append(names, m.ID)
		}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("models of the %s (-want +got):\n%s", key, diff)
		}
	}
	if _, err := d.openAI("hr reader").CreateChatCompletion(t.Context(), asks("clearwell:hr")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"hr"}, d.rooms.asked[0].Collections); diff != "" {
		t.Errorf("collections (-want +got):\n%s", diff)
	}
	if m, err := d.openAI("hr reader").GetModel(t.Context(), "clearwell:hr"); err != nil || m.ID != "clearwell:hr" {
		t.Errorf("model %+v, error %v", m, err)
	}
	for _, name := range []string{"clearwell:legal", "clearwell:none", "gpt-4o"} {
		_, err := d.openAI("hr reader").GetModel(t.Context(), name)
		checkAPIError(t, err, 404, "unknown_model")
	}
}

// checkAPIError looks at an error as OpenAI's client reports it.
func checkAPIError(t *testing.T, err error, status int, code string) *openai.APIError {
	t.Helper()
	e, ok := errors.AsType[*openai.APIError](err)
	if !ok {
		t.Fatalf("error %v, want %s in OpenAI's form", err, code)
	}
	if e.HTTPStatusCode != status || e.Code != code || e.Message == "" || e.Type == "" {
		t.Errorf("error %+v, want %d %s", e, status, code)
	}
	return e
}

func TestErrorsComeInOpenAIsForm(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.keys["nobody"] = "cw_wrong"
	image := openai.ChatCompletionMessage{Role: "user", MultiContent: []openai.ChatMessagePart{
		{Type: openai.ChatMessagePartTypeImageURL, ImageURL: &openai.ChatMessageImageURL{URL: "https://example.com/a.png"}},
	}}
	with := func(change func(*openai.ChatCompletionRequest)) openai.ChatCompletionRequest {
		r := asks("clearwell")
		change(&r)
		return r
	}
	for name, tt := range map[string]struct {
		as      string
		request openai.ChatCompletionRequest
		status  int
		code    string
		kind    string // type of the error
		param   string
	}{
		"bad key":            {"nobody", asks("clearwell"), 401, "invalid_key", "authentication_error", ""},
		"unknown model":      {"reader", asks("gpt-4o"), 404, "unknown_model", "invalid_request_error", "model"},
		"not its collection": {"hr reader", asks("clearwell:legal"), 404, "unknown_model", "invalid_request_error", "model"},
		"no messages":        {"reader", with(func(r *openai.ChatCompletionRequest) { r.Messages = nil }), 400, "missing_question", "invalid_request_error", "messages"},
		"only a system":      {"reader", asks("clearwell", says("system", "a")), 400, "missing_question", "invalid_request_error", "messages"},
		"the assistant last": {"reader", asks("clearwell", says("user", "a"), says("assistant", "b")), 400, "missing_question", "invalid_request_error", "messages"},
		"an empty question":  {"reader", asks("clearwell", says("user", " ")), 400, "missing_question", "invalid_request_error", "messages"},
		"a long question":    {"reader", asks("clearwell", says("user", strings.Repeat("a", 4001))), 400, "question_too_long", "invalid_request_error", "messages"},
		"a tool's result":    {"reader", asks("clearwell", says("tool", "a"), says("user", "b")), 400, "unsupported_message", "invalid_request_error", "messages"},
		"a picture":          {"reader", asks("clearwell", image), 400, "unsupported_content", "invalid_request_error", "messages"},
		"two choices":        {"reader", with(func(r *openai.ChatCompletionRequest) { r.N = 2 }), 400, "unsupported_parameter", "invalid_request_error", "n"},
		"tools":              {"reader", with(func(r *openai.ChatCompletionRequest) { r.Tools = []openai.Tool{{Type: "function"}} }), 400, "unsupported_parameter", "invalid_request_error", "tools"},
		"JSON": {"reader", with(func(r *openai.ChatCompletionRequest) {
			r.ResponseFormat = &openai.ChatCompletionResponseFormat{Type: "json_object"}
		}), 400, "unsupported_parameter", "invalid_request_error", "response_format"},
		"log probabilities": {"reader", with(func(r *openai.ChatCompletionRequest) { r.LogProbs = true }), 400, "unsupported_parameter", "invalid_request_error", "logprobs"},
		"what only tunes": {"reader", with(func(r *openai.ChatCompletionRequest) {
			r.Temperature, r.MaxCompletionTokens, r.Stop, r.N = 0.5, 9, []string{"x"}, 1
		}), 0, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := d.openAI(tt.as).CreateChatCompletion(t.Context(), tt.request)
			if tt.code == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			e := checkAPIError(t, err, tt.status, tt.code)
			if param := valueOfString(e.Param); e.Type != tt.kind || param != tt.param {
				t.Errorf("type %q, param %q", e.Type, param)
			}
		})
	}
}

func valueOfString(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

func TestBodiesOfChatCompletionsAreReadLeniently(t *testing.T) {
	t.Parallel()
	const messages = `"messages":[{"role":"user","content":"a","name":"me"}]`
	d := newDesk(t)
	isOpenAI := func(code string) func(*testing.T, *http.Response, string) {
		return func(t *testing.T, res *http.Response, body string) {
			if !strings.Contains(body, `{"error":{"code":"`+code+`","message":"`) || res.Header.Get("Content-Type") != "application/json" {
				t.Errorf("not an error %s in OpenAI's form: %s", code, body)
			}
		}
	}
	d.run(t, []scenario{
		{name: "fields that we don't know", method: "POST", path: "/v1/chat/completions", as: "reader", status: 200,
			body: text(`{"model":"clearwell","seed":1,"user":"u","tools":[],"logit_bias":{},` + messages + `}`)},
		{name: "fields of ours", method: "POST", path: "/v1/chat/completions", as: "reader", status: 200,
			body: text(`{"model":"clearwell","as_of":"2026-03-03","general_knowledge":true,` + messages + `}`)},
		{name: "a wrong date", method: "POST", path: "/v1/chat/completions", as: "reader", status: 400, holds: []string{`"param":"as_of"`},
			body: text(`{"model":"clearwell","as_of":"soon",` + messages + `}`), check: isOpenAI("invalid_date")},
		{name: "a wrong moment of knowledge", method: "POST", path: "/v1/chat/completions", as: "reader", status: 400, holds: []string{`"param":"known_at"`},
			body: text(`{"model":"clearwell","known_at":"soon",` + messages + `}`), check: isOpenAI("invalid_date")},
		{name: "a wrong type", method: "POST", path: "/v1/chat/completions", as: "reader", status: 400, holds: []string{`"param":"stream"`},
			body: text(`{"model":"clearwell","stream":"yes",` + messages + `}`), check: isOpenAI("invalid_field")},
		{name: "a wrong type within", method: "POST", path: "/v1/chat/completions", as: "reader", status: 400, holds: []string{`"param":"stream_options.include_usage"`},
			body: text(`{"model":"clearwell","stream_options":{"include_usage":1},` + messages + `}`), check: isOpenAI("invalid_field")},
		{name: "content of a wrong type", method: "POST", path: "/v1/chat/completions", as: "reader", status: 400,
			body: text(`{"model":"clearwell","messages":[{"role":"user","content":5}]}`), check: isOpenAI("invalid_field")},
		{name: "no JSON", method: "POST", path: "/v1/chat/completions", as: "reader", status: 400, body: text(`hello`), check: isOpenAI("malformed_json")},
		{name: "no key", method: "POST", path: "/v1/chat/completions", status: 401, body: text(`{}`), check: isOpenAI("missing_key")},
		{name: "another method", path: "/v1/chat/completions", as: "reader", status: 405, check: isOpenAI("method_not_allowed")},
		{name: "another address", path: "/v1/embeddings", as: "reader", status: 404, check: isOpenAI("unknown_address")},
	})
	if asked := d.rooms.asked[1]; !asked.AsOf.Equal(march) || !asked.GeneralKnowledge {
		t.Errorf("asked %+v", asked)
	}
}

func TestAChatThatFailsAtOnceIsAnError(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rooms.answer = func(_ context.Context, yield func(answer.Event, error) bool) {
		yield(nil, fault.Newf(fault.Unavailable, "embedder_unavailable", "Try again."))
	}
	_, err := d.openAI("reader").CreateChatCompletionStream(t.Context(), asks("clearwell"))
	checkAPIError(t, err, 503, "embedder_unavailable")
	_, err = d.openAI("reader").CreateChatCompletion(t.Context(), asks("clearwell"))
	checkAPIError(t, err, 503, "embedder_unavailable")
}

// beatSeen is closed when a heartbeat has come over the line.
type beatSeen struct {
	once sync.Once
	seen chan struct{}
}

// RoundTrip implements http.RoundTripper.
func (b *beatSeen) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(res.Body, b), res.Body}
	}
	return res, err
}

// Write implements io.Writer: it looks at what was read.
func (b *beatSeen) Write(p []byte) (int, error) {
	if strings.Contains(string(p), "\n\n\n") || strings.Trim(string(p), "\n") == "" {
		b.once.Do(func() { close(b.seen) })
	}
	return len(p), nil
}

// The client takes comments for the beginning of an error and then can't read it.
func TestHeartbeatsDoNotHideAFailureFromTheClient(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *httpapi.Config) { c.Heartbeat = time.Millisecond })
	beat := &beatSeen{seen: make(chan struct{})}
	d.rooms.answer = func(_ context.Context, yield func(answer.Event, error) bool) {
		yield(answer.Text{Delta: "You"}, nil)
		<-beat.seen
		yield(nil, fault.Newf(fault.Unavailable, "chat_broken_off", "The answer broke off; ask again."))
	}
	cfg := openai.DefaultConfig(d.keys["reader"])
	cfg.BaseURL, cfg.HTTPClient = d.url+"/v1", &http.Client{Transport: beat}
	stream, err := openai.NewClientWithConfig(cfg).CreateChatCompletionStream(t.Context(), asks("clearwell"))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	for range 2 {
		if _, err := stream.Recv(); err != nil {
			t.Fatal(err)
		}
	}
	_, err = stream.Recv()
	e, ok := errors.AsType[*openai.APIError](err)
	if !ok || e.Code != "chat_broken_off" || e.Type != "server_error" {
		t.Errorf("the stream ended with %v", err)
	}
}

func TestAChatEndsWhenItsReaderLeaves(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ended := make(chan error, 1)
	d.rooms.answer = func(ctx context.Context, yield func(answer.Event, error) bool) {
		yield(answer.Text{Delta: "You"}, nil)
		<-ctx.Done()
		ended <- ctx.Err()
		yield(nil, ctx.Err())
	}
	ctx, leave := context.WithCancel(t.Context())
	stream, err := d.openAI("reader").CreateChatCompletionStream(ctx, asks("clearwell"))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	leave()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the answer ended with %v", err)
	}
	d.server.Close()
	if log := d.log.String(); !strings.Contains(log, `"status":499`) || strings.Contains(log, `"level":"ERROR"`) {
		t.Errorf("a reader who leaves is no failure of ours:\n%s", log)
	}
}
