package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"clearwell/internal/eval"
	"clearwell/internal/inference"
	"clearwell/internal/postgres"
	"clearwell/internal/retrieve"
)

type evalCommand struct {
	Retrieval evalRetrievalCommand `cmd:"" help:"nDCG, recall and MRR on a retrieval set in BEIR's formats."`
	Versions  evalVersionsCommand  `cmd:"" help:"Current and outdated answers on a set of versioned documents."`
}

type evalRetrievalCommand struct {
	Set     string `help:"Folder with corpus.jsonl, queries.jsonl and qrels.tsv." placeholder:"DIR" type:"existingdir"`
	Corpus  string `help:"Passages, one JSON object a line." placeholder:"FILE" type:"existingfile"`
	Queries string `help:"Questions, one JSON object a line." placeholder:"FILE" type:"existingfile"`
	Qrels   string `help:"Relevance judgements, tab-separated." placeholder:"FILE" type:"existingfile"`
	JSON    bool   `help:"Print JSON." name:"json"`
}

// Run measures all arms on the set.
func (c *evalRetrievalCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	set := eval.RetrievalSet{Corpus: c.Corpus, Queries: c.Queries, Qrels: c.Qrels}
	if c.Set != "" {
		set = eval.RetrievalSet{Corpus: filepath.Join(c.Set, "corpus.jsonl"), Queries: filepath.Join(c.Set, "queries.jsonl"),
			Qrels: filepath.Join(c.Set, "qrels.tsv")}
	}
	return onScratch(ctx, cfg, log, func(r *rooms) error {
		report, err := eval.Retrieval(ctx, r.subject(), set)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(os.Stdout, report)
		}
		printRefused(report.Refused)
		fmt.Printf("%d documents, %d chunks at %.1f chunks/s; search p50 %.1f ms, p95 %.1f ms\n\n", report.Documents,
			report.Chunks, report.ChunksPerSecond, report.SearchP50Millis, report.SearchP95Millis)
		fmt.Printf("%-8s  %7s  %7s  %7s  %7s  %7s  %7s  %7s\n", "arm", "queries", "nDCG@10", "R@1", "R@5", "R@10", "R@100", "MRR@10")
		for _, arm := range []retrieve.Arm{retrieve.Lexical, retrieve.Dense, retrieve.Hybrid} {
			s := report.Arms[arm]
			fmt.Printf("%-8s  %7d  %7.4f  %7.4f  %7.4f  %7.4f  %7.4f  %7.4f\n", arm, s.Queries, s.NDCG10, s.Recall1, s.Recall5,
				s.Recall10, s.Recall100, s.MRR10)
		}
		return nil
	})
}

type evalVersionsCommand struct {
	Set  string `help:"Folder with documents.jsonl, corpus.jsonl and cases.jsonl." required:"" placeholder:"DIR" type:"existingdir"`
	Seed uint64 `help:"Of the shuffled order of arrival." default:"1"`
	All  bool   `help:"Print every question, not only the misses."`
	JSON bool   `help:"Print JSON." name:"json"`
}

// Run loads every version and asks every question.
func (c *evalVersionsCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	return onScratch(ctx, cfg, log, func(r *rooms) error {
		report, err := eval.Versions(ctx, r.subject(), c.Set, c.Seed)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(os.Stdout, report)
		}
		c.print(report)
		return nil
	})
}

func (c *evalVersionsCommand) print(r eval.VersionsReport) {
	share := func(n, of int) string { return fmt.Sprintf("%d of %d (%.2f)", n, of, float64(n)/float64(max(1, of))) }
	for _, q := range r.Cases {
		isMiss := q.StaleSaid || q.Stale || !q.Correct
		if c.All || isMiss {
			fmt.Printf("%s %-17s rank %2d  correct %-5t abstained %-5t stale %-5t  %s\n    %s\n", q.ID, q.Type, q.Rank, q.Correct,
				q.Abstained, q.StaleSaid, q.Question, shorten(q.Answer, 240))
		}
	}
	printRefused(r.Refused)
	fmt.Printf("\n%d versions and %d other documents, shuffled, loaded in %.0f s; %d questions\n", r.Versions, r.Distractors, r.LoadSeconds, r.Questions)
	fmt.Printf("current@1 %.3f   current@5 %.3f   current@10 %.3f   (%d changed or reverted values)\n",
		r.Current["1"], r.Current["5"], r.Current["10"], r.Changed)
	fmt.Printf("stale@10 %d   stale answers %d\n", r.StaleAt10, r.Stale)
	fmt.Printf("correct answers %s   citing the current file %s\n", share(r.Correct, r.Answerable), share(r.Cited, r.Answerable))
	fmt.Printf("abstained when it should %s   over-abstained %s\n", share(r.Abstained, r.ShouldNot), share(r.Over, r.Answerable))
}

func printRefused(refused []string) {
	for _, line := range refused {
		fmt.Println("not published:", line)
	}
}

func (r *rooms) subject() eval.Subject {
	return eval.Subject{Intake: r.intake, Library: r.library, Searcher: r.searcher, Answers: r.answers, Upkeep: r.queue.Upkeep}
}

// onScratch runs fn on rooms of an empty database that is dropped afterwards.
func onScratch(ctx context.Context, cfg *config, log *slog.Logger, fn func(*rooms) error) (err error) {
	db, err := postgres.Open(ctx, cfg.database(false), log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	pool, drop, err := postgres.Scratch(ctx, db, "scratch")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop(context.WithoutCancel(ctx))) }()
	if err := postgres.Migrate(ctx, pool); err != nil {
		return err
	}
	embedder, err := inference.OpenEmbedder(ctx, cfg.embedder(), log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, embedder.Close()) }()
	r, err := wire(ctx, pool, embedder, cfg, log)
	if err != nil {
		return err
	}
	if err := r.queue.Work(ctx); err != nil {
		return err
	}
	return errors.Join(fn(r), r.stopWork(ctx))
}
