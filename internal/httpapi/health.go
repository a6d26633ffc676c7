package httpapi

import (
	"context"
	"time"

	"clearwell/api"
	"clearwell/internal/fault"
)

// Check is one thing that the service needs for its work.
type Check struct {
	Name string // such as "database"
	Err  error  // nil: fine. Only its user-visible sentence is shown.
}

// ReadyFunc looks at everything that the service needs, within the context's deadline.
type ReadyFunc func(ctx context.Context) []Check

// readyTimeout is less than what orchestrators wait for a probe.
const readyTimeout = 3 * time.Second

// Healthz says that the process is alive.
func (s *Server) Healthz(context.Context, api.HealthzRequestObject) (api.HealthzResponseObject, error) {
	return api.Healthz200JSONResponse{Status: api.Ok}, nil
}

// Readyz says whether the service can do its work, and why not.
func (s *Server) Readyz(ctx context.Context, _ api.ReadyzRequestObject) (api.ReadyzResponseObject, error) {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	state := api.Readiness{Ready: true, Checks: []api.ReadinessCheck{}}
	if s.Ready != nil {
		for _, c := range s.Ready(ctx) {
			check := api.ReadinessCheck{Name: c.Name, Ok: c.Err == nil}
			if c.Err != nil {
				check.Reason = fault.MessageOf(c.Err)
				state.Ready = false
			}
			state.Checks = append(state.Checks, check)
		}
	}
	if !state.Ready {
		return api.Readyz503JSONResponse(state), nil
	}
	return api.Readyz200JSONResponse(state), nil
}
