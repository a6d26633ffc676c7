package library

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/diff"
	"clearwell/internal/likeness"
)

// maxCandidates bounds how many documents are compared word by word.
const maxCandidates = 6

// commonTitle is how many other documents of a collection may bear a title before it tells nothing.
const commonTitle = 3

// candidate is a document that a revision may belong to.
type candidate struct {
	documentID, revisionID int64
	key, title             string
	number                 int
	text                   *string // nil while its file is being processed
	blocks                 []diff.Block
	score                  likeness.Score
	strength               likeness.Strength
	twin                   string // why it may be another unit's document of the same form; "" if not
}

// near finds revisions that share bands, title or name, the nearest one a document. Held, failed
// and rejected files are nobody's state yet.
const near = `
	with hits as (
		(select revision_id, document_id, (select count(*) from unnest(bands) b where b = any($2::int[])) as shared
		 from signatures where bands && $2::int[])
		union all
		(select revision_id, document_id, 0 from signatures where collection_id = $1 and title = $3 and $3 <> '' limit 40)
		union all
		(select revision_id, document_id, 0 from signatures where collection_id = $1 and name = $4 and $4 <> '' limit 40)
	),
	best as (
		select distinct on (h.document_id) h.document_id, h.revision_id, h.shared
		from hits h
		join revisions r on r.id = h.revision_id
		join signatures s on s.revision_id = h.revision_id
		where h.revision_id <> $5 and s.collection_id = $1 and r.status in ('queued', 'running', 'published', 'withdrawn')
		order by h.document_id, h.shared desc, (s.title = $3) desc, r.number desc
	)
	select b.document_id, b.revision_id, d.key, r.title, r.number, r.file_name, s.folder, s.headings, s.scope, c.text, c.blocks, s.title
	from best b
	join documents d on d.id = b.document_id
	join revisions r on r.id = b.revision_id
	join signatures s on s.revision_id = b.revision_id
	left join contents c on c.id = r.content_id
	order by b.shared + case when s.title = $3 and $3 <> '' then 10 else 0 end
		+ case when s.name = $4 and $4 <> '' then 3 else 0 end desc, b.document_id
	limit $6`

// look fills in the candidates, best first. It reports false when one of them is still being processed.
func (id *identification) look(ctx context.Context) (isReady bool, err error) {
	isCommon, err := id.isCommonTitle(ctx, id.subject.Title)
	if err != nil {
		return false, err
	}
	rows, err := id.tx.Query(ctx, near, id.collectionID, id.signature.Bands(id.collectionID), id.subject.Title,
		likeness.Name(id.rev.FileName), id.rev.ID, maxCandidates)
	if err != nil {
		return false, fmt.Errorf("look for candidates: %w", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (candidate, error) {
		c, other, err := scanCandidate(row)
		if err == nil && c.text != nil {
			c.score = likeness.Compare(id.subject, other)
			c.strength = c.score.Strength(isCommon)
		}
		return c, err
	})
	if err != nil {
		return false, fmt.Errorf("look for candidates: %w", err)
	}
	for _, c := range found {
		if c.text == nil {
			return false, nil
		}
	}
	id.keep(found)
	return true, nil
}

func scanCandidate(row pgx.CollectableRow) (candidate, likeness.Subject, error) {
	var c candidate
	var other likeness.Subject
	var scope, blocks []byte
	err := row.Scan(&c.documentID, &c.revisionID, &c.key, &c.title, &c.number, &other.FileName, &other.Folder,
		&other.Headings, &scope, &c.text, &blocks, &other.Title)
	if err != nil {
		return c, other, err
	}
	if err := json.Unmarshal(scope, &other.Scope); err != nil {
		return c, other, err
	}
	if c.text != nil {
		other.Text = *c.text
		c.blocks, err = blocksOf(other.Text, blocks)
	}
	return c, other, err
}

func (id *identification) isCommonTitle(ctx context.Context, title string) (bool, error) {
	if title == "" {
		return false, nil
	}
	var others int
	err := id.tx.QueryRow(ctx, `
		select count(*) from (
			select distinct document_id from signatures
			where collection_id = $1 and title = $2 and document_id <> $3 limit $4) d`,
		id.collectionID, title, id.rev.DocumentID, commonTitle).Scan(&others)
	if err != nil {
		return false, fmt.Errorf("count documents of the title: %w", err)
	}
	return others >= commonTitle, nil
}

// keep orders the candidates, drops those without strength, and those that are but of one form with this
// one: a file that is somewhat like several documents, and like none in title, was made from their template.
func (id *identification) keep(found []candidate) {
	found = slices.DeleteFunc(found, func(c candidate) bool {
		return c.strength == likeness.None && c.documentID != id.rev.DocumentID
	})
	byText := 0
	for _, c := range found {
		if !c.score.SameTitle && !c.score.SameName && !c.score.IsPart() {
			byText++
		}
	}
	if byText > 1 {
		found = slices.DeleteFunc(found, func(c candidate) bool {
			return !c.score.SameTitle && !c.score.SameName && !c.score.IsPart() && c.documentID != id.rev.DocumentID
		})
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.strength, a.strength), cmp.Compare(b.score.Rank(), a.score.Rank()))
	})
	id.candidates = found
}

// compared is the diff from a candidate's text to this one's.
func (id *identification) compared(c candidate) diff.Report {
	return diff.Compare(c.blocks, id.reading.Blocks)
}

// shown are the candidates as a person and the journal see them.
func shown(candidates []candidate) []Candidate {
	out := make([]Candidate, len(candidates))
	for i, c := range candidates {
		out[i] = Candidate{DocumentID: c.documentID, DocumentKey: c.key, Title: c.title, Revision: c.number,
			Score: rounded(c.score.Rank()), Text: rounded(c.score.Text), Headings: rounded(c.score.Headings),
			SameTitle: c.score.SameTitle, SameName: c.score.SameName, SameFolder: c.score.SameFolder, Reasons: reasons(c)}
	}
	return out
}

// rounded leaves three decimals: more would claim to know more.
func rounded(share float64) float64 { return math.Round(share*1000) / 1000 }

// reasons says what speaks for and against a candidate.
func reasons(c candidate) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if c.score.SameTitle {
		say("The titles are the same but for dates and versions.")
	}
	if c.score.SameName {
		say("The file names are the same but for dates and versions.")
	}
	switch {
	case c.score.Text >= 0.995:
		say("The texts are the same, or nearly so.")
	case c.score.IsPart() && c.score.Text < 0.6:
		say("%.0f %% of the shorter text stands in the longer one.", 100*c.score.Containment)
	default:
		say("%.0f %% of both texts taken together is the same.", 100*c.score.Text)
	}
	if c.score.Headings > 0 {
		say("%.0f %% of the headings are the same.", 100*c.score.Headings)
	}
	if !c.score.SameFolder {
		say("They come from different folders.")
	}
	if c.score.ScopeClash != "" {
		say("They apply to different ones: %s.", c.score.ScopeClash)
	}
	if c.twin != "" {
		out = append(out, c.twin)
	}
	return out
}
