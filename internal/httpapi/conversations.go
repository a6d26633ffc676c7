package httpapi

import (
	"context"

	"clearwell/api"
	"clearwell/internal/fault"
)

func errNotReady() error {
	return fault.Newf(fault.Unavailable, "internal", "%s", fault.MessageOf(nil))
}

// FollowAnswer goes on with an answer's events.
func (s *Server) FollowAnswer(context.Context, api.FollowAnswerRequestObject) (api.FollowAnswerResponseObject, error) {
	return nil, errNotReady()
}

// StopAnswer ends an answer.
func (s *Server) StopAnswer(context.Context, api.StopAnswerRequestObject) (api.StopAnswerResponseObject, error) {
	return nil, errNotReady()
}

// ListConversations lists the caller's conversations.
func (s *Server) ListConversations(context.Context, api.ListConversationsRequestObject) (api.ListConversationsResponseObject, error) {
	return nil, errNotReady()
}

// StartConversation begins one.
func (s *Server) StartConversation(context.Context, api.StartConversationRequestObject) (api.StartConversationResponseObject, error) {
	return nil, errNotReady()
}

// GetConversation returns one with its messages.
func (s *Server) GetConversation(context.Context, api.GetConversationRequestObject) (api.GetConversationResponseObject, error) {
	return nil, errNotReady()
}

// DeleteConversation deletes one with its messages.
func (s *Server) DeleteConversation(context.Context, api.DeleteConversationRequestObject) (api.DeleteConversationResponseObject, error) {
	return nil, errNotReady()
}

// ListFeedback lists what readers say of answers.
func (s *Server) ListFeedback(context.Context, api.ListFeedbackRequestObject) (api.ListFeedbackResponseObject, error) {
	return nil, errNotReady()
}

// GiveFeedback notes what a reader says of an answer.
func (s *Server) GiveFeedback(context.Context, api.GiveFeedbackRequestObject) (api.GiveFeedbackResponseObject, error) {
	return nil, errNotReady()
}
