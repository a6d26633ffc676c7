package pgtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"clearwell/internal/postgres"
)

// watchVariable turns a test binary into the watcher of the test server.
const watchVariable = "CLEARWELL_PGTEST_WATCH"

// idleGrace is how long the server waits for the next test binary of a run, which may have to be
// compiled first.
const idleGrace = 10 * time.Second

// init is where a test binary can become the watcher without every package's TestMain knowing of it.
// A test binary is told nothing when it ends, and may be killed: so another process has to watch.
func init() {
	if os.Getenv(watchVariable) == "" {
		return
	}
	if err := postgres.StopWhenUnused(context.Background(), config(), idleGrace); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// watch starts a watcher, unless one is there. It must not inherit our output: `go test` waits until
// that is closed.
func watch() error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding the test binary: %w", err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), watchVariable+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting the watcher of the test server: %w", err)
	}
	return cmd.Process.Release()
}
