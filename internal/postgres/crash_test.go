package postgres_test

import (
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"clearwell/internal/fault"
	"clearwell/internal/postgres"
	"clearwell/internal/postgres/pgtest"
)

func TestServerComesBackAfterKill(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	db := open(t, cfg)
	defer mustClose(t, db)
	exec1(t, db, `create table kept as select 7 as n`)
	if err := postmaster(t, cfg).Kill(); err != nil {
		t.Fatal(err)
	}
	var n int
	eventually(t, "the database answers again", func() bool {
		return db.Pool.QueryRow(t.Context(), `select n from kept`).Scan(&n) == nil
	})
	if n != 7 {
		t.Errorf("n = %d", n)
	}
}

func TestServerThatAnotherProcessStartedComesBackAfterKill(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	other := startOther(t, cfg)
	db := open(t, cfg)
	defer mustClose(t, db)
	other.kill(t)
	before := postmaster(t, cfg)
	if err := before.Kill(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the database answers again", func() bool {
		return db.Pool.Ping(t.Context()) == nil && postmaster(t, cfg).Pid != before.Pid
	})
}

func TestStartJoinsTheServerOfAKilledProcess(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	other := startOther(t, cfg)
	pid := postmaster(t, cfg).Pid
	other.kill(t)
	db := open(t, cfg)
	if got := postmaster(t, cfg).Pid; got != pid {
		t.Errorf("a new server (%d) was started beside the old one (%d)", got, pid)
	}
	mustClose(t, db)
	if isRunning(cfg) {
		t.Error("the server still runs")
	}
}

func TestStartRecoversWhenProcessAndServerWereKilled(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	db := open(t, cfg)
	exec1(t, db, `create table kept as select 7 as n`)
	mustClose(t, db)

	other := startOther(t, cfg)
	server := postmaster(t, cfg)
	other.kill(t)
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	db = open(t, cfg)
	defer mustClose(t, db)
	exec1(t, db, `select n from kept`)
}

func TestStalePidFileOfAReusedNumberDoesNotStopAStart(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	mustClose(t, open(t, cfg))
	pgdata := filepath.Join(cfg.Data, "postgres")
	stranger := startStranger(t, pgdata)
	for _, path := range []string{filepath.Join(pgdata, "postmaster.pid"), filepath.Join(cfg.Data, "socket", ".s.PGSQL.5432.lock")} {
		text := strconv.Itoa(stranger.Pid) + "\n" + pgdata + "\n1\n5432\n" + filepath.Join(cfg.Data, "socket") + "\n\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		chownLike(t, path, pgdata)
	}
	db := open(t, cfg)
	exec1(t, db, `select 1`)
	mustClose(t, db)
	if err := stranger.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("the process with the reused number was hurt: %v", err)
	}
}

func TestServerStartedByHandIsNotDoubled(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	mustClose(t, open(t, cfg))
	pgdata := filepath.Join(cfg.Data, "postgres")
	byHand := exec.Command(filepath.Join(cfg.Install, "bin", "postgres"), "-D", pgdata, "-k", filepath.Join(cfg.Data, "socket"), "-c", "listen_addresses=")
	runAsOwner(t, byHand, pgdata)
	eventually(t, "the server by hand has its pid file", func() bool { return isRunning(cfg) })
	_, err := postgres.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	wantFault(t, err, "database_started_elsewhere", strconv.Itoa(byHand.Process.Pid))
}

func TestHalfMadeClusterIsMadeAgain(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	half := filepath.Join(cfg.Data, "postgres.new")
	if err := os.MkdirAll(half, 0o711); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(cfg.Data, 0o711); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "PG_VERSION"), []byte("18\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	mustClose(t, open(t, cfg))
}

func TestBrokenClusterIsExplainedInTheLogsWords(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	mustClose(t, open(t, cfg))
	if err := os.Remove(filepath.Join(cfg.Data, "postgres", "global", "pg_control")); err != nil {
		t.Fatal(err)
	}
	_, err := postgres.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	wantFault(t, err, "database_start_failed", "pg_control")
}

func TestServerThatCannotComeBackIsGivenUp(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	db := open(t, cfg)
	if err := db.Err(); err != nil {
		t.Fatalf("given up at once: %v", err)
	}
	server := postmaster(t, cfg)
	if err := os.Rename(filepath.Join(cfg.Data, "postgres"), filepath.Join(cfg.Data, "lost")); err != nil {
		t.Fatal(err)
	}
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-db.Done():
	case <-t.Context().Done():
	}
	if db.Err() == nil {
		t.Error("given up without a reason")
	}
	mustClose(t, db)
}

func TestServerThatKeepsDyingIsGivenUp(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	db := open(t, cfg)
	killed := 0
	eventually(t, "the server is given up", func() bool {
		pid, ok := livePostmaster(t, cfg)
		if ok && pid != killed && db.Pool.Ping(t.Context()) == nil { // not while it starts
			killed = pid
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
		return db.Err() != nil
	})
	// It may die once more before it was seen to be up again: then it is the start that failed.
	if code := fault.CodeOf(db.Err()); code != "database_dies" && code != "database_start_failed" {
		t.Errorf("got %v", db.Err())
	}
	wantFault(t, db.Err(), fault.CodeOf(db.Err()), "postgres.log")
	mustClose(t, db)
}

func TestStopWhenUnusedStopsTheServerOfAKilledProcess(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	other := startOther(t, cfg)
	other.kill(t)
	if err := postgres.StopWhenUnused(t.Context(), cfg, 0); err != nil {
		t.Fatal(err)
	}
	if isRunning(cfg) {
		t.Error("the server still runs")
	}
}

func startStranger(t *testing.T, pgdata string) *os.Process {
	t.Helper()
	cmd := exec.Command("sleep", "600")
	runAsOwner(t, cmd, pgdata)
	return cmd.Process
}

func runAsOwner(t *testing.T, cmd *exec.Cmd, pgdata string) {
	t.Helper()
	if os.Geteuid() == 0 {
		st := stat(t, pgdata)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: st.Uid, Gid: st.Gid}}
	}
	cmd.Dir = "/"
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGQUIT)
		_ = cmd.Wait()
	})
}

func chownLike(t *testing.T, path, model string) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	st := stat(t, model)
	if err := os.Chown(path, int(st.Uid), int(st.Gid)); err != nil {
		t.Fatal(err)
	}
}

func stat(t *testing.T, path string) *syscall.Stat_t {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Sys().(*syscall.Stat_t)
}
