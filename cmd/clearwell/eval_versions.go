package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"

	"clearwell/internal/eval"
	"clearwell/internal/retrieve"
)

type evalVersionsCommand struct {
	Set  string `help:"Folder with documents.jsonl, corpus.jsonl and cases.jsonl." required:"" placeholder:"DIR" type:"existingdir"`
	Seed uint64 `help:"Of the shuffled order of arrival." default:"1"`
	All  bool   `help:"Print every question, not only the misses."`
	halfFlag
	evalFlags
}

// Run loads every version and asks every question.
func (c *evalVersionsCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	set := eval.VersionsSet{Folder: c.Set, Seed: c.Seed, Half: eval.Half(c.Half)}
	earlier, err := c.earlier(eval.OfVersions, set.Fingerprint)
	if err != nil {
		return err
	}
	return onScratch(ctx, cfg, log, func(r *rooms) error {
		report, err := eval.Versions(ctx, r.subject(), set, r.settings(cfg))
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

func (c *evalVersionsCommand) print(r eval.VersionsReport) {
	share := func(n, of int) string { return fmt.Sprintf("%d of %d (%.2f)", n, of, float64(n)/float64(max(1, of))) }
	for _, q := range r.Cases {
		isMiss := q.StaleSaid || q.Stale || q.Cause != ""
		if c.All || isMiss {
			fmt.Printf("%s %-17s rank %2d  correct %-5t abstained %-5t stale %-5t  %s\n    %s\n    %s\n", q.ID, q.Type, q.Rank, q.Correct,
				q.Abstained, q.StaleSaid, causeOf(q), q.Question, shorten(q.Answer, 240))
		}
	}
	printRefused(r.Refused)
	fmt.Printf("\n%d versions and %d other documents, shuffled, loaded in %.0f s; %d questions\n", r.Versions, r.Distractors, r.LoadSeconds, r.Questions)
	fmt.Printf("current@1 %.3f   current@5 %.3f   current@10 %.3f   (%d changed or reverted values)\n",
		r.Current["1"], r.Current["5"], r.Current["10"], r.Changed)
	fmt.Printf("stale@10 %d   stale answers %d\n", r.StaleAt10, r.Stale)
	fmt.Printf("correct answers %s   citing the current file %s\n", share(r.Correct, r.Answerable), share(r.Cited, r.Answerable))
	fmt.Printf("abstained when it should %s   over-abstained %s\n", share(r.Abstained, r.ShouldNot), share(r.Over, r.Answerable))
	printCitations(r.Citations)
	if len(r.Causes) > 0 {
		var causes []string
		for _, cause := range slices.Sorted(maps.Keys(r.Causes)) {
			causes = append(causes, fmt.Sprintf("%s %d", cause, r.Causes[cause]))
		}
		fmt.Println("causes of misses:", strings.Join(causes, ", "))
	}
}

// causeOf is the cause of a miss, with the places of the evidence in both arms where they were looked up.
func causeOf(q eval.CaseReport) string {
	if q.ArmRanks == nil {
		return string(q.Cause)
	}
	return fmt.Sprintf("%s (lexical %d, dense %d)", q.Cause, q.ArmRanks[retrieve.Lexical], q.ArmRanks[retrieve.Dense])
}
