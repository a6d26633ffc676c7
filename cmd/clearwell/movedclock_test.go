package main

import (
	"encoding/binary"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/access"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/postgres"
	"clearwell/internal/postgres/pgtest"
)

// movedClock is the clock of a Postgres of the test's own. What SQL calls now() moves with it, and nothing else.
type movedClock struct {
	*testing.T
	path string
	pool *pgxpool.Pool
}

// newMovedClock starts a migrated Postgres whose clock the test can move.
func newMovedClock(t *testing.T) *movedClock {
	t.Helper()
	compiler, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("no C compiler: the database's clock can't be moved; install gcc or clang to run this test")
	}
	// Not t.TempDir: the database's unprivileged user must be able to walk there.
	folder, err := os.MkdirTemp("", "clearwell-clock-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	shim := filepath.Join(folder, "clock.so")
	build := exec.CommandContext(t.Context(), compiler, "-shared", "-fPIC", "-O1", "-o", shim, "testdata/clock.c", "-ldl")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the clock: %v\n%s", err, out)
	}
	c := &movedClock{T: t, path: filepath.Join(folder, "offset")}
	c.move(0)
	cfg := pgtest.Private(t)
	cfg.Install = c.wrap(folder, shim, cfg.Install)
	db, err := postgres.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	c.pool = db.Pool
	if err := postgres.Migrate(t.Context(), c.pool); err != nil {
		t.Fatal(err)
	}
	return c
}

// wrap makes an installation whose server runs with the moved clock.
func (c *movedClock) wrap(folder, shim, install string) string {
	c.Helper()
	bin := filepath.Join(folder, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		c.Fatal(err)
	}
	for name, preload := range map[string]string{"initdb": "", "postgres": "LD_PRELOAD=" + shim + " CLEARWELL_TEST_CLOCK=" + c.path} {
		script := fmt.Sprintf("#!/bin/sh\n%s exec %s \"$@\"\n", preload, filepath.Join(install, "bin", name))
		if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o755); err != nil {
			c.Fatal(err)
		}
	}
	return folder
}

// move sets how far the database's clock is ahead. The file is written in place: the server has it mapped.
func (c *movedClock) move(ahead time.Duration) {
	c.Helper()
	file, err := os.OpenFile(c.path, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		c.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt(binary.NativeEndian.AppendUint64(nil, uint64(ahead)), 0); err != nil {
		c.Fatal(err)
	}
}

// now is what the database takes for the time.
func (c *movedClock) now() (now time.Time) {
	c.Helper()
	if err := c.pool.QueryRow(c.Context(), `select now()`).Scan(&now); err != nil {
		c.Fatal(err)
	}
	return now
}

// desk is the HTTP service over rooms that a test has wired, with an admin's key.
func desk(t *testing.T, r *rooms) *service {
	t.Helper()
	server := httptest.NewServer((&app{rooms: *r}).handler(slog.New(slog.DiscardHandler)))
	t.Cleanup(server.Close)
	key, err := r.access.CreateKey(t.Context(), "test", access.Admin, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &service{T: t, url: server.URL, key: key, output: new(transcript)}
}

// wireOn wires rooms with words hashed to vectors; their workers don't run.
func wireOn(t *testing.T, pool *pgxpool.Pool) *rooms {
	t.Helper()
	r, err := wire(t.Context(), pool, models{embedder: inferencetest.NewEmbedder(64)}, &config{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return r
}
