package eval

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/retrieve"
)

// Cause is the first step of an answer at which it went wrong.
type Cause string

// The causes, in the order of the steps.
const (
	ByChunking Cause = "chunking"          // no single passage in force holds the evidence
	ByBothArms Cause = "lexical and dense" // it is among the first hundred of neither arm
	ByLexical  Cause = "lexical"           // it is not among the first hundred of the lexical arm, and low in the other
	ByDense    Cause = "dense"             // the same the other way round
	ByFusion   Cause = "fusion"            // an arm has it among its first ten, both together not among the first five
	ByRanking  Cause = "ranking"           // both arms have it, neither among its first ten
	ByAbstain  Cause = "abstention"        // it was found and not answered, or answered though nothing says it
	BySentence Cause = "sentence choice"   // it was found, and the answer is made of other sentences
	ByUnknown  Cause = "unknown"           // the set names no evidence to look for
)

// topRank is how far down a passage may stand to count as found.
const topRank = 5

// explain notes why the answer to a case is wrong.
func (s Subject) explain(ctx context.Context, c caseEntry, evidence string, out *CaseReport) error {
	switch {
	case !isAnswerable(c.Type):
		out.Cause = ByAbstain
	case evidence == "":
		out.Cause = ByUnknown
	case out.Rank == 0 || out.Rank > topRank:
		return s.explainRank(ctx, c, evidence, out)
	case out.Abstained:
		out.Cause = ByAbstain
	default:
		out.Cause = BySentence
	}
	return nil
}

// explainRank notes why the passage with the evidence is not among the first five.
func (s Subject) explainRank(ctx context.Context, c caseEntry, evidence string, out *CaseReport) error {
	isWhole, err := s.isInOnePassage(ctx, c.DocID, evidence)
	if err != nil {
		return err
	}
	if !isWhole {
		out.Cause = ByChunking
		return nil
	}
	out.ArmRanks = make(map[retrieve.Arm]int)
	for _, arm := range []retrieve.Arm{retrieve.Lexical, retrieve.Dense} {
		found, err := s.Searcher.Search(ctx, evaluator, retrieve.Query{Text: c.Question, Limit: 100, Arm: arm})
		if err != nil {
			return err
		}
		out.ArmRanks[arm] = rankOf(found.Passages, c.DocID, evidence)
	}
	out.Cause = causeOfRanks(out.ArmRanks[retrieve.Lexical], out.ArmRanks[retrieve.Dense])
	return nil
}

// causeOfRanks tells by the places in both arms, from 1; 0: not among the first hundred.
func causeOfRanks(lexical, dense int) Cause {
	isHigh := func(rank int) bool { return rank > 0 && rank <= 10 }
	switch {
	case isHigh(lexical) || isHigh(dense):
		return ByFusion
	case lexical == 0 && dense == 0:
		return ByBothArms
	case lexical == 0:
		return ByLexical
	case dense == 0:
		return ByDense
	}
	return ByRanking
}

// rankOf is the place, from 1, of the first passage of the document that holds the evidence, or of one into which it
// was folded; 0 if none does.
func rankOf(passages []retrieve.Passage, key, evidence string) int {
	for i, p := range passages {
		if slices.Contains(documentsOf(p), key) && holdsEvidence(p.Title, p.Context, p.Text, evidence) {
			return i + 1
		}
	}
	return 0
}

func holdsEvidence(title, lead, text, evidence string) bool {
	return evidence != "" && strings.Contains(letters(title+lead+text), evidence)
}

// isInOnePassage reports whether a passage of the document that is in force holds the whole evidence.
func (s Subject) isInOnePassage(ctx context.Context, key, evidence string) (bool, error) {
	rows, err := s.Pool.Query(ctx, `
		select d.title, d.context, d.text
		from passages_in_force(now(), (select array_agg(id) from collections)) p
		join passage_details d using (publication_id, chunk_id)
		where d.document_key = $1`, key)
	if err != nil {
		return false, fmt.Errorf("list passages of %s: %w", key, err)
	}
	isWhole := false
	var title, lead, text string
	_, err = pgx.ForEachRow(rows, []any{&title, &lead, &text}, func() error {
		isWhole = isWhole || holdsEvidence(title, lead, text, evidence)
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("list passages of %s: %w", key, err)
	}
	return isWhole, nil
}
