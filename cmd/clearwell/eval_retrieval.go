package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

	"clearwell/internal/eval"
	"clearwell/internal/fault"
	"clearwell/internal/retrieve"
)

type evalRetrievalCommand struct {
	Set          string            `help:"Folder with corpus.jsonl, queries.jsonl and qrels.tsv." placeholder:"DIR" type:"existingdir"`
	Corpus       string            `help:"Documents, one JSON object a line." placeholder:"FILE" type:"existingfile"`
	Documents    string            `help:"Documents, as the files of a folder." placeholder:"DIR" type:"existingdir"`
	Queries      []string          `help:"Questions, one JSON object a line; repeat it for several sets over one corpus." placeholder:"FILE" type:"existingfile" sep:"none"`
	Qrels        []string          `help:"Relevance judgements, tab-separated; one for each --queries, or one for all." placeholder:"FILE" type:"existingfile" sep:"none"`
	RenameJudged map[string]string `help:"Beginnings of judged ids that the corpus has otherwise, to measure across languages: de-=en-." placeholder:"FROM=TO"`
	KnownItems   int               `help:"Ask for so many half-remembered sentences of the documents, too." placeholder:"N"`
	Codes        int               `help:"Load so many made documents about a code each, and ask for every code in three ways." placeholder:"N"`
	Seed         uint64            `help:"Of the questions and documents that are made." default:"1"`
	Arms         []string          `help:"Measure only these: lexical, dense, hybrid." enum:"lexical,dense,hybrid" default:"lexical,dense,hybrid"`
	Without      []string          `help:"Leave parts of the search out: windows, adjacency, stems, reranker." enum:"windows,adjacency,stems,reranker"`
	Exponent     float64           `help:"Of the share of the question's words that a passage holds; 0: the usual one." placeholder:"X"`
	halfFlag
	evalFlags
}

// Run measures the arms on the set.
func (c *evalRetrievalCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	set, err := c.set()
	if err != nil {
		return err
	}
	earlier, err := c.earlier(eval.OfRetrieval, set.Fingerprint)
	if err != nil {
		return err
	}
	return onScratch(ctx, cfg, log, func(r *rooms) error {
		subject, settings := c.ablate(r, r.settings(cfg), log)
		subject.Upkeep = r.queue.Upkeep // nothing is answered
		report, err := eval.Retrieval(ctx, subject, set, settings)
		if err != nil {
			return err
		}
		if report.Run, err = c.finish(report.Run, earlier); err != nil {
			return err
		}
		if c.JSON {
			return printJSON(os.Stdout, report)
		}
		printRefused(report.Refused)
		fmt.Printf("%d documents, %d chunks at %.1f chunks/s; search p50 %.1f ms, p95 %.1f ms\n", report.Documents,
			report.Chunks, report.ChunksPerSecond, report.SearchP50Millis, report.SearchP95Millis)
		return printRun(os.Stdout, report.Run)
	})
}

// ablate gives the subject a search without what is left out.
func (c *evalRetrievalCommand) ablate(r *rooms, settings eval.Settings, log *slog.Logger) (eval.Subject, eval.Settings) {
	subject := r.subject()
	settings.Without, settings.Exponent = c.Without, c.Exponent
	search := retrieve.Config{Reranker: r.reranker, Log: log, Ablation: retrieve.Ablation{
		NoWindows: slices.Contains(c.Without, "windows"), NoAdjacency: slices.Contains(c.Without, "adjacency"),
		NoStems: slices.Contains(c.Without, "stems"), Exponent: c.Exponent,
	}}
	if slices.Contains(c.Without, "reranker") {
		search.Reranker = nil
	}
	subject.Searcher = retrieve.NewSearcher(r.pool, r.embedder, search)
	return subject, settings
}

func (c *evalRetrievalCommand) set() (eval.RetrievalSet, error) {
	set := eval.RetrievalSet{Corpus: eval.Corpus{Entries: c.Corpus, Folder: c.Documents}, KnownItems: c.KnownItems, Codes: c.Codes,
		Renamed: c.RenameJudged, Seed: c.Seed, Half: eval.Half(c.Half)}
	for _, arm := range c.Arms {
		set.Arms = append(set.Arms, retrieve.Arm(arm))
	}
	queries, qrels := c.Queries, c.Qrels
	if c.Set != "" {
		set.Corpus.Entries = filepath.Join(c.Set, "corpus.jsonl")
		queries, qrels = append([]string{filepath.Join(c.Set, "queries.jsonl")}, queries...), append([]string{filepath.Join(c.Set, "qrels.tsv")}, qrels...)
	}
	if len(qrels) != len(queries) && len(qrels) != 1 {
		return set, fault.Newf(fault.Invalid, "unpaired_judgements",
			"There are %d files of questions and %d of judgements: give one --qrels for each --queries, or one for all.", len(queries), len(qrels))
	}
	for i, file := range queries {
		set.Queries = append(set.Queries, eval.QueryFile{Queries: file, Qrels: qrels[min(i, len(qrels)-1)]})
	}
	return set, nil
}
