package inference

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"clearwell/internal/fault"
)

const (
	// firstPause before a second attempt; each further one doubles it, up to longestPause. Jitter takes up to half off.
	firstPause   = 500 * time.Millisecond
	longestPause = 8 * time.Second
	// patience is the longest Retry-After that is waited for; beyond it the failure goes to the caller at once.
	patience = 60 * time.Second
	// answerLimit is far above any batch of vectors, in bytes.
	answerLimit = 256 << 20
)

// statusError is an endpoint's answer that is not a success.
type statusError struct {
	status     int
	message    string        // the endpoint's own, without the key
	retryAfter time.Duration // 0 where it names none
}

func (e *statusError) Error() string {
	return fmt.Sprintf("the endpoint answered %d %s: %s", e.status, http.StatusText(e.status), e.message)
}

// isTemporary reports whether another attempt may succeed.
func (e *statusError) isTemporary() bool {
	return e.status == http.StatusTooManyRequests || e.status == http.StatusRequestTimeout || e.status >= 500 && e.status != http.StatusNotImplemented
}

// doer sends requests for go-openai. It turns failures into statusErrors, which go-openai's own errors are not: they lack
// Retry-After and quote the answer, which may hold the key.
type doer struct {
	client *http.Client
	key    string
}

func newDoer(key string) *doer {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16
	return &doer{&http.Client{Transport: transport}, key}
}

// Do sends request and returns only successful answers.
func (d *doer) Do(request *http.Request) (*http.Response, error) {
	response, err := d.client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(response.Body, answerLimit), response.Body}
		return response, nil
	}
	defer response.Body.Close() // only read from
	body, err := io.ReadAll(io.LimitReader(response.Body, 4<<10))
	if err != nil {
		body = nil // the status says enough
	}
	return nil, &statusError{response.StatusCode, d.message(body), retryAfter(response.Header.Get("Retry-After"), time.Now())}
}

func (d *doer) message(body []byte) string {
	var answer struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	message := string(body)
	if json.Unmarshal(body, &answer) == nil && answer.Error.Message != "" {
		message = answer.Error.Message
	}
	if d.key != "" {
		message = strings.ReplaceAll(message, d.key, "[key]")
	}
	return clip(tidy(message), 300)
}

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 0 && seconds < 1e6 {
		return time.Duration(seconds * float64(time.Second))
	}
	if date, err := http.ParseTime(value); err == nil && date.After(now) {
		return date.Sub(now)
	}
	return 0
}

// retrier repeats what may succeed when tried again.
type retrier struct {
	attempts int
	log      *slog.Logger
	wait     func(ctx context.Context, pause time.Duration) error // sleep, but for tests
}

// do calls try until it succeeds, fails for good, or all attempts are used up; then it returns the last error.
func (r retrier) do(ctx context.Context, try func() error) error {
	for attempt := 1; ; attempt++ {
		err := try()
		if err == nil || attempt >= r.attempts || ctx.Err() != nil || !isTemporary(err) {
			return err
		}
		pause := pauseAfter(err, attempt)
		if pause > patience {
			return err
		}
		r.log.Warn("model endpoint failed, trying again", "attempt", attempt, "pause", pause, "error", err)
		if r.wait(ctx, pause) != nil {
			return err
		}
	}
}

func pauseAfter(err error, attempt int) time.Duration {
	if status, ok := errors.AsType[*statusError](err); ok && status.retryAfter > 0 {
		return status.retryAfter
	}
	pause := min(longestPause, firstPause<<min(attempt-1, 10))
	return pause - rand.N(pause/2)
}

// isTemporary reports whether err is a failure of the network or one that the endpoint calls temporary. What has become a
// fault.Error already was looked at, and stays.
func isTemporary(err error) bool {
	if status, ok := errors.AsType[*statusError](err); ok {
		return status.isTemporary()
	}
	return fault.KindOf(err) == fault.Internal
}

func sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// explain turns what an endpoint did into an error for users. name is what the endpoint is for, setting what its variables are called after.
func explain(err error, name, setting string) error {
	if fault.KindOf(err) != fault.Internal {
		return err
	}
	status, ok := errors.AsType[*statusError](err)
	switch {
	case !ok:
		return fault.Wrapf(err, fault.Unavailable, name+"_unavailable", "The %s endpoint can't be reached or does not answer in time: check that it runs and that CLEARWELL_%s_BASE_URL is right.", name, setting)
	case status.status == http.StatusUnauthorized, status.status == http.StatusForbidden:
		return fault.Wrapf(err, fault.Unavailable, name+"_key_refused", "The %s endpoint refuses the API key: check CLEARWELL_%s_API_KEY.", name, setting)
	case status.status == http.StatusNotFound:
		return fault.Wrapf(err, fault.Unavailable, name+"_model_unknown", "The %s endpoint does not know the model or the path: check CLEARWELL_%s_MODEL and CLEARWELL_%s_BASE_URL.", name, setting, setting)
	case status.status == http.StatusTooManyRequests:
		return fault.Wrapf(err, fault.Busy, name+"_busy", "The %s endpoint gets too many requests: try again later, or raise its limit.", name)
	case status.status >= 500:
		return fault.Wrapf(err, fault.Unavailable, name+"_unavailable", "The %s endpoint fails (status %d): try again later, or look into its log.", name, status.status)
	default:
		return fault.Wrapf(err, fault.Invalid, name+"_refused", "The %s endpoint refuses the request (status %d): the server's log has its reason.", name, status.status)
	}
}
