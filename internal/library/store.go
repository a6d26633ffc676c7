// Package library holds documents, their revisions, and which one is in force.
// It does not parse, embed or search, and it does not ask who is calling: its callers do.
package library

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/fault"
)

// Store is the library in Postgres. Methods that take a transaction are steps of a caller's own;
// the others run by themselves.
type Store struct {
	pool *pgxpool.Pool
}

// New returns the library behind the pool, whose schema must be migrated.
func New(pool *pgxpool.Pool) *Store { return &Store{pool: pool} }

// querier is what a pool and a transaction have in common.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// errNoRevision is what a caller gets for a revision or document that is not there.
func errNoRevision(number int) error {
	return fault.Newf(fault.NotFound, "unknown_revision", "This document has no revision %d.", number)
}

func errNoDocument() error {
	return fault.Newf(fault.NotFound, "unknown_document", "There is no such document, or it is not yours to see.")
}

// lockDocument serialises all changes to one document's timeline until the transaction ends.
func lockDocument(ctx context.Context, tx pgx.Tx, documentID int64) error {
	var id int64
	err := tx.QueryRow(ctx, `select id from documents where id = $1 for update`, documentID).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return errNoDocument()
	}
	if err != nil {
		return fmt.Errorf("lock document %d: %w", documentID, err)
	}
	return nil
}
