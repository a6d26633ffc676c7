package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
)

// maxLogSize is the size from which postgres.log is set aside, once, at the next start.
const maxLogSize = 10 << 20

// run returns when the server answers, starting it if it does not live. exited is closed when the
// process dies that was started here; nil if none was. The caller holds the starting lock.
//
// Whether a server lives is told by the lock that postgres and its children inherit, not by
// postmaster.pid, whose number may be another process's by now.
func (c *cluster) run(ctx context.Context) (exited <-chan struct{}, err error) {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	from := c.logSize()
	var cmd *exec.Cmd
	for {
		lock, err := tryLock(c.lock(serverLock), syscall.LOCK_EX)
		switch {
		case err == nil && cmd != nil:
			_ = lock.Close()
			<-exited
			return nil, c.startFault(cmd.ProcessState.String(), from)
		case err == nil:
			cmd, exited, err = c.launch(lock)
			_ = lock.Close() // the child holds it from here on
			if err != nil {
				return nil, err
			}
		case !errors.Is(err, errLocked):
			return nil, lockFault(c, err)
		}
		if c.answers(ctx) {
			return exited, nil
		}
		if err := pause(ctx, lockRetry); err != nil {
			return nil, fault.Wrapf(err, fault.Unavailable, "database_start_slow",
				"The private database in %s did not answer in time: look at %s, and start again when it has recovered.", c.data, c.logFile())
		}
	}
}

// launch starts postgres with the server lock as an inherited file.
func (c *cluster) launch(lock *os.File) (cmd *exec.Cmd, exited <-chan struct{}, err error) {
	if err := c.removeStalePidFiles(); err != nil {
		return nil, nil, err
	}
	log, err := c.openLog()
	if err != nil {
		return nil, nil, fault.Wrapf(err, fault.Forbidden, "data_folder_denied", "The log %s can't be written: check the rights and the space there.", c.logFile())
	}
	defer log.Close()
	cmd = c.command("postgres", c.settings()...)
	cmd.Dir = c.pgdata()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{lock}
	if err := cmd.Start(); err != nil {
		return nil, nil, fault.Wrapf(err, fault.Unavailable, "database_start_failed",
			"The private Postgres in %s can't be run: run `make setup` again, or give a database URL.", c.install)
	}
	died := make(chan struct{})
	go func() {
		_ = cmd.Wait() // the log says why it ended
		close(died)
	}()
	return cmd, died, nil
}

// settings are given on the command line, so that they are this binary's and not those of the
// version that made the cluster. Memory is modest: the service shares a small machine.
func (c *cluster) settings() []string {
	args := []string{"-D", c.pgdata(), "-k", c.socket, "-p", port}
	set := []string{
		"listen_addresses=", "unix_socket_permissions=0700", "max_connections=60",
		"shared_buffers=128MB", "jit=off", "timezone=UTC", "log_timezone=UTC", "log_line_prefix=%m [%p] ",
		"log_checkpoints=off",
	}
	if c.disposable {
		set = append(set, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300")
	}
	for _, s := range set {
		args = append(args, "-c", s)
	}
	return args
}

// removeStalePidFiles removes what a killed server left. Postgres does that too, but not when the
// number in the file belongs to another process by now. The caller holds the server lock, so the
// only live server there can be is one that was started by hand: that one is told by its folder.
func (c *cluster) removeStalePidFiles() error {
	if pid, err := c.pid(); err == nil && worksIn(pid, c.pgdata()) {
		return fault.Newf(fault.Conflict, "database_started_elsewhere",
			"A Postgres that Clearwell did not start (process %d) runs on %s: stop it first.", pid, c.pgdata())
	}
	for _, path := range []string{
		filepath.Join(c.pgdata(), "postmaster.pid"),
		filepath.Join(c.socket, ".s.PGSQL."+port+".lock"),
	} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing a stale pid file: %w", err)
		}
	}
	return nil
}

// worksIn says whether a live process has folder as its working directory, as every Postgres has its
// cluster. False where there is no /proc.
func worksIn(pid int, folder string) bool {
	cwd, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/cwd")
	return err == nil && cwd == folder
}

// pid is the process in postmaster.pid. It is the server's only while the server lock is held.
func (c *cluster) pid() (int, error) {
	text, err := os.ReadFile(filepath.Join(c.pgdata(), "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strconv.Atoi(strings.TrimSpace(first))
}

func (c *cluster) answers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.url("postgres"))
	if err != nil {
		return false
	}
	defer conn.Close(ctx)
	return conn.Ping(ctx) == nil
}

// stop ends the server, if it runs: open sessions are cut, and what is committed is written down. The
// caller holds the starting lock.
func (c *cluster) stop(ctx context.Context) error {
	err := c.signal(ctx, syscall.SIGINT, stopWithin)
	if errors.Is(err, context.DeadlineExceeded) {
		err = c.signal(ctx, syscall.SIGQUIT, stopWithin) // recovers at the next start
	}
	if err != nil {
		return fmt.Errorf("stopping the private database: %w", err)
	}
	return nil
}

// signal sends sig to the server until it is gone, for at most limit.
func (c *cluster) signal(ctx context.Context, sig syscall.Signal, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	sent := false
	for {
		lives, err := isLocked(c.lock(serverLock))
		if err != nil || !lives {
			return err
		}
		// A server that was started this moment may not have written its number yet, or may be its
		// last children, which end by themselves.
		if pid, err := c.pid(); err == nil && pid > 1 && !sent {
			sent = syscall.Kill(pid, sig) == nil
		}
		if err := pause(ctx, lockRetry); err != nil {
			return err
		}
	}
}

func (c *cluster) openLog() (*os.File, error) {
	if c.logSize() > maxLogSize {
		if err := os.Rename(c.logFile(), c.logFile()+".1"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(c.logFile(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
}

func (c *cluster) logSize() int64 {
	info, err := os.Stat(c.logFile())
	if err != nil {
		return 0
	}
	return info.Size()
}

// startFault says why the server ended at start: in the words of its log from offset on, or by how its
// process ended if it had no time for words.
func (c *cluster) startFault(ended string, from int64) error {
	said, err := c.lastFatal(from)
	if said == "" || err != nil {
		said = ended
	}
	if strings.Contains(said, "No space left on device") {
		return fault.Newf(fault.Unavailable, "disk_full",
			"The private database in %s can't start because the disk is full: make room and start again.", c.data)
	}
	return fault.Newf(fault.Unavailable, "database_start_failed",
		"The private database in %s did not start (%s): mend that and start again; the whole log is %s.", c.data, said, c.logFile())
}

// lastFatal is what the log's last line says that tells why a server ended; "" if there is none.
func (c *cluster) lastFatal(from int64) (string, error) {
	f, err := os.Open(c.logFile())
	if err != nil {
		return "", err
	}
	defer f.Close()
	if from > c.logSize() {
		from = 0 // the log was set aside
	}
	text, err := io.ReadAll(io.NewSectionReader(f, from, 64<<10))
	if err != nil {
		return "", err
	}
	said := lastLine(string(text)) // before the log is set up, Postgres writes plain lines
	if strings.Contains(said, "LOG:") {
		said = ""
	}
	for line := range strings.Lines(string(text)) {
		for _, mark := range []string{"FATAL:", "PANIC:"} {
			if _, what, ok := strings.Cut(line, mark); ok {
				said = strings.TrimSpace(what)
			}
		}
	}
	return said, nil
}
