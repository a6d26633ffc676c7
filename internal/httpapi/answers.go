package httpapi

import (
	"context"
	"strconv"
	"strings"

	"clearwell/api"
	"clearwell/internal/access"
	"clearwell/internal/fault"
)

// FollowAnswer goes on with the events of an answer that the caller asked for.
func (s *Server) FollowAnswer(ctx context.Context, req api.FollowAnswerRequestObject) (api.FollowAnswerResponseObject, error) {
	d := doorOf(ctx)
	run := s.runs.find(req.AnswerId, d.who)
	if run == nil {
		return nil, s.whyNotKept(ctx, d.who, req.AnswerId)
	}
	last := valueOf(req.Params.LastEventID)
	if last == "" {
		last = valueOf(req.Params.LastEventId)
	}
	n, err := run.readUpTo(last)
	if err != nil {
		return nil, err
	}
	if now := run.after(n); now.isOver && len(now.events) == 0 {
		return api.FollowAnswer204Response{}, nil
	}
	return answerStream{ctx: ctx, server: s, door: d, run: run, n: n, leave: run.attend()}, nil
}

// readUpTo reads the id of an event of the run: how many were read with it. "" is none.
func (r *run) readUpTo(last string) (int, error) {
	if last == "" {
		return 0, nil
	}
	id, number, _ := strings.Cut(last, ":")
	n, err := strconv.Atoi(number)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil || id != r.id || n < 0 || n > len(r.events) {
		return 0, fault.Newf(fault.Invalid, "invalid_event_id", "There is no such event in this answer; give the `id` of the last one that was read, or none.")
	}
	return n, nil
}

// whyNotKept tells whoever asked that the events are gone, and everybody else nothing.
func (s *Server) whyNotKept(ctx context.Context, who access.Principal, answerID string) error {
	receipt, err := s.Receipts.Receipt(ctx, answerID)
	if fault.KindOf(err) == fault.NotFound || err == nil && receipt.Actor != who.ID {
		return fault.Newf(fault.NotFound, "unknown_answer", "There is no such answer, or someone else got it.")
	}
	if err != nil {
		return err
	}
	return fault.Newf(fault.NotFound, "answer_not_kept", "This answer is done and its events are no longer kept; load its conversation, or its receipt.")
}

// StopAnswer ends an answer that the caller asked for.
func (s *Server) StopAnswer(ctx context.Context, req api.StopAnswerRequestObject) (api.StopAnswerResponseObject, error) {
	who := principalOf(ctx)
	if run := s.runs.find(req.AnswerId, who); run != nil {
		run.end()
		return api.StopAnswer204Response{}, nil
	}
	if err := s.whyNotKept(ctx, who, req.AnswerId); fault.CodeOf(err) != "answer_not_kept" {
		return nil, err
	}
	return api.StopAnswer204Response{}, nil // done long ago
}
