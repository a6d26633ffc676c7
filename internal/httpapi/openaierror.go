package httpapi

import (
	"encoding/json"
	"errors"
	"net/http"

	"clearwell/api"
)

// paramError is a failure for which one field of the request is to blame.
type paramError struct {
	param string
	err   error
}

func (e paramError) Error() string { return e.err.Error() }
func (e paramError) Unwrap() error { return e.err }

// openAIErrorOf writes what a client is told of err as OpenAI's clients read it.
func openAIErrorOf(err error, problem api.Problem) api.OpenAIError {
	var out api.OpenAIError
	out.Error.Message, out.Error.Code, out.Error.Type = problem.Detail, problem.Code, openAIErrorType(problem.Status)
	if e, ok := errors.AsType[paramError](err); ok {
		out.Error.Param = &e.param
	}
	return out
}

func openAIErrorType(status int) string {
	switch {
	case status == http.StatusUnauthorized:
		return "authentication_error"
	case status == http.StatusForbidden:
		return "permission_error"
	case status == http.StatusTooManyRequests:
		return "rate_limit_error"
	case status >= http.StatusInternalServerError:
		return "server_error"
	default:
		return "invalid_request_error"
	}
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // fails only when the client has left
}
