package postgres_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/postgres"
	"clearwell/internal/postgres/pgtest"
)

// userVariable turns the test binary into another process that uses the private server in the folder it
// names, until its input ends.
const userVariable = "CLEARWELL_TEST_DATA_USER"

func TestMain(m *testing.M) {
	if data := os.Getenv(userVariable); data != "" {
		if err := useUntilToldToStop(postgres.Config{Data: data, Install: os.Getenv(userVariable + "_INSTALL")}); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func useUntilToldToStop(cfg postgres.Config) error {
	db, err := postgres.Open(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	fmt.Println("open")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n') // its end is the signal
	return db.Close()
}

// otherProcess is a second process that has cfg's server open.
type otherProcess struct {
	cmd  *exec.Cmd
	stop func() error // lets it close the server and waits for its end
}

func startOther(t *testing.T, cfg postgres.Config) otherProcess {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), userVariable+"="+cfg.Data, userVariable+"_INSTALL="+cfg.Install)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // in case the test failed before
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "open\n" {
		t.Fatalf("the other process did not open the server: %q, %v", line, err)
	}
	return otherProcess{cmd: cmd, stop: func() error {
		_ = in.Close()
		return cmd.Wait()
	}}
}

// kill ends the other process as kill -9 does, and waits until it is gone.
func (p otherProcess) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // says "killed"
}

func open(t *testing.T, cfg postgres.Config) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), cfg, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	return db
}

func mustClose(t *testing.T, db *postgres.DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Fatalf("closing: %v", err)
	}
}

func exec1(t *testing.T, db *postgres.DB, sql string) {
	t.Helper()
	if _, err := db.Pool.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func postmaster(t *testing.T, cfg postgres.Config) *os.Process {
	t.Helper()
	pid, ok := livePostmaster(t, cfg)
	if !ok {
		t.Fatal("there is no pid file")
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	return process
}

// livePostmaster reads the process from the pid file; false if it is missing or not written yet.
func livePostmaster(t *testing.T, cfg postgres.Config) (pid int, ok bool) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(cfg.Data, "postgres", "postmaster.pid"))
	if err != nil {
		return 0, false
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err = strconv.Atoi(first)
	return pid, err == nil
}

func isRunning(cfg postgres.Config) bool {
	_, err := os.Stat(filepath.Join(cfg.Data, "postgres", "postmaster.pid"))
	return err == nil
}

// eventually asks again until ok, for at most three minutes.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(3 * time.Minute)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("still not so: %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// scratch is an empty database on the test server, before any migration.
func scratch(t *testing.T) *pgxpool.Pool {
	t.Helper()
	db := open(t, postgres.Config{URL: pgtest.NewURL(t)})
	t.Cleanup(func() { mustClose(t, db) })
	pool, drop, err := postgres.Scratch(t.Context(), db, "empty")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return pool
}

func exists(t *testing.T, db *postgres.DB, database string) bool {
	t.Helper()
	var found bool
	err := db.Pool.QueryRow(t.Context(), `select exists (select from pg_database where datname = $1)`, database).Scan(&found)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
