package main

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"clearwell/internal/access"
	"clearwell/internal/fault"
	"clearwell/internal/library"
	"clearwell/internal/postgres"
)

type documentsCommand struct {
	Key        string `arg:"" optional:"" help:"Show the history of the document of this key or id."`
	Collection string `help:"Limit to one collection." placeholder:"NAME"`
	Text       string `help:"Limit to keys and titles that hold this text." placeholder:"TEXT"`
	Diff       string `help:"What revision N changed, or what changed from N to M." placeholder:"N[..M]" xor:"what"`
	Publish    int    `help:"Put revision N in force from now (roll back)." placeholder:"N" xor:"what"`
	Withdraw   int    `help:"Take revision N out, from now." placeholder:"N" xor:"what"`
	JSON       bool   `help:"Print JSON." name:"json"`
}

// Run lists documents, or shows or changes one.
func (c *documentsCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	if c.Key == "" && (c.Diff != "" || c.Publish != 0 || c.Withdraw != 0) {
		return fault.Newf(fault.Invalid, "missing_document", "Say of which document: clearwell documents KEY --diff 2.")
	}
	if c.Publish != 0 || c.Withdraw != 0 {
		return c.decide(ctx, cfg, log)
	}
	db, err := openDatabase(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer db.Close()
	lib := library.New(db.Pool)
	if c.Key == "" {
		return c.list(ctx, lib)
	}
	doc, err := findDocument(ctx, lib, c.Collection, c.Key)
	if err != nil {
		return err
	}
	if c.Diff != "" {
		return c.diff(ctx, lib, doc)
	}
	return c.history(ctx, lib, doc)
}

func (c *documentsCommand) list(ctx context.Context, lib *library.Store) error {
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

// findDocument returns the document of that key, else that id. collection "" means any.
func findDocument(ctx context.Context, lib *library.Store, collection, name string) (library.Document, error) {
	docs, err := lib.ListDocuments(ctx, library.ListFilter{Collection: collection, Key: name, Limit: 2})
	if err != nil {
		return library.Document{}, err
	}
	if len(docs) > 1 {
		return library.Document{}, fault.Newf(fault.Conflict, "ambiguous_key",
			"More than one collection has a document %q; add --collection, or give its id.", name)
	}
	if len(docs) == 1 {
		return docs[0], nil
	}
	if id, err := strconv.ParseInt(name, 10, 64); err == nil {
		doc, err := lib.Document(ctx, id)
		if err == nil && (collection == "" || doc.Collection == collection) || err != nil && fault.KindOf(err) != fault.NotFound {
			return doc, err
		}
	}
	return library.Document{}, fault.Newf(fault.NotFound, "unknown_document",
		"There is no document with the key or id %q; list them with `clearwell documents`.", name)
}

func (c *documentsCommand) history(ctx context.Context, lib *library.Store, doc library.Document) error {
	revs, err := lib.Revisions(ctx, doc.ID)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, map[string]any{"document": documentsJSON([]library.Document{doc})[0], "revisions": revisionsJSON(revs)})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "REVISION\tFROM\tUNTIL\tDATE BY\tFILE\tKNOWN BY\tSTANDING")
	for _, r := range revs {
		until := ""
		if r.EffectiveUntil != nil {
			until = r.EffectiveUntil.Format(time.DateOnly)
		}
		dateBy := string(r.EffectiveBy)
		if r.EffectiveQuote != "" {
			dateBy += fmt.Sprintf(": %q", shorten(r.EffectiveQuote, 50))
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Number, r.EffectiveFrom.Format(time.DateOnly), until, dateBy,
			r.FileName, r.IdentifiedBy, standing(r))
	}
	return w.Flush()
}

// decide rolls back or takes out.
func (c *documentsCommand) decide(ctx context.Context, cfg *config, log *slog.Logger) error {
	a, err := openApp(ctx, cfg, false, log)
	if err != nil {
		return err
	}
	defer a.close()
	doc, err := findDocument(ctx, a.library, c.Collection, c.Key)
	if err != nil {
		return err
	}
	change, number := a.intake.Publish, c.Publish
	if c.Withdraw != 0 {
		change, number = a.intake.Withdraw, c.Withdraw
	}
	rev, err := change(ctx, access.System("cli"), doc.ID, number)
	if err != nil {
		return err
	}
	return printDecided(rev, c.JSON)
}

// diff prints what changed from one revision to another.
func (c *documentsCommand) diff(ctx context.Context, lib *library.Store, doc library.Document) error {
	from, to, err := c.sides(ctx, lib, doc)
	if err != nil {
		return err
	}
	change, err := lib.Change(ctx, doc.ID, from, to)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, changeJSON(&change))
	}
	fmt.Printf("%s, from revision %d (%s) to revision %d (%s)\n\n", doc.Key, from, since(change.From), to, since(change.To))
	return printReport(change.Report)
}

// sides reads N..M; N alone is compared with the revision whose place it took, else with the one before it.
func (c *documentsCommand) sides(ctx context.Context, lib *library.Store, doc library.Document) (from, to int, err error) {
	first, second, isRange := strings.Cut(c.Diff, "..")
	if from, err = parseNumber(first); err != nil {
		return 0, 0, err
	}
	if isRange {
		to, err = parseNumber(second)
		return from, to, err
	}
	rev, err := lib.Revision(ctx, doc.ID, from)
	if err != nil {
		return 0, 0, err
	}
	previous, err := lib.Predecessor(ctx, rev)
	switch {
	case err != nil:
		return 0, 0, err
	case previous != nil:
		return previous.Number, rev.Number, nil
	case rev.Number == 1:
		return 0, 0, fault.Newf(fault.Conflict, "first_revision",
			"Revision 1 is the first, and nothing came before it; give two, such as --diff 1..2.")
	}
	return rev.Number - 1, rev.Number, nil
}

func parseNumber(s string) (int, error) {
	number, err := strconv.Atoi(s)
	if err != nil || number < 1 || number > math.MaxInt32 {
		return 0, fault.Newf(fault.Invalid, "invalid_revision", "%q is no revision; write --diff 2, or --diff 1..3.", s)
	}
	return number, nil
}

// since says in words when a revision applies.
func since(r library.Revision) string {
	text := "since " + r.EffectiveFrom.Format(time.DateOnly)
	if r.EffectiveUntil != nil {
		text += " until " + r.EffectiveUntil.Format(time.DateOnly)
	}
	return text
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
	EffectiveQuote string     `json:"effective_quote"`
	VersionLabel   string     `json:"version_label"`
	IdentifiedBy   string     `json:"identified_by"`
	DuplicateOf    int        `json:"duplicate_of,omitempty"` // a revision of the same document
	Code           string     `json:"code,omitempty"`
	Message        string     `json:"message,omitempty"`
}

func revisionsJSON(revs []library.Revision) []revisionShape {
	out := make([]revisionShape, len(revs))
	for i, r := range revs {
		out[i] = revisionShape{r.Number, r.Title, r.FileName, string(r.Status), r.InForce, r.Scheduled, r.EffectiveFrom,
			r.EffectiveUntil, string(r.EffectiveBy), r.EffectiveQuote, r.VersionLabel, string(r.IdentifiedBy), 0,
			r.ReasonCode, r.ReasonMessage}
		if r.DuplicateOf != nil {
			out[i].DuplicateOf = r.DuplicateOf.Number
		}
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
