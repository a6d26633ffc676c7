package httpapi

import (
	"context"
	"time"
	"unicode/utf8"

	"clearwell/api"
	"clearwell/internal/answer"
	"clearwell/internal/fault"
)

const maxReason = 2000 // characters

// GiveFeedback notes what the caller says of an answer that they got.
func (s *Server) GiveFeedback(ctx context.Context, req api.GiveFeedbackRequestObject) (api.GiveFeedbackResponseObject, error) {
	reason := storable(valueOf(req.Body.Reason))
	if n := utf8.RuneCountInString(reason); n > maxReason {
		return nil, fault.Newf(fault.Invalid, "reason_too_long", "The reason has %d characters and may have %d; shorten it.", n, maxReason)
	}
	err := s.Conversations.SetFeedback(ctx, principalOf(ctx), answer.Feedback{
		AnswerID: req.Body.AnswerId, Helpful: req.Body.Helpful, Reason: reason,
	})
	if err != nil {
		return nil, err
	}
	return api.GiveFeedback204Response{}, nil
}

// ListFeedback returns what readers said in the last days, newest first, to those who may read what all asked.
func (s *Server) ListFeedback(ctx context.Context, req api.ListFeedbackRequestObject) (api.ListFeedbackResponseObject, error) {
	if !seesAllReceipts(principalOf(ctx)) {
		return nil, fault.Newf(fault.Forbidden, "may_not_list_feedback",
			"Feedback shows what everyone asked; ask an admin whose key covers all collections.")
	}
	limit, err := checkLimit(req.Params.Limit, 100, 1000)
	if err != nil {
		return nil, err
	}
	days, err := checkDays(req.Params.Days)
	if err != nil {
		return nil, err
	}
	found, err := s.Conversations.Feedback(ctx, req.Params.Helpful, time.Now().AddDate(0, 0, -days), limit)
	if err != nil {
		return nil, err
	}
	list := api.ListFeedback200JSONResponse{Feedback: make([]api.Feedback, len(found))}
	for i, f := range found {
		list.Feedback[i] = api.Feedback{
			AnswerId: f.AnswerID, Question: f.Question, Helpful: f.Helpful, Reason: f.Reason, GivenBy: f.Actor, GivenAt: f.At,
		}
	}
	return list, nil
}
