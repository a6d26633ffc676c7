package httpapi

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"clearwell/internal/access"
	"clearwell/internal/fault"
)

// door is what is known of a request besides the arguments that the generated handlers pass on, and
// what its log line will say. Handlers take who and the rest out of it in their first lines.
type door struct {
	who         access.Principal // the zero value may do nothing
	requestID   string
	cookie      string // the session token, "" if none came
	wantsEvents bool
	isHTTPS     bool
	isOpenAI    bool      // errors go out in OpenAI's form
	origin      string    // of the request's address, such as https://library.example.com
	body        io.Reader // the whole body, before any limit
	err         error     // what the request failed with
}

type doorKey struct{}

// doorOf returns the request's door. Every request has one.
func doorOf(ctx context.Context) *door { return ctx.Value(doorKey{}).(*door) }

var requestIDForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// enter gives the request its door and its id, and writes its log line and its metrics when it is over.
func (s *Server) enter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		d := &door{
			requestID:   r.Header.Get("X-Request-Id"),
			wantsEvents: prefersEvents(r.Header.Values("Accept")),
			isHTTPS:     r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https",
			body:        r.Body,
		}
		d.isOpenAI, d.origin = strings.HasPrefix(r.URL.Path, "/v1/"), originOf(d.isHTTPS, r.Host)
		if !requestIDForm.MatchString(d.requestID) {
			d.requestID = rand.Text()
		}
		if cookie, err := r.Cookie(sessionCookie); err == nil {
			d.cookie = cookie.Value
		}
		rw.Header().Set("X-Request-Id", d.requestID)
		w := middleware.NewWrapResponseWriter(rw, r.ProtoMajor)
		start := time.Now()
		defer func() { s.leave(r, d, w, time.Since(start)) }()
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), doorKey{}, d)))
	})
}

func originOf(isHTTPS bool, host string) string {
	if isHTTPS {
		return "https://" + host
	}
	return "http://" + host
}

// statusClientLeft is what logs and metrics call a request whose client did not wait for the answer.
const statusClientLeft = 499

// leave logs the request: never its query or body, which hold what people ask.
func (s *Server) leave(r *http.Request, d *door, w middleware.WrapResponseWriter, took time.Duration) {
	route, status := chi.RouteContext(r.Context()).RoutePattern(), w.Status()
	if status == 0 {
		status = http.StatusOK
	}
	if d.err != nil && r.Context().Err() != nil {
		status = statusClientLeft
	}
	s.metrics.observe(r.Method, route, status, took)
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("request_id", d.requestID), slog.String("method", r.Method), slog.String("path", r.URL.Path),
		slog.Int("status", status), slog.Int("bytes", w.BytesWritten()), slog.Int64("duration_ms", took.Milliseconds()),
		slog.String("principal", d.who.ID),
	}
	switch {
	case d.err != nil && fault.KindOf(d.err) == fault.Internal && status != statusClientLeft:
		level = slog.LevelError
		attrs = append(attrs, slog.Any("error", d.err))
	case d.err != nil:
		attrs = append(attrs, slog.String("code", fault.CodeOf(d.err)), slog.Any("error", d.err))
	case route == "/healthz" || route == "/readyz" || route == "/metrics":
		level = slog.LevelDebug
	}
	s.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

// recovered turns a panic into a problem, or into a broken connection when the response has begun.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			reason := recover()
			if reason == nil {
				return
			}
			if reason == http.ErrAbortHandler {
				panic(reason)
			}
			s.Log.ErrorContext(r.Context(), "panic", slog.String("request_id", doorOf(r.Context()).requestID),
				slog.Any("reason", reason), slog.String("stack", string(debug.Stack())))
			s.fail(w, r, fault.Newf(fault.Internal, "internal", "%s", fault.MessageOf(nil)))
		}()
		next.ServeHTTP(w, r)
	})
}

// secure sets the headers that hold for every response. What the API says is not for caches.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; object-src 'none'; "+
			"base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// within ends the request's context after limit.
func within(limit time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), limit)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// gate lets so many in at a time as it has room for.
type gate chan struct{}

// enter fails with `busy` at once when the gate is full; the caller must call leave when done.
func (g gate) enter() (leave func(), err error) {
	select {
	case g <- struct{}{}:
		return func() { <-g }, nil
	default:
		return nil, fault.Newf(fault.Busy, "busy", "Too many requests of this kind are being worked on; try again in a few seconds.")
	}
}
