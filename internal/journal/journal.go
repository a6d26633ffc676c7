// Package journal is the append-only record of what happened and of what each answer stood on.
// It does not decide anything, and nothing that was written is ever changed.
package journal

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Kind is what happened, in the past tense.
type Kind string

// What can happen to a document or a revision.
const (
	Received    Kind = "received"    // a file came in and was queued
	Published   Kind = "published"   // a revision was put in force, or scheduled
	Republished Kind = "republished" // an earlier revision was put in force again
	Withdrawn   Kind = "withdrawn"   // a revision was taken out
	Held        Kind = "held"        // a revision waits for a person
	Failed      Kind = "failed"      // a revision could not be processed
	Refused     Kind = "refused"     // a revision was rejected, as an earlier file of its name was
	Duplicate   Kind = "duplicate"   // a revision says what another one says
	Decided     Kind = "decided"     // a person decided about a held revision
	Configured  Kind = "configured"  // a collection's settings were changed
	Erased      Kind = "erased"      // a document was deleted with all that came from it
)

// Event is one thing that happened.
type Event struct {
	Actor      string // access.Principal.ID
	Kind       Kind
	DocumentID int64 // 0: no document
	Revision   int   // 0: no revision
	// Detail is what else there is to know, as JSON. It must stay readable after the document is gone,
	// and hold nothing that an erasure would have to find.
	Detail map[string]any
}

// Querier runs a statement: a pool, a connection or a transaction.
type Querier interface {
	Exec(ctx context.Context, sql string, arguments ...any) (pgconn.CommandTag, error)
}

// Journal writes to Postgres.
type Journal struct {
	pool *pgxpool.Pool
}

// New returns the journal behind the pool, whose schema must be migrated.
func New(pool *pgxpool.Pool) *Journal { return &Journal{pool: pool} }

// Record writes an event through q, so that it becomes true together with what it tells of:
// give it the transaction of the change.
func (j *Journal) Record(ctx context.Context, q Querier, e Event) error {
	detail := e.Detail
	if detail == nil {
		detail = map[string]any{}
	}
	const insert = `
		insert into events (actor, kind, document_id, revision, detail)
		values ($1, $2, nullif($3::bigint, 0), nullif($4::int, 0), $5)`
	if _, err := q.Exec(ctx, insert, e.Actor, e.Kind, e.DocumentID, e.Revision, detail); err != nil {
		return fmt.Errorf("record %s: %w", e.Kind, err)
	}
	return nil
}
