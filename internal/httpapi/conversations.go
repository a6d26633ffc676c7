package httpapi

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"clearwell/api"
	"clearwell/internal/answer"
	"clearwell/internal/fault"
)

// StartConversation begins a conversation of the caller's.
func (s *Server) StartConversation(ctx context.Context, _ api.StartConversationRequestObject) (api.StartConversationResponseObject, error) {
	made, err := s.Conversations.StartConversation(ctx, principalOf(ctx))
	if err != nil {
		return nil, err
	}
	return api.StartConversation201JSONResponse(summaryOf(made)), nil
}

// ListConversations returns a page of the caller's conversations, last used first.
func (s *Server) ListConversations(ctx context.Context, req api.ListConversationsRequestObject) (api.ListConversationsResponseObject, error) {
	limit, err := checkLimit(req.Params.Limit, 50, 200)
	if err != nil {
		return nil, err
	}
	after, err := conversationCursor(valueOf(req.Params.Cursor))
	if err != nil {
		return nil, err
	}
	found, err := s.Conversations.Conversations(ctx, principalOf(ctx), after, limit)
	if err != nil {
		return nil, err
	}
	page := api.ListConversations200JSONResponse{Conversations: make([]api.ConversationSummary, len(found))}
	for i, c := range found {
		page.Conversations[i] = summaryOf(c)
	}
	if len(found) == limit {
		last := found[len(found)-1]
		cursor := fmt.Sprintf("%d_%s", last.UpdatedAt.UnixMicro(), last.ID)
		page.NextCursor = &cursor
	}
	return page, nil
}

// conversationCursor reads what ListConversations wrote: microseconds and an id.
func conversationCursor(cursor string) (answer.ConversationCursor, error) {
	if cursor == "" {
		return answer.ConversationCursor{}, nil
	}
	micros, id, _ := strings.Cut(cursor, "_")
	at, err := strconv.ParseInt(micros, 10, 64)
	if err == nil {
		err = uuid.Validate(id)
	}
	if err != nil || at < 1 || at > 1<<55 { // Postgres' last year lies behind it
		return answer.ConversationCursor{}, fault.Newf(fault.Invalid, "invalid_cursor", "Give the `next_cursor` of the page before as it is, or none.")
	}
	return answer.ConversationCursor{UpdatedAt: time.UnixMicro(at), ID: id}, nil
}

// GetConversation returns one of the caller's conversations with its messages.
func (s *Server) GetConversation(ctx context.Context, req api.GetConversationRequestObject) (api.GetConversationResponseObject, error) {
	found, messages, err := s.Conversations.Conversation(ctx, principalOf(ctx), req.ConversationId)
	if err != nil {
		return nil, err
	}
	shape := api.GetConversation200JSONResponse{
		Id: found.ID, Title: found.Title, CreatedAt: found.CreatedAt, UpdatedAt: found.UpdatedAt,
		Messages: make([]api.ConversationMessage, len(messages)),
	}
	for i, m := range messages {
		shape.Messages[i] = messageOf(m)
	}
	return shape, nil
}

// DeleteConversation deletes one of the caller's conversations with its messages.
func (s *Server) DeleteConversation(ctx context.Context, req api.DeleteConversationRequestObject) (api.DeleteConversationResponseObject, error) {
	if err := s.Conversations.DeleteConversation(ctx, principalOf(ctx), req.ConversationId); err != nil {
		return nil, err
	}
	return api.DeleteConversation204Response{}, nil
}

func summaryOf(c answer.Conversation) api.ConversationSummary {
	return api.ConversationSummary{Id: c.ID, Title: c.Title, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt, Messages: c.Messages}
}

func messageOf(m answer.Message) api.ConversationMessage {
	shape := api.ConversationMessage{Question: m.Question, AskedAt: m.AskedAt}
	if m.Answer != nil {
		given := answerOf(*m.Answer)
		shape.Answer = &given
	}
	if m.Feedback != nil {
		shape.Feedback = &api.MessageFeedback{Helpful: m.Feedback.Helpful, Reason: m.Feedback.Reason}
	}
	return shape
}
