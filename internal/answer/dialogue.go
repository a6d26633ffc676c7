package answer

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"time"

	"clearwell/internal/access"
)

// ErrStopped is the cause to cancel an answer's context with so that it ends with what was said so far: then it
// yields Done, with Answer.Stopped. Any other end of the context is a failure.
var ErrStopped = errors.New("the answer was stopped")

// unlessStopped makes an answer that its reader stopped one that is done: with what was said so far.
func (w *writing) unlessStopped(ctx context.Context, q Question, err error) error {
	if err == nil || !errors.Is(context.Cause(ctx), ErrStopped) {
		return err
	}
	w.answer.Stopped = true
	if w.answer.AsOf.IsZero() {
		w.answer.AsOf = q.AsOf
	}
	if w.answer.AsOf.IsZero() {
		w.answer.AsOf = w.started
	}
	return nil
}

// Dialogue answers questions that go on with a conversation, and keeps them there with their answers. A question
// without one is passed on as it is.
type Dialogue struct {
	service       *Service
	conversations *Conversations
	log           *slog.Logger
}

// NewDialogue returns the dialogue over a service.
func NewDialogue(service *Service, conversations *Conversations, log *slog.Logger) *Dialogue {
	return &Dialogue{service: service, conversations: conversations, log: log}
}

// Answer yields what Service.Answer does. The message is kept before the last event, and also when the answer
// breaks off or its reader leaves, which stops it: then with what was said until then. Errors: fault.NotFound with
// unknown_conversation, before anything else.
func (d *Dialogue) Answer(ctx context.Context, who access.Principal, q Question) iter.Seq2[Event, error] {
	if q.ConversationID == "" {
		return d.service.Answer(ctx, who, q)
	}
	return func(yield func(Event, error) bool) {
		var err error
		if q.History, err = d.history(ctx, who, q.ConversationID); err != nil {
			yield(nil, err)
			return
		}
		ctx, stop := context.WithCancelCause(ctx)
		defer stop(nil)
		w := &writing{started: time.Now(), yield: func(event Event, err error) bool {
			isRead := yield(event, err)
			if !isRead {
				stop(ErrStopped)
			}
			return isRead
		}}
		err = d.service.tell(ctx, who, q, w)
		d.keep(ctx, who, q, w, err)
		w.finish(err)
	}
}

// history reads what was said before. Also for an answer that is stopped already: that one is done, not failed.
func (d *Dialogue) history(ctx context.Context, who access.Principal, id string) ([]Turn, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancel()
	return d.conversations.history(ctx, who, id)
}

// storeLimit is how long reading or writing of a message may take.
const storeLimit = 10 * time.Second

// keep writes the message, whatever became of the answer and of its reader.
func (d *Dialogue) keep(ctx context.Context, who access.Principal, q Question, w *writing, failure error) {
	m := Message{Question: q.Text, SearchedFor: w.answer.SearchedFor, AskedAt: w.started, AnswerID: w.answer.ID}
	if failure == nil || w.answer.Text != "" {
		kept := w.answer
		kept.Stopped = kept.Stopped || failure != nil
		m.Answer = &kept
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancel()
	if err := d.conversations.add(ctx, who, q.ConversationID, m); err != nil {
		d.log.Error("message not kept", "conversation_id", q.ConversationID, "answer_id", m.AnswerID, "error", err)
	}
}
