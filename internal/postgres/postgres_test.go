package postgres_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"clearwell/internal/postgres"
	"clearwell/internal/postgres/pgtest"
)

func TestMigrateRunsOnceBesideItself(t *testing.T) {
	t.Parallel()
	pool := scratch(t)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if err := postgres.Migrate(t.Context(), pool); err != nil {
				t.Errorf("migrating: %v", err)
			}
		})
	}
	all.Wait()
	var twice int
	err := pool.QueryRow(t.Context(), `
		select count(*) from (select version_id from goose_db_version group by version_id having count(*) > 1) doubled`).Scan(&twice)
	if err != nil || twice != 0 {
		t.Errorf("%d migrations ran twice, %v", twice, err)
	}
}

func TestMigrateMakesTheConstraintOfOneRevisionInForce(t *testing.T) {
	t.Parallel()
	var definition string
	err := pgtest.New(t).QueryRow(t.Context(), `
		select pg_get_constraintdef(oid) from pg_constraint where conname = 'one_revision_in_force'`).Scan(&definition)
	if err != nil || !strings.HasPrefix(definition, "EXCLUDE USING gist") {
		t.Errorf("got %q, %v", definition, err)
	}
}

func TestMigrateRefusesANewerDatabase(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	if _, err := pool.Exec(t.Context(), `insert into goose_db_version (version_id, is_applied) values (99999, true)`); err != nil {
		t.Fatal(err)
	}
	wantFault(t, postgres.Migrate(t.Context(), pool), "database_newer", "schema 99999")
}

func TestMigrateWithoutThePrivilegeSaysWhatToGrant(t *testing.T) {
	t.Parallel()
	admin := scratch(t)
	role := "weak_" + admin.Config().ConnConfig.Database
	if _, err := admin.Exec(t.Context(), `create role `+role+` login`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec(context.Background(), `drop role `+role); err != nil {
			t.Error(err)
		}
	})
	to := admin.Config().ConnConfig
	weak := open(t, postgres.Config{URL: "host=" + to.Host + " user=" + role + " dbname=" + to.Database})
	defer mustClose(t, weak)
	wantFault(t, postgres.Migrate(t.Context(), weak.Pool), "database_privilege", "create extension vector")
}

func TestInTxCommitsOnNilOnly(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	insert := func(name string, result error) error {
		return postgres.InTx(t.Context(), pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), `insert into collections (name) values ($1)`, name); err != nil {
				return err
			}
			if name == "panics" {
				panic(name)
			}
			return result
		})
	}
	if err := insert("committed", nil); err != nil {
		t.Fatal(err)
	}
	failed := errors.New("failed")
	if err := insert("rolled-back", failed); err != failed {
		t.Errorf("got %v, want the error as it was", err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = insert("panics", nil)
	}()
	rows, err := pool.Query(t.Context(), `select name from collections`)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if diff := cmp.Diff([]string{"committed"}, names); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestInTxReportsACommitThatFails(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	err := postgres.InTx(ctx, pgtest.New(t), func(pgx.Tx) error {
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// The settings of the prefix hnsw are placeholders until pgvector is loaded, which must adopt them.
func TestConnectionsHaveTheirSettings(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t)
	var jit, scan, application, effort string
	err := pool.QueryRow(t.Context(), `
		select current_setting('jit'), current_setting('hnsw.iterative_scan'), current_setting('application_name'),
		       (select setting from pg_settings where name = 'hnsw.ef_search')
		from (select '[1]'::vector) loads_pgvector`).Scan(&jit, &scan, &application, &effort)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{jit, scan, application, effort}
	if diff := cmp.Diff([]string{"off", "strict_order", "clearwell", "100"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestConnectionsKnowVectorsAfterMigrate(t *testing.T) {
	t.Parallel()
	pool := scratch(t)
	if err := pool.Ping(t.Context()); err != nil { // a connection from before pgvector
		t.Fatal(err)
	}
	if err := postgres.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	var half pgvector.HalfVector
	var sparse pgvector.SparseVector
	err := pool.QueryRow(t.Context(), `select $1::halfvec, $2::sparsevec(1000000000)`,
		pgvector.NewHalfVector([]float32{1, 0.5}), pgvector.NewSparseVectorFromMap(map[int32]float32{999999999: 2}, 1000000000)).
		Scan(&half, &sparse)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float32{1, 0.5}, half.Slice()); diff != "" || sparse.Indices()[0] != 999999999 {
		t.Errorf("%s %v", diff, sparse.Indices())
	}
}

func TestScratchIsDropped(t *testing.T) {
	t.Parallel()
	db := open(t, postgres.Config{URL: pgtest.NewURL(t)})
	defer mustClose(t, db)
	pool, drop, err := postgres.Scratch(t.Context(), db, "trial")
	if err != nil {
		t.Fatal(err)
	}
	name := pool.Config().ConnConfig.Database
	var database string
	if err := pool.QueryRow(t.Context(), `select current_database()`).Scan(&database); err != nil || database != name {
		t.Errorf("connected to %s, not %s, %v", database, name, err)
	}
	if err := drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if exists(t, db, name) {
		t.Error("the scratch database is still there")
	}
}

func TestScratchDropsWhatWasLeftBehindADayAgo(t *testing.T) {
	t.Parallel()
	db := open(t, postgres.Config{URL: pgtest.NewURL(t)})
	defer mustClose(t, db)
	unique := db.Pool.Config().ConnConfig.Database
	abandoned := "clearwell_scratch_1700000000_" + unique
	young := "clearwell_scratch_99999999999_" + unique
	for _, name := range []string{abandoned, young} {
		exec1(t, db, `create database `+name)
	}
	defer exec1(t, db, `drop database `+young)
	_, drop, err := postgres.Scratch(t.Context(), db, "trial")
	if err != nil {
		t.Fatal(err)
	}
	if err := drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if exists(t, db, abandoned) || !exists(t, db, young) {
		t.Error("only the old one should be dropped")
	}
}

func TestBadURLsAreExplainedWithoutTheirPassword(t *testing.T) {
	t.Parallel()
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	good := pgtest.NewURL(t)
	tests := map[string]struct{ url, code, part string }{
		"unreadable":  {"postgres://u:secret@host:notaport/db", "database_url_invalid", "postgres://user"},
		"no server":   {"postgres://u:secret@/db?host=" + nowhere, "database_unavailable", nowhere},
		"no database": {strings.Replace(good, "test_", "none_", 1), "database_refused", "does not exist"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			_, err := postgres.Open(ctx, postgres.Config{URL: test.url}, slog.New(slog.DiscardHandler))
			wantFault(t, err, test.code, test.part)
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the password is in the error: %v", err)
			}
		})
	}
}
