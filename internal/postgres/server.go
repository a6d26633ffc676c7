package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
)

const (
	// startWithin bounds a start; crash recovery after a busy time is the slow case.
	startWithin = 2 * time.Minute
	// stopWithin bounds a clean stop with its last checkpoint; after it the server is made to stop at once.
	stopWithin = 30 * time.Second
)

// server is one process's hold on the private server, which it may share with other processes.
type server struct {
	*cluster
	log     *slog.Logger
	service *os.File // held with Config.Exclusive
	users   *os.File

	stopSupervising context.CancelFunc
	supervised      chan struct{} // closed when supervise has returned

	done    chan struct{} // closed when the server was given up
	failure error         // set before done is closed
}

// startServer starts the private server of cfg.Data, or joins the one that runs.
func startServer(ctx context.Context, cfg Config, log *slog.Logger) (*server, error) {
	c, err := findCluster(cfg)
	if err != nil {
		return nil, err
	}
	s := &server{cluster: c, log: log, done: make(chan struct{}), supervised: make(chan struct{})}
	if cfg.Exclusive {
		if s.service, err = claimService(c); err != nil {
			return nil, err
		}
	}
	exited, err := s.enter(ctx)
	if err != nil {
		s.leave()
		return nil, err
	}
	supervision, cancel := context.WithCancel(context.Background())
	s.stopSupervising = cancel
	go s.supervise(supervision, exited)
	return s, nil
}

// claimService makes this process the one service of the data folder.
func claimService(c *cluster) (*os.File, error) {
	path := c.lock(serviceLock)
	f, err := tryLock(path, syscall.LOCK_EX)
	if errors.Is(err, errLocked) {
		holder, _ := os.ReadFile(path) // who holds it is a courtesy
		return nil, fault.Newf(fault.Conflict, "data_folder_in_use",
			"The data folder %s is in use by process %s: stop that one first, or give another folder with --data.",
			c.data, strings.TrimSpace(string(holder)))
	}
	if err != nil {
		return nil, lockFault(c, err)
	}
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteString(strconv.Itoa(os.Getpid()) + "\n")
	}
	if err != nil {
		_ = f.Close()
		return nil, lockFault(c, err)
	}
	return f, nil
}

func lockFault(c *cluster, err error) error {
	return fault.Wrapf(err, fault.Unavailable, "data_folder_denied",
		"The data folder %s can't be locked: check that this user may write there and that the disk is not full.", c.data)
}

// enter becomes a user of the server and makes sure that it runs. exited is closed when the server
// process dies; nil if another process started it.
func (s *server) enter(ctx context.Context) (exited <-chan struct{}, err error) {
	starting, err := waitLock(ctx, s.lock(startingLock), syscall.LOCK_EX)
	if err != nil {
		return nil, lockFault(s.cluster, err)
	}
	defer starting.Close()
	if s.users, err = waitLock(ctx, s.lock(usersLock), syscall.LOCK_SH); err != nil {
		return nil, lockFault(s.cluster, err)
	}
	if err := s.prepare(); err != nil {
		return nil, err
	}
	if exited, err = s.run(ctx); err != nil {
		return nil, err
	}
	return exited, s.makeDatabase(ctx)
}

// makeDatabase creates the database in a new cluster.
func (s *server) makeDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return fmt.Errorf("connecting to make the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var exists bool
	err = conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, databaseName).Scan(&exists)
	if err == nil && !exists {
		_, err = conn.Exec(ctx, `create database `+databaseName)
	}
	if err != nil {
		return fmt.Errorf("making the database: %w", err)
	}
	return nil
}

// close gives up this process's hold, and stops the server if nobody else has one.
func (s *server) close() error {
	s.stopSupervising()
	<-s.supervised
	return s.leave()
}

func (s *server) leave() error {
	defer func() {
		if s.service != nil {
			_ = s.service.Close()
		}
	}()
	if s.users == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), startWithin)
	defer cancel()
	starting, err := waitLock(ctx, s.lock(startingLock), syscall.LOCK_EX)
	if err != nil {
		return errors.Join(err, s.users.Close())
	}
	defer starting.Close()
	if err := s.users.Close(); err != nil {
		return err
	}
	_, err = stopIfUnused(ctx, s.cluster)
	return err
}

// stopIfUnused stops the server unless a process uses it. The caller holds the starting lock.
func stopIfUnused(ctx context.Context, c *cluster) (unused bool, err error) {
	alone, err := tryLock(c.lock(usersLock), syscall.LOCK_EX)
	if errors.Is(err, errLocked) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer alone.Close()
	return true, c.stop(ctx)
}

// StopWhenUnused returns when no process has used the private server of cfg.Data for about grace, after
// stopping it. It covers users that died without closing. It returns at once if another process is at it.
func StopWhenUnused(ctx context.Context, cfg Config, grace time.Duration) error {
	c, err := findCluster(cfg)
	if err != nil {
		return err
	}
	watcher, err := tryLock(c.lock(watcherLock), syscall.LOCK_EX)
	if errors.Is(err, errLocked) {
		return nil
	}
	if err != nil {
		return err
	}
	defer watcher.Close()
	for {
		unused, err := waitLock(ctx, c.lock(usersLock), syscall.LOCK_EX)
		if err != nil {
			return err
		}
		_ = unused.Close()
		if err := pause(ctx, grace); err != nil {
			return err
		}
		stopped, err := stopAndStopWatching(ctx, c, watcher)
		if stopped || err != nil {
			return err
		}
	}
}

// stopAndStopWatching frees the watcher's lock before the starting lock, so that whoever starts the
// server next finds no watcher and brings one.
func stopAndStopWatching(ctx context.Context, c *cluster, watcher *os.File) (stopped bool, err error) {
	starting, err := waitLock(ctx, c.lock(startingLock), syscall.LOCK_EX)
	if err != nil {
		return false, err
	}
	defer starting.Close()
	stopped, err = stopIfUnused(ctx, c)
	if stopped {
		err = errors.Join(err, watcher.Close())
	}
	return stopped, err
}
