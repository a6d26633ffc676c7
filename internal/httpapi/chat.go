package httpapi

import (
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"regexp"
	"strconv"
	"time"
	"unicode/utf8"

	"clearwell/api"
	"clearwell/internal/answer"
)

// chat is one chat completion on its way out.
type chat struct {
	server       *Server
	id           string
	created      int64
	model        string
	origin       string // of the addresses in annotations
	includeUsage bool
}

// chatCompletions answers the last question of a chat, in the form of OpenAI's API.
func (s *Server) chatCompletions(w http.ResponseWriter, r *http.Request) {
	var body api.ChatCompletionRequest
	bytes, err := readBody(w, r)
	if err == nil {
		err = decodeJSON(bytes, &body)
	}
	if err == nil {
		err = s.complete(w, r, body)
	}
	if err != nil {
		s.fail(w, r, err)
	}
}

func (s *Server) complete(w http.ResponseWriter, r *http.Request, body api.ChatCompletionRequest) error {
	ctx, d := r.Context(), doorOf(r.Context())
	q, err := s.chatQuestion(ctx, d.who, body)
	if err != nil {
		return blamed(err)
	}
	leave, err := s.asks.enter()
	if err != nil {
		return err
	}
	defer leave()
	c := chat{server: s, id: "chatcmpl-" + q.AnswerID, created: time.Now().Unix(), model: body.Model, origin: d.origin}
	events := s.Asker.Answer(ctx, d.who, q)
	if valueOf(body.Stream) {
		c.includeUsage = body.StreamOptions != nil && valueOf(body.StreamOptions.IncludeUsage)
		return c.stream(w, r, events)
	}
	done, err := s.whole(ctx, events)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, c.completion(done))
	return nil
}

func (c chat) completion(a answer.Answer) api.ChatCompletion {
	return api.ChatCompletion{
		Id: c.id, Object: "chat.completion", Created: c.created, Model: c.model, Usage: chatUsageOf(a),
		Choices: []api.ChatChoice{{FinishReason: "stop", Message: api.ChatAnswerMessage{
			Role: "assistant", Content: a.Text, Annotations: c.annotations(a), Clearwell: groundsOf(a),
		}}},
	}
}

// stream sends chunks as the answer is made. A failure before the first event is returned; after it, it ends the
// stream, which then has no [DONE].
func (c chat) stream(w http.ResponseWriter, r *http.Request, events iter.Seq2[answer.Event, error]) error {
	// A bare line end: clients are known to take a comment for the beginning of an error.
	out := &eventWriter{w: w, control: http.NewResponseController(w), pulse: "\n"}
	stopBeating := out.beat(c.server.Heartbeat)
	defer stopBeating()
	hasBegun, isDone := false, false
	for event, err := range events {
		if err != nil {
			return c.fail(out, r, fmt.Errorf("answer: %w", err))
		}
		if !hasBegun {
			hasBegun = true
			err = c.chunk(out, api.ChatDelta{Role: new("assistant"), Content: new("")}, nil)
		}
		if err == nil {
			err = c.event(out, event)
		}
		if err != nil { // nobody reads any more
			doorOf(r.Context()).err = fmt.Errorf("write chunk: %w", err)
			return nil
		}
		_, ok := event.(answer.Done)
		isDone = isDone || ok
	}
	if isDone {
		return nil
	}
	if err := r.Context().Err(); err != nil {
		return c.fail(out, r, err)
	}
	return c.fail(out, r, errNoDone)
}

// event sends what an event adds to the chat.
func (c chat) event(out *eventWriter, event answer.Event) error {
	switch ev := event.(type) {
	case answer.Text:
		return c.chunk(out, api.ChatDelta{Content: &ev.Delta}, nil)
	case answer.Done:
		c.server.metrics.answered(ev.Answer)
		annotations, grounds, usage := c.annotations(ev.Answer), groundsOf(ev.Answer), chatUsageOf(ev.Answer)
		err := c.chunk(out, api.ChatDelta{Annotations: &annotations, Clearwell: &grounds}, new("stop"))
		if err == nil && c.includeUsage {
			err = c.send(out, api.ChatCompletionChunk{Choices: []api.ChatChunkChoice{}, Usage: &usage})
		}
		if err != nil {
			return err
		}
		return out.data([]byte("[DONE]"))
	default: // sources and citations come with the last chunk
		return nil
	}
}

func (c chat) chunk(out *eventWriter, delta api.ChatDelta, finish *string) error {
	return c.send(out, api.ChatCompletionChunk{Choices: []api.ChatChunkChoice{{Delta: delta, FinishReason: finish}}})
}

func (c chat) send(out *eventWriter, chunk api.ChatCompletionChunk) error {
	chunk.Id, chunk.Object, chunk.Created, chunk.Model = c.id, "chat.completion.chunk", c.created, c.model
	encoded, err := json.Marshal(chunk)
	if err != nil {
		return fmt.Errorf("encode chunk: %w", err)
	}
	return out.data(encoded)
}

// fail ends the stream with what went wrong; a client that has left doesn't hear it.
func (c chat) fail(out *eventWriter, r *http.Request, err error) error {
	c.server.metrics.failed()
	if !out.close() {
		return err
	}
	d := doorOf(r.Context())
	d.err = err
	encoded, err := json.Marshal(openAIErrorOf(err, problemOf(d, err)))
	if err != nil {
		return fmt.Errorf("encode error: %w", err)
	}
	_ = out.data(encoded) // fails only when the client has left
	return nil
}

// data sends an event without a name.
func (e *eventWriter) data(encoded []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.send(fmt.Appendf(nil, "data: %s\n\n", encoded))
}

func chatUsageOf(a answer.Answer) api.ChatUsage {
	return api.ChatUsage{PromptTokens: a.PromptTokens, CompletionTokens: a.CompletionTokens, TotalTokens: a.PromptTokens + a.CompletionTokens}
}

func groundsOf(a answer.Answer) api.ChatGrounds {
	all := answerOf(a)
	return api.ChatGrounds{
		AnswerId: all.Id, Abstained: all.Abstained, General: all.General, AsOf: all.AsOf,
		Citations: all.Citations, Conflicts: all.Conflicts, Flags: all.Flags,
	}
}

var citationMark = regexp.MustCompile(`\[(\d{1,3})\]`)

// annotations ties each citation mark of the text to what it cites: the marks stand in the order in which the
// citations were given, and one that is said again cites the same again.
func (c chat) annotations(a answer.Answer) []api.ChatAnnotation {
	list := []api.ChatAnnotation{}
	cited := map[int][]answer.Citation{}
	for _, citation := range a.Citations {
		cited[citation.N] = append(cited[citation.N], citation)
	}
	for _, at := range citationMark.FindAllStringSubmatchIndex(a.Text, -1) {
		n, err := strconv.Atoi(a.Text[at[2]:at[3]])
		if err != nil || len(cited[n]) == 0 {
			continue
		}
		citation := citationOf(cited[n][0])
		if len(cited[n]) > 1 {
			cited[n] = cited[n][1:]
		}
		start := utf8.RuneCountInString(a.Text[:at[0]])
		annotation := api.ChatAnnotation{Type: "url_citation"}
		annotation.UrlCitation.StartIndex, annotation.UrlCitation.EndIndex = start, start+at[1]-at[0]
		annotation.UrlCitation.Url, annotation.UrlCitation.Title = c.origin+citation.Url, citation.Title
		list = append(list, annotation)
	}
	return list
}
