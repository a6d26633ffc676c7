package main

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/term"

	"clearwell/internal/diff"
	"clearwell/internal/fault"
	"clearwell/internal/library"
)

// The shapes here are how commands print reviews and changes as JSON, like the API's.

type reviewShape struct {
	ID         string           `json:"id"`
	Kind       string           `json:"kind"`
	Code       string           `json:"code"`
	Message    string           `json:"message"`
	Revision   decidedShape     `json:"revision"`
	Candidates []candidateShape `json:"candidates"`
	OpenedAt   time.Time        `json:"opened_at"`
	DecidedAt  *time.Time       `json:"decided_at"`
	DecidedBy  string           `json:"decided_by"`
	Decision   string           `json:"decision"`
}

type candidateShape struct {
	DocumentID string `json:"document_id"` // a string as everywhere, in place of the candidate's number
	library.Candidate
}

func reviewsJSON(reviews []library.Review) []reviewShape {
	out := make([]reviewShape, len(reviews))
	for i, r := range reviews {
		out[i] = reviewShape{fmt.Sprint(r.ID), string(r.Kind), r.Code, r.Message, decidedJSON(r.Revision),
			make([]candidateShape, len(r.Candidates)), r.OpenedAt, r.DecidedAt, r.DecidedBy, string(r.Decision)}
		for j, c := range r.Candidates {
			out[i].Candidates[j] = candidateShape{fmt.Sprint(c.DocumentID), c}
		}
	}
	return out
}

// decidedShape is a revision with the document that it stands under.
type decidedShape struct {
	DocumentID  string `json:"document_id"`
	DocumentKey string `json:"document_key"`
	Collection  string `json:"collection"`
	revisionShape
}

func decidedJSON(r library.Revision) decidedShape {
	return decidedShape{fmt.Sprint(r.DocumentID), r.DocumentKey, r.Collection, revisionsJSON([]library.Revision{r})[0]}
}

type changeShape struct {
	DocumentID        string     `json:"document_id"`
	ToDocumentID      string     `json:"to_document_id"`
	From              int        `json:"from"`
	To                int        `json:"to"`
	FromEffectiveFrom time.Time  `json:"from_effective_from"`
	FromUntil         *time.Time `json:"from_effective_until"`
	ToEffectiveFrom   time.Time  `json:"to_effective_from"`
	ToUntil           *time.Time `json:"to_effective_until"`
	diff.Report
}

func changeJSON(c *library.Change) *changeShape {
	if c == nil {
		return nil
	}
	report := c.Report
	report.Changes = append([]diff.Change{}, report.Changes...)
	return &changeShape{fmt.Sprint(c.From.DocumentID), fmt.Sprint(c.To.DocumentID), c.From.Number, c.To.Number,
		c.From.EffectiveFrom, c.From.EffectiveUntil, c.To.EffectiveFrom, c.To.EffectiveUntil, report}
}

// printReport prints differences for people, as wide as the terminal and in its colours.
func printReport(r diff.Report) error {
	style := diff.Style{}
	if out := int(os.Stdout.Fd()); term.IsTerminal(out) {
		style.Colour = true
		if width, _, err := term.GetSize(out); err == nil { // without a size the default will do
			style.Width = width
		}
	}
	return diff.Render(r, os.Stdout, style)
}

// isNothingToCompare reports whether a comparison failed because the other side has no text.
func isNothingToCompare(err error) bool {
	code := fault.CodeOf(err)
	return code == "no_text" || code == "history_dropped"
}
