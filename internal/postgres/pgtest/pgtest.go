// Package pgtest gives each test its own migrated database on a real Postgres, cloned from a template
// in some tens of milliseconds. All test binaries of a user share one server, which stops by itself.
// It is for tests only.
package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/postgres"
)

// poolSize keeps hundreds of parallel tests below the test server's 300 connections.
const poolSize = 8

// New returns a pool on a migrated, otherwise empty database that is this test's own. Both are gone
// when the test ends. The test fails at once if there is no Postgres to run.
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	db, err := postgres.Open(t.Context(), postgres.Config{URL: NewURL(t), MaxConns: poolSize}, quiet())
	if err != nil {
		t.Fatalf("opening the test database: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("closing the test database: %v", err)
		}
	})
	return db.Pool
}

// NewURL is like New for a test that opens the database itself: it returns a connection string.
func NewURL(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatalf("starting the test server: %v", err)
	}
	name := fmt.Sprintf("test_%d_%s", os.Getpid(), strings.ToLower(rand.Text()[:12]))
	if err := s.exec(`create database ` + quote(name) + ` template ` + quote(s.template)); err != nil {
		t.Fatalf("making the test database: %v", err)
	}
	t.Cleanup(func() {
		if err := s.exec(`drop database if exists ` + quote(name) + ` with (force)`); err != nil {
			t.Errorf("dropping the test database: %v", err)
		}
	})
	return s.url(name)
}

// shared is this process's hold on the server. It lasts until the process ends: the server notices.
var shared = sync.OnceValues(start)

type testServer struct {
	db       *postgres.DB
	template string
}

// exec has its own context: a cleanup runs after the test's context has ended.
func (s *testServer) exec(sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_, err := s.db.Pool.Exec(ctx, sql)
	return err
}

func (s *testServer) url(database string) string {
	u, err := url.Parse(s.db.URL())
	if err != nil {
		panic(fmt.Sprintf("the test server's own URL: %v", err))
	}
	u.Path = "/" + database
	return u.String()
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
