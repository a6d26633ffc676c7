package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestIsDownTellsALostServerFromARefusal(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]bool{
		fmt.Errorf("search: %w", io.ErrUnexpectedEOF):            true,
		fmt.Errorf("search: %w", &pgconn.PgError{Code: "57P01"}): true,
		fmt.Errorf("search: %w", &pgconn.PgError{Code: "23505"}): false,
		errors.New("no such thing"):                              false,
		context.Canceled:                                         false,
	} {
		if got := IsDown(err); got != want {
			t.Errorf("%v: want %t", err, want)
		}
	}
}
