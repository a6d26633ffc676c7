package main

import (
	"fmt"
	"strings"
	"time"

	"clearwell/internal/answer"
	"clearwell/internal/retrieve"
)

// sourceShape is how commands print where something stands as JSON.
type sourceShape struct {
	DocumentID     string     `json:"document_id"`
	DocumentKey    string     `json:"document_key"`
	Title          string     `json:"title"`
	Revision       int        `json:"revision"`
	EffectiveFrom  time.Time  `json:"effective_from"`
	EffectiveUntil *time.Time `json:"effective_until"`
	Page           int        `json:"page,omitempty"`
	Heading        string     `json:"heading"`
}

func sourceJSON(p retrieve.Passage, place retrieve.Place) sourceShape {
	return sourceShape{fmt.Sprint(p.DocumentID), p.DocumentKey, p.Title, p.Revision, p.EffectiveFrom, p.EffectiveUntil,
		place.Page, strings.Join(place.Headings, " > ")}
}

type endedShape struct {
	DocumentID  string    `json:"document_id"`
	DocumentKey string    `json:"document_key"`
	Title       string    `json:"title"`
	Revision    int       `json:"revision"`
	At          time.Time `json:"at"`
	By          string    `json:"by"`
}

type recentShape struct {
	DocumentID   string    `json:"document_id"`
	DocumentKey  string    `json:"document_key"`
	Title        string    `json:"title"`
	FromRevision int       `json:"from_revision"`
	ToRevision   int       `json:"to_revision"`
	At           time.Time `json:"at"`
	OldText      string    `json:"old_text"`
	NewText      string    `json:"new_text"`
}

type conflictShape struct {
	Values []valueShape `json:"values"`
}

type valueShape struct {
	Text     string        `json:"text"`
	Citation citationShape `json:"citation"`
}

type flagShape struct {
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Statement string `json:"statement"`
	Reason    string `json:"reason"`
	Missing   string `json:"missing"`
}

type citationShape struct {
	N int `json:"n"`
	sourceShape
	Quote  string `json:"quote"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
	Former bool   `json:"former"`
}

func citationJSON(c answer.Citation) citationShape {
	return citationShape{c.N, sourceJSON(c.Passage, c.Place()), c.Quote, c.Start, c.End, c.IsFormer}
}

func answerJSON(a answer.Answer) any {
	out := struct {
		ID        string          `json:"id"`
		Answer    string          `json:"answer"`
		Abstained bool            `json:"abstained"`
		General   bool            `json:"general"`
		Replaced  bool            `json:"replaced"`
		AsOf      time.Time       `json:"as_of"`
		Model     string          `json:"model"`
		Citations []citationShape `json:"citations"`
		Conflicts []conflictShape `json:"conflicts"`
		Flags     []flagShape     `json:"flags"`
		Dropped   int             `json:"dropped_citations"`
		Removed   int             `json:"removed_markup"`
		Ended     *endedShape     `json:"ended"`
		Changes   []recentShape   `json:"changes"`
	}{
		ID: a.ID, Answer: a.Text, Abstained: a.Abstained, General: a.IsGeneral, Replaced: a.Replaced, AsOf: a.AsOf, Model: a.Model,
		Citations: []citationShape{}, Conflicts: []conflictShape{}, Flags: []flagShape{}, Dropped: a.Dropped, Removed: a.Removed,
		Changes: []recentShape{},
	}
	for _, c := range a.Citations {
		out.Citations = append(out.Citations, citationJSON(c))
	}
	for _, c := range a.Conflicts {
		var shape conflictShape
		for _, v := range c.Values {
			shape.Values = append(shape.Values, valueShape{v.Text, citationJSON(v.Citation)})
		}
		out.Conflicts = append(out.Conflicts, shape)
	}
	for _, f := range a.Flags {
		out.Flags = append(out.Flags, flagShape{f.Start, f.End, f.Statement, string(f.Reason), f.Missing})
	}
	if e := a.Ended; e != nil {
		out.Ended = &endedShape{fmt.Sprint(e.DocumentID), e.DocumentKey, e.Title, e.Revision, e.At, e.By}
	}
	for _, c := range a.Changes {
		out.Changes = append(out.Changes, recentShape{fmt.Sprint(c.DocumentID), c.DocumentKey, c.Title, c.FromRevision,
			c.ToRevision, c.At, c.OldText, c.NewText})
	}
	return out
}
