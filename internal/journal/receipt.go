package journal

import (
	"context"
	"fmt"
	"time"
)

// Receipt is what an answer stood on.
type Receipt struct {
	AnswerID         string // a UUID, unique
	Actor            string // access.Principal.ID
	Question         string
	Answer           string
	Abstained        bool
	AsOf             time.Time // the moment that was answered for
	Model            string
	PromptTokens     int
	CompletionTokens int
	SearchMillis     int64
	TotalMillis      int64
	DroppedCitations int // pointed nowhere, or quoted what wasn't there
	Passages         []ReceiptPassage
	Citations        []ReceiptCitation
}

// ReceiptPassage is a passage that the answer was composed from, best first.
type ReceiptPassage struct {
	ChunkID    int64   `json:"chunk_id"`
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
}

// Answered writes an answer's receipt. A second receipt of the same answer is an error.
func (j *Journal) Answered(ctx context.Context, r Receipt) error {
	const insert = `
		insert into receipts (answer_id, actor, question, answer, abstained, as_of, model, prompt_tokens,
			completion_tokens, search_ms, total_ms, dropped_citations, passages, citations)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
	_, err := j.pool.Exec(ctx, insert, r.AnswerID, r.Actor, r.Question, r.Answer, r.Abstained, r.AsOf, r.Model,
		r.PromptTokens, r.CompletionTokens, r.SearchMillis, r.TotalMillis, r.DroppedCitations,
		append([]ReceiptPassage{}, r.Passages...), append([]ReceiptCitation{}, r.Citations...)) // [] rather than null
	if err != nil {
		return fmt.Errorf("write receipt of answer %s: %w", r.AnswerID, err)
	}
	return nil
}
