package httpapi

import (
	"context"
	"encoding/hex"
	"time"

	"clearwell/api"
	"clearwell/internal/access"
	"clearwell/internal/fault"
	"clearwell/internal/journal"
)

// seesAllReceipts reports whether who may read what others asked. A receipt quotes from any collection, so
// an admin of some is not enough.
func seesAllReceipts(who access.Principal) bool {
	return who.Role == access.Admin && who.Collections == nil
}

// GetReceipt returns what an answer stood on.
func (s *Server) GetReceipt(ctx context.Context, req api.GetReceiptRequestObject) (api.GetReceiptResponseObject, error) {
	who := principalOf(ctx)
	receipt, err := s.Receipts.Receipt(ctx, req.AnswerId)
	isHidden := err == nil && receipt.Actor != who.ID && !seesAllReceipts(who)
	if isHidden || fault.KindOf(err) == fault.NotFound {
		return nil, fault.Newf(fault.NotFound, "unknown_answer", "There is no receipt of such an answer, or it is not yours to see.")
	}
	if err != nil {
		return nil, err
	}
	return api.GetReceipt200JSONResponse(receiptOf(receipt)), nil
}

// ListReceipts returns the answers of the last days that cite what no longer applies, newest first.
func (s *Server) ListReceipts(ctx context.Context, req api.ListReceiptsRequestObject) (api.ListReceiptsResponseObject, error) {
	if !seesAllReceipts(principalOf(ctx)) {
		return nil, fault.Newf(fault.Forbidden, "may_not_list_receipts",
			"Receipts show what everyone asked; ask an admin whose key covers all collections.")
	}
	if req.Params.Outdated != nil && !*req.Params.Outdated {
		return nil, fault.Newf(fault.Invalid, "only_outdated", "Only outdated receipts are listed; leave `outdated` out, or name one answer.")
	}
	limit, err := checkLimit(req.Params.Limit, 100, 1000)
	if err != nil {
		return nil, err
	}
	days, err := checkDays(req.Params.Days)
	if err != nil {
		return nil, err
	}
	found, err := s.Receipts.Outdated(ctx, time.Now().AddDate(0, 0, -days), limit)
	if err != nil {
		return nil, err
	}
	list := api.ListReceipts200JSONResponse{Receipts: make([]api.Receipt, len(found))}
	for i, r := range found {
		list.Receipts[i] = receiptOf(r)
	}
	return list, nil
}

// checkDays returns how many days to look back, 30 if nothing is said.
func checkDays(days *int) (int, error) {
	if days == nil {
		return 30, nil
	}
	if *days < 1 || *days > 3650 {
		return 0, fault.Newf(fault.Invalid, "invalid_days", "`days` must be a whole number from 1 to 3650.")
	}
	return *days, nil
}

func receiptOf(r journal.Receipt) api.Receipt {
	receipt := api.Receipt{
		AnswerId: r.AnswerID, At: r.At, AskedBy: r.Actor, Question: r.Question, Answer: r.Answer, Abstained: r.Abstained,
		AsOf: r.AsOf, AskedAsOf: r.AskedAsOf, AskedKnownAt: r.AskedKnownAt, Model: r.Model, PromptSha256: hex.EncodeToString(r.PromptSHA256),
		Usage: api.Usage{
			PromptTokens: r.PromptTokens, CompletionTokens: r.CompletionTokens, SearchMs: r.SearchMillis, TotalMs: r.TotalMillis,
		},
		DroppedCitations: r.DroppedCitations, Passages: make([]api.ReceiptPassage, len(r.Passages)),
		Citations: make([]api.ReceiptCitation, len(r.Citations)), Outdated: make([]api.OutdatedCitation, len(r.Outdated)),
	}
	for i, p := range r.Passages {
		receipt.Passages[i] = api.ReceiptPassage{DocumentId: idOf(p.DocumentID), Revision: p.Revision, Score: p.Score}
	}
	for i, c := range r.Citations {
		receipt.Citations[i] = api.ReceiptCitation{
			N: c.N, DocumentId: idOf(c.DocumentID), Revision: c.Revision, Start: c.Start, End: c.End, Quote: c.Quote, Former: c.IsFormer,
		}
	}
	for i, o := range r.Outdated {
		receipt.Outdated[i] = api.OutdatedCitation{
			N: o.N, DocumentId: idOf(o.DocumentID), Revision: o.Revision, EndedAt: o.EndedAt, EndedBy: o.EndedBy,
		}
	}
	return receipt
}
