package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/fault"
)

const oldestServer = 16_00_00 // as server_version_num gives it

// versions is what a database says of itself.
type versions struct {
	server     int    // server_version_num
	serverName string // for people
	installed  string // pgvector in this database, "" if it is not there
	available  string // pgvector on the server, "" if there is none
}

// checkServer refuses a server or a pgvector that is too old, before anything is written.
func checkServer(ctx context.Context, pool *pgxpool.Pool) error {
	var v versions
	err := pool.QueryRow(ctx, `
		select current_setting('server_version_num')::int, current_setting('server_version'),
		       coalesce((select extversion from pg_extension where extname = 'vector'), ''),
		       coalesce((select default_version from pg_available_extensions where name = 'vector'), '')`).
		Scan(&v.server, &v.serverName, &v.installed, &v.available)
	if err != nil {
		return fault.Wrapf(err, fault.Unavailable, "database_unavailable", "The database server could not be asked for its version.")
	}
	return v.check()
}

func (v versions) check() error {
	switch {
	case v.server < oldestServer:
		return fault.Newf(fault.Unsupported, "database_too_old",
			"The database server is Postgres %s, and Clearwell needs 16 or newer: upgrade it or give another database URL.", v.serverName)
	case v.installed != "" && !hasIterativeScan(v.installed):
		return fault.Newf(fault.Unsupported, "pgvector_too_old",
			"The database has pgvector %s, and Clearwell needs 0.8 or newer: install it on the server and run `alter extension vector update` in this database.", v.installed)
	case v.installed == "" && v.available == "":
		return fault.Newf(fault.Unsupported, "pgvector_missing",
			"The database server has no pgvector: install version 0.8 or newer on it (https://github.com/pgvector/pgvector).")
	case v.installed == "" && !hasIterativeScan(v.available):
		return fault.Newf(fault.Unsupported, "pgvector_too_old",
			"The database server offers pgvector %s, and Clearwell needs 0.8 or newer: upgrade it on the server.", v.available)
	}
	return nil
}

// hasIterativeScan says whether a pgvector of this version, such as "0.8.5", has iterative index
// scans, which came with 0.8. An unreadable version counts as too old.
func hasIterativeScan(version string) bool {
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil {
		return false
	}
	return major > 0 || minor >= 8
}
