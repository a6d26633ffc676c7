package pgtest

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"clearwell/internal/home"
	"clearwell/internal/postgres"
)

// Private returns the configuration of a private server of this test's own, in a new empty folder
// that, unlike t.TempDir, the server's unprivileged user can reach when root tests. When the test ends
// the server is stopped, whoever started it, and the folder removed.
func Private(t testing.TB) postgres.Config {
	t.Helper()
	layout := home.Default()
	parent := filepath.Join(layout.Root, "test")
	if err := os.MkdirAll(parent, 0o755); err != nil {
		t.Fatalf("making a folder for private servers: %v", err)
	}
	folder, err := os.MkdirTemp(parent, "private-")
	if err == nil {
		err = os.Chmod(folder, 0o711)
	}
	if err != nil {
		t.Fatalf("making a folder for a private server: %v", err)
	}
	cfg := postgres.Config{Data: filepath.Join(folder, "data"), Install: layout.Postgres(Major())}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := postgres.StopWhenUnused(ctx, cfg, 0); err != nil {
			t.Errorf("stopping the private server: %v", err)
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Errorf("removing the private server: %v", err)
		}
	})
	return cfg
}

// quiet is the log of servers that tests start.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
