package answer

import (
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"fmt"
	"slices"
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
type prompts struct{ system, user, condense, general *template.Template }

func loadPrompts() (prompts, error) {
	all, err := template.ParseFS(promptFiles, "prompts/*.txt")
	if err != nil {
		return prompts{}, fmt.Errorf("load prompts: %w", err)
	}
	return prompts{system: all.Lookup("system.txt"), user: all.Lookup("user.txt"), condense: all.Lookup("condense.txt"),
		general: all.Lookup("general.txt")}, nil
}

type promptPassage struct {
	N, Revision        int
	Title, From, Until string
	Place, Text        string
	AmendedBy          string // "2", or "1 and 2"; "" if nothing amends it
}

// fencePrefix begins each line that opens or closes a passage.
const fencePrefix = "=== "

// newFence returns a random mark for one prompt, so that no passage can know it.
func newFence() string { return fencePrefix + rand.Text() }

// promptData is what the templates are filled with.
type promptData struct {
	AsOf, NoAnswer, Fence, Question string
	Passages                        []promptPassage
	Disputes                        []string // "1 and 3": passages that give different values
}

// compose writes the messages for a chat model, and says which passages disagree. What comes from documents and
// from the reader loses what is invisible; a passage that holds the fence by chance loses it.
func (p prompts) compose(question string, passages []retrieve.Passage, conflicts []Conflict, asOf time.Time, fence string) ([]inference.Message, error) {
	data := promptData{AsOf: asOf.Format(time.DateOnly), NoAnswer: noAnswer, Fence: fence, Question: withoutFence(forPrompt(question), fence),
		Disputes: disputes(conflicts, passages)}
	for i, found := range passages {
		data.Passages = append(data.Passages, promptPassage{
			N: i + 1, Revision: found.Revision,
			Title: forHeader(found.Title, fence), From: found.EffectiveFrom.Format(time.DateOnly), Until: day(found.EffectiveUntil),
			AmendedBy: numbers(amending(passages, i)), Place: forHeader(place(found), fence), Text: withoutFence(forPrompt(shown(found)), fence),
		})
	}
	system, err := filled(p.system, data)
	if err != nil {
		return nil, err
	}
	user, err := filled(p.user, data)
	if err != nil {
		return nil, err
	}
	return []inference.Message{{Role: inference.System, Content: system}, {Role: inference.User, Content: user}}, nil
}

func filled(t *template.Template, data promptData) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return "", fmt.Errorf("write prompt %s: %w", t.Name(), err)
	}
	return b.String(), nil
}

func withoutFence(text, fence string) string {
	return strings.ReplaceAll(text, strings.TrimPrefix(fence, fencePrefix), "")
}

// longestHeader bounds a title or place in the line above a passage, in code points.
const longestHeader = 200

// forHeader is a title or place that can't pass for the fields beside it.
func forHeader(text, fence string) string {
	line := []rune(strings.ReplaceAll(oneLine(withoutFence(forPrompt(text), fence)), "|", "/"))
	return string(line[:min(len(line), longestHeader)])
}

// disputes names the passages of each conflict by their numbers; their words stay inside of the fences.
func disputes(conflicts []Conflict, passages []retrieve.Passage) []string {
	var all []string
	for _, conflict := range conflicts {
		var indices []int
		for _, value := range conflict.Values {
			at := slices.IndexFunc(passages, func(p retrieve.Passage) bool { return p.ChunkID == value.Citation.Passage.ChunkID })
			if at >= 0 && !slices.Contains(indices, at) {
				indices = append(indices, at)
			}
		}
		if len(indices) > 1 {
			slices.Sort(indices)
			all = append(all, numbers(indices))
		}
	}
	return all
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

// place says where in its document a passage stands: its pages, and the headings above its first words. Those of
// joined chunks further down stand in its text.
func place(p retrieve.Passage) string {
	parts := []string{pagesOf(p), oneLine(strings.Join(p.PlaceAt(p.Start).Headings, " > "))}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}

// pagesOf names the pages of a passage: page 2, or pages 2–3.
func pagesOf(p retrieve.Passage) string {
	switch pages := p.Pages(); len(pages) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("page %d", pages[0])
	default:
		return fmt.Sprintf("pages %d–%d", pages[0], pages[len(pages)-1])
	}
}

func day(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.DateOnly)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
