package httpapi

import (
	"fmt"
	"strings"
	"time"

	"clearwell/api"
	"clearwell/internal/answer"
	"clearwell/internal/diff"
	"clearwell/internal/library"
)

// The functions here write a tool's result as text for a model: what to quote, where it stands, since when it applies.

func (c call) searchText(found api.SearchResult) string {
	var b strings.Builder
	if len(found.Passages) == 0 {
		fmt.Fprintf(&b, "Nothing in force on %s was found.", day(found.AsOf))
	}
	for i, p := range found.Passages {
		fmt.Fprintf(&b, "%d. %s\n%s\n\n", i+1, c.place(p.Title, p.Heading, p.DocumentId, p.Revision, p.EffectiveFrom, p.EffectiveUntil, p.Url),
			strings.TrimSpace(p.Context+"\n"+p.Text))
	}
	return strings.TrimSpace(b.String())
}

func (c call) answerText(a answer.Answer) string {
	var b strings.Builder
	b.WriteString(a.Text)
	told := map[int]bool{}
	for _, one := range a.Citations {
		if len(told) == 0 {
			b.WriteString("\n\nSources:")
		}
		if told[one.N] {
			continue
		}
		told[one.N] = true
		s := citationOf(one)
		fmt.Fprintf(&b, "\n[%d] %s\n    “%s”", s.N, c.place(s.Title, s.Heading, s.DocumentId, s.Revision, s.EffectiveFrom, s.EffectiveUntil, s.Url), s.Quote)
	}
	return b.String()
}

// place says where words stand and when they apply.
func (c call) place(title, heading, documentID string, revision int, from time.Time, until *time.Time, url string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (document %s, revision %d, in force since %s", title, documentID, revision, day(from))
	if until != nil {
		fmt.Fprintf(&b, " until %s", day(*until))
	}
	b.WriteString(")")
	if heading != "" {
		fmt.Fprintf(&b, ", %s", heading)
	}
	fmt.Fprintf(&b, " <%s>", c.origin+url)
	return b.String()
}

func (c call) documentText(d api.McpDocument, length int) string {
	standing := "not in force"
	if d.Revision.InForce {
		standing = "in force"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nDocument %s (%s), collection %s, revision %d of %d, %s, from %s", d.Revision.Title, d.Document.Id, d.Document.Key,
		d.Document.Collection, d.Revision.Revision, d.Document.Revisions, standing, day(d.Revision.EffectiveFrom))
	if d.Revision.EffectiveUntil != nil {
		fmt.Fprintf(&b, " until %s", day(*d.Revision.EffectiveUntil))
	}
	fmt.Fprintf(&b, "\nCharacters %d to %d of %d", d.Start, d.End, length)
	if d.NextStart != nil {
		fmt.Fprintf(&b, "; go on with start %d", *d.NextStart)
	}
	fmt.Fprintf(&b, "\n\n%s", d.Text)
	return b.String()
}

// firstText says that nothing applied at the moment, or before the revision if that is zero.
func firstText(rev library.Revision, moment time.Time) string {
	if moment.IsZero() {
		return fmt.Sprintf("%s: revision %d, in force since %s, is the first. Nothing came before it, so there is nothing to compare it with.",
			rev.Title, rev.Number, day(rev.EffectiveFrom))
	}
	return fmt.Sprintf("%s: no revision applied on %s; the document is new since then. Nothing came before its first one. Now revision %d applies, since %s.",
		rev.Title, day(moment), rev.Number, day(rev.EffectiveFrom))
}

// changesText lists the changes, up to about as much as a piece of a document; the structured result has all.
func changesText(c library.Change) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: revision %d, in force since %s, against revision %d.\n", c.To.Title, c.To.Number, day(c.To.EffectiveFrom), c.From.Number)
	n := 0
	for _, change := range c.Report.Changes {
		line := changeLine(change)
		if line == "" {
			continue
		}
		if n++; b.Len() < mcpPiece {
			fmt.Fprintf(&b, "\n%d. %s", n, line)
		}
	}
	switch {
	case n == 0:
		b.WriteString("\nThe words are the same.")
	case b.Len() >= mcpPiece:
		fmt.Fprintf(&b, "\n\nThere are %d changes; the structured result has all of them.", n)
	}
	return b.String()
}

// changeLine says what one change did to the words; "" if they only moved.
func changeLine(c diff.Change) string {
	switch {
	case c.Op == diff.Changed && c.Old != nil && c.New != nil:
		return fmt.Sprintf("%schanged: “%s” → “%s”", below(c.New), c.Old.Text, c.New.Text)
	case c.Op == diff.Added && c.New != nil:
		return fmt.Sprintf("%sadded: “%s”", below(c.New), c.New.Text)
	case c.Op == diff.Removed && c.Old != nil:
		return fmt.Sprintf("%sremoved: “%s”", below(c.Old), c.Old.Text)
	default:
		return ""
	}
}

// below names the headings that a side stands below.
func below(side *diff.Side) string {
	if heading := headingOf(side.Headings); heading != "" {
		return heading + ", "
	}
	return ""
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
