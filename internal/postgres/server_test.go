package postgres_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"clearwell/internal/fault"
	"clearwell/internal/postgres"
	"clearwell/internal/postgres/pgtest"
)

func TestPrivateServerKeepsWhatWasWrittenAndStops(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	db := open(t, cfg)
	exec1(t, db, `create table kept as select 7 as n`)
	mustClose(t, db)
	if isRunning(cfg) {
		t.Fatal("the server still runs after Close")
	}
	db = open(t, cfg)
	defer mustClose(t, db)
	var n int
	if err := db.Pool.QueryRow(t.Context(), `select n from kept`).Scan(&n); err != nil || n != 7 {
		t.Fatalf("n = %d, %v", n, err)
	}
}

func TestPrivateServerListensOnNoNetworkAndSyncs(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	db := open(t, cfg)
	defer mustClose(t, db)
	var addresses, fsync, encoding, upper, locks string
	err := db.Pool.QueryRow(t.Context(), `
		select current_setting('listen_addresses'), current_setting('fsync'), current_setting('server_encoding'),
		       upper('äж'), (select string_agg(distinct datcollate, ' ') from pg_database)`).
		Scan(&addresses, &fsync, &encoding, &upper, &locks)
	if err != nil {
		t.Fatal(err)
	}
	if addresses != "" || fsync != "on" || encoding != "UTF8" || upper != "ÄЖ" {
		t.Errorf("listen_addresses %q, fsync %s, encoding %s, upper %s, collation %s", addresses, fsync, encoding, upper, locks)
	}
	info, err := os.Stat(filepath.Join(cfg.Data, "socket"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("socket folder: %v, %v", info, err)
	}
}

func TestPrivateServerRunsUnprivilegedUnderRoot(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	cfg := pgtest.Private(t)
	db := open(t, cfg)
	defer mustClose(t, db)
	info, err := os.Stat("/proc/" + strconv.Itoa(postmaster(t, cfg).Pid))
	if err != nil {
		t.Fatal(err)
	}
	if uid := info.Sys().(*syscall.Stat_t).Uid; uid == 0 {
		t.Error("Postgres runs as root")
	}
}

func TestLastOneOutStopsTheServer(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	first := open(t, cfg)
	other := startOther(t, cfg)
	mustClose(t, first)
	if !isRunning(cfg) {
		t.Fatal("the server stopped under another process")
	}
	second := open(t, cfg)
	if err := other.stop(); err != nil {
		t.Fatal(err)
	}
	exec1(t, second, `select 1`)
	mustClose(t, second)
	if isRunning(cfg) {
		t.Fatal("nobody stopped the server")
	}
}

func TestManyStartsMakeOneServer(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			db, err := postgres.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Errorf("opening: %v", err)
				return
			}
			if err := db.Pool.Ping(t.Context()); err != nil {
				t.Errorf("asking: %v", err)
			}
			if err := db.Close(); err != nil {
				t.Errorf("closing: %v", err)
			}
		})
	}
	all.Wait()
	if isRunning(cfg) {
		t.Error("the server still runs")
	}
}

func TestSecondServiceIsRefused(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	cfg.Exclusive = true
	service := open(t, cfg)
	_, err := postgres.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	wantFault(t, err, "data_folder_in_use", "process "+strconv.Itoa(os.Getpid()))

	cfg.Exclusive = false
	command := open(t, cfg)
	mustClose(t, command)
	mustClose(t, service)

	cfg.Exclusive = true
	mustClose(t, open(t, cfg)) // free again
}

// The number in a stale postmaster.pid may belong to another process of the same user by now, which

// Postgres itself takes for a running server.

func TestStopWhenUnusedNeverStopsUnderAUser(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	ctx, stopWatching := context.WithCancel(t.Context())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for ctx.Err() == nil {
			if err := postgres.StopWhenUnused(ctx, cfg, 0); err != nil && ctx.Err() == nil {
				t.Errorf("watching: %v", err)
			}
		}
	}()
	for range 5 {
		db := open(t, cfg)
		for range 20 {
			exec1(t, db, `select 1`)
		}
		mustClose(t, db)
	}
	stopWatching()
	<-watched
}

func wantFault(t *testing.T, err error, code, part string) {
	t.Helper()
	if fault.CodeOf(err) != code || !strings.Contains(fault.MessageOf(err), part) {
		t.Errorf("got %q, %v; want code %q and %q in the message", fault.CodeOf(err), err, code, part)
	}
}

// startStranger starts a process that has nothing to do with Postgres, as the owner of pgdata.
