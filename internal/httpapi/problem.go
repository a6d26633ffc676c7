package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"clearwell/api"
	"clearwell/internal/fault"
	"clearwell/internal/postgres"
)

// statusOf is the one place where kinds of failure become HTTP.
func statusOf(kind fault.Kind) int {
	switch kind {
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Unsupported:
		return http.StatusUnsupportedMediaType
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Busy:
		return http.StatusTooManyRequests
	default:
		return http.StatusInternalServerError
	}
}

// retryAfter is what a client is told to wait, in seconds.
const retryAfter = "5"

// problemOf is what a client is told of err.
func problemOf(d *door, err error) api.Problem {
	if errors.Is(err, context.DeadlineExceeded) && fault.KindOf(err) == fault.Internal {
		err = fault.Newf(fault.Unavailable, "timeout", "This took too long and was stopped; try again, or ask for less at once.")
	}
	if fault.KindOf(err) == fault.Internal && postgres.IsDown(err) {
		err = fault.Wrapf(err, fault.Unavailable, "database_unavailable", "The database does not answer at the moment; try again in a few seconds.")
	}
	status := statusOf(fault.KindOf(err))
	return api.Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Code: fault.CodeOf(err), Detail: fault.MessageOf(err), RequestId: d.requestID,
	}
}

// fail answers with the problem that err is. A response that has begun can't be taken back: its
// connection is broken, so that nobody takes a part for the whole.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	d := doorOf(r.Context())
	d.err = err
	if ww, ok := w.(middleware.WrapResponseWriter); ok && ww.Status() != 0 {
		panic(http.ErrAbortHandler)
	}
	writeProblem(w, d, problemOf(d, err))
}

func writeProblem(w http.ResponseWriter, d *door, problem api.Problem) {
	drain(w, d.body)
	h := w.Header()
	switch problem.Status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="clearwell"`)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		h.Set("Retry-After", retryAfter)
	}
	if d.isOpenAI {
		writeJSON(w, problem.Status, openAIErrorOf(d.err, problem))
		return
	}
	h.Set("Content-Type", "application/problem+json")
	w.WriteHeader(problem.Status)
	_ = json.NewEncoder(w).Encode(problem) // fails only when the client has left
}

// A client that is still sending does not listen: it would see a reset connection instead of the problem.
const (
	drainBytes = 256 << 20
	drainFor   = 10 * time.Second
)

// drain reads on, within limits, what a refused request still sends.
func drain(w http.ResponseWriter, body io.Reader) {
	if body == nil || body == http.NoBody {
		return
	}
	// Without a deadline (in tests) or on a broken connection there is nothing to be done about it.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(drainFor))
	_, _ = io.CopyN(io.Discard, body, drainBytes)
}

// failRequest answers for a body that the generated code could not read.
func (s *Server) failRequest(w http.ResponseWriter, r *http.Request, err error) {
	if _, ok := errors.AsType[*fault.Error](err); !ok {
		err = fault.Wrapf(err, fault.Invalid, "malformed_body", "The request's body can't be read; see /api/v1/openapi.yaml.")
	}
	s.fail(w, r, err)
}

// failParameter answers for a path or query parameter of the wrong form.
func (s *Server) failParameter(w http.ResponseWriter, r *http.Request, err error) {
	name := "A parameter"
	if e, ok := errors.AsType[*api.InvalidParamFormatError](err); ok {
		name = "The parameter `" + e.ParamName + "`"
	}
	s.fail(w, r, fault.Wrapf(err, fault.Invalid, "invalid_parameter", "%s has the wrong form; see /api/v1/openapi.yaml.", name))
}

// methodNotAllowed answers for an address that exists, with other methods.
func (s *Server) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	if isRead(r.Method) && !isAPI(r.URL.Path) { // a page of the site, such as /ask
		s.site(w, r)
		return
	}
	var allowed []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if s.router.Match(chi.NewRouteContext(), m, r.URL.Path) {
			allowed = append(allowed, m)
		}
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	d := doorOf(r.Context())
	d.err = fault.Newf(fault.Invalid, "method_not_allowed", "This address takes %s.", strings.Join(allowed, " or "))
	if len(allowed) == 0 { // a method that HTTP doesn't have, at an address that may not exist either
		d.err = fault.Newf(fault.Invalid, "method_not_allowed", "There is no such method here; see /api/v1/openapi.yaml.")
	}
	problem := problemOf(d, d.err)
	problem.Status, problem.Title = http.StatusMethodNotAllowed, http.StatusText(http.StatusMethodNotAllowed)
	writeProblem(w, d, problem)
}
