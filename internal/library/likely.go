package library

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/likeness"
)

// tellingWords is how many words a text must have for its equality to say that two files are one document.
const tellingWords = 8

// bySameText recognises what the collection says already, in another format or under another name. A copy
// changes nothing, unless it is dated anew: then the same text applies again.
func (id *identification) bySameText(ctx context.Context) (bool, Verdict, error) {
	if id.signature.Words < tellingWords {
		return false, GoOn, nil
	}
	const same = `
		select s.revision_id, s.document_id
		from signatures s
		join revisions r on r.id = s.revision_id
		left join publications b on b.revision_id = r.id and upper_inf(b.recorded) and b.valid @> statement_timestamp()
		where s.collection_id = $1 and s.plain_sha256 = $2 and s.revision_id <> $3
			and r.status in ('queued', 'running', 'published', 'withdrawn')
		order by (s.document_id = $4) desc, (b.id is not null) desc, r.id
		limit 1`
	var ofRevision, ofDocument int64
	err := id.tx.QueryRow(ctx, same, id.collectionID, id.signature.Plain[:], id.rev.ID, id.rev.DocumentID).Scan(&ofRevision, &ofDocument)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, GoOn, nil
	}
	if err != nil {
		return false, GoOn, fmt.Errorf("look for the same text: %w", err)
	}
	of, err := revisionByID(ctx, id.tx, ofRevision)
	if err != nil {
		return false, GoOn, err
	}
	isDatedAnew := id.rev.EffectiveBy == Explicit || id.rev.EffectiveBy.isStated() && of.EffectiveBy.isStated()
	if isDatedAnew && !id.rev.EffectiveFrom.Equal(of.EffectiveFrom) {
		return true, GoOn, id.settle(ctx, ofDocument, BySameText,
			fmt.Sprintf("It says the same as revision %d, with another date.", of.Number))
	}
	if err := id.settle(ctx, ofDocument, BySameText, fmt.Sprintf("It says the same as revision %d.", of.Number)); err != nil {
		return true, GoOn, err
	}
	return true, IsCopy, markDuplicate(ctx, id.tx, id.rev.ID, ofRevision)
}

// byLikeness weighs what is like this file. It decides by itself only when title and text agree, the order in
// time is certain, and the collection lets it; what is merely like something waits for a person.
func (id *identification) byLikeness(ctx context.Context) (Verdict, error) {
	isReady, err := id.look(ctx)
	if err != nil {
		return GoOn, err
	}
	if !isReady {
		return Wait, nil
	}
	own, others, err := id.split(ctx)
	if err != nil {
		return GoOn, err
	}
	if own != nil {
		return id.byName(ctx, own)
	}
	id.candidates = others
	if len(others) == 0 {
		return GoOn, id.asNew(ctx, "Nothing in the collection is like it.")
	}
	best, isClear := id.weigh()
	isCertain, why := false, unsure(best)
	if isClear {
		if isCertain, why, err = id.isOrderCertain(ctx, best); err != nil {
			return GoOn, err
		}
	}
	switch {
	case isCertain && id.settings.OnCertain == "supersede":
		return GoOn, id.settle(ctx, best.documentID, ByLikeness, "Title and text agree, and "+why)
	case isCertain:
		why = "It looks like the next state of a document; this collection asks before it takes over."
	case id.settings.OnUncertain == "publish_as_new":
		return GoOn, id.asNew(ctx, "It is like other documents, and this collection publishes such files as new ones.")
	}
	return id.hold(ctx, ReviewIdentity, "uncertain_identity", why)
}

// weigh looks for units of one form among the strong candidates and returns the best that is left. It is
// clear when no other strong one is.
func (id *identification) weigh() (best candidate, isClear bool) {
	var strong []candidate
	for i := range id.candidates {
		c := &id.candidates[i]
		if c.strength < likeness.Strong {
			continue
		}
		if c.twin = twin(id.compared(*c), *c.text, id.reading.Text); c.twin == "" {
			strong = append(strong, *c)
		}
	}
	if len(strong) == 0 {
		return id.candidates[0], false
	}
	return strong[0], len(strong) == 1
}

// unsure says why the best candidate is not enough.
func unsure(best candidate) string {
	switch {
	case best.twin != "":
		return best.twin
	case best.score.SameTitle && best.strength < likeness.Strong:
		return "It bears another document's title, and says much that is different."
	}
	return "Its text is like that of other documents, and nothing says whether it is one of them."
}

// split takes the revision's own document, to which its name has brought it, from the candidates. It is nil
// when that document has no other revision that a person or the pipeline has accepted.
func (id *identification) split(ctx context.Context) (own *candidate, others []candidate, err error) {
	hasOwn, err := hasSettled(ctx, id.tx, id.rev)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range id.candidates {
		if c.documentID != id.rev.DocumentID {
			others = append(others, c)
		} else if hasOwn {
			own = &c
		}
	}
	if hasOwn && own == nil { // nothing about them is like: still the name brought it here
		key, number := id.rev.DocumentKey, id.rev.Number
		own = &candidate{documentID: id.rev.DocumentID, key: key, title: id.rev.Title, number: number}
	}
	return own, others, nil
}

// byName holds the file's name against its text.
func (id *identification) byName(ctx context.Context, own *candidate) (Verdict, error) {
	if own.revisionID != 0 {
		own.twin = twin(id.compared(*own), *own.text, id.reading.Text)
	}
	if own.score.IsRelated() && own.twin == "" {
		id.candidates = []candidate{*own}
		return GoOn, id.settle(ctx, own.documentID, ByName, "It has the name of an earlier file, and a text that is like it.")
	}
	if id.settings.OnUncertain == "publish_as_new" {
		return GoOn, id.asNew(ctx, "It has the name of another document's file, but says something else; this collection publishes such files as new ones.")
	}
	why := "It has the name of an earlier file, but says something else."
	if own.twin != "" {
		why = own.twin
	}
	return id.hold(ctx, ReviewIdentity, "unlike_text", why)
}

// asNew makes the revision the first of a document of its own.
func (id *identification) asNew(ctx context.Context, because string) error {
	target, err := ownDocument(ctx, id.tx, id.rev)
	if err != nil {
		return err
	}
	return id.settle(ctx, target, AsNew, because)
}
