package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

func TestDatabasesOfDeadProcessesAreDropped(t *testing.T) {
	t.Parallel()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	dead := fmt.Sprintf("test_%d_dead", gone.Process.Pid)
	live := fmt.Sprintf("test_%d_live", os.Getpid())
	for _, name := range []string{dead, live} {
		if err := s.exec(`create database ` + quote(name)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.exec(`drop database if exists ` + quote(name)) })
	}
	conn, err := s.db.Pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if err := dropLeftovers(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	var left []string
	err = conn.QueryRow(t.Context(), `select array_agg(datname::text) from pg_database where datname in ($1, $2)`, dead, live).Scan(&left)
	if err != nil || len(left) != 1 || left[0] != live {
		t.Errorf("left %v, %v; want %s", left, err, live)
	}
}
