// Package postgres opens the one database: it connects, migrates, runs transactions, and starts and
// stops a private server when none is configured. It knows no table but the migration tools' own:
// what a row means is said by the room that owns the table.
package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Config says which server to use: the one at URL, or, when URL is empty, a private one in Data.
type Config struct {
	URL string // postgres://… or key=value form of an existing server; then Data and Install are not used

	Data    string // folder of the private server and its socket; made when missing
	Install string // folder with bin/postgres, as home.Layout.Postgres gives it

	// Exclusive is for the one long-running service of a data folder: a second Open with it is refused
	// while the first lives. Without it any number of processes share the private server.
	Exclusive bool

	// Disposable trades durability for speed (no fsync). For data that may be lost with the machine.
	Disposable bool

	MaxConns int32 // connections in the pool; 0 means 16, or what URL says as pool_max_conns
}

// DB is an open database. Pool may be used by all goroutines until Close.
type DB struct {
	Pool *pgxpool.Pool

	server *server // nil when Config.URL was given
	log    *slog.Logger
}

// poolGrace bounds how long Close waits for borrowed connections to come back.
const poolGrace = 5 * time.Second

// Open connects to the configured server, starting the private one if it does not run yet, and
// checks that server and pgvector are recent enough. It waits some seconds for a server that is
// not answering yet. The schema is not touched: see Migrate. Every failure is a fault.Error whose
// sentence says what to do.
func Open(ctx context.Context, cfg Config, log *slog.Logger) (*DB, error) {
	if cfg.URL != "" {
		pool, err := openPool(ctx, cfg.URL, cfg.MaxConns)
		if err != nil {
			return nil, err
		}
		return &DB{Pool: pool, log: log}, nil
	}
	srv, err := startServer(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	pool, err := openPool(ctx, srv.url(databaseName), cfg.MaxConns)
	if err != nil {
		srv.close()
		return nil, err
	}
	return &DB{Pool: pool, server: srv, log: log}, nil
}

// Done is closed when the private server died and could not be brought back; Err then says why.
// It is never closed for a server given by URL: a pool reconnects by itself.
func (db *DB) Done() <-chan struct{} {
	if db.server == nil {
		return nil
	}
	return db.server.done
}

// Err is nil until Done is closed, then the reason.
func (db *DB) Err() error {
	select {
	case <-db.Done():
		return db.server.failure
	default:
		return nil
	}
}

// URL is the connection string of this database, for tools such as pg_dump. It may hold a password.
func (db *DB) URL() string { return db.Pool.Config().ConnString() }

// Close closes the pool and stops the private server if no other process uses it. It waits a few
// seconds for borrowed connections, so what borrows them should be stopped first.
func (db *DB) Close() error {
	closed := make(chan struct{})
	go func() {
		db.Pool.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(poolGrace):
		db.log.Warn("closing the database while connections are in use", "connections", db.Pool.Stat().AcquiredConns())
	}
	if db.server == nil {
		return nil
	}
	return db.server.close()
}

// InTx runs fn in one read-committed transaction: committed when fn returns nil, rolled back when
// it returns an error (which InTx returns unchanged) or panics.
func InTx(ctx context.Context, pool *pgxpool.Pool, fn func(pgx.Tx) error) error {
	var fnErr error
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		fnErr = fn(tx)
		return fnErr
	})
	if fnErr != nil {
		return fnErr
	}
	if err != nil {
		return fmt.Errorf("transaction: %w", err)
	}
	return nil
}
