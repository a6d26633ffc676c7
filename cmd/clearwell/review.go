package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"clearwell/internal/access"
	"clearwell/internal/library"
)

type reviewCommand struct {
	List   reviewListCommand   `cmd:"" default:"withargs" help:"List what waits for a decision."`
	Show   reviewShowCommand   `cmd:"" help:"Show one review: the candidates, why, and what differs."`
	Decide reviewDecideCommand `cmd:"" help:"Decide about a held file."`
}

type reviewListCommand struct {
	Collection string `help:"Limit to one collection." placeholder:"NAME"`
	All        bool   `help:"Also what was decided."`
	JSON       bool   `help:"Print JSON." name:"json"`
}

// Run lists reviews, newest first.
func (c *reviewListCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	db, err := openDatabase(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer db.Close()
	lib := library.New(db.Pool)
	filter := library.ReviewFilter{Collection: c.Collection, Open: !c.All, Limit: 200}
	all := []library.Review{}
	for {
		page, err := lib.Reviews(ctx, filter)
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
		return printJSON(os.Stdout, map[string]any{"reviews": reviewsJSON(all)})
	}
	if len(all) == 0 {
		fmt.Println("Nothing waits for a decision.")
		return nil
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tABOUT\tCOLLECTION\tFILE\tLIKELIEST\tDECISION")
	for _, r := range all {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.Kind, r.Revision.Collection, r.Revision.FileName, likeliest(r), decisionOf(r))
	}
	return w.Flush()
}

func likeliest(r library.Review) string {
	if len(r.Candidates) == 0 {
		return ""
	}
	return fmt.Sprintf("%s (%.2f)", r.Candidates[0].DocumentKey, r.Candidates[0].Score)
}

func decisionOf(r library.Review) string {
	if r.DecidedAt == nil {
		return "open"
	}
	return fmt.Sprintf("%s by %s on %s", r.Decision, r.DecidedBy, r.DecidedAt.Format(time.DateOnly))
}

type reviewShowCommand struct {
	ID      int64  `arg:"" help:"The review's number, as the list has it."`
	Against string `help:"Compare with the document of this key or id (default: the likeliest candidate)." placeholder:"KEY"`
	JSON    bool   `help:"Print JSON." name:"json"`
}

// Run prints a review with everything that a decision needs.
func (c *reviewShowCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	db, err := openDatabase(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer db.Close()
	lib := library.New(db.Pool)
	review, err := lib.Review(ctx, c.ID)
	if err != nil {
		return err
	}
	change, err := c.change(ctx, lib, review)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, map[string]any{"review": reviewsJSON([]library.Review{review})[0], "diff": changeJSON(change)})
	}
	printReview(os.Stdout, review)
	if change == nil {
		return nil
	}
	fmt.Printf("\nFrom %s, revision %d, to the held text:\n\n", change.From.DocumentKey, change.From.Number)
	return printReport(change.Report)
}

// change compares the held text with the document asked for; nil when none was and there is none to compare with.
func (c *reviewShowCommand) change(ctx context.Context, lib *library.Store, review library.Review) (*library.Change, error) {
	var against int64
	if c.Against != "" {
		doc, err := findDocument(ctx, lib, review.Revision.Collection, c.Against)
		if err != nil {
			return nil, err
		}
		against = doc.ID
	}
	change, err := lib.ReviewChange(ctx, review, against)
	if err != nil && against == 0 && isNothingToCompare(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &change, nil
}

func printReview(w io.Writer, r library.Review) {
	fmt.Fprintf(w, "Review %d (%s), collection %s\n", r.ID, decisionOf(r), r.Revision.Collection)
	fmt.Fprintf(w, "  file      %s", r.Revision.FileName)
	if r.Revision.Source != "" {
		fmt.Fprintf(w, ", from %s", r.Revision.Source)
	}
	fmt.Fprintf(w, "\n  received  %s by %s\n", r.Revision.ReceivedAt.Format(time.DateTime), r.Revision.CreatedBy)
	fmt.Fprintf(w, "  applies   %s\n  held      %s (%s)\n", since(r.Revision), r.Message, r.Code)
	for _, c := range r.Candidates {
		fmt.Fprintf(w, "\n  %.2f  %s, %q, revision %d (id %d)\n", c.Score, c.DocumentKey, c.Title, c.Revision, c.DocumentID)
		for _, reason := range c.Reasons {
			fmt.Fprintf(w, "        - %s\n", reason)
		}
	}
	if r.DecidedAt == nil {
		fmt.Fprintf(w, "\nDecide with: clearwell review decide %d %s\n", r.ID, strings.Join(decisionsFor(r), " | "))
	}
}

// decisionsFor are the ways in which a review can be decided, as they are typed.
func decisionsFor(r library.Review) []string {
	switch r.Kind {
	case library.ReviewIdentity:
		key := "KEY"
		if len(r.Candidates) > 0 {
			key = r.Candidates[0].DocumentKey
		}
		return []string{"replaces --document " + key, "new-document", "duplicate --document " + key, "reject"}
	case library.ReviewOrder:
		return []string{"publish", "file-into-history", "reject"}
	default:
		return []string{"publish --effective-from DATE", "reject"}
	}
}

type reviewDecideCommand struct {
	ID             int64  `arg:"" help:"The review's number."`
	Decision       string `arg:"" enum:"replaces,new-document,duplicate,reject,publish,file-into-history" help:"replaces or duplicate (with --document), new-document, reject, publish or file-into-history."`
	Document       string `help:"Key or id of the document that it replaces or repeats." placeholder:"KEY"`
	EffectiveFrom  string `help:"From when it applies: a date or an RFC 3339 time." placeholder:"DATE"`
	EffectiveUntil string `help:"When it ends." placeholder:"DATE"`
	JSON           bool   `help:"Print JSON." name:"json"`
}

// Run decides, and waits until the revision has come to its end.
func (c *reviewDecideCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	a, err := openApp(ctx, cfg, false, log)
	if err != nil {
		return err
	}
	defer a.close()
	settlement, err := c.settlement(ctx, a.library)
	if err != nil {
		return err
	}
	rev, err := a.intake.Decide(ctx, access.System("cli"), c.ID, settlement)
	if err != nil {
		return err
	}
	if rev, err = a.finish(ctx, rev); err != nil {
		return err
	}
	return printDecided(rev, c.JSON)
}

func (c *reviewDecideCommand) settlement(ctx context.Context, lib *library.Store) (library.Settlement, error) {
	settlement := library.Settlement{Decision: library.Decision(strings.ReplaceAll(c.Decision, "-", "_"))}
	review, err := lib.Review(ctx, c.ID)
	if err != nil {
		return settlement, err
	}
	if c.Document != "" {
		doc, err := findDocument(ctx, lib, review.Revision.Collection, c.Document)
		if err != nil {
			return settlement, err
		}
		settlement.DocumentID = doc.ID
	}
	if settlement.EffectiveFrom, err = parseOptional(c.EffectiveFrom); err != nil {
		return settlement, err
	}
	settlement.EffectiveUntil, err = parseOptional(c.EffectiveUntil)
	return settlement, err
}

// parseOptional is parseMoment with nil for "".
func parseOptional(s string) (*time.Time, error) {
	t, err := parseMoment(s)
	if err != nil || t.IsZero() {
		return nil, err
	}
	return &t, nil
}

// finish processes a revision that goes on, until its end.
func (a *app) finish(ctx context.Context, rev library.Revision) (library.Revision, error) {
	if hasEnded(rev) {
		return rev, nil
	}
	if err := a.queue.Work(ctx); err != nil {
		return rev, err
	}
	err := a.awaitEnds(ctx, []int64{rev.ID}, func(ended library.Revision) { rev = ended })
	return rev, errors.Join(err, a.stopWork(ctx))
}

// printDecided says what became of a revision that a person decided about. A failure is the command's.
func printDecided(rev library.Revision, asJSON bool) error {
	if asJSON {
		if err := printJSON(os.Stdout, decidedJSON(rev)); err != nil {
			return err
		}
	} else {
		fmt.Printf("Revision %d of %s: %s.\n", rev.Number, rev.DocumentKey, strings.TrimSuffix(standing(rev), "."))
	}
	if rev.Status == library.Failed {
		return errSilent
	}
	return nil
}
