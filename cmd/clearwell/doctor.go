package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"clearwell/internal/fault"
	"clearwell/internal/inference"
	"clearwell/internal/library"
	"clearwell/internal/postgres"
)

type doctorCommand struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// finding is one thing that was checked.
type finding struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// Run checks the parts one by one and fails if any of them does.
func (c *doctorCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	findings := examine(ctx, cfg, log)
	isWell := true
	for _, f := range findings {
		isWell = isWell && f.OK
	}
	if c.JSON {
		if err := printJSON(os.Stdout, map[string]any{"ok": isWell, "checks": findings}); err != nil {
			return err
		}
	} else {
		for _, f := range findings {
			mark := "ok  "
			if !f.OK {
				mark = "FAIL"
			}
			fmt.Printf("%s  %-18s %s\n", mark, f.Check, f.Detail)
		}
	}
	if !isWell {
		return errSilent
	}
	return nil
}

func examine(ctx context.Context, cfg *config, log *slog.Logger) []finding {
	embedding, model := examineEmbedder(ctx, cfg, log)
	findings := []finding{embedding}
	if cfg.hasReranker() {
		findings = append(findings, examineReranker(ctx, cfg, log))
	}
	db, err := postgres.Open(ctx, cfg.database(false), log)
	if err != nil {
		return append(findings, broken("database", err))
	}
	defer db.Close()
	findings = append(findings, examineDatabase(ctx, db))
	if err := postgres.Migrate(ctx, db.Pool); err != nil {
		return append(findings, broken("schema", err))
	}
	findings = append(findings, finding{"schema", true, "up to date"})
	return append(findings, examineLibrary(ctx, library.New(db.Pool), model)...)
}

func examineEmbedder(ctx context.Context, cfg *config, log *slog.Logger) (finding, *inference.Model) {
	started := time.Now()
	embedder, err := inference.OpenEmbedder(ctx, cfg.embedder(), log)
	if err != nil {
		return broken("embedder", err), nil
	}
	defer embedder.Close()
	opened := time.Since(started)
	started = time.Now()
	if _, err := embedder.EmbedQuery(ctx, firstQuestion); err != nil {
		return broken("embedder", err), nil
	}
	model := embedder.Model()
	return finding{"embedder", true, fmt.Sprintf("%s, %d dimensions, opened in %d ms, first question in %d ms",
		model.Name, model.Dimension, opened.Milliseconds(), time.Since(started).Milliseconds())}, &model
}

func examineReranker(ctx context.Context, cfg *config, log *slog.Logger) finding {
	reranker, err := inference.OpenReranker(ctx, cfg.reranker(), log)
	if err != nil {
		return broken("reranker", err)
	}
	defer reranker.Close()
	started := time.Now()
	if _, err := reranker.Rerank(ctx, firstQuestion, []string{"Full-time employees receive 28 days of vacation.", "Visitors sign in at the desk."}); err != nil {
		return broken("reranker", err)
	}
	return finding{"reranker", true, fmt.Sprintf("%s, two passages in %d ms", reranker.Model(), time.Since(started).Milliseconds())}
}

func examineDatabase(ctx context.Context, db *postgres.DB) finding {
	var server, size string
	err := db.Pool.QueryRow(ctx, `
		select current_setting('server_version'), pg_size_pretty(pg_database_size(current_database()))`).Scan(&server, &size)
	if err != nil {
		return broken("database", err)
	}
	return finding{"database", true, fmt.Sprintf("Postgres %s, %s", server, size)}
}

func examineLibrary(ctx context.Context, lib *library.Store, model *inference.Model) []finding {
	stored, hasIndex, err := lib.IndexModel(ctx)
	if err != nil {
		return []finding{broken("index", err)}
	}
	index := finding{"index", true, "none yet"}
	if hasIndex {
		index.Detail = fmt.Sprintf("%s, %d dimensions", stored.Name, stored.Dimension)
		if model != nil && (stored.Name != model.Name || stored.Dimension != model.Dimension) {
			index.OK = false
			index.Detail += fmt.Sprintf(", but the settings name %s: set CLEARWELL_EMBED_* back", model.Name)
		}
	}
	counts, err := lib.Counts(ctx)
	if err != nil {
		return []finding{index, broken("revisions", err)}
	}
	return []finding{index, {"revisions", true, fmt.Sprintf("%d published, %d on their way, %d failed, %d held",
		counts[library.Published], counts[library.Queued]+counts[library.Running], counts[library.Failed], counts[library.Held])}}
}

func broken(check string, err error) finding {
	detail := fault.MessageOf(err)
	if fault.KindOf(err) == fault.Internal {
		detail = err.Error()
	}
	return finding{check, false, detail}
}
