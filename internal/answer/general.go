package answer

import (
	"context"
	"regexp"
	"strings"
	"unicode"

	"clearwell/internal/fault"
	"clearwell/internal/inference"
	"clearwell/internal/retrieve"
)

// abstainOrKnow ends where the library doesn't say: it says so or, if the reader asked for that and a chat model is
// there, answers from general knowledge. What did answer once and applies no more is the better thing to tell.
func (s *Service) abstainOrKnow(ctx context.Context, q Question, nearest []retrieve.Passage, ended *EndedNote, w *writing) error {
	w.answer.Conflicts = nil // they are about what isn't told
	if q.GeneralKnowledge && s.chat != nil && ended == nil {
		isKnown, err := s.know(ctx, q, w)
		if isKnown || ctx.Err() != nil || w.text.Len() > 0 {
			return err
		}
		if err != nil {
			s.log.Warn("chat model failed, saying that the library has no answer", "model", s.chat.Model(), "code", fault.CodeOf(err), "error", err)
		}
	}
	w.abstain(q.Text, nearest, ended)
	return nil
}

// know streams the model's general knowledge under a line that says what it is. Nothing of the library is in the
// prompt, and nothing is cited. It reports false, with nothing shown, when the model doesn't know either.
func (s *Service) know(ctx context.Context, q Question, w *writing) (isKnown bool, err error) {
	data := promptData{NoAnswer: noAnswer}
	system, err := filled(s.prompts.general, data)
	if err != nil {
		return false, err
	}
	messages := []inference.Message{{Role: inference.System, Content: system}, {Role: inference.User, Content: forPrompt(q.Text)}}
	k := &knowing{out: w, label: phrasesIn(interfaceLanguage(q.Text)).general}
	model, hash := w.answer.Model, w.answer.PromptSHA256
	w.answer.Model, w.answer.PromptSHA256 = s.chat.Model(), hashOfMessages(messages, newFence())
	err = s.listen(ctx, messages, w, k.add)
	if err == nil {
		k.finish()
	}
	if !k.hasBegun {
		w.answer.Model, w.answer.PromptSHA256 = model, hash
	}
	return k.hasBegun, err
}

// knowing reads general knowledge as it streams, statement by statement, and takes out what would pass for a source.
type knowing struct {
	out      *writing
	label    string
	held     string
	hasBegun bool
	isDone   bool
}

func (k *knowing) add(delta string) bool {
	k.held += delta
	k.flush(false)
	return !k.isDone
}

func (k *knowing) finish() { k.flush(true) }

func (k *knowing) flush(isEnd bool) {
	for !k.isDone {
		statement, rest, ok := nextStatement(k.held, isEnd)
		if !ok {
			return
		}
		k.held = rest
		k.say(statement)
	}
}

// spaceBeforeStop is left where a mark was taken out.
var spaceBeforeStop = regexp.MustCompile(`[ \t]+([.,;!?])`)

func (k *knowing) say(statement string) {
	if saysNoAnswer(statement) || k.out.text.Len() > longestAnswer {
		k.isDone = true
		return
	}
	statement, notices := withoutNotices(withoutInvisible(withoutEntities(statement)))
	marks := len(anyMark.FindAllString(statement, -1))
	plain, removed := plainText(anyMark.ReplaceAllString(statement, ""), func(string) bool { return false })
	removed += notices
	if marks > 0 {
		plain = spaceBeforeStop.ReplaceAllString(plain, "$1")
	}
	k.out.answer.Dropped += marks
	k.out.answer.Removed += removed
	if strings.TrimSpace(plain) == "" {
		return
	}
	if !k.hasBegun {
		k.hasBegun, k.out.answer.IsGeneral = true, true
		k.out.sources(nil)
		k.out.write(k.label + "\n\n")
		plain = strings.TrimLeftFunc(plain, unicode.IsSpace)
	}
	k.out.write(plain)
}
