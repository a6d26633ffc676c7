package answer

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"time"

	"github.com/google/uuid"

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

// Answer yields what Service.Answer does. The message is kept before the last event, and also when the reader
// leaves or the answer breaks off: then with what was said until then. Errors: fault.NotFound with
// unknown_conversation, before anything else.
func (d *Dialogue) Answer(ctx context.Context, who access.Principal, q Question) iter.Seq2[Event, error] {
	if q.ConversationID == "" {
		return d.service.Answer(ctx, who, q)
	}
	return func(yield func(Event, error) bool) {
		history, err := d.conversations.history(ctx, who, q.ConversationID)
		if err != nil {
			yield(nil, err)
			return
		}
		q.History = history
		if q.AnswerID == "" {
			q.AnswerID = uuid.NewString()
		}
		d.relay(ctx, who, q, yield)
	}
}

// relay passes the events on and keeps the message. A reader who leaves stops the answer, which is still heard
// to its end: so what is kept is what the receipt says.
func (d *Dialogue) relay(ctx context.Context, who access.Principal, q Question, yield func(Event, error) bool) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	asked := Message{Question: q.Text, AnswerID: q.AnswerID, AskedAt: time.Now()}
	said := Answer{ID: q.AnswerID, Stopped: true}
	isKept, isLeft := false, false
	keep := func(a *Answer) {
		asked.Answer, isKept = a, true
		if a != nil {
			asked.SearchedFor = a.SearchedFor
		}
		d.keep(ctx, who, q.ConversationID, asked)
	}
	for event, err := range d.service.Answer(ctx, who, q) {
		switch e := event.(type) {
		case Done:
			keep(&e.Answer)
		default:
			said.take(event)
		}
		if err != nil && !isKept {
			keep(said.orNone())
		}
		if !isLeft && !yield(event, err) {
			isLeft = true
			stop(ErrStopped)
		}
	}
	if !isKept {
		keep(said.orNone())
	}
}

// take adds an event to an answer that may never be done.
func (a *Answer) take(event Event) {
	switch e := event.(type) {
	case Sources:
		a.Passages = e.Passages
	case Text:
		a.Text += e.Delta
	case Cited:
		a.Citations = append(a.Citations, e.Citation)
	}
}

// orNone is a, or nil if nothing was said.
func (a *Answer) orNone() *Answer {
	if a.Text == "" {
		return nil
	}
	return a
}

// keep writes the message, whatever became of the reader.
func (d *Dialogue) keep(ctx context.Context, who access.Principal, id string, m Message) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := d.conversations.add(ctx, who, id, m); err != nil {
		d.log.Error("message not kept", "conversation_id", id, "answer_id", m.AnswerID, "error", err)
	}
}
