package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"clearwell/api"
	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/fault"
)

// chatQuestion is the question that a chat completion asks, with an id for its answer.
func (s *Server) chatQuestion(ctx context.Context, who access.Principal, body api.ChatCompletionRequest) (answer.Question, error) {
	if err := checkChat(body); err != nil {
		return answer.Question{}, err
	}
	collections, err := s.collectionsOfModel(ctx, who, body.Model)
	if err != nil {
		return answer.Question{}, err
	}
	turns, err := turnsOf(body.Messages)
	if err != nil {
		return answer.Question{}, err
	}
	last := len(turns) - 1
	q, err := question(who, api.AskRequest{
		Question: turns[last].Question, Collections: &collections, AsOf: body.AsOf, KnownAt: body.KnownAt,
		GeneralKnowledge: body.GeneralKnowledge,
	})
	if err != nil {
		return answer.Question{}, err
	}
	q.History, q.AnswerID = turns[:last], uuid.NewString()
	return q, nil
}

// checkChat refuses parameters that ask for something else than one answer in text. Those that only tune how a
// model writes are left unread.
func checkChat(body api.ChatCompletionRequest) error {
	refused := func(param string) error {
		return paramError{param, fault.Newf(fault.Invalid, "unsupported_parameter",
			"Clearwell gives one answer in text: leave `%s` out.", param)}
	}
	switch {
	case body.N != nil && *body.N != 1:
		return refused("n")
	case len(valueOf(body.Tools)) > 0:
		return refused("tools")
	case len(valueOf(body.Functions)) > 0:
		return refused("functions")
	case body.ResponseFormat != nil && !slices.Contains([]string{"", "text"}, valueOf(body.ResponseFormat.Type)):
		return refused("response_format")
	case slices.ContainsFunc(valueOf(body.Modalities), func(m string) bool { return m != "text" }):
		return refused("modalities")
	case valueOf(body.Logprobs):
		return refused("logprobs")
	}
	return nil
}

// turnsOf reads the messages as questions with their answers. The last turn is the question to be answered.
func turnsOf(messages []api.ChatMessage) ([]answer.Turn, error) {
	var turns []answer.Turn
	isAsked := false
	for _, m := range messages {
		switch m.Role {
		case "system", "developer": // what an answer may say is not theirs to decide
			continue
		case "user", "assistant":
		default:
			return nil, inMessages("unsupported_message",
				"A message is the user's, the assistant's, the system's or the developer's; there is one of %q.", m.Role)
		}
		text, err := contentOf(m.Content)
		if err != nil {
			return nil, err
		}
		isAsked = m.Role == "user"
		switch {
		case isAsked:
			turns = append(turns, answer.Turn{Question: storable(text)})
		case len(turns) > 0: // an assistant that spoke first was asked nothing
			last := &turns[len(turns)-1]
			last.Answer = storable(last.Answer + "\n\n" + text)
		}
	}
	if !isAsked {
		return nil, inMessages("missing_question", "The last message must be the user's: it is the question.")
	}
	return turns, nil
}

func inMessages(code, format string, args ...any) error {
	return paramError{"messages", fault.Newf(fault.Invalid, code, format, args...)}
}

// contentOf reads a message's content: a string, or parts of text; null is none.
func contentOf(content json.RawMessage) (string, error) {
	if len(content) == 0 || string(content) == "null" {
		return "", nil
	}
	var text string
	if json.Unmarshal(content, &text) == nil {
		return text, nil
	}
	var parts []api.ChatContentPart
	if err := json.Unmarshal(content, &parts); err != nil {
		return "", paramError{"messages", fault.Wrapf(err, fault.Invalid, "invalid_field",
			"A message's `content` must be text, or a list of parts with `type` and `text`.")}
	}
	texts := make([]string, len(parts))
	for i, part := range parts {
		if part.Type != "text" {
			return "", inMessages("unsupported_content", "Clearwell reads only text: leave the part of type %q out.", part.Type)
		}
		texts[i] = valueOf(part.Text)
	}
	return strings.Join(texts, "\n"), nil
}

// blamed names the field of a chat completion that a refused question came from.
func blamed(err error) error {
	if _, ok := errors.AsType[paramError](err); ok {
		return err
	}
	switch fault.CodeOf(err) {
	case "missing_question", "question_too_long":
		return paramError{"messages", err}
	default:
		return err
	}
}
