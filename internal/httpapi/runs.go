package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/google/uuid"

	"clearwell/api"
	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/fault"
)

// Bounds on the answers that are kept for readers who come back.
const (
	mostKept      = 1000
	mostKeptBytes = 64 << 20
)

// errStopping is why answers end when the server is closed.
var errStopping = errors.New("the server is closed")

// runs are the answers that are being made apart from their connections, and those that ended a short while ago.
type runs struct {
	keep time.Duration // how long one is kept after its end

	mu       sync.Mutex
	known    map[string]*run // by answer
	ended    []endedRun      // oldest first
	size     int             // of the ended ones, in bytes
	isClosed bool
	working  sync.WaitGroup
}

type endedRun struct {
	*run
	expiry *time.Timer
}

func newRuns(keep time.Duration) *runs { return &runs{keep: keep, known: make(map[string]*run)} }

// start takes the run in and makes it in a goroutine of its own, for which close waits.
func (rs *runs) start(r *run, work func()) error {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.isClosed {
		return fault.Newf(fault.Unavailable, "stopping", "Clearwell is being stopped; ask again in a moment.")
	}
	rs.known[r.id] = r
	rs.working.Go(func() {
		work()
		rs.retire(r)
	})
	return nil
}

// retire keeps an ended run for a while, and drops the oldest ones when there are too many.
func (rs *runs) retire(r *run) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.size += r.size
	rs.ended = append(rs.ended, endedRun{r, time.AfterFunc(rs.keep, func() { rs.drop(r) })})
	for len(rs.ended) > mostKept || rs.size > mostKeptBytes {
		rs.ended[0].expiry.Stop()
		rs.dropOldest()
	}
}

// drop forgets a run whose time is over, and with it those that ended before.
func (rs *runs) drop(r *run) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for rs.known[r.id] == r {
		rs.dropOldest()
	}
}

// dropOldest is called with the lock held.
func (rs *runs) dropOldest() {
	oldest := rs.ended[0]
	rs.ended = rs.ended[1:]
	rs.size -= oldest.size
	delete(rs.known, oldest.id)
}

// find returns who's run of that answer, nil if there is none or none any more.
func (rs *runs) find(id string, who access.Principal) *run {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if r := rs.known[id]; r != nil && r.owner == who.ID {
		return r
	}
	return nil
}

// close ends all runs, waits for them, and forgets what was kept. No new one is taken in.
func (rs *runs) close() {
	rs.mu.Lock()
	rs.isClosed = true
	for _, r := range rs.known {
		r.stop(errStopping)
	}
	rs.mu.Unlock()
	rs.working.Wait()
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for _, r := range rs.ended {
		r.expiry.Stop()
	}
	clear(rs.known)
	rs.ended, rs.size = nil, 0
}

// answerApart begins to answer apart from the request, within the server's gate, and returns the run.
func (s *Server) answerApart(ctx context.Context, d *door, q answer.Question) (*run, error) {
	q.AnswerID = uuid.NewString()
	start := api.StartEvent{AnswerId: q.AnswerID}
	if q.ConversationID != "" {
		start.ConversationId = &q.ConversationID
	}
	first, err := encoded("start", start)
	if err != nil {
		return nil, err
	}
	leave, err := s.asks.enter()
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	r := newRun(q.AnswerID, d.who.ID, stop, s.ReaderGrace)
	r.add(first)
	err = s.runs.start(r, func() {
		defer leave()
		defer stop(nil)
		ctx, cancel := context.WithTimeout(ctx, s.AskTimeout)
		defer cancel()
		s.produce(ctx, d, q, r)
	})
	if err != nil {
		stop(nil)
		leave()
		return nil, err
	}
	return r, nil
}

// produce hears an answer to its end and keeps its events. A failure becomes the last one.
func (s *Server) produce(ctx context.Context, d *door, q answer.Question, r *run) {
	failure := s.hear(ctx, d.who, q, r)
	if failure != nil {
		if errors.Is(context.Cause(ctx), errStopping) {
			failure = fault.Wrapf(failure, fault.Unavailable, "stopping", "Clearwell is being stopped; ask again in a moment.")
		}
		s.metrics.failed()
		problem, err := encoded("problem", problemOf(d, failure))
		failure = errors.Join(failure, err)
		r.add(problem)
	}
	if isHeard := r.finish(failure); !isHeard && failure != nil {
		s.Log.LogAttrs(ctx, slog.LevelWarn, "an answer that nobody reads failed", slog.String("request_id", d.requestID),
			slog.String("answer_id", r.id), slog.String("code", fault.CodeOf(failure)), slog.Any("error", failure))
	}
}

// hear keeps the events of an answer until it is done. A panic ends this answer only.
func (s *Server) hear(ctx context.Context, who access.Principal, q answer.Question, r *run) (failure error) {
	defer func() {
		if reason := recover(); reason != nil {
			s.Log.ErrorContext(ctx, "panic", slog.String("answer_id", r.id), slog.Any("reason", reason), slog.String("stack", string(debug.Stack())))
			failure = fault.Newf(fault.Internal, "internal", "%s", fault.MessageOf(nil))
		}
	}()
	isDone := false
	for event, err := range s.Asker.Answer(ctx, who, q) {
		if err != nil {
			return fmt.Errorf("answer: %w", err)
		}
		if done, ok := event.(answer.Done); ok {
			isDone = true
			s.metrics.answered(done.Answer)
		}
		kept, err := eventOf(event)
		if err != nil {
			return err
		}
		r.add(kept)
	}
	switch {
	case isDone:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return errNoDone
}
