package retrieve

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

const (
	// fetchedAtLeast and fetchedPerWanted are how many passages are looked at so that neighbours can be joined and
	// copies folded.
	fetchedAtLeast, fetchedPerWanted = 20, 2
	// joinedAtMost is how many chunks one passage may join: what a reader takes in at a glance, and a prompt holds.
	joinedAtMost = 3
)

// fetched is how many passages the statement returns for a query. The arms by themselves are measured as they are.
func fetched(q Query) int {
	if q.Arm != Hybrid {
		return q.Limit
	}
	return max(fetchedAtLeast, fetchedPerWanted*q.Limit)
}

// join makes one passage of neighbours among those found, at the place of the best of them, so that a reader sees
// at once what a cut took apart. What amends or is amended stays by itself.
func (s *Searcher) join(ctx context.Context, passages []Passage) ([]Passage, error) {
	var groups [][]Passage
	isAlone := amendedOrAmending(passages)
	for _, p := range passages {
		at := slices.IndexFunc(groups, func(g []Passage) bool {
			return len(g) < joinedAtMost && !isAlone[g[0].ChunkID] && !isAlone[p.ChunkID] && continues(g, p) &&
				slices.Equal(g[0].Copies, p.Copies) // or it would seem that the other documents say all of it
		})
		if at < 0 {
			groups = append(groups, []Passage{p})
		} else {
			groups[at] = append(groups[at], p)
		}
	}
	joined := make([]Passage, len(groups))
	var many []*Passage
	for i, g := range groups {
		joined[i] = together(g)
		if len(g) > 1 {
			many = append(many, &joined[i])
		}
	}
	if len(many) == 0 {
		return joined, nil
	}
	if err := s.readTexts(ctx, many); err != nil {
		return nil, err
	}
	// What was erased a moment ago has no text any more.
	return slices.DeleteFunc(joined, func(p Passage) bool { return p.Text == "" }), nil
}

// continues reports whether p stands directly before or after what the group holds.
func continues(group []Passage, p Passage) bool {
	return slices.ContainsFunc(group, func(o Passage) bool {
		return o.DocumentID == p.DocumentID && o.Revision == p.Revision && o.EffectiveFrom.Equal(p.EffectiveFrom) &&
			(o.Ordinal == p.Ordinal+1 || o.Ordinal == p.Ordinal-1)
	})
}

// together is the passage that a group becomes, best member first; its text is still the best one's.
func together(group []Passage) Passage {
	whole := group[0]
	if len(group) == 1 {
		return whole
	}
	inOrder := slices.SortedFunc(slices.Values(group), func(a, b Passage) int { return cmp.Compare(a.Start, b.Start) })
	whole.Start, whole.End, whole.Context = inOrder[0].Start, inOrder[0].Start, inOrder[0].Context
	for _, p := range inOrder {
		whole.Parts = append(whole.Parts, Part{whole.End, Place{p.Page, p.Headings}})
		whole.End = p.End
		whole.Fused = max(whole.Fused, p.Fused)
		whole.Cosine = max(whole.Cosine, p.Cosine)
		whole.Coverage = max(whole.Coverage, p.Coverage)
	}
	return whole
}

// readTexts reads what the revisions say between the passages' offsets.
func (s *Searcher) readTexts(ctx context.Context, passages []*Passage) error {
	var documents []int64
	var revisions, starts, lengths []int
	for _, p := range passages {
		documents, revisions = append(documents, p.DocumentID), append(revisions, p.Revision)
		starts, lengths = append(starts, p.Start), append(lengths, p.End-p.Start)
	}
	rows, err := s.pool.Query(ctx, `
		select coalesce(substr(t.text, w.start + 1, w.length), '')
		from unnest($1::bigint[], $2::int[], $3::int[], $4::int[]) with ordinality w(document_id, revision, start, length, n)
		left join passage_texts t on t.document_id = w.document_id and t.revision = w.revision
		order by w.n`, documents, revisions, starts, lengths)
	if err != nil {
		return fmt.Errorf("read joined passages: %w", err)
	}
	texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("read joined passages: %w", err)
	}
	for i, p := range passages {
		p.Text = texts[i]
	}
	return nil
}
