package answer

import (
	"context"
	"time"

	"clearwell/internal/access"
	"clearwell/internal/journal"
)

// record writes the receipt, whatever became of the answer or of the reader. An answer that failed has
// one too if anything of it was said.
func (s *Service) record(ctx context.Context, who access.Principal, q Question, w *writing, failure error) {
	if failure != nil && w.text.Len() == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	a := w.answer
	receipt := journal.Receipt{
		AnswerID: a.ID, Actor: who.ID, Question: q.Text, Answer: a.Text, Abstained: a.Abstained, AsOf: a.AsOf,
		AskedAsOf: asked(q.AsOf), AskedKnownAt: asked(q.KnownAt), Model: a.Model, PromptSHA256: a.PromptSHA256, PromptTokens: a.PromptTokens, CompletionTokens: a.CompletionTokens,
		SearchMillis: a.SearchMillis, TotalMillis: a.TotalMillis, DroppedCitations: a.Dropped,
	}
	for _, p := range a.Passages {
		receipt.Passages = append(receipt.Passages, journal.ReceiptPassage{
			ChunkID: p.ChunkID, DocumentID: p.DocumentID, Revision: p.Revision, Score: p.Score,
		})
	}
	for _, c := range a.Citations {
		receipt.Citations = append(receipt.Citations, journal.ReceiptCitation{
			N: c.N, ChunkID: c.Passage.ChunkID, DocumentID: c.Passage.DocumentID, Revision: c.Passage.Revision,
			Start: c.Start, End: c.End, Quote: c.Quote, IsFormer: c.IsFormer,
		})
	}
	if err := s.recorder.Answered(ctx, receipt); err != nil {
		s.log.Error("receipt not written", "answer_id", a.ID, "error", err)
	}
}

// asked is a moment that the question named; nil for the present.
func asked(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
