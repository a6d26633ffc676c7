package inferencetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"clearwell/internal/inference"
)

// Completion is how the server answers one chat. The zero value is an empty answer.
type Completion struct {
	Status     int                        // an HTTP status to fail with before anything is sent, 0 for none
	RetryAfter string                     // the Retry-After header that goes with Status
	Message    string                     // the reason that goes with Status
	Pieces     []string                   // of the answer, streamed one by one
	Reply      func(ChatRequest) []string // makes the pieces of what was asked, as a model does that echoes its prompt; nil: Pieces
	Gate       <-chan struct{}            // each piece, and the end, first takes a value from here (or finds it closed); nil: no waiting
	Error      string                     // sent as an error event after the pieces, instead of the end
	CutOff     bool                       // break the connection after the pieces
	Usage      inference.Usage            // reported at the end
}

// ChatRequest is what a client asked.
type ChatRequest struct {
	Model    string
	Messages []inference.Message
	Stream   bool
}

// ScriptChat queues answers to the next chats, one each.
func (s *Server) ScriptChat(completions ...Completion) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.completions = append(s.completions, completions...)
}

// AnswerChat sets the answer to every chat that no script covers.
func (s *Server) AnswerChat(completion Completion) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answering = completion
}

// ChatRequests are the chats that came, in order, failed ones included.
func (s *Server) ChatRequests() []ChatRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.chats)
}

func (s *Server) serveChat(w http.ResponseWriter, r *http.Request) {
	var request ChatRequest // its JSON names are the API's, but for case
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	completion := s.nextCompletion(r, request)
	if completion.Status != 0 {
		fail(w, completion.Status, completion.RetryAfter, completion.Message)
		return
	}
	if completion.Reply != nil {
		completion.Pieces = completion.Reply(request)
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	flush(w)
	for _, piece := range completion.Pieces {
		if !pass(r, completion.Gate) {
			return
		}
		event(w, map[string]any{"model": request.Model, "choices": []any{map[string]any{"delta": map[string]any{"content": piece}}}})
	}
	if !pass(r, completion.Gate) {
		return
	}
	finish(w, completion)
}

func (s *Server) nextCompletion(r *http.Request, request ChatRequest) Completion {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = append(s.keys, r.Header.Get("Authorization"))
	s.chats = append(s.chats, request)
	if len(s.completions) == 0 {
		return s.answering
	}
	completion := s.completions[0]
	s.completions = s.completions[1:]
	return completion
}

func finish(w http.ResponseWriter, completion Completion) {
	switch {
	case completion.CutOff:
		panic(http.ErrAbortHandler) // how net/http is told to break a connection
	case completion.Error != "":
		event(w, map[string]any{"error": map[string]any{"message": completion.Error, "type": "scripted"}})
	default:
		usage := map[string]any{"prompt_tokens": completion.Usage.PromptTokens, "completion_tokens": completion.Usage.CompletionTokens}
		event(w, map[string]any{"choices": []any{map[string]any{"delta": map[string]any{}, "finish_reason": "stop"}}})
		event(w, map[string]any{"choices": []any{}, "usage": usage})
		fmt.Fprint(w, "data: [DONE]\n\n")
		flush(w)
	}
}

// pass waits for the gate to let one step through; false means that the client has gone.
func pass(r *http.Request, gate <-chan struct{}) bool {
	if gate == nil {
		return true
	}
	select {
	case <-gate:
		return true
	case <-r.Context().Done():
		return false
	}
}

func event(w http.ResponseWriter, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // impossible: maps of plain values
	}
	fmt.Fprintf(w, "data: %s\n\n", body)
	flush(w)
}

func flush(w http.ResponseWriter) {
	if flusher, ok := w.(http.Flusher); ok {
		flusher.Flush()
	}
}
