package library

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// partSize bounds what one file costs in memory on its way in and out.
const partSize = 1 << 20

// saveOriginal keeps the bytes under their hash; bytes that are there already are not read.
func saveOriginal(ctx context.Context, tx pgx.Tx, sha256 [32]byte, size int64, body io.Reader) error {
	tag, err := tx.Exec(ctx, `insert into originals (sha256, size) values ($1, $2) on conflict do nothing`, sha256[:], size)
	if err != nil {
		return fmt.Errorf("keep original: %w", err)
	}
	if tag.RowsAffected() == 0 {
		var isThere bool // the parts may have been dropped with the history
		err := tx.QueryRow(ctx, `select exists (select from original_parts where sha256 = $1)`, sha256[:]).Scan(&isThere)
		if err != nil || isThere {
			return err
		}
	}
	buffer := make([]byte, partSize)
	for part := 0; ; part++ {
		n, err := io.ReadFull(body, buffer)
		if n > 0 {
			if _, err := tx.Exec(ctx, `insert into original_parts (sha256, part, bytes) values ($1, $2, $3)`,
				sha256[:], part, buffer[:n]); err != nil {
				return fmt.Errorf("keep part %d of original: %w", part, err)
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read upload: %w", err)
		}
	}
}

// OpenOriginal reads the bytes of a revision as they were uploaded, a part at a time. Errors: history_dropped.
func (s *Store) OpenOriginal(ctx context.Context, rev Revision) (io.ReadCloser, error) {
	if rev.HistoryDroppedAt != nil {
		return nil, errHistoryDropped(rev)
	}
	return &originalReader{ctx: ctx, store: s, sha256: rev.SHA256, left: rev.Size}, nil
}

// CopyOriginal writes the bytes of a revision to w.
func (s *Store) CopyOriginal(ctx context.Context, w io.Writer, rev Revision) error {
	r, err := s.OpenOriginal(ctx, rev)
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(w, r)
	return err
}

type originalReader struct {
	ctx    context.Context // lives as long as the reader it was opened for
	store  *Store
	sha256 [32]byte
	part   int
	bytes  []byte
	left   int64
}

// Read implements io.Reader.
func (r *originalReader) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	if len(r.bytes) == 0 {
		err := r.store.pool.QueryRow(r.ctx, `select bytes from original_parts where sha256 = $1 and part = $2`,
			r.sha256[:], r.part).Scan(&r.bytes)
		if err != nil {
			return 0, fmt.Errorf("read part %d of original: %w", r.part, err)
		}
		r.part++
	}
	n := copy(p, r.bytes)
	r.bytes = r.bytes[n:]
	r.left -= int64(n)
	return n, nil
}

// Close implements io.Closer; there is nothing to release.
func (r *originalReader) Close() error { return nil }

func isCheckViolation(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == "23514"
}
