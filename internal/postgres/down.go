package postgres

import (
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
)

// IsDown reports whether err says that the server was not there or went away, rather than that it refused
// what was asked: the same call may go through once it is back.
func IsDown(err error) bool {
	if err == nil {
		return false
	}
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pgErr.Code {
		case "57P01", "57P02", "57P03", "08000", "08003", "08006": // shut down, crashed, starting up, connection lost
			return true
		}
		return false
	}
	_, isConnect := errors.AsType[*pgconn.ConnectError](err)
	_, isNetwork := errors.AsType[net.Error](err)
	return isConnect || isNetwork || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err)
}
