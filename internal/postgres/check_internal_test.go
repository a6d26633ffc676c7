package postgres

import (
	"testing"

	"clearwell/internal/fault"
)

func TestOldServersAndExtensionsAreRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		says versions
		want string // code; "internal" for none
	}{
		{"recent, extension not made yet", versions{server: 160014, available: "0.8.0"}, "internal"},
		{"recent, extension made", versions{server: 180004, installed: "0.8.5", available: "0.8.5"}, "internal"},
		{"a newer pgvector", versions{server: 180004, installed: "1.0", available: "1.0"}, "internal"},
		{"Postgres 15", versions{server: 150010, serverName: "15.10", available: "0.8.5"}, "database_too_old"},
		{"no pgvector", versions{server: 160000}, "pgvector_missing"},
		{"old pgvector on the server", versions{server: 160000, available: "0.7.4"}, "pgvector_too_old"},
		{"old pgvector in the database", versions{server: 160000, installed: "0.7.4", available: "0.8.5"}, "pgvector_too_old"},
		{"unreadable version", versions{server: 160000, available: "next"}, "pgvector_too_old"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := fault.CodeOf(test.says.check()); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
