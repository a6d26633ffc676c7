package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/fault"
)

// Scratch makes an empty database on db's server, opens it with db's settings, and returns its pool
// and the function that closes and drops it. It is not migrated. name is a word for people who list
// databases; the database's own name is unique.
func Scratch(ctx context.Context, db *DB, name string) (pool *pgxpool.Pool, drop func(context.Context) error, err error) {
	database := "clearwell_" + name + "_" + strings.ToLower(rand.Text()[:8])
	quoted := pgx.Identifier{database}.Sanitize()
	if _, err := db.Pool.Exec(ctx, `create database `+quoted); err != nil {
		if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && pgErr.Code == "42501" { // insufficient_privilege
			return nil, nil, fault.Wrapf(err, fault.Forbidden, "database_privilege",
				"The database user may not create a scratch database: grant it createdb, or run without a database URL.")
		}
		return nil, nil, fmt.Errorf("making a scratch database: %w", err)
	}
	drop = func(ctx context.Context) error {
		if _, err := db.Pool.Exec(ctx, `drop database if exists `+quoted+` with (force)`); err != nil {
			return fmt.Errorf("dropping the scratch database: %w", err)
		}
		return nil
	}
	cfg := db.Pool.Config() // a copy
	cfg.ConnConfig.Database = database
	pool, err = pgxpool.NewWithConfig(ctx, cfg)
	if err == nil {
		err = pool.Ping(ctx)
	}
	if err != nil {
		if pool != nil {
			pool.Close()
		}
		return nil, nil, errors.Join(fmt.Errorf("opening the scratch database: %w", err), drop(context.WithoutCancel(ctx)))
	}
	return pool, func(ctx context.Context) error {
		pool.Close()
		return drop(ctx)
	}, nil
}
