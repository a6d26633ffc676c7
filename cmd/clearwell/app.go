package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/chunk"
	"clearwell/internal/inference"
	"clearwell/internal/ingest"
	"clearwell/internal/journal"
	"clearwell/internal/library"
	"clearwell/internal/parse"
	"clearwell/internal/postgres"
	"clearwell/internal/retrieve"
)

// rooms is the house with its rooms wired together on one database.
type rooms struct {
	models
	pool     *pgxpool.Pool
	library  *library.Store
	journal  *journal.Journal
	access   *access.Store
	searcher *retrieve.Searcher
	// remembering is the embedder with the vectors of recent questions.
	remembering inference.Embedder
	answers     *answer.Service
	talks       *answer.Conversations
	dialogue    *answer.Dialogue
	bar         *answer.Calibrator
	hasChat     bool // a chat model writes the answers
	queue       *ingest.Queue
	intake      *ingest.Intake
}

// app is the rooms and the database they stand on, as a command opens them.
type app struct {
	rooms
	db *postgres.DB
}

// ingestWorkers is how many revisions are on their way at once: while some embed, others parse,
// write or publish.
const ingestWorkers = 4

// rememberedQuestions is of how many questions and sentences the vectors are kept: about 15 MB.
const rememberedQuestions = 8192

// openApp opens the database, migrates it, loads the models and wires the rooms.
func openApp(ctx context.Context, cfg *config, isService bool, log *slog.Logger) (*app, error) {
	db, err := postgres.Open(ctx, cfg.database(isService), log)
	if err != nil {
		return nil, err
	}
	a := &app{db: db}
	if err := postgres.Migrate(ctx, db.Pool); err != nil {
		return nil, errors.Join(err, a.close())
	}
	opened, err := openModels(ctx, cfg, log)
	if err != nil {
		return nil, errors.Join(err, a.close())
	}
	wired, err := wire(ctx, db.Pool, opened, cfg, log)
	if err != nil {
		return nil, errors.Join(err, opened.close(), a.close())
	}
	a.rooms = *wired
	return a, nil
}

// wire builds the rooms on a migrated database.
func wire(ctx context.Context, pool *pgxpool.Pool, opened models, cfg *config, log *slog.Logger) (*rooms, error) {
	r := &rooms{models: opened, pool: pool, library: library.New(pool), journal: journal.New(pool), access: access.New(pool)}
	embedder := r.embedder
	if err := r.library.OpenIndex(ctx, embedder.Model()); err != nil {
		return nil, err
	}
	r.remembering = inference.Remembering(embedder, rememberedQuestions)
	r.searcher = retrieve.NewSearcher(pool, r.remembering, retrieve.Config{Reranker: r.reranker, Log: log})
	r.bar = answer.NewCalibrator(pool, r.searcher, embedder.Model().Name, cfg.answers(embedder.Model()).Evidence, log)
	r.hasChat = cfg.Chat.BaseURL != ""
	var err error
	if r.answers, err = r.answering(r.journal, cfg, log); err != nil {
		return nil, err
	}
	r.talks = answer.NewConversations(pool)
	r.dialogue = answer.NewDialogue(r.answers, r.talks, log)
	pipeline := ingest.NewPipeline(pool, r.library, r.journal, embedder, parse.Limits{}, chunk.Config{})
	if r.queue, err = ingest.NewQueue(pool, r.library, pipeline, ingestWorkers, log); err != nil {
		return nil, err
	}
	r.queue.OnQuiet(r.calibrate)
	r.intake = ingest.NewIntake(pool, r.library, r.journal, r.queue, 0)
	return r, nil
}

// answering returns the room that answers, with recorder to keep its receipts.
func (r *rooms) answering(recorder answer.Recorder, cfg *config, log *slog.Logger) (*answer.Service, error) {
	var chat inference.Chat
	if r.hasChat {
		opened, err := inference.OpenChat(cfg.chat(), log)
		if err != nil {
			return nil, err
		}
		chat = opened
	}
	answers := cfg.answers(r.embedder.Model())
	answers.Calibrator = r.bar
	return answer.New(r.searcher, r.remembering, chat, recorder, r.library, answers, log)
}

// calibrate keeps the bar for answers in step with the library.
func (r *rooms) calibrate(ctx context.Context) error {
	_, err := r.bar.Keep(ctx)
	return err
}

// upkeep does at once what the workers do from time to time.
func (r *rooms) upkeep(ctx context.Context) error {
	if err := r.queue.Upkeep(ctx); err != nil {
		return err
	}
	return r.calibrate(ctx)
}

// close ends the models, then the database.
func (a *app) close() error {
	return errors.Join(a.models.close(), a.db.Close())
}

// stopGrace is how long running jobs get to finish when a command ends.
const stopGrace = 15 * time.Second

func (r *rooms) stopWork(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
	defer cancel()
	return r.queue.Stop(ctx)
}
