// Package httpapi is HTTP in and HTTP out: sessions, requests, streams, problems, the web files.
// It does not search, answer or keep documents: it asks the rooms below, as the principal who called.
package httpapi

import (
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus"

	"clearwell/api"
	"clearwell/internal/access"
)

// Config is what a Server needs. The rooms are required; for the limits zero means the default.
type Config struct {
	Access   *access.Store
	Asker    Asker
	Searcher Searcher
	Intake   Intake
	Library  Library
	Receipts Receipts
	// Conversations keeps what was asked before; Asker must know of it, too.
	Conversations Conversations

	HasChat    bool                   // a chat model writes the answers; the pages ask
	Web        fs.FS                  // the built site, index.html in its root
	Ready      ReadyFunc              // nil: ready as soon as it listens
	Collectors []prometheus.Collector // metrics of other rooms
	Log        *slog.Logger

	MaxUploadBytes int64         // of one file; default 100 MiB
	MaxAsks        int           // questions and searches at the same time; default 32
	MaxUploads     int           // uploads at the same time; default 8
	AskTimeout     time.Duration // of one answer; default 3 minutes
	Heartbeat      time.Duration // between comments on a silent stream; default 15 s
	ReaderGrace    time.Duration // that a streamed answer goes on without a reader; default 30 s
	KeepAnswers    time.Duration // that the events of a streamed answer are kept after its end; default 5 minutes
}

// Limits that nobody needed to change yet.
const (
	maxJSONBytes   = 1 << 20
	maxQuestion    = 4000 // characters
	requestTimeout = 30 * time.Second
)

// Server answers HTTP requests.
type Server struct {
	Config
	metrics *metrics
	asks    gate
	uploads gate
	runs    *runs
	origins *http.CrossOriginProtection
	router  *chi.Mux
}

// New returns the server as an http.Handler. Close ends what its requests have begun.
func New(cfg Config) *Server {
	cfg.MaxUploadBytes = orDefault(cfg.MaxUploadBytes, 100<<20)
	cfg.MaxAsks = orDefault(cfg.MaxAsks, 32)
	cfg.MaxUploads = orDefault(cfg.MaxUploads, 8)
	cfg.AskTimeout = orDefault(cfg.AskTimeout, 3*time.Minute)
	cfg.Heartbeat = orDefault(cfg.Heartbeat, 15*time.Second)
	cfg.ReaderGrace = orDefault(cfg.ReaderGrace, 30*time.Second)
	cfg.KeepAnswers = orDefault(cfg.KeepAnswers, 5*time.Minute)
	s := &Server{
		Config:  cfg,
		metrics: newMetrics(cfg.Collectors),
		asks:    make(gate, cfg.MaxAsks),
		uploads: make(gate, cfg.MaxUploads),
		runs:    newRuns(cfg.KeepAnswers),
		origins: http.NewCrossOriginProtection(),
	}
	s.router = s.routes()
	return s
}

// Close ends the answers that are still being made, also those that someone reads, and waits for them. Streams
// asked for later are refused.
func (s *Server) Close() { s.runs.close() }

func orDefault[T int | int64 | time.Duration](value, fallback T) T {
	if value == 0 {
		return fallback
	}
	return value
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.router.ServeHTTP(w, r) }

// routes is every address that is answered. What is not here is a page of the site, or a problem.
func (s *Server) routes() *chi.Mux {
	h := api.ServerInterfaceWrapper{
		Handler: api.NewStrictHandlerWithOptions(s, nil, api.StrictHTTPServerOptions{
			RequestErrorHandlerFunc: s.failRequest, ResponseErrorHandlerFunc: s.fail,
		}),
		ErrorHandlerFunc: s.failParameter,
	}
	r := chi.NewRouter()
	r.Use(s.enter, secure, s.recovered, middleware.GetHead)
	r.NotFound(s.site)
	r.MethodNotAllowed(s.methodNotAllowed)

	r.Get("/healthz", h.Healthz)
	r.Get("/readyz", h.Readyz)
	r.Method(http.MethodGet, "/metrics", s.metrics.handler())
	r.Get("/api/v1/openapi.yaml", serveSpec)

	r.Group(func(r chi.Router) {
		r.Use(s.sameOrigin, within(requestTimeout))
		r.Get("/api/v1/session", h.GetSession)
		r.Post("/api/v1/session", jsonBody[api.SignInRequest](s, h.SignIn))
		r.Delete("/api/v1/session", h.SignOut)
	})
	r.Group(func(r chi.Router) {
		r.Use(s.authenticate) // an answer has its own time limit
		r.Post("/ask", jsonBody[api.AskRequest](s, h.Ask))
		r.Post("/api/v1/ask", jsonBody[api.AskRequest](s, h.Ask))
		r.Get("/api/v1/answers/{answer_id}/events", h.FollowAnswer)
	})
	r.Group(func(r chi.Router) {
		r.Use(s.authenticate, within(s.AskTimeout))
		r.Post("/v1/chat/completions", s.chatCompletions)
		r.With(s.sameOrigin).Method(http.MethodPost, "/mcp", s.mcpHandler())
	})
	r.Group(func(r chi.Router) {
		r.Use(s.authenticate) // no time limit: files may be large and lines slow
		r.Post("/api/v1/documents", s.uploadBody(h.UploadDocument))
		r.Get("/api/v1/documents/{id}/revisions/{n}/content", h.GetContent)
	})
	r.Group(func(r chi.Router) {
		r.Use(s.authenticate, within(requestTimeout))
		r.Post("/api/v1/search", jsonBody[api.SearchRequest](s, h.Search))
		r.Post("/api/v1/answers/{answer_id}/stop", h.StopAnswer)
		r.Get("/api/v1/conversations", h.ListConversations)
		r.Post("/api/v1/conversations", jsonBody[struct{}](s, h.StartConversation))
		r.Get("/api/v1/conversations/{conversation_id}", h.GetConversation)
		r.Delete("/api/v1/conversations/{conversation_id}", h.DeleteConversation)
		r.Get("/api/v1/feedback", h.ListFeedback)
		r.Post("/api/v1/feedback", jsonBody[api.NewFeedback](s, h.GiveFeedback))
		r.Get("/api/v1/me", h.GetMe)
		r.Get("/v1/models", s.listModels)
		r.Get("/v1/models/{model}", s.getModel)
		r.Get("/api/v1/collections", h.ListCollections)
		r.Put("/api/v1/collections/{name}", jsonBody[api.CollectionSettings](s, h.ConfigureCollection))
		r.Get("/api/v1/documents", h.ListDocuments)
		r.Get("/api/v1/documents/{id}", h.GetDocument)
		r.Delete("/api/v1/documents/{id}", h.DeleteDocument)
		r.Get("/api/v1/documents/{id}/revisions", h.ListRevisions)
		r.Get("/api/v1/documents/{id}/revisions/{n}", h.GetRevision)
		r.Get("/api/v1/documents/{id}/revisions/{n}/text", h.GetText)
		r.Get("/api/v1/documents/{id}/revisions/{n}/diff", h.GetDiff)
		r.Post("/api/v1/documents/{id}/revisions/{n}/publish", h.PublishRevision)
		r.Post("/api/v1/documents/{id}/revisions/{n}/withdraw", h.WithdrawRevision)
		r.Get("/api/v1/reviews", h.ListReviews)
		r.Get("/api/v1/reviews/{id}", h.GetReview)
		r.Post("/api/v1/reviews/{id}", jsonBody[api.Settlement](s, h.DecideReview))
		r.Get("/api/v1/reviews/{id}/diff", h.GetReviewDiff)
		r.Get("/api/v1/receipts", h.ListReceipts)
		r.Get("/api/v1/receipts/{answer_id}", h.GetReceipt)
	})
	return r
}

func serveSpec(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = w.Write(api.Spec()) // fails only when the client has left
}
