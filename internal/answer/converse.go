package answer

import (
	"context"

	"clearwell/internal/retrieve"
)

// converse streams the chat model's answer through the citer.
func (s *Service) converse(ctx context.Context, q Question, found retrieve.Result, ended *EndedNote, w *writing) error {
	passages := s.withinBudget(found.Passages)
	fence := newFence()
	messages, err := s.prompts.compose(q.Text, passages, found.AsOf, fence)
	if err != nil {
		return err
	}
	w.answer.Model, w.answer.PromptSHA256 = s.chat.Model(), hashOfMessages(messages, fence)
	c := newCiter(passages, w)
	for delta, err := range s.chat.Stream(ctx, messages) {
		if err != nil {
			return err
		}
		if delta.Usage != nil {
			w.answer.PromptTokens, w.answer.CompletionTokens = delta.Usage.PromptTokens, delta.Usage.CompletionTokens
		}
		c.add(delta.Text)
		if w.isLeft {
			return context.Canceled
		}
	}
	if c.finish() {
		w.abstain(q.Text, found.Passages, ended)
	}
	return nil
}

// withinBudget takes passages, best first, while they fit; always one.
func (s *Service) withinBudget(passages []retrieve.Passage) []retrieve.Passage {
	left := s.config.TokenBudget
	for i, p := range passages {
		left -= s.embedder.CountTokens(shown(p))
		if left < 0 && i > 0 {
			return passages[:i]
		}
	}
	return passages
}
