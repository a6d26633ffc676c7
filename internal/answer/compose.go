package answer

import (
	"crypto/rand"
	"embed"
	"fmt"
	"strings"
	"text/template"
	"time"

	"clearwell/internal/inference"
	"clearwell/internal/retrieve"
)

//go:embed prompts/*.txt
var promptFiles embed.FS

// noAnswer is what the model is asked to say when the passages don't hold the answer.
const noAnswer = "NO_ANSWER"

// prompts are the templates of a grounded chat.
type prompts struct{ system, user *template.Template }

func loadPrompts() (prompts, error) {
	all, err := template.ParseFS(promptFiles, "prompts/*.txt")
	if err != nil {
		return prompts{}, fmt.Errorf("load prompts: %w", err)
	}
	return prompts{system: all.Lookup("system.txt"), user: all.Lookup("user.txt")}, nil
}

type promptPassage struct {
	N, Revision        int
	Title, From, Until string
	Place, Text        string
}

// compose writes the messages for a chat model. The fence is a random mark of this one prompt, so no
// passage can know it, and one that holds it by chance loses it.
func (p prompts) compose(question string, passages []retrieve.Passage, asOf time.Time) ([]inference.Message, error) {
	data := struct {
		AsOf, NoAnswer, Fence, Question string
		Passages                        []promptPassage
	}{AsOf: asOf.Format(time.DateOnly), NoAnswer: noAnswer, Fence: "=== " + rand.Text(), Question: question}
	for i, found := range passages {
		data.Passages = append(data.Passages, promptPassage{
			N: i + 1, Revision: found.Revision,
			Title: oneLine(found.Title), From: found.EffectiveFrom.Format(time.DateOnly), Until: day(found.EffectiveUntil),
			Place: place(found), Text: strings.ReplaceAll(shown(found), data.Fence, ""),
		})
	}
	var system, user strings.Builder
	if err := p.system.Execute(&system, data); err != nil {
		return nil, fmt.Errorf("write system prompt: %w", err)
	}
	if err := p.user.Execute(&user, data); err != nil {
		return nil, fmt.Errorf("write user prompt: %w", err)
	}
	return []inference.Message{
		{Role: inference.System, Content: system.String()},
		{Role: inference.User, Content: user.String()},
	}, nil
}

// shown is a passage with the lead-in or header row that a cut took from it.
func shown(p retrieve.Passage) string {
	if p.Context == "" {
		return p.Text
	}
	return p.Context + "\n" + p.Text
}

// place says where in its document a passage stands.
func place(p retrieve.Passage) string {
	trail := oneLine(strings.Join(p.Headings, " > "))
	if p.Page == 0 {
		return trail
	}
	if trail == "" {
		return fmt.Sprintf("page %d", p.Page)
	}
	return fmt.Sprintf("page %d, %s", p.Page, trail)
}

func day(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.DateOnly)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
