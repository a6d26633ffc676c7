package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/home"
	"clearwell/internal/postgres"
	"clearwell/migrations"
)

// templateLock is the key of the advisory lock under which the template is made: "template" in ASCII.
const templateLock = 0x74656d706c617465

// Major is the major version of Postgres that tests run on: CLEARWELL_TEST_POSTGRES, or else "18".
func Major() string {
	if major := os.Getenv("CLEARWELL_TEST_POSTGRES"); major != "" {
		return major
	}
	return "18"
}

// config is the test server's. Its folder outlives the test run, so that the next one finds a cluster
// and a template.
func config() postgres.Config {
	layout := home.Default()
	return postgres.Config{
		Data:       filepath.Join(layout.Root, "test", "postgres-"+Major()),
		Install:    layout.Postgres(Major()),
		Disposable: true,
	}
}

// start joins or starts the server, and makes the template if there is none for this schema.
func start() (*testServer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	cfg := config()
	if err := discardAfterReboot(cfg.Data); err != nil {
		return nil, err
	}
	db, err := postgres.Open(ctx, cfg, quiet())
	if err != nil {
		return nil, err
	}
	s := &testServer{db: db}
	if err := watch(); err != nil {
		return nil, err
	}
	if s.template, err = templateName(); err != nil {
		return nil, err
	}
	if err := s.makeTemplate(ctx); err != nil {
		return nil, fmt.Errorf("making the template database: %w", err)
	}
	return s, nil
}

// discardAfterReboot removes a cluster of an earlier run of the machine: the test server does not
// sync to disk, so a crash of the machine may have torn it.
func discardAfterReboot(data string) error {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return nil // no such file outside Linux: then the cluster is kept
	}
	if err := os.MkdirAll(filepath.Dir(data), 0o755); err != nil {
		return err
	}
	lock, err := os.OpenFile(data+".boot", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	seen, err := os.ReadFile(lock.Name())
	if err != nil || string(seen) == string(boot) {
		return err
	}
	if err := os.RemoveAll(data); err != nil {
		return err
	}
	return os.WriteFile(lock.Name(), boot, 0o600)
}

// templateName depends on everything that makes the schema: our migrations, and the version of the
// job queue that brings its own.
func templateName() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(migrations.Files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(migrations.Files, path)
		fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("reading the migrations: %w", err)
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "github.com/riverqueue/river" {
				fmt.Fprintf(sum, "river %s %s", module.Version, module.Sum)
			}
		}
	}
	return "template_" + hex.EncodeToString(sum.Sum(nil)[:8]), nil
}

// makeTemplate migrates a new database and names it as the template only then, so that a half-made
// one is never taken. One process at a time does this, and drops what killed tests left.
func (s *testServer) makeTemplate(ctx context.Context) error {
	conn, err := s.db.Pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `select pg_advisory_lock($1)`, int64(templateLock)); err != nil {
		return err
	}
	defer conn.Exec(context.WithoutCancel(ctx), `select pg_advisory_unlock($1)`, int64(templateLock))
	if err := dropLeftovers(ctx, conn); err != nil {
		return err
	}
	var exists bool
	err = conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, s.template).Scan(&exists)
	if err != nil || exists {
		return err
	}
	building := "building_" + s.template
	for _, sql := range []string{`drop database if exists ` + quote(building) + ` with (force)`, `create database ` + quote(building)} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	if err := migrate(ctx, s.url(building)); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `alter database `+quote(building)+` rename to `+quote(s.template))
	return err
}

// dropLeftovers drops the databases of test processes that are no more, and templates older than a
// week, which belong to schemas that nobody has checked out any more, or are made again in no time.
// A database may be dropped by its own test while its files are looked at.
func dropLeftovers(ctx context.Context, conn *pgxpool.Conn) error {
	rows, err := conn.Query(ctx, `
		select datname, coalesce((pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification < now() - interval '7 days', false)
		from pg_database
		where datname ~ '^(test|template|building)_'`)
	if err != nil {
		return err
	}
	var leftovers []string
	var name string
	var isOld bool
	_, err = pgx.ForEachRow(rows, []any{&name, &isOld}, func() error {
		if isOld || isOfDeadProcess(name) {
			leftovers = append(leftovers, name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, name := range leftovers {
		if _, err := conn.Exec(ctx, `drop database if exists `+quote(name)+` with (force)`); err != nil {
			return err
		}
	}
	return nil
}

// isOfDeadProcess reads the process from a name as NewURL makes it.
func isOfDeadProcess(database string) bool {
	var pid int
	if _, err := fmt.Sscanf(database, "test_%d_", &pid); err != nil {
		return false
	}
	return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

func migrate(ctx context.Context, url string) error {
	db, err := postgres.Open(ctx, postgres.Config{URL: url, MaxConns: 4}, quiet())
	if err != nil {
		return err
	}
	return errors.Join(postgres.Migrate(ctx, db.Pool), db.Close())
}
