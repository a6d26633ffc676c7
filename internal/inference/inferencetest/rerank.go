package inferencetest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// RerankRequest is what a client asked a RerankServer, in either style.
type RerankRequest struct {
	Model     string   `json:"model"`
	Query     string   `json:"query"`
	Documents []string `json:"documents"` // Cohere's name
	TopN      int      `json:"top_n"`
	Texts     []string `json:"texts"` // the name of Text Embeddings Inference
	RawScores *bool    `json:"raw_scores"`
	Truncate  bool     `json:"truncate"`
}

// RerankServer is a reranker behind an API that does what a test scripts. Without a script it scores a passage by the
// share of the question's words in it, and sends the best first. Safe for concurrent use.
type RerankServer struct {
	isTEI bool
	http  *httptest.Server

	mu       sync.Mutex
	score    func(question, passage string) float64
	replies  []Reply
	standing Reply
	requests []RerankRequest
	keys     []string
}

// NewRerankServer starts a RerankServer that speaks the style "cohere" or "tei", and refuses the other as real ones do.
// It is closed when the test ends.
func NewRerankServer(tb testing.TB, style string) *RerankServer {
	tb.Helper()
	s := &RerankServer{isTEI: style == "tei", score: shareOfWords}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /rerank", s.serve)
	s.http = httptest.NewServer(mux)
	tb.Cleanup(func() {
		s.http.CloseClientConnections() // ends the requests that a test left waiting
		s.http.Close()
	})
	return s
}

// BaseURL is what goes into a configuration's BaseURL.
func (s *RerankServer) BaseURL() string { return s.http.URL }

// ScoreBy sets how well a passage answers a question.
func (s *RerankServer) ScoreBy(score func(question, passage string) float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.score = score
}

// Script queues answers to the next requests, one each; then the standing one counts again. Dimension means nothing here.
func (s *RerankServer) Script(replies ...Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replies = append(s.replies, replies...)
}

// Answer sets the answer to every request that no script covers; the zero Reply heals the server.
func (s *RerankServer) Answer(reply Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.standing = reply
}

// Requests are the requests that came, in order, failed ones included.
func (s *RerankServer) Requests() []RerankRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// APIKeys are the Authorization headers of all requests, in order.
func (s *RerankServer) APIKeys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.keys)
}

func (s *RerankServer) serve(w http.ResponseWriter, r *http.Request) {
	var request RerankRequest
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	reply, score := s.next(r, request)
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
	case s.isTEI && request.Texts == nil:
		fail(w, http.StatusUnprocessableEntity, "", "missing field `texts`")
	case !s.isTEI && request.Documents == nil:
		fail(w, http.StatusBadRequest, "", "documents must be given")
	default:
		s.send(w, reply, request, score)
	}
}

func (s *RerankServer) next(r *http.Request, request RerankRequest) (Reply, func(question, passage string) float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, request)
	s.keys = append(s.keys, r.Header.Get("Authorization"))
	if len(s.replies) == 0 {
		return s.standing, s.score
	}
	reply := s.replies[0]
	s.replies = s.replies[1:]
	return reply, s.score
}

func (s *RerankServer) send(w http.ResponseWriter, reply Reply, request RerankRequest, score func(question, passage string) float64) {
	name, texts := "relevance_score", request.Documents
	if s.isTEI {
		name, texts = "score", request.Texts
	}
	type result struct {
		index int
		score float64
	}
	var results []result
	for i, text := range texts {
		results = append(results, result{i, score(request.Query, text)})
	}
	slices.SortStableFunc(results, func(a, b result) int { return cmp.Compare(b.score, a.score) })
	list := []map[string]any{}
	for _, r := range results[:max(0, len(results)-reply.Missing)] {
		list = append(list, map[string]any{"index": r.index, name: r.score})
	}
	var answer any = map[string]any{"id": "scripted", "results": list}
	if s.isTEI {
		answer = list
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(answer) // the client may be gone
}

func shareOfWords(question, passage string) float64 {
	asked, said := words(strings.ToLower(question)), words(strings.ToLower(passage))
	if len(asked) == 0 {
		return 0
	}
	found := 0
	for _, word := range asked {
		if slices.Contains(said, word) {
			found++
		}
	}
	return float64(found) / float64(len(asked))
}
