package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"clearwell/internal/eval"
	"clearwell/internal/journal"
	"clearwell/internal/postgres"
)

type evalCommand struct {
	Retrieval  evalRetrievalCommand  `cmd:"" help:"nDCG, recall and MRR on retrieval sets in BEIR's formats, known items and codes."`
	Versions   evalVersionsCommand   `cmd:"" help:"Current and outdated answers on a set of versioned documents."`
	Answers    evalAnswersCommand    `cmd:"" help:"Answers, citations and abstentions on questions with their answers."`
	Conflicts  evalConflictsCommand  `cmd:"" help:"Whether answers show that given documents disagree."`
	Abstention evalAbstentionCommand `cmd:"" help:"Whether questions that the library can't answer are told from those it can; its calibration."`
	Parse      evalParseCommand      `cmd:"" help:"Expected text and refusals of files in many formats."`
}

// evalFlags are what all measurements have in common.
type evalFlags struct {
	Save    string `help:"Store the run, question by question." placeholder:"FILE" type:"path"`
	Against string `help:"Compare with a stored run of the same set." placeholder:"FILE" type:"existingfile"`
	JSON    bool   `help:"Print JSON." name:"json"`
}

// halfFlag restricts the questions.
type halfFlag struct {
	Half string `help:"Ask only the odd or the even questions, by their position: all, odd or even." enum:"all,odd,even" default:"all"`
}

// earlier reads the run to compare with, before anything is measured; nil without --against.
func (f evalFlags) earlier(kind eval.Kind, fingerprint func() (string, error)) (*eval.Run, error) {
	if f.Against == "" {
		return nil, nil
	}
	set, err := fingerprint()
	if err != nil {
		return nil, err
	}
	run, err := eval.ReadRun(f.Against, kind, set)
	return &run, err
}

// finish stores the run where that is wanted, compares it, and leaves what is printed of it.
func (f evalFlags) finish(run eval.Run, earlier *eval.Run) (eval.Run, error) {
	if f.Save != "" {
		if err := run.Save(f.Save); err != nil {
			return run, err
		}
	}
	if earlier != nil {
		comparison := run.Against(*earlier)
		run.Comparison = &comparison
	}
	run.Outcomes = nil
	return run, nil
}

// settings are what a run on these rooms is made with.
func (r *rooms) settings(cfg *config) eval.Settings {
	model := r.embedder.Model()
	s := eval.Settings{Version: version, Model: model.Name, Dimensions: model.Dimension, Answerer: eval.Extractive}
	if cfg.Chat.BaseURL != "" {
		s.Answerer = cfg.Chat.Model
	}
	if r.reranker != nil {
		s.Reranker = r.reranker.Model()
	}
	return s
}

func printRefused(refused []string) {
	for _, line := range refused {
		fmt.Println("not published:", line)
	}
}

func (r *rooms) subject() eval.Subject {
	return eval.Subject{Pool: r.pool, Embedder: r.embedder, Intake: r.intake, Library: r.library, Searcher: r.searcher, Answers: r.answers, Upkeep: r.upkeep}
}

// onLibrary runs fn on the rooms of the library that is there. Nothing is brought in, and answers leave no receipts:
// nobody was given them.
func onLibrary(ctx context.Context, cfg *config, log *slog.Logger, fn func(*rooms) error) error {
	a, err := openApp(ctx, cfg, false, log)
	if err != nil {
		return err
	}
	if a.answers, err = a.answering(unrecorded{}, cfg, log); err == nil {
		err = fn(&a.rooms)
	}
	return errors.Join(err, a.close())
}

// unrecorded keeps no receipts.
type unrecorded struct{}

// Answered implements answer.Recorder.
func (unrecorded) Answered(context.Context, journal.Receipt) error { return nil }

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
	opened, err := openModels(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	r, err := wire(ctx, pool, opened, cfg, log)
	if err != nil {
		return err
	}
	r.queue.OnQuiet(nil) // a measurement calibrates when its documents are there, not in the middle of it
	if err := r.queue.Work(ctx); err != nil {
		return err
	}
	return errors.Join(fn(r), r.stopWork(ctx))
}
