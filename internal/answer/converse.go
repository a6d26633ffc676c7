package answer

import (
	"context"

	"clearwell/internal/inference"
	"clearwell/internal/retrieve"
)

// converse has the chat model answer and lets through what the passages support. A text with too little support is
// never shown: then the answer is extracts.
func (s *Service) converse(ctx context.Context, q Question, found retrieve.Result, ended *EndedNote, w *writing) error {
	passages := s.withinBudget(q.Text, found.Passages)
	w.answer.Conflicts = citedIn(w.answer.Conflicts, passages)
	fence := newFence()
	messages, err := s.prompts.compose(q.Text, passages, w.answer.Conflicts, found.AsOf, fence)
	if err != nil {
		return err
	}
	w.answer.Model, w.answer.PromptSHA256 = s.chat.Model(), hashOfMessages(messages, fence)
	c := newCiter(s.newVerifier(ctx, q.Text, passages), fence, w)
	if err := s.listen(ctx, messages, w, c.add); err != nil {
		return err
	}
	c.finish()
	s.log.Debug("checked the model's answer", "model", s.chat.Model(), "supported", c.supported, "flagged", c.flagged,
		"dropped", w.answer.Dropped, "removed", w.answer.Removed, "replaced", c.isGivenUp, "cut", c.isCut)
	switch {
	case c.isUnanswered:
		return s.abstainOrKnow(ctx, q, found.Passages, ended, w)
	case c.isGivenUp:
		s.log.Warn("the model's answer has too little support, answering with extracts", "model", s.chat.Model(), "answer_id", w.answer.ID)
		w.answer.Replaced = true
		return s.quote(ctx, q, found, ended, w)
	}
	w.completeConflicts(q.Text)
	return nil
}

// listen passes on what the model says until it ends, or nothing more is wanted.
func (s *Service) listen(ctx context.Context, messages []inference.Message, w *writing, hear func(delta string) bool) error {
	for delta, err := range s.chat.Stream(ctx, messages) {
		if err != nil {
			return err
		}
		if delta.Usage != nil {
			w.answer.PromptTokens, w.answer.CompletionTokens = delta.Usage.PromptTokens, delta.Usage.CompletionTokens
		}
		wantsMore := hear(delta.Text)
		if w.isLeft {
			return context.Canceled
		}
		if !wantsMore {
			return nil
		}
	}
	return nil
}

// Of the model's context, an answer may take a quarter, up to this many tokens. The embedder's tokens, in which
// texts are measured here, may be fewer than the model's.
const (
	answerReserve   = 1024
	tokensPerOurs   = 1.3
	promptOverhead  = 450 // tokens of system.txt
	headerOverhead  = 60  // tokens of the lines around a passage
	smallestPassage = 64
)

// passageBudget is how many of the embedder's tokens passages may take beside the question.
func (s *Service) passageBudget(question string) int {
	if s.config.TokenBudget > 0 {
		return s.config.TokenBudget
	}
	context := s.config.ContextTokens
	left := float64(context-min(answerReserve, context/4))/tokensPerOurs - promptOverhead
	return int(left) - s.embedder.CountTokens(question)
}

// withinBudget takes passages, best first, while they fit; always one, shortened to what there is room for.
func (s *Service) withinBudget(question string, passages []retrieve.Passage) []retrieve.Passage {
	left := max(s.passageBudget(question), smallestPassage)
	for i, p := range passages {
		length := s.embedder.CountTokens(shown(p)) + headerOverhead
		if length > left && i == 0 {
			return []retrieve.Passage{s.shortened(p, left)}
		}
		if length > left {
			return passages[:i]
		}
		left -= length
	}
	return passages
}

// shortened is a passage with as many of its first sentences as fit, one at least.
func (s *Service) shortened(p retrieve.Passage, tokens int) retrieve.Passage {
	runes, end := []rune(p.Text), 0
	for _, sentence := range split(p.Text) {
		if end > 0 && s.embedder.CountTokens(string(runes[:sentence.end])) > tokens {
			break
		}
		end = sentence.end
	}
	if end < len(runes) {
		p.Text, p.End = string(runes[:end]), p.Start+end
	}
	return p
}
