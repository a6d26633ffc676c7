package answer

import (
	"crypto/rand"
	"crypto/sha256"
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
type prompts struct{ system, user, condense *template.Template }

func loadPrompts() (prompts, error) {
	all, err := template.ParseFS(promptFiles, "prompts/*.txt")
	if err != nil {
		return prompts{}, fmt.Errorf("load prompts: %w", err)
	}
	return prompts{system: all.Lookup("system.txt"), user: all.Lookup("user.txt"), condense: all.Lookup("condense.txt")}, nil
}

type promptPassage struct {
	N, Revision        int
	Title, From, Until string
	Place, Text        string
	AmendedBy          string // "2", or "1 and 2"; "" if nothing amends it
}

// newFence returns a random mark for one prompt, so that no passage can know it.
func newFence() string { return "=== " + rand.Text() }

// compose writes the messages for a chat model. A passage that holds the fence by chance loses it.
func (p prompts) compose(question string, passages []retrieve.Passage, asOf time.Time, fence string) ([]inference.Message, error) {
	data := struct {
		AsOf, NoAnswer, Fence, Question string
		Passages                        []promptPassage
	}{AsOf: asOf.Format(time.DateOnly), NoAnswer: noAnswer, Fence: fence, Question: question}
	for i, found := range passages {
		data.Passages = append(data.Passages, promptPassage{
			N: i + 1, Revision: found.Revision,
			Title: oneLine(found.Title), From: found.EffectiveFrom.Format(time.DateOnly), Until: day(found.EffectiveUntil),
			AmendedBy: numbers(amending(passages, i)), Place: place(found), Text: strings.ReplaceAll(shown(found), data.Fence, ""),
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

// hashOfMessages is the SHA-256 over each message's role and content, both ended by a zero byte. The fence is
// left out, so the same prompt has the same hash again.
func hashOfMessages(messages []inference.Message, fence string) []byte {
	hash := sha256.New()
	for _, m := range messages {
		fmt.Fprintf(hash, "%s\x00%s\x00", m.Role, strings.ReplaceAll(m.Content, fence, ""))
	}
	return hash.Sum(nil)
}

// hashOfPassages is the SHA-256 over the question, ended by a zero byte, and a line "chunk document revision start"
// for each passage in its order: together they name what an extract was made from.
func hashOfPassages(question string, passages []retrieve.Passage) []byte {
	hash := sha256.New()
	fmt.Fprintf(hash, "%s\x00", question)
	for _, p := range passages {
		fmt.Fprintf(hash, "%d %d %d %d\n", p.ChunkID, p.DocumentID, p.Revision, p.Start)
	}
	return hash.Sum(nil)
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
