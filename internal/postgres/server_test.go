package postgres_test

import (
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"clearwell/internal/fault"
	"clearwell/internal/home"
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

// The number in a stale postmaster.pid may belong to another process of the same user by now, which
// Postgres itself takes for a running server.
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

func TestFolderOfAnotherMajorVersionIsRefused(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	mustClose(t, open(t, cfg))
	other := map[string]string{"16": "18", "18": "16"}[pgtest.Major()]
	cfg.Install = home.Default().Postgres(other)
	_, err := postgres.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	wantFault(t, err, "database_version", "made by Postgres "+pgtest.Major()+", and this is Postgres "+other)
}

func TestMissingInstallationNamesTheCommand(t *testing.T) {
	t.Parallel()
	cfg := postgres.Config{Data: t.TempDir(), Install: filepath.Join(t.TempDir(), "nothing")}
	_, err := postgres.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	wantFault(t, err, "postgres_missing", "make setup")
}

func TestDataFolderThatCannotBeMadeIsNamed(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cfg.Data = filepath.Join(file, "data")
	_, err := postgres.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	wantFault(t, err, "data_folder_denied", cfg.Data)
}

func TestFolderThatTheServersUserCannotEnterIsNamed(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	cfg := pgtest.Private(t)
	closed := t.TempDir()
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	cfg.Data = filepath.Join(closed, "data")
	_, err := postgres.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	wantFault(t, err, "folder_not_traversable", filepath.Dir(closed))
}

func TestLongPathGetsAShortSocket(t *testing.T) {
	t.Parallel()
	base := pgtest.Private(t)
	cfg := base
	cfg.Data = filepath.Join(base.Data, strings.Repeat("long and wide/", 10), "data")
	if err := os.MkdirAll(cfg.Data, 0o711); err != nil {
		t.Fatal(err)
	}
	db := open(t, cfg)
	socket := db.Pool.Config().ConnConfig.Host
	t.Cleanup(func() { _ = os.Remove(socket) })
	other := startOther(t, cfg) // finds the same folder
	if err := other.stop(); err != nil {
		t.Fatal(err)
	}
	mustClose(t, db)

	if err := os.Chmod(socket, 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := postgres.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	wantFault(t, err, "socket_folder_unsafe", socket)
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

func wantFault(t *testing.T, err error, code, part string) {
	t.Helper()
	if fault.CodeOf(err) != code || !strings.Contains(fault.MessageOf(err), part) {
		t.Errorf("got %q, %v; want code %q and %q in the message", fault.CodeOf(err), err, code, part)
	}
}

// startStranger starts a process that has nothing to do with Postgres, as the owner of pgdata.
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
