package answer

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"clearwell/internal/fault"
	"clearwell/internal/inference"
)

// Bounds on what a follow-up is understood from.
const (
	turnsRead      = 10 // of the history, the last ones
	turnsShown     = 3  // of them to a model
	turnQuestion   = 500
	turnAnswer     = 300 // characters of an earlier answer that a model is shown
	condenseLimit  = 5 * time.Second
	longestRewrite = 4000 // characters, as of any question
)

// onItsOwnFeet makes of a follow-up a question that can be searched for alone, and notes it where it differs.
func (s *Service) onItsOwnFeet(ctx context.Context, q Question, w *writing) Question {
	if len(q.History) == 0 {
		return q
	}
	q.History = q.History[max(0, len(q.History)-turnsRead):]
	if whole := s.complete(ctx, q); whole != q.Text {
		q.Text, w.answer.SearchedFor = whole, whole
	}
	return q
}

// complete asks the model where there is one, and otherwise, or when its reply won't do, the rule.
func (s *Service) complete(ctx context.Context, q Question) string {
	if s.chat == nil {
		return withBefore(q)
	}
	whole, err := s.condense(ctx, q)
	if err != nil {
		s.log.Warn("follow-up not rewritten by the model, taking the rule", "model", s.chat.Model(), "code", fault.CodeOf(err), "error", err)
		return withBefore(q)
	}
	if !isRewrite(whole, q) {
		s.log.Debug("the model's rewriting of a follow-up won't do, taking the rule", "model", s.chat.Model())
		return withBefore(q)
	}
	return whole
}

// condense asks the chat model to rewrite a follow-up.
func (s *Service) condense(ctx context.Context, q Question) (string, error) {
	fence := newFence()
	data := struct {
		Fence, Question string
		Turns           []Turn
	}{Fence: fence, Question: q.Text}
	for _, t := range q.History[max(0, len(q.History)-turnsShown):] {
		data.Turns = append(data.Turns, Turn{Question: shortened(t.Question, turnQuestion), Answer: shortened(t.Answer, turnAnswer)})
	}
	var prompt strings.Builder
	if err := s.prompts.condense.Execute(&prompt, data); err != nil {
		return "", fmt.Errorf("write prompt: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, condenseLimit)
	defer cancel()
	var reply strings.Builder
	for delta, err := range s.chat.Stream(ctx, []inference.Message{{Role: inference.User, Content: prompt.String()}}) {
		if err != nil {
			return "", err
		}
		reply.WriteString(delta.Text)
		if reply.Len() > longestRewrite*utf8.UTFMax {
			break // no question any more: isRewrite refuses it
		}
	}
	return oneLine(strings.TrimPrefix(strings.TrimSpace(reply.String()), "Question:")), nil
}

// shortened is a text on one line with at most so many characters.
func shortened(text string, length int) string {
	line := []rune(oneLine(text))
	if len(line) <= length {
		return string(line)
	}
	return string(line[:length-1]) + "…"
}

// isRewrite reports whether a reply may be the question in other words: it is no longer than a question may be,
// keeps half of the words that the question names things by, brings no number that was not said, and takes half of
// its words from what was said. So neither an answer nor an invention is searched for.
func isRewrite(reply string, q Question) bool {
	if reply == "" || utf8.RuneCountInString(reply) > longestRewrite {
		return false
	}
	said := q.Text
	for _, t := range q.History {
		said += "\n" + t.Question + "\n" + t.Answer
	}
	for _, digits := range digitRun.FindAllString(reply, -1) {
		if !strings.Contains(said, digits) {
			return false
		}
	}
	return sharedNames(q.Text, reply) >= .5 && sharedNames(reply, said) >= .5
}

var digitRun = regexp.MustCompile(`\d+`)

// beginning is how many letters of two words must be equal for them to count as forms of one.
const beginning = 5

// sharedNames is the share of the words by which text names things that also stand in other, in some form; 1 if
// it names nothing.
func sharedNames(text, other string) float64 {
	language := spokenLanguage(text)
	has := make(map[string]bool)
	for _, w := range wordsOf(other, language) {
		has[stub(w.lower)] = true
	}
	named, shared := 0, 0
	for _, w := range wordsOf(text, language) {
		if !leaningIn(language).names(w) {
			continue
		}
		named++
		if has[stub(w.lower)] {
			shared++
		}
	}
	if named == 0 {
		return 1
	}
	return float64(shared) / float64(named)
}

func stub(word string) string {
	letters := []rune(word)
	return string(letters[:min(beginning, len(letters))])
}

// withBefore is the question with the topic of what it leans on behind it: that of the question before, and where
// this one leans, too, of the one that all began with. Whole questions would drown what the new one asks. A question
// that leans on none is returned as it is.
func withBefore(q Question) string {
	last := len(q.History) - 1
	if !leansOn(q.Text, q.History[last].Question) {
		return q.Text
	}
	first := last
	for first > 0 && leansOn(q.History[first].Question, q.History[first-1].Question) {
		first--
	}
	known := make(map[string]bool)
	topicOf(q.Text, known)
	topic := topicOf(q.History[first].Question, known)
	if first < last {
		topic = append(topic, topicOf(q.History[last].Question, known)...)
	}
	whole := q.Text + " (" + strings.Join(topic, " ") + ")"
	if len(topic) == 0 || utf8.RuneCountInString(whole) > longestRewrite {
		return q.Text
	}
	return whole
}
