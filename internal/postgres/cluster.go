package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"clearwell/internal/fault"
)

const (
	databaseName = "clearwell"
	superuser    = "clearwell"
	port         = "5432" // only part of the socket's name: the server does not listen on TCP

	// maxSocketPath is the longest path of a Unix socket that Linux (107) and macOS (103) both take.
	maxSocketPath = 103
)

// cluster is the private database on disk, and how to run its server.
//
//	<data>/postgres      the cluster (PGDATA)
//	<data>/postgres.log  what the server says
//	<data>/socket        its socket, unless that path is too long
//	<data>/locks         see lock.go
type cluster struct {
	data       string // absolute, without symbolic links
	install    string
	socket     string   // folder of the socket
	account    *account // whom to run as; nil: ourselves
	disposable bool
}

func (c *cluster) pgdata() string          { return filepath.Join(c.data, "postgres") }
func (c *cluster) logFile() string         { return filepath.Join(c.data, "postgres.log") }
func (c *cluster) lock(name string) string { return filepath.Join(c.data, "locks", name) }
func (c *cluster) program(n string) string { return filepath.Join(c.install, "bin", n) }
func (c *cluster) url(database string) string {
	q := url.Values{"host": {c.socket}, "port": {port}, "sslmode": {"disable"}}
	// libpq's programs don't read "+" as a space.
	return "postgres://" + superuser + "@/" + url.PathEscape(database) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// findCluster checks the installation, makes the data folder and decides whom to run as.
// The cluster itself may not exist yet.
func findCluster(cfg Config) (*cluster, error) {
	install, err := filepath.Abs(cfg.Install)
	if err != nil {
		return nil, fmt.Errorf("finding the Postgres installation: %w", err)
	}
	c := &cluster{install: install, disposable: cfg.Disposable}
	for _, name := range []string{"postgres", "initdb"} {
		if _, err := os.Stat(c.program(name)); err != nil {
			return nil, fault.Wrapf(err, fault.Unavailable, "postgres_missing",
				"The private Postgres is not installed in %s: run `make setup`, or give a database URL.", c.install)
		}
	}
	if cfg.Data == "" {
		return nil, fault.Newf(fault.Invalid, "data_folder_missing", "Neither a database URL nor a data folder is given: give one of the two.")
	}
	if c.data, err = makeDataFolder(cfg.Data); err != nil {
		return nil, err
	}
	if c.account, err = accountFor(c.pgdata()); err != nil {
		return nil, err
	}
	if c.account != nil {
		if err := c.checkTraversal(); err != nil {
			return nil, err
		}
	}
	c.socket = c.socketFolder()
	return c, nil
}

// makeDataFolder returns data as an absolute path without links. Under root others may pass through
// the folder, not list it: the unprivileged user of the server needs to.
func makeDataFolder(data string) (string, error) {
	abs, err := filepath.Abs(data)
	if err != nil {
		return "", fmt.Errorf("finding the data folder: %w", err)
	}
	mode := fs.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	_, err = os.Stat(abs)
	isNew := errors.Is(err, fs.ErrNotExist)
	err = os.MkdirAll(abs, 0o755)
	if err == nil && isNew {
		err = os.Chmod(abs, mode)
	}
	if err == nil {
		err = os.MkdirAll(filepath.Join(abs, "locks"), 0o700)
	}
	if err != nil {
		return "", fault.Wrapf(err, fault.Forbidden, "data_folder_denied",
			"The data folder %s can't be made or written: give another with --data, or run as the user who owns it.", abs)
	}
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return "", fmt.Errorf("finding the data folder: %w", err)
	}
	return abs, nil
}

// socketFolder is inside the data folder if the socket's path is short enough and has no comma, which
// separates hosts in a connection string; otherwise a folder in /tmp that depends on the data folder
// and the user alone, so that every process finds the same.
func (c *cluster) socketFolder() string {
	inside := filepath.Join(c.data, "socket")
	if len(filepath.Join(inside, ".s.PGSQL."+port)) <= maxSocketPath && !strings.Contains(inside, ",") {
		return inside
	}
	sum := sha256.Sum256([]byte(c.data))
	return fmt.Sprintf("/tmp/clearwell-%d-%s", c.uid(), hex.EncodeToString(sum[:8]))
}

func (c *cluster) uid() int {
	if c.account != nil {
		return int(c.account.uid)
	}
	return os.Geteuid()
}

// makeSocketFolder makes the folder that is the only lock on the server's door: its owner and root
// may enter, and since everybody can write to /tmp, one that somebody else put there is refused.
func (c *cluster) makeSocketFolder() error {
	err := os.Mkdir(c.socket, 0o700)
	if err == nil {
		err = c.give(c.socket)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fault.Wrapf(err, fault.Forbidden, "socket_folder_denied", "The socket folder %s can't be made: check the rights on the folder above it.", c.socket)
	}
	info, err := os.Lstat(c.socket)
	if err != nil {
		return fmt.Errorf("looking at the socket folder: %w", err)
	}
	if !info.IsDir() || info.Mode().Perm() != 0o700 || ownerOf(info) != c.uid() {
		return fault.Newf(fault.Forbidden, "socket_folder_unsafe",
			"The socket folder %s is not a folder that only user %d may enter: remove it and start again.", c.socket, c.uid())
	}
	return nil
}

// give hands a file or folder to the server's account, if that is not ourselves.
func (c *cluster) give(path string) error {
	if c.account == nil {
		return nil
	}
	return os.Lchown(path, int(c.account.uid), int(c.account.gid))
}

// major is the major version of the installed server, such as "18".
func (c *cluster) major() (string, error) {
	out, err := exec.Command(c.program("postgres"), "--version").Output() // postgres (PostgreSQL) 18.4
	fields := strings.Fields(string(out))
	if err != nil || len(fields) < 3 {
		return "", fault.Wrapf(err, fault.Unavailable, "postgres_broken",
			"The private Postgres in %s does not run on this machine: run `make setup` again, or give a database URL.", c.install)
	}
	major, _, _ := strings.Cut(fields[2], ".")
	return major, nil
}

// prepare makes the cluster if there is none, and refuses one of another version or another user.
// The caller holds the starting lock.
func (c *cluster) prepare() error {
	major, err := c.major()
	if err != nil {
		return err
	}
	have, err := os.ReadFile(filepath.Join(c.pgdata(), "PG_VERSION"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := c.create(major); err != nil {
			return err
		}
	case err != nil:
		return fault.Wrapf(err, fault.Forbidden, "data_folder_denied",
			"The database in %s can't be read: run Clearwell as the user who owns it, or give another folder with --data.", c.data)
	case strings.TrimSpace(string(have)) != major:
		return fault.Newf(fault.Conflict, "database_version",
			"The database in %s was made by Postgres %s, and this is Postgres %s: carry it over with pg_dump or pg_upgrade, or give another folder with --data.",
			c.data, strings.TrimSpace(string(have)), major)
	}
	return c.makeSocketFolder()
}

// create runs initdb into a folder beside the final one and renames it, so that a half-made cluster
// is never taken for one.
func (c *cluster) create(major string) error {
	fresh := c.pgdata() + ".new"
	err := os.RemoveAll(fresh)
	if err == nil {
		err = os.Mkdir(fresh, 0o700)
	}
	if err == nil {
		err = c.give(fresh)
	}
	if err != nil {
		return fault.Wrapf(err, fault.Forbidden, "data_folder_denied", "The data folder %s can't be written: give another with --data.", c.data)
	}
	args := []string{"-D", fresh, "-U", superuser, "-E", "UTF8", "--auth-local=trust", "--auth-host=reject", "--no-instructions"}
	args = append(args, localeArgs(major)...)
	if c.disposable {
		args = append(args, "--no-sync")
	}
	cmd := c.command("initdb", args...)
	cmd.Dir = fresh
	if out, err := cmd.CombinedOutput(); err != nil {
		_ = os.RemoveAll(fresh)
		return fault.Wrapf(err, fault.Unavailable, "database_not_created",
			"The private database could not be made in %s: %s", c.data, lastLine(string(out)))
	}
	if err := os.Rename(fresh, c.pgdata()); err != nil {
		return fmt.Errorf("putting the new cluster in its place: %w", err)
	}
	return nil
}

// localeArgs chooses code point order and Unicode letter classes, the same on every machine. The
// builtin provider came with 17; before it the C library's C.UTF-8 is the same in all that we use.
func localeArgs(major string) []string {
	if n, err := strconv.Atoi(major); err == nil && n < 17 {
		return []string{"--locale=C.UTF-8"}
	}
	return []string{"--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"}
}

// command is one of the installation's programs, run as the server's account, with nothing of our
// environment that could change what it does, and out of reach of the terminal's Ctrl-C.
func (c *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(c.program(name), args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if c.account != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: c.account.uid, Gid: c.account.gid}
	}
	return cmd
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}
