package postgres

import (
	"context"
	"syscall"
	"time"

	"clearwell/internal/fault"
)

const (
	superviseEvery = time.Second / 2

	// More than maxRestarts within restartsWithin, or maxFailures in a row, mean that restarting does not help.
	maxRestarts    = 5
	restartsWithin = 10 * time.Minute
	maxFailures    = 3
)

// supervise brings the server back when it dies, until ctx ends or restarting does not help. Every
// process that uses the server does this: whichever is first restarts it, the others find it running.
func (s *server) supervise(ctx context.Context, exited <-chan struct{}) {
	defer close(s.supervised)
	tick := time.NewTicker(superviseEvery)
	defer tick.Stop()
	var restarts []time.Time
	failures := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-exited:
			exited = nil
		case <-tick.C:
		}
		lives, err := isLocked(s.lock(serverLock))
		if lives || ctx.Err() != nil {
			continue
		}
		if err == nil {
			restarts = append(since(restarts, time.Now().Add(-restartsWithin)), time.Now())
			if len(restarts) > maxRestarts {
				s.giveUp(fault.Newf(fault.Unavailable, "database_dies",
					"The private database in %s died %d times within %s: look at %s.", s.data, len(restarts), restartsWithin, s.logFile()))
				return
			}
			s.log.Warn("the private database died; restarting it", "log_file", s.logFile())
			exited, err = s.restart(ctx)
		}
		if err == nil || ctx.Err() != nil {
			failures = 0
			continue
		}
		s.log.Error("the private database did not restart", "error", err)
		if failures++; failures == maxFailures {
			s.giveUp(err)
			return
		}
	}
}

func (s *server) restart(ctx context.Context) (exited <-chan struct{}, err error) {
	starting, err := waitLock(ctx, s.lock(startingLock), syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer starting.Close()
	// Not prepare: a cluster that vanished must not be replaced by an empty one.
	if err := s.makeSocketFolder(); err != nil {
		return nil, err
	}
	return s.run(ctx)
}

func (s *server) giveUp(err error) {
	s.failure = err
	close(s.done)
}

// since returns the times after t; times are in order.
func since(times []time.Time, t time.Time) []time.Time {
	for len(times) > 0 && times[0].Before(t) {
		times = times[1:]
	}
	return times
}
