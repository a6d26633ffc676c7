package answer

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"clearwell/internal/access"
	"clearwell/internal/fault"
)

// Feedback is what a reader says of an answer.
type Feedback struct {
	AnswerID string
	Question string // as it was asked; read only
	Helpful  bool
	Reason   string // why, in the reader's words, at most 2,000 characters; may be empty
	Actor    string // access.Principal.ID; read only
	At       time.Time
}

// SetFeedback notes what who says of an answer that who got; it takes the place of what was said before.
// Errors: fault.NotFound with unknown_answer for the answers of others, too.
func (c *Conversations) SetFeedback(ctx context.Context, who access.Principal, f Feedback) error {
	unknown := fault.Newf(fault.NotFound, "unknown_answer", "There is no such answer, or someone else got it.")
	id, err := uuid.Parse(f.AnswerID)
	if err != nil {
		return unknown
	}
	const upsert = `
		insert into feedback (answer_id, actor, helpful, reason)
		select q.answer_id, q.actor, $3, $4 from answered_questions q where q.answer_id = $1 and q.actor = $2
		on conflict (answer_id, actor) do update set helpful = excluded.helpful, reason = excluded.reason, at = now()`
	tag, err := c.pool.Exec(ctx, upsert, id, who.ID, f.Helpful, f.Reason)
	if err != nil {
		return fmt.Errorf("note feedback on %s: %w", f.AnswerID, err)
	}
	if tag.RowsAffected() == 0 {
		return unknown
	}
	return nil
}

// Feedback lists what was said since then, newest first; helpful nil means both kinds.
func (c *Conversations) Feedback(ctx context.Context, helpful *bool, since time.Time, limit int) ([]Feedback, error) {
	const list = `
		select f.answer_id::text, q.question, f.helpful, f.reason, f.actor, f.at
		from feedback f join answered_questions q using (answer_id)
		where f.at >= $1 and ($2::boolean is null or f.helpful = $2)
		order by f.at desc, f.answer_id limit $3`
	rows, err := c.pool.Query(ctx, list, since, helpful, limit)
	if err != nil {
		return nil, fmt.Errorf("list feedback: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Feedback])
	if err != nil {
		return nil, fmt.Errorf("list feedback: %w", err)
	}
	return found, nil
}
