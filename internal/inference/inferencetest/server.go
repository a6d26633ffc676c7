package inferencetest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
)

// Reply is how the server answers one request for embeddings. The zero value is a proper answer.
type Reply struct {
	Status     int             // an HTTP status to fail with, 0 for none
	RetryAfter string          // the Retry-After header that goes with Status
	Message    string          // the reason that goes with Status
	Hold       <-chan struct{} // answer only when this is closed; the request is given up when its client goes
	Dimension  int             // of the vectors, 0 for the server's own
	Missing    int             // how many vectors to leave out at the end
	Body       string          // sent with status 200 instead of vectors
}

// Server is an OpenAI-compatible model server that does what a test scripts. Without a script it embeds with Vector,
// and answers chats with "ok". Safe for concurrent use.
type Server struct {
	dimension int
	http      *httptest.Server

	mu          sync.Mutex
	replies     []Reply
	standing    Reply
	completions []Completion
	answering   Completion
	calls       int
	embedded    []string
	chats       []ChatRequest
	keys        []string
}

// New starts a Server whose vectors have that dimension. It is closed when the test ends.
func New(tb testing.TB, dimension int) *Server {
	tb.Helper()
	s := &Server{dimension: dimension, answering: Completion{Pieces: []string{"ok"}}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/embeddings", s.serveEmbeddings)
	mux.HandleFunc("POST /v1/chat/completions", s.serveChat)
	s.http = httptest.NewServer(mux)
	tb.Cleanup(func() {
		s.http.CloseClientConnections() // ends the requests that a test left waiting
		s.http.Close()
	})
	return s
}

// BaseURL is what goes into a configuration's BaseURL.
func (s *Server) BaseURL() string { return s.http.URL + "/v1" }

// ScriptEmbeddings queues answers to the next requests for embeddings, one each; then all is well again.
func (s *Server) ScriptEmbeddings(replies ...Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replies = append(s.replies, replies...)
}

// AnswerEmbeddings sets the answer to every request for embeddings that no script covers; the zero Reply heals the server.
func (s *Server) AnswerEmbeddings(reply Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.standing = reply
}

// EmbeddingCalls is how many requests for embeddings came, failures included.
func (s *Server) EmbeddingCalls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// EmbeddedTexts are the texts whose vectors were sent, in order, repetitions and prefixes included.
func (s *Server) EmbeddedTexts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.embedded)
}

// APIKeys are the Authorization headers of all requests, in order.
func (s *Server) APIKeys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.keys)
}

func (s *Server) serveEmbeddings(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Model string   `json:"model"`
		Input []string `json:"input"`
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	reply := s.nextReply(r)
	if reply.Hold != nil {
		select {
		case <-reply.Hold:
		case <-r.Context().Done():
			return
		}
	}
	switch {
	case reply.Status != 0:
		fail(w, reply.Status, reply.RetryAfter, reply.Message)
	case reply.Body != "":
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(reply.Body)) // the client may be gone: that is its own business
	default:
		s.sendVectors(w, reply, request.Model, request.Input)
	}
}

func (s *Server) nextReply(r *http.Request) Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	s.keys = append(s.keys, r.Header.Get("Authorization"))
	if len(s.replies) == 0 {
		return s.standing
	}
	reply := s.replies[0]
	s.replies = s.replies[1:]
	return reply
}

func (s *Server) sendVectors(w http.ResponseWriter, reply Reply, model string, texts []string) {
	type vector struct {
		Object    string    `json:"object"`
		Index     int       `json:"index"`
		Embedding []float32 `json:"embedding"`
	}
	dimension := s.dimension
	if reply.Dimension != 0 {
		dimension = reply.Dimension
	}
	data := []vector{}
	for i, text := range texts[:max(0, len(texts)-reply.Missing)] {
		data = append(data, vector{"embedding", i, Vector(text, dimension)})
	}
	s.mu.Lock()
	s.embedded = append(s.embedded, texts...)
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"object": "list", "model": model, "data": data}) // the client may be gone
}

// fail answers as OpenAI does when something is wrong.
func fail(w http.ResponseWriter, status int, retryAfter, message string) {
	if retryAfter != "" {
		w.Header().Set("Retry-After", retryAfter)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"message": message, "type": "scripted"}}) // the client may be gone
}
