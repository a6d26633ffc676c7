package inference

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"time"

	"github.com/sashabaranov/go-openai"

	"clearwell/internal/fault"
)

const (
	defaultFirstToken   = 60 * time.Second
	defaultIdle         = 30 * time.Second
	defaultChatAttempts = 3
)

// chat is a language model behind an OpenAI-compatible API.
type chat struct {
	model      string
	client     *openai.Client
	retry      retrier
	firstToken time.Duration
	idle       time.Duration
}

func newChat(cfg ChatConfig, log *slog.Logger) *chat {
	settings := openai.DefaultConfig(cfg.APIKey)
	settings.BaseURL, settings.HTTPClient = cfg.BaseURL, newDoer(cfg.APIKey)
	return &chat{
		model:      cfg.Model,
		client:     openai.NewClientWithConfig(settings),
		retry:      retrier{cmp.Or(cfg.Attempts, defaultChatAttempts), log, sleep},
		firstToken: cmp.Or(cfg.FirstToken, defaultFirstToken),
		idle:       cmp.Or(cfg.Idle, defaultIdle),
	}
}

// Model is the endpoint's name for the model.
func (c *chat) Model() string { return c.model }

// Stream yields the completion of messages piece by piece, then a Delta with the usage. The endpoint is tried again only before
// its first piece. Waiting too long for a piece is an error of kind fault.Unavailable, code "chat_timeout".
func (c *chat) Stream(ctx context.Context, messages []Message) iter.Seq2[Delta, error] {
	return func(yield func(Delta, error) bool) {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		watch := &watch{cancel: cancel, timer: time.NewTimer(c.firstToken)}
		defer watch.rest()
		watch.expect(c.firstToken)

		s, err := c.open(ctx, messages, func() { watch.expect(c.idle) })
		if err != nil {
			yield(Delta{}, c.failure(ctx, err))
			return
		}
		defer s.source.Close() // only read from
		for {
			delta, err := s.next()
			if err != nil && !errors.Is(err, io.EOF) {
				yield(Delta{}, c.failure(ctx, errBrokenOff(err)))
				return
			}
			watch.rest() // what the reader does with the piece is not the endpoint's time
			if !yield(delta, nil) || err != nil {
				return
			}
			watch.expect(c.idle)
		}
	}
}

// watch ends a completion that keeps its reader waiting for too long.
type watch struct {
	cancel context.CancelCauseFunc
	timer  *time.Timer
}

func (w *watch) expect(limit time.Duration) {
	w.timer.Stop()
	w.timer = time.AfterFunc(limit, func() { w.cancel(errChatTimeout(limit)) })
}

func (w *watch) rest() { w.timer.Stop() }

// stream is a completion under way.
type stream struct {
	source   *openai.ChatCompletionStream
	alive    func() // called for whatever comes, such as a model's thoughts, which are not passed on
	first    *Delta // received already, to know that there is an answer
	usage    Usage
	finished bool // the endpoint has said that the answer is complete
}

// open asks for a completion and waits for its first piece, trying again where that may help.
func (c *chat) open(ctx context.Context, messages []Message, alive func()) (*stream, error) {
	request := openai.ChatCompletionRequest{Model: c.model, Stream: true, StreamOptions: &openai.StreamOptions{IncludeUsage: true}}
	for _, message := range messages {
		request.Messages = append(request.Messages, openai.ChatCompletionMessage{Role: string(message.Role), Content: message.Content})
	}
	var opened *stream
	err := c.retry.do(ctx, func() error {
		source, err := c.client.CreateChatCompletionStream(ctx, request)
		if err != nil {
			return fmt.Errorf("request a completion: %w", err)
		}
		s := &stream{source: source, alive: alive}
		first, err := s.receive()
		if err != nil && !errors.Is(err, io.EOF) {
			return errors.Join(fmt.Errorf("wait for the first piece: %w", err), source.Close())
		}
		if err == nil {
			s.first = &first
		}
		opened = s
		return nil
	})
	return opened, err
}

// next returns the next piece, or the usage together with io.EOF.
func (s *stream) next() (Delta, error) {
	if s.first != nil {
		first := *s.first
		s.first = nil
		return first, nil
	}
	return s.receive()
}

func (s *stream) receive() (Delta, error) {
	for {
		response, err := s.source.Recv()
		if errors.Is(err, io.EOF) && s.finished {
			return Delta{Usage: &s.usage}, io.EOF
		}
		if errors.Is(err, io.EOF) {
			return Delta{}, io.ErrUnexpectedEOF // a connection that ends early looks like an end to go-openai
		}
		if err != nil {
			return Delta{}, err
		}
		s.alive()
		if response.Usage != nil {
			s.usage = Usage{response.Usage.PromptTokens, response.Usage.CompletionTokens}
		}
		if len(response.Choices) == 0 {
			continue
		}
		s.finished = s.finished || response.Choices[0].FinishReason != ""
		if text := response.Choices[0].Delta.Content; text != "" {
			return Delta{Text: text}, nil
		}
	}
}

// failure is err as callers see it: their own cancellation, a time-out, or what the endpoint did.
func (c *chat) failure(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return explain(err, "chat", "CHAT")
}

func errBrokenOff(cause error) error {
	return fault.Wrapf(cause, fault.Unavailable, "chat_broken_off", "The chat endpoint broke off its answer: try again.")
}

func errChatTimeout(limit time.Duration) error {
	return fault.Newf(fault.Unavailable, "chat_timeout", "The chat endpoint sent nothing for %v: try again, or use a faster model.", limit)
}
