package answer

import (
	"context"

	"clearwell/internal/access"
	"clearwell/internal/retrieve"
)

// How clearly a document of which nothing applies any more must speak to the question before what is in force
// is passed over: by how much more of the question's idf its best passage holds, beside a higher score. On policies
// with versions the difference was .09 and more where the document asked about was withdrawn, and -.12 and less, with
// a higher score once in 48, where one in force answers.
const endedMargin = 0.05

// endedEvidence is what documents that ended have to say to the question.
type endedEvidence struct {
	note *EndedNote // nil: nothing that would have answered
	// isBetter says that it would have answered clearly better than anything in force does: then the honest
	// answer is that it applies no more. Where an amendment ended, what it amended applies again.
	isBetter bool
}

// ended looks among what applied once, at the moment of the search.
func (s *Service) ended(ctx context.Context, who access.Principal, q Question, found retrieve.Result,
	enough Evidence) (endedEvidence, error) {
	query := q.query(q.Text, s.config.Passages)
	query.AsOf = found.AsOf
	ended, err := s.search.Ended(ctx, who, query)
	if err != nil || !enough.suffices(q.Text, asFound(ended, found.Words)) {
		return endedEvidence{}, err
	}
	best := ended.Passages[0]
	evidence := endedEvidence{note: &EndedNote{DocumentID: best.DocumentID, DocumentKey: best.DocumentKey, Title: best.Title,
		Revision: best.Revision, At: best.EndedAt, By: best.EndedBy}}
	coverage, score := 0.0, 0.0
	for _, p := range found.Passages {
		coverage, score = max(coverage, p.Coverage), max(score, p.Fused)
	}
	evidence.isBetter = !best.IsAmendment && best.Coverage > coverage+endedMargin && best.Fused > score
	return evidence, nil
}

// asFound is what ended as if it had been found.
func asFound(ended retrieve.EndedResult, words []retrieve.Word) retrieve.Result {
	found := retrieve.Result{AsOf: ended.AsOf, Words: words, Cosine: ended.Cosine, Coverage: ended.Coverage}
	for _, p := range ended.Passages {
		found.Passages = append(found.Passages, p.Passage)
	}
	return found
}
