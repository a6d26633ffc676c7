package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/fault"
)

// A scratch database's name is this, the second of its birth, a word and random letters.
const scratchPrefix = "clearwell_scratch_"

// abandonedAfter is how old a scratch database is, at least, before Scratch takes it for left behind.
const abandonedAfter = 24 * time.Hour

// Scratch makes an empty database on db's server, opens it with db's settings, and returns its pool
// and the function that closes and drops it. It is not migrated. name is a word of lower-case letters
// for people who list databases; the database's own name is unique. Scratch databases that killed
// processes left behind are dropped when they are a day old.
func Scratch(ctx context.Context, db *DB, name string) (pool *pgxpool.Pool, drop func(context.Context) error, err error) {
	dropAbandoned(ctx, db)
	database := fmt.Sprintf("%s%d_%s_%s", scratchPrefix, time.Now().Unix(), name, strings.ToLower(rand.Text()[:8]))
	quoted := pgx.Identifier{database}.Sanitize()
	if _, err := db.Pool.Exec(ctx, `create database `+quoted); err != nil {
		if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && pgErr.Code == "42501" { // insufficient_privilege
			return nil, nil, fault.Wrapf(err, fault.Forbidden, "database_privilege",
				"The database user may not create a scratch database: grant it createdb, or run without a database URL.")
		}
		return nil, nil, fmt.Errorf("making a scratch database: %w", err)
	}
	cfg := db.Pool.Config() // a copy
	cfg.ConnConfig.Database = database
	pool, err = pgxpool.NewWithConfig(ctx, cfg)
	if err != nil { // impossible: db's own pool was made from the same
		return nil, nil, fmt.Errorf("opening the scratch database: %w", err)
	}
	drop = func(ctx context.Context) error {
		pool.Close()
		if _, err := db.Pool.Exec(ctx, `drop database if exists `+quoted+` with (force)`); err != nil {
			return fmt.Errorf("dropping the scratch database: %w", err)
		}
		return nil
	}
	if err := pool.Ping(ctx); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("opening the scratch database: %w", err), drop(context.WithoutCancel(ctx)))
	}
	return pool, drop, nil
}

// dropAbandoned drops old scratch databases that nobody is connected to. That it fails is not worth
// more than a line: the next Scratch tries again.
func dropAbandoned(ctx context.Context, db *DB) {
	rows, err := db.Pool.Query(ctx, `
		select d.datname
		from pg_database d
		where d.datname ~ ('^' || $1 || '[0-9]{1,12}_')
		  and split_part(d.datname, '_', 3)::bigint < extract(epoch from now()) - $2
		  and not exists (select from pg_stat_activity a where a.datid = d.oid)`,
		scratchPrefix, int64(abandonedAfter.Seconds()))
	if err == nil {
		var names []string
		names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		for _, name := range names {
			_, dropErr := db.Pool.Exec(ctx, `drop database if exists `+pgx.Identifier{name}.Sanitize())
			err = errors.Join(err, dropErr)
		}
	}
	if err != nil {
		db.log.Warn("scratch databases that were left behind could not be dropped", "error", err)
	}
}
