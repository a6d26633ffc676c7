package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"text/tabwriter"
	"time"

	"clearwell/internal/fault"
	"clearwell/internal/library"
	"clearwell/internal/postgres"
)

type documentsCommand struct {
	Key        string `arg:"" optional:"" help:"Show the history of the document of this key."`
	Collection string `help:"Limit to one collection." placeholder:"NAME"`
	Text       string `help:"Limit to keys and titles that hold this text." placeholder:"TEXT"`
	JSON       bool   `help:"Print JSON." name:"json"`
}

// Run lists documents, or one document's revisions.
func (c *documentsCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	db, err := openDatabase(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer db.Close()
	lib := library.New(db.Pool)
	if c.Key != "" {
		return c.history(ctx, lib)
	}
	filter := library.ListFilter{Collection: c.Collection, Text: c.Text, Limit: 200}
	var all []library.Document
	for {
		page, err := lib.ListDocuments(ctx, filter)
		if err != nil {
			return err
		}
		all = append(all, page...)
		if len(page) < filter.Limit {
			break
		}
		filter.After = page[len(page)-1].ID
	}
	if c.JSON {
		return printJSON(os.Stdout, map[string]any{"documents": documentsJSON(all)})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "COLLECTION\tKEY\tTITLE\tIN FORCE\tLATEST")
	for _, d := range all {
		inForce := "nothing"
		if d.Current != nil {
			inForce = fmt.Sprintf("revision %d since %s", d.Current.Number, d.Current.EffectiveFrom.Format(time.DateOnly))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", d.Collection, d.Key, shorten(d.Latest.Title, 50), inForce, standing(d.Latest))
	}
	return w.Flush()
}

func (c *documentsCommand) history(ctx context.Context, lib *library.Store) error {
	docs, err := lib.ListDocuments(ctx, library.ListFilter{Collection: c.Collection, Key: c.Key, Limit: 2})
	if err != nil {
		return err
	}
	if len(docs) == 0 {
		return fault.Newf(fault.NotFound, "unknown_document", "There is no document with the key %q; list them with `clearwell documents`.", c.Key)
	}
	if len(docs) > 1 {
		return fault.Newf(fault.Conflict, "ambiguous_key", "More than one collection has a document %q; add --collection.", c.Key)
	}
	revs, err := lib.Revisions(ctx, docs[0].ID)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, map[string]any{"document": documentsJSON(docs)[0], "revisions": revisionsJSON(revs)})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "REVISION\tFROM\tUNTIL\tDATE BY\tFILE\tSTANDING")
	for _, r := range revs {
		until := ""
		if r.EffectiveUntil != nil {
			until = r.EffectiveUntil.Format(time.DateOnly)
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\n", r.Number, r.EffectiveFrom.Format(time.DateOnly), until, r.EffectiveBy, r.FileName, standing(r))
	}
	return w.Flush()
}

type revisionShape struct {
	Revision       int        `json:"revision"`
	Title          string     `json:"title"`
	FileName       string     `json:"file_name"`
	Status         string     `json:"status"`
	InForce        bool       `json:"in_force"`
	Scheduled      bool       `json:"scheduled"`
	EffectiveFrom  time.Time  `json:"effective_from"`
	EffectiveUntil *time.Time `json:"effective_until"`
	EffectiveBy    string     `json:"effective_source"`
	Code           string     `json:"code,omitempty"`
	Message        string     `json:"message,omitempty"`
}

func revisionsJSON(revs []library.Revision) []revisionShape {
	out := make([]revisionShape, len(revs))
	for i, r := range revs {
		out[i] = revisionShape{r.Number, r.Title, r.FileName, string(r.Status), r.InForce, r.Scheduled, r.EffectiveFrom,
			r.EffectiveUntil, string(r.EffectiveBy), r.ReasonCode, r.ReasonMessage}
	}
	return out
}

type documentShape struct {
	DocumentID string         `json:"document_id"`
	Collection string         `json:"collection"`
	Key        string         `json:"key"`
	Revisions  int            `json:"revisions"`
	Current    *revisionShape `json:"current"`
	Latest     revisionShape  `json:"latest"`
}

func documentsJSON(docs []library.Document) []documentShape {
	out := make([]documentShape, len(docs))
	for i, d := range docs {
		out[i] = documentShape{DocumentID: fmt.Sprint(d.ID), Collection: d.Collection, Key: d.Key, Revisions: d.Revisions,
			Latest: revisionsJSON([]library.Revision{d.Latest})[0]}
		if d.Current != nil {
			out[i].Current = &revisionsJSON([]library.Revision{*d.Current})[0]
		}
	}
	return out
}

// standing says in words where a revision stands.
func standing(r library.Revision) string {
	switch {
	case r.InForce:
		return "in force"
	case r.Scheduled:
		return "from " + r.EffectiveFrom.Format(time.DateOnly)
	case r.Superseded:
		return "superseded"
	case r.ReasonMessage != "":
		return string(r.Status) + ": " + r.ReasonMessage
	default:
		return string(r.Status)
	}
}

// openDatabase opens and migrates without loading a model.
func openDatabase(ctx context.Context, cfg *config, log *slog.Logger) (*postgres.DB, error) {
	db, err := postgres.Open(ctx, cfg.database(false), log)
	if err != nil {
		return nil, err
	}
	if err := postgres.Migrate(ctx, db.Pool); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}
