package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"clearwell/internal/fault"
	"clearwell/migrations"
)

// migrateLock is the key of the advisory lock under which one process at a time migrates: "clearwel" in ASCII.
const migrateLock = 0x636c65617277656c

// Migrate brings the schema to what this binary knows, the job queue's tables included: forward only, by one
// process at a time, and without effect when there is nothing to do. A database that a newer binary
// migrated is refused. The pool needs at least two connections.
func Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	release, err := lockMigrations(ctx, pool)
	if err != nil {
		return err
	}
	defer release()
	if err := migrateLibrary(ctx, pool, migrations.Files); err != nil {
		return err
	}
	if err := migrateQueue(ctx, pool); err != nil {
		return err
	}
	pool.Reset() // so that connections made before pgvector was there learn its types
	return nil
}

// lockMigrations asks again and again instead of waiting in the server: a waiting statement holds a
// snapshot, and `create index concurrently` in a migration would wait for that one forever.
func lockMigrations(ctx context.Context, pool *pgxpool.Pool) (release func(), err error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("connecting to migrate: %w", err)
	}
	for {
		var locked bool
		err := conn.QueryRow(ctx, `select pg_try_advisory_lock($1)`, int64(migrateLock)).Scan(&locked)
		if err == nil && locked {
			break
		}
		if err == nil {
			err = pause(ctx, 50*time.Millisecond)
		}
		if err != nil {
			conn.Release()
			return nil, fmt.Errorf("waiting for another process to finish its migration: %w", err)
		}
	}
	return func() {
		// The lock ends with its session, which also covers a connection that broke.
		_ = conn.Conn().Close(context.WithoutCancel(ctx))
		conn.Release()
	}, nil
}

func migrateLibrary(ctx context.Context, pool *pgxpool.Pool, files fs.FS) error {
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close() // closes the wrapper only, not the pool
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files)
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	have, know, err := provider.GetVersions(ctx)
	if err != nil {
		return migrationFault(err)
	}
	if have > know {
		return fault.Newf(fault.Conflict, "database_newer",
			"The database has schema %d and this Clearwell knows only %d: run the newer Clearwell that migrated it.", have, know)
	}
	if _, err := provider.Up(ctx); err != nil {
		return migrationFault(err)
	}
	return nil
}

func migrateQueue(ctx context.Context, pool *pgxpool.Pool) error {
	quiet := &rivermigrate.Config{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), quiet)
	if err != nil {
		return fmt.Errorf("reading the job queue's migrations: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return migrationFault(err)
	}
	return nil
}

// migrationFault finds the sentence for what an operator can mend.
func migrationFault(err error) error {
	pgErr, ok := errors.AsType[*pgconn.PgError](err)
	if ok && pgErr.Code == "42501" { // insufficient_privilege
		return fault.Wrapf(err, fault.Forbidden, "database_privilege",
			"The database user may not change the schema (%s): as a superuser run `create extension vector` in this database and grant the user all rights on it.", pgErr.Message)
	}
	return fmt.Errorf("migrating: %w", err)
}
