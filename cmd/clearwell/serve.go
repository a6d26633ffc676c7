package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"clearwell/internal/fault"
	"clearwell/internal/httpapi"
	"clearwell/internal/library"
	"clearwell/web"
)

type serveCommand struct {
	Listen                string `help:"Address to listen on." default:"127.0.0.1:8080"`
	KeepConversationsDays int    `help:"Delete conversations that nobody went on with for so many days; 0: keep them." default:"365"`

	Welcome string `help:"Folder with a manifest.jsonl: loaded into an empty library at start, with a first question asked." placeholder:"DIR" type:"existingdir"`
}

// shutdownGrace is how long open requests get when the service stops.
const shutdownGrace = 10 * time.Second

// lastWords is how long streams then get to say that they end.
const lastWords = 2 * time.Second

// Run serves until it is interrupted or its database is lost.
func (c *serveCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) (err error) {
	// Listen first: a busy port is said before a database is started for nothing.
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fault.Wrapf(err, fault.Unavailable, "address_in_use",
			"Can't listen on %s (%v): stop what listens there, or choose another address with --listen.", c.Listen, errors.Unwrap(err))
	}
	defer listener.Close()
	a, err := openApp(ctx, cfg, true, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.queue.Work(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.stopWork(ctx)) }()

	stopForgetting := a.forgetConversations(ctx, c.KeepConversationsDays, log)
	defer stopForgetting()

	handler := a.handler(log)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	defer shutDown(server, handler, log)

	if err := c.greet(ctx, a, listener.Addr().String()); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		fmt.Fprintln(os.Stderr, "Stopping.")
		return nil
	case <-a.db.Done():
		return a.db.Err()
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	}
}

// shutDown waits for open requests, then ends the answers that are still being made; their readers are told.
func shutDown(server *http.Server, handler *httpapi.Server, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	err := server.Shutdown(ctx)
	handler.Close()
	if err == nil {
		return
	}
	last, cancelLast := context.WithTimeout(context.Background(), lastWords)
	defer cancelLast()
	if err := server.Shutdown(last); err != nil {
		log.Warn("requests were cut off", "error", err)
		server.Close()
	}
}

func (a *app) handler(log *slog.Logger) *httpapi.Server {
	return httpapi.New(httpapi.Config{
		Access: a.access, Asker: a.dialogue, Conversations: a.talks, Searcher: a.searcher, Intake: a.intake, Library: a.library, Receipts: a.journal,
		HasChat: a.hasChat, Web: web.Files(), Ready: a.ready, Collectors: []prometheus.Collector{revisionGauge{a.library, log}}, Log: log,
	})
}

// ready says what stands in the way of answering, part by part.
func (a *app) ready(ctx context.Context) []httpapi.Check {
	_, embedErr := a.embedder.EmbedQuery(ctx, "ready?")
	return []httpapi.Check{{Name: "database", Err: a.pool.Ping(ctx)}, {Name: "embedder", Err: embedErr}}
}

// revisionGauge tells Prometheus how many revisions stand where.
type revisionGauge struct {
	library *library.Store
	log     *slog.Logger
}

var revisionsDesc = prometheus.NewDesc("clearwell_revisions", "Revisions by status.", []string{"status"}, nil)

// Describe implements prometheus.Collector.
func (revisionGauge) Describe(ch chan<- *prometheus.Desc) { ch <- revisionsDesc }

// Collect implements prometheus.Collector.
func (g revisionGauge) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	counts, err := g.library.Counts(ctx)
	if err != nil {
		g.log.Warn("revisions not counted for metrics", "error", err)
		return
	}
	for status, n := range counts {
		ch <- prometheus.MustNewConstMetric(revisionsDesc, prometheus.GaugeValue, float64(n), string(status))
	}
}
