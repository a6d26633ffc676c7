package postgres

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	pgxvector "github.com/pgvector/pgvector-go/pgx"

	"clearwell/internal/fault"
)

const (
	defaultMaxConns = 16
	applicationName = "clearwell"

	// answerWithin is how long Open waits for a server that refuses connections or is starting up.
	answerWithin = 10 * time.Second
)

// openPool connects to url and checks the server behind it.
func openPool(ctx context.Context, url string, maxConns int32) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The cause is left out: it may quote the password.
		return nil, fault.Newf(fault.Invalid, "database_url_invalid",
			"The database URL can't be read: give one like postgres://user:password@host:5432/database.")
	}
	switch {
	case maxConns > 0:
		cfg.MaxConns = maxConns
	case !strings.Contains(url, "pool_max_conns"):
		cfg.MaxConns = defaultMaxConns
	}
	cfg.AfterConnect = prepareConn
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fault.Wrapf(err, fault.Unavailable, "database_unavailable", "The database pool could not be made.")
	}
	if err := waitForAnswer(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	if err := checkServer(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

// prepareConn gives every pooled connection the same settings, and pgvector's types once a database
// has them. The settings are made by query, not as start-up parameters, which poolers refuse.
//
// jit costs more than it saves on short queries. Without iterative scans an HNSW search with a filter
// returns fewer rows than asked for; strict_order keeps them ordered by distance.
func prepareConn(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `
		select set_config('jit', 'off', false),
		       set_config('hnsw.iterative_scan', 'strict_order', false),
		       set_config('hnsw.ef_search', '100', false),
		       set_config('application_name', $1, false)`,
		applicationName)
	if err != nil {
		return err
	}
	var hasVector bool
	if err := conn.QueryRow(ctx, `select to_regtype('vector') is not null`).Scan(&hasVector); err != nil {
		return err
	}
	if !hasVector { // before the first migration; Migrate renews the connections
		return nil
	}
	return pgxvector.RegisterTypes(ctx, conn)
}

// waitForAnswer returns once the server answers. Wrong passwords and missing databases fail at once:
// waiting does not mend them.
func waitForAnswer(ctx context.Context, pool *pgxpool.Pool) error {
	deadline := time.Now().Add(answerWithin)
	for {
		err := pingWithin(ctx, pool, answerWithin/2)
		if err == nil {
			return nil
		}
		if errors.Is(ctx.Err(), context.Canceled) {
			return ctx.Err()
		}
		if !mayStartAnswering(err) || time.Now().After(deadline) || pause(ctx, 100*time.Millisecond) != nil {
			return refusal(pool, err)
		}
	}
}

func pingWithin(ctx context.Context, pool *pgxpool.Pool, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return pool.Ping(ctx)
}

// mayStartAnswering tells a server that is not there yet from one that said no.
func mayStartAnswering(err error) bool {
	pgErr, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return true
	}
	switch pgErr.Code {
	case "57P03", // cannot_connect_now: starting up or shutting down
		"57P01", "57P02", // admin_shutdown, crash_shutdown
		"53300": // too_many_connections
		return true
	}
	return false
}

func refusal(pool *pgxpool.Pool, err error) error {
	cfg := pool.Config().ConnConfig
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		return fault.Wrapf(err, fault.Unavailable, "database_refused",
			"The database server at %s refused user %q on database %q (%s): check the database URL.",
			cfg.Host, cfg.User, cfg.Database, pgErr.Message)
	}
	return fault.Wrapf(err, fault.Unavailable, "database_unavailable",
		"The database server at %s, port %d, does not answer: check that it runs and that the database URL is right.",
		cfg.Host, cfg.Port)
}

// pause waits for d, or until ctx ends, whose error it then returns.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
