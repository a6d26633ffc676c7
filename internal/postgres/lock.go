package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// The lock files of a data folder, all held by flock(2): the kernel frees them when the last process
// that holds them dies, however it dies, so none of them can be stale.
const (
	serviceLock  = "service"  // exclusive: the one process opened with Config.Exclusive
	startingLock = "starting" // exclusive: whoever starts, stops or creates the server, for that long
	usersLock    = "users"    // shared: every process that uses the server; the last one out stops it
	serverLock   = "server"   // exclusive: inherited by postgres and all its children
	watcherLock  = "watcher"  // exclusive: the one process in StopWhenUnused
)

// lockRetry is how often a lock in use is asked for again: flock has no time limit of its own.
const lockRetry = 20 * time.Millisecond

var errLocked = errors.New("locked by another process")

// tryLock takes the lock file at path, or returns errLocked. how is LOCK_EX or LOCK_SH.
// Closing the file frees the lock.
func tryLock(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err == nil {
		return f, nil
	}
	_ = f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errLocked
	}
	return nil, fmt.Errorf("locking %s: %w", path, err)
}

// waitLock takes the lock file at path as soon as it is free.
func waitLock(ctx context.Context, path string, how int) (*os.File, error) {
	for {
		f, err := tryLock(path, how)
		if !errors.Is(err, errLocked) {
			return f, err
		}
		if err := pause(ctx, lockRetry); err != nil {
			return nil, fmt.Errorf("waiting for %s: %w", filepath.Base(path), err)
		}
	}
}

// isLocked says whether another open file holds the lock file at path exclusively.
func isLocked(path string) (bool, error) {
	f, err := tryLock(path, syscall.LOCK_SH)
	if errors.Is(err, errLocked) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return false, f.Close()
}
