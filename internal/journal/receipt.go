package journal

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
)

// Receipt is what an answer stood on.
type Receipt struct {
	AnswerID  string // a UUID, unique
	Actor     string // access.Principal.ID
	Question  string
	Answer    string
	Abstained bool
	AsOf      time.Time // the moment that was answered for
	// AskedAsOf and AskedKnownAt are the moments that the question named; nil for the present.
	AskedAsOf, AskedKnownAt *time.Time
	Model                   string
	// PromptSHA256 is of what the answer was made from; nil when there was nothing to make it from.
	PromptSHA256     []byte
	PromptTokens     int
	CompletionTokens int
	SearchMillis     int64
	TotalMillis      int64
	DroppedCitations int // pointed nowhere, or quoted what wasn't there
	Passages         []ReceiptPassage
	Citations        []ReceiptCitation
	// At is when the receipt was written, Outdated what of it no longer applies; both are set when it is read.
	At       time.Time
	Outdated []OutdatedCitation
}

// ReceiptPassage is a passage that the answer was composed from, best first.
type ReceiptPassage struct {
	ChunkID    int64   `json:"chunk_id"` // 0 when the words come from a comparison of revisions
	DocumentID int64   `json:"document_id"`
	Revision   int     `json:"revision"`
	Score      float64 `json:"score"`
}

// ReceiptCitation is a citation that stands in the answer.
type ReceiptCitation struct {
	N          int    `json:"n"` // its number in the answer's text
	ChunkID    int64  `json:"chunk_id"`
	DocumentID int64  `json:"document_id"`
	Revision   int    `json:"revision"`
	Start      int    `json:"start"` // code points of the revision's text
	End        int    `json:"end"`
	Quote      string `json:"quote"`
	// IsFormer marks what was cited as having applied before, so it can't go out of date.
	IsFormer bool `json:"former,omitempty"`
}

// OutdatedCitation is a citation whose revision no longer applies at the moment that was asked about.
type OutdatedCitation struct {
	N          int        `json:"n"`
	DocumentID int64      `json:"document_id"`
	Revision   int        `json:"revision"`
	EndedBy    string     `json:"ended_by"` // "superseded", "expired", "withdrawn" or "erased"
	EndedAt    *time.Time `json:"ended_at"` // the first moment at which it didn't apply; nil for erased, and where only its beginning was corrected
}

// OutdatedReceipt is a receipt of an answer that would be another one today.
type OutdatedReceipt = Receipt

// Answered writes an answer's receipt. A second receipt of the same answer is an error.
func (j *Journal) Answered(ctx context.Context, r Receipt) error {
	const insert = `
		insert into receipts (answer_id, actor, question, answer, abstained, as_of, asked_as_of, asked_known_at, model,
			prompt_sha256, prompt_tokens, completion_tokens, search_ms, total_ms, dropped_citations, passages, citations)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`
	_, err := j.pool.Exec(ctx, insert, r.AnswerID, r.Actor, r.Question, r.Answer, r.Abstained, r.AsOf, r.AskedAsOf,
		r.AskedKnownAt, r.Model, r.PromptSHA256, r.PromptTokens, r.CompletionTokens, r.SearchMillis, r.TotalMillis, r.DroppedCitations,
		append([]ReceiptPassage{}, r.Passages...), append([]ReceiptCitation{}, r.Citations...)) // [] rather than null
	if err != nil {
		return fmt.Errorf("write receipt of answer %s: %w", r.AnswerID, err)
	}
	return nil
}

//go:embed outdated.sql
var outdatedSQL string

// columns of a receipt in the order in which scanReceipt reads them.
const columns = `r.answer_id::text, r.at, r.actor, r.question, r.answer, r.abstained, r.as_of, r.asked_as_of, r.asked_known_at,
	r.model, r.prompt_sha256, r.prompt_tokens, r.completion_tokens, r.search_ms, r.total_ms, r.dropped_citations, r.passages,
	r.citations, o.outdated`

// Receipt returns the receipt of an answer, with what of it no longer applies. Errors: fault.NotFound with
// unknown_answer.
func (j *Journal) Receipt(ctx context.Context, answerID string) (Receipt, error) {
	unknown := fault.Newf(fault.NotFound, "unknown_answer", "There is no receipt of an answer %q: check its id.", answerID)
	id, err := uuid.Parse(answerID)
	if err != nil {
		return Receipt{}, unknown
	}
	rows, err := j.pool.Query(ctx, `select `+columns+outdatedSQL+` where r.answer_id = $1`, id)
	if err != nil {
		return Receipt{}, fmt.Errorf("read receipt of answer %s: %w", answerID, err)
	}
	receipt, err := pgx.CollectExactlyOneRow(rows, scanReceipt)
	if errors.Is(err, pgx.ErrNoRows) {
		return Receipt{}, unknown
	}
	if err != nil {
		return Receipt{}, fmt.Errorf("read receipt of answer %s: %w", answerID, err)
	}
	return receipt, nil
}

// Outdated returns the receipts since then of answers that cite what no longer applies, newest first: asked
// again, they would differ. An answer for a named moment is held against what is now held true of that
// moment; one for what was known at a moment changes only by an erasure. limit is 1–1,000.
func (j *Journal) Outdated(ctx context.Context, since time.Time, limit int) ([]OutdatedReceipt, error) {
	if limit < 1 || limit > 1000 {
		return nil, fault.Newf(fault.Invalid, "receipt_limit", "The limit is %d: give 1 to 1,000.", limit)
	}
	rows, err := j.pool.Query(ctx, `select `+columns+outdatedSQL+`
		where r.at >= $1 and not r.abstained and o.outdated is not null
		order by r.at desc, r.answer_id limit $2`, since, limit)
	if err != nil {
		return nil, fmt.Errorf("list outdated receipts: %w", err)
	}
	receipts, err := pgx.CollectRows(rows, scanReceipt)
	if err != nil {
		return nil, fmt.Errorf("list outdated receipts: %w", err)
	}
	return receipts, nil
}

func scanReceipt(row pgx.CollectableRow) (Receipt, error) {
	var r Receipt
	var outdated []byte
	err := row.Scan(&r.AnswerID, &r.At, &r.Actor, &r.Question, &r.Answer, &r.Abstained, &r.AsOf, &r.AskedAsOf, &r.AskedKnownAt,
		&r.Model, &r.PromptSHA256, &r.PromptTokens, &r.CompletionTokens, &r.SearchMillis, &r.TotalMillis, &r.DroppedCitations,
		&r.Passages, &r.Citations, &outdated)
	if err != nil || outdated == nil {
		return r, err
	}
	return r, json.Unmarshal(outdated, &r.Outdated)
}
