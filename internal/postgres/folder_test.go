package postgres_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clearwell/internal/home"
	"clearwell/internal/postgres"
	"clearwell/internal/postgres/pgtest"
)

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

func TestFolderNamesMayHoldAnything(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b'c\"%20+&=ü", "one,two"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := pgtest.Private(t)
			cfg.Data = filepath.Join(cfg.Data, name)
			if err := os.MkdirAll(cfg.Data, 0o711); err != nil {
				t.Fatal(err)
			}
			db := open(t, cfg)
			socket := db.Pool.Config().ConnConfig.Host
			t.Cleanup(func() { _ = os.Remove(socket) }) // empty when the server has stopped
			exec1(t, db, `select 1`)
			mustClose(t, db)
		})
	}
}

func TestLargeLogIsSetAside(t *testing.T) {
	t.Parallel()
	cfg := pgtest.Private(t)
	mustClose(t, open(t, cfg))
	log := filepath.Join(cfg.Data, "postgres.log")
	if err := os.Truncate(log, 11<<20); err != nil {
		t.Fatal(err)
	}
	mustClose(t, open(t, cfg))
	info, err := os.Stat(log)
	if err != nil || info.Size() > 1<<20 {
		t.Errorf("the log was not set aside: %v, %v", info, err)
	}
	if _, err := os.Stat(log + ".1"); err != nil {
		t.Error(err)
	}
}
