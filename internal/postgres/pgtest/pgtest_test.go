package pgtest_test

import (
	"testing"

	"clearwell/internal/postgres/pgtest"
)

func TestNewGivesAMigratedDatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	for range 2 {
		pool := pgtest.New(t)
		if _, err := pool.Exec(t.Context(), `insert into collections (name) values ('only-here')`); err != nil {
			t.Fatal(err)
		}
		var jobs int
		if err := pool.QueryRow(t.Context(), `select count(*) from river_job`).Scan(&jobs); err != nil {
			t.Fatal(err)
		}
	}
}
