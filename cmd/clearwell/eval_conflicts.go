package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"clearwell/internal/eval"
)

type evalConflictsCommand struct {
	Set string `help:"Cases, one JSON object a line: id, question, documents, gold_answers, wrong_answers, has_conflict." required:"" placeholder:"FILE" type:"existingfile"`
	All bool   `help:"Print every case, not only the misses."`
	halfFlag
	evalFlags
}

// Run gives each case its documents and asks.
func (c *evalConflictsCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	set := eval.ConflictsSet{Cases: c.Set, Half: eval.Half(c.Half)}
	earlier, err := c.earlier(eval.OfConflicts, set.Fingerprint)
	if err != nil {
		return err
	}
	return onScratch(ctx, cfg, log, func(r *rooms) error {
		report, err := eval.Conflicts(ctx, r.subject(), set, r.settings(cfg))
		if err != nil {
			return err
		}
		if report.Run, err = c.finish(report.Run, earlier); err != nil {
			return err
		}
		if c.JSON {
			return printJSON(os.Stdout, report)
		}
		c.print(report)
		return printRun(os.Stdout, report.Run)
	})
}

func (c *evalConflictsCommand) print(r eval.ConflictsReport) {
	for _, o := range r.Outcomes {
		isMiss := o.Shown != o.HasConflict || o.Shown && !o.ValuesRight
		if !c.All && !isMiss {
			continue
		}
		fmt.Printf("%s %-14s conflict %-5t shown %-5t  %s\n    %s\n", o.ID, o.Type, o.HasConflict, o.Shown, o.Question, shorten(o.Answer, 240))
		for _, values := range o.Values {
			fmt.Printf("    values: %s\n", strings.Join(values, " | "))
		}
	}
	printRefused(r.Refused)
	fmt.Printf("\n%d questions, %d with a conflict; documents loaded in %.0f s\n", r.Questions, r.Conflicting, r.LoadSeconds)
	fmt.Printf("disagreement shown %s   falsely %s   exact match %s\n", interval(r.Shown), interval(r.Falsely), interval(r.Exact))
	printCitations(r.Citations)
}
