package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/fault"
	"clearwell/internal/retrieve"
)

type askCommand struct {
	Question     string   `arg:"" help:"What to ask."`
	AsOf         string   `help:"Ask about another moment: a date or an RFC 3339 time." placeholder:"DATE"`
	KnownAt      string   `help:"Answer from what Clearwell knew then: a date or an RFC 3339 time." placeholder:"DATE"`
	Collection   []string `help:"Limit to collections." placeholder:"NAME"`
	General      bool     `help:"Where the library doesn't say, let the chat model answer from what it knows; labelled." name:"general-knowledge"`
	Conversation string   `help:"Go on with this conversation of the command line's; new begins one and prints its id." placeholder:"ID"`
	JSON         bool     `help:"Print JSON." name:"json"`
}

// Run asks and prints the answer, then its numbered sources.
func (c *askCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	asOf, err := parseMoment(c.AsOf)
	if err != nil {
		return err
	}
	knownAt, err := parseMoment(c.KnownAt)
	if err != nil {
		return err
	}
	a, err := openApp(ctx, cfg, false, log)
	if err != nil {
		return err
	}
	defer a.close()
	if err := c.openConversation(ctx, a); err != nil {
		return err
	}
	done, err := a.ask(ctx, answer.Question{
		Text: c.Question, Collections: c.Collection, AsOf: asOf, KnownAt: knownAt, GeneralKnowledge: c.General,
		ConversationID: c.Conversation,
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, answerJSON(done))
	}
	printAnswer(os.Stdout, done)
	return nil
}

// openConversation begins a conversation if a new one is wanted, and says how to go on with it.
func (c *askCommand) openConversation(ctx context.Context, a *app) error {
	if c.Conversation != "new" {
		return nil
	}
	made, err := a.talks.StartConversation(ctx, access.System("cli"))
	if err != nil {
		return err
	}
	c.Conversation = made.ID
	fmt.Fprintf(os.Stderr, "Go on with --conversation %s\n", made.ID)
	return nil
}

// ask collects the events of one answer.
func (r *rooms) ask(ctx context.Context, q answer.Question) (answer.Answer, error) {
	var done answer.Answer
	for event, err := range r.dialogue.Answer(ctx, access.System("cli"), q) {
		if err != nil {
			return answer.Answer{}, err
		}
		if d, ok := event.(answer.Done); ok {
			done = d.Answer
		}
	}
	return done, nil
}

func printAnswer(w io.Writer, a answer.Answer) {
	fmt.Fprintf(w, "%s\n", a.Text)
	if a.Abstained {
		for _, p := range a.Nearest {
			fmt.Fprintf(w, "\n  -  %s", sourceLine(p, p.PlaceAt(p.Start)))
		}
		if len(a.Nearest) > 0 {
			fmt.Fprintln(w)
		}
		return
	}
	printed := make(map[int]bool)
	fmt.Fprintln(w)
	for _, c := range a.Citations {
		if !printed[c.N] {
			printed[c.N] = true
			fmt.Fprintf(w, "  [%d] %s\n", c.N, sourceLine(c.Passage, c.Place()))
		}
	}
	printDoubts(w, a)
}

// printDoubts prints what a reader should know beside the text: values that disagree, statements without support,
// and a model's text that was not shown.
func printDoubts(w io.Writer, a answer.Answer) {
	for _, conflict := range a.Conflicts {
		fmt.Fprintln(w, "  Sources disagree:")
		for _, v := range conflict.Values {
			fmt.Fprintf(w, "   -  %s: %s\n", v.Text, sourceLine(v.Citation.Passage, v.Citation.Place()))
		}
	}
	for _, f := range a.Flags {
		if f.Missing == "" {
			fmt.Fprintf(w, "  Not in the sources: %q\n", f.Statement)
			continue
		}
		fmt.Fprintf(w, "  Not in the sources: %q (%s)\n", f.Statement, f.Missing)
	}
	if a.Replaced {
		fmt.Fprintln(w, "  The sources did not support what the chat model said; these are extracts.")
	}
}

// sourceLine names a source: title, revision, dates, and the place in it.
func sourceLine(p retrieve.Passage, place retrieve.Place) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s, revision %d, in force since %s", p.Title, p.Revision, p.EffectiveFrom.Format(time.DateOnly))
	if p.EffectiveUntil != nil {
		fmt.Fprintf(&s, " until %s", p.EffectiveUntil.Format(time.DateOnly))
	}
	if place.Page > 0 {
		fmt.Fprintf(&s, ", page %d", place.Page)
	}
	if len(place.Headings) > 0 {
		fmt.Fprintf(&s, ", %q", place.Headings[len(place.Headings)-1])
	}
	return s.String()
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// parseMoment reads an RFC 3339 time, or a date as its first moment in UTC; "" is the zero time.
func parseMoment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fault.Newf(fault.Invalid, "invalid_date",
		"%q is not a date; write 2026-01-31, or 2026-01-31T09:00:00Z.", s)
}
