package library

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/diff"
	"clearwell/internal/imprint"
	"clearwell/internal/likeness"
)

// Reading is what identification takes from a file once it has been read.
type Reading struct {
	Title  string // the document's own; "" if it has none
	Called string // its title, or what its file's name makes of it: for people
	Text   string
	Blocks []diff.Block // of Text
	Facts  imprint.Facts
}

// Verdict says how a revision goes on after it was identified.
type Verdict int

// The verdicts.
const (
	GoOn      Verdict = iota // to publication, in the document that it now belongs to
	Wait                     // a file that it is like is being processed: ask again in a moment
	IsHeld                   // a person decides: there is a review
	IsCopy                   // it says what another revision says already
	IsRefused                // a person refused files of this name
)

// identifyClass marks the advisory locks under which files of one collection are identified in turn ("clid"):
// two files that arrive together would otherwise not see each other.
const identifyClass = 0x636c6964

// identification is one revision on its way to its document.
type identification struct {
	tx           pgx.Tx
	rev          Revision
	reading      Reading
	collectionID int64
	settings     Settings
	label        likeness.Label
	subject      likeness.Subject
	signature    likeness.Signature
	candidates   []candidate
}

// Identify says whose revision it is, from when it applies and where in time it stands, in the order of
// docs/versions.md. It moves the revision to its document, or holds it with what a person needs to decide.
// Errors: fault.Invalid for what the document says of itself and can't be (invalid_dates, supersession_cycle).
func Identify(ctx context.Context, tx pgx.Tx, rev Revision, reading Reading) (Revision, Verdict, error) {
	id := &identification{tx: tx, rev: rev, reading: reading, signature: likeness.Sign(reading.Text)}
	if err := id.open(ctx); err != nil {
		return rev, GoOn, err
	}
	verdict, err := id.run(ctx)
	if err != nil || verdict == Wait {
		return rev, verdict, err
	}
	if verdict != GoOn && rev.Title == "" { // for people; a revision that goes on gets its title when it is staged
		if _, err := tx.Exec(ctx, `update revisions set title = $2 where id = $1`, rev.ID, cmp.Or(reading.Called, reading.Title)); err != nil {
			return rev, verdict, fmt.Errorf("file title: %w", err)
		}
	}
	rev, err = revisionByID(ctx, tx, rev.ID)
	return rev, verdict, err
}

// open takes the collection's turn and files what the document says of itself.
func (id *identification) open(ctx context.Context) error {
	err := id.tx.QueryRow(ctx, `select collection_id from documents where id = $1`, id.rev.DocumentID).Scan(&id.collectionID)
	if err != nil {
		return fmt.Errorf("open collection: %w", err)
	}
	if _, err := id.tx.Exec(ctx, `select pg_advisory_xact_lock($1, $2::bigint::int)`, identifyClass, id.collectionID%(1<<31)); err != nil {
		return fmt.Errorf("take the collection's turn: %w", err)
	}
	if id.settings, err = settingsOf(ctx, id.tx, id.rev.Collection); err != nil {
		return err
	}
	if err := setFacts(ctx, id.tx, id.rev, id.reading.Facts); err != nil {
		return err
	}
	if id.rev, err = revisionByID(ctx, id.tx, id.rev.ID); err != nil {
		return err
	}
	id.subject = subjectOf(id.rev, id.reading)
	id.label = labelOf(id.rev.VersionLabel, id.rev.FileName, cmp.Or(id.rev.Title, id.reading.Title))
	return nil
}

func (id *identification) run(ctx context.Context) (Verdict, error) {
	verdict, err := id.whose(ctx)
	if err != nil || verdict != GoOn {
		return verdict, err
	}
	if verdict, err = id.relate(ctx); err != nil || verdict != GoOn {
		return verdict, err
	}
	if verdict, err = id.order(ctx); err != nil || verdict != GoOn {
		return verdict, err
	}
	return id.dates(ctx)
}

// whose finds the document, by the first rule that decides.
func (id *identification) whose(ctx context.Context) (Verdict, error) {
	if id.rev.IdentifiedBy != NotYet && id.rev.IdentifiedBy != ByName {
		return GoOn, id.sign(ctx)
	}
	isRefused, err := id.isRefused(ctx)
	if err != nil {
		return GoOn, err
	}
	if isRefused {
		return IsRefused, id.refuse(ctx)
	}
	for _, rule := range []func(context.Context) (bool, Verdict, error){id.bySupersedes, id.byDocumentID, id.bySameText} {
		decides, verdict, err := rule(ctx)
		if err != nil || decides {
			return verdict, err
		}
	}
	return id.byLikeness(ctx)
}

// bySupersedes follows a document that names the one that it replaces.
func (id *identification) bySupersedes(ctx context.Context) (bool, Verdict, error) {
	names := id.reading.Facts.Supersedes
	if len(names) != 1 {
		return false, GoOn, nil // several: it is a document of its own that takes them over
	}
	target, err := resolve(ctx, id.tx, id.collectionID, names[0])
	if err != nil || target == 0 {
		return false, GoOn, err // relate() asks about a name that it doesn't know
	}
	return true, GoOn, id.settle(ctx, target, BySupersedes, fmt.Sprintf("It says that it replaces %q.", names[0]))
}

// byDocumentID follows the id that the document bears.
func (id *identification) byDocumentID(ctx context.Context) (bool, Verdict, error) {
	if len(id.reading.Facts.IDs) == 0 {
		return false, GoOn, nil
	}
	rows, err := id.tx.Query(ctx, `
		select distinct document_id from document_ids where collection_id = $1 and name = any($2)`,
		id.collectionID, lowered(id.reading.Facts.IDs))
	if err != nil {
		return false, GoOn, fmt.Errorf("look for the document's id: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return false, GoOn, fmt.Errorf("look for the document's id: %w", err)
	}
	if len(found) != 1 {
		return false, GoOn, nil
	}
	because := fmt.Sprintf("It bears the id %q.", strings.Join(id.reading.Facts.IDs, ", "))
	return true, GoOn, id.settle(ctx, found[0], ByDocumentID, because)
}

// settle gives the revision to a document.
func (id *identification) settle(ctx context.Context, documentID int64, rule IdentityRule, because string) error {
	if documentID != id.rev.DocumentID {
		if err := moveRevision(ctx, id.tx, id.rev, documentID); err != nil {
			return err
		}
	}
	if err := id.explain(ctx, rule, because); err != nil {
		return err
	}
	return id.sign(ctx)
}

// explain keeps what the rule saw, and reads the revision anew.
func (id *identification) explain(ctx context.Context, rule IdentityRule, because string) error {
	if words := id.reading.Facts.Replaces; words != "" { // said of any earlier text: it tells a person more than a rule
		because += fmt.Sprintf(" Its text says: “%s”.", words)
	}
	evidence, err := json.Marshal(map[string]any{"because": because, "candidates": shown(id.candidates)})
	if err != nil {
		return fmt.Errorf("write evidence: %w", err)
	}
	_, err = id.tx.Exec(ctx, `update revisions set identified_by = $2, identity = $3 where id = $1`, id.rev.ID, rule, evidence)
	if err != nil {
		return fmt.Errorf("keep evidence: %w", err)
	}
	id.rev, err = revisionByID(ctx, id.tx, id.rev.ID)
	return err
}

func (id *identification) isRefused(ctx context.Context) (bool, error) {
	var is bool
	err := id.tx.QueryRow(ctx, `
		select exists (select from remembered
			where collection_id = $1 and source = $2 and name = $3 and document_id is null)`,
		id.collectionID, id.rev.Source, id.rev.Path).Scan(&is)
	if err != nil {
		return false, fmt.Errorf("look for an earlier refusal: %w", err)
	}
	return is, nil
}

func (id *identification) refuse(ctx context.Context) error {
	return stopAs(ctx, id.tx, id.rev.ID, Rejected, "rejected_before",
		"A person rejected an earlier file of this name and source; upload it with a key if it is wanted after all.")
}

// relate finds the documents that this one says it takes over or amends. A name that nobody knows is asked about.
func (id *identification) relate(ctx context.Context) (Verdict, error) {
	facts, rev := id.reading.Facts, id.rev
	if rev.IdentifiedBy == ByDecision {
		return GoOn, nil
	}
	supersedes, unknown, err := id.resolveKnown(ctx, facts.Supersedes)
	if err != nil {
		return GoOn, err
	}
	if unknown != "" {
		return id.hold(ctx, ReviewIdentity, "unknown_superseded",
			fmt.Sprintf("It says that it replaces %q, and this collection has no document with that key or id.", unknown))
	}
	amends, unknown, err := id.resolveKnown(ctx, facts.Amends)
	if err != nil {
		return GoOn, err
	}
	if unknown != "" {
		return id.hold(ctx, ReviewIdentity, "unknown_amended",
			fmt.Sprintf("It says that it amends %q, and this collection has no document with that key or id.", unknown))
	}
	supersedes = slices.DeleteFunc(append(supersedes, rev.supersedes...), func(d int64) bool { return d == rev.DocumentID })
	if err := checkTakeovers(ctx, id.tx, rev.DocumentID, supersedes); err != nil {
		return GoOn, err
	}
	_, err = id.tx.Exec(ctx, `update revisions set supersedes = $2, amends = $3 where id = $1`, rev.ID,
		ids(unique(supersedes)), ids(unique(append(amends, rev.amends...))))
	if err != nil {
		return GoOn, fmt.Errorf("file relations: %w", err)
	}
	return GoOn, nil
}

// resolveKnown returns the ids of the named documents, and the first name that is none's.
func (id *identification) resolveKnown(ctx context.Context, names []string) (found []int64, unknown string, err error) {
	for _, name := range names {
		target, err := resolve(ctx, id.tx, id.collectionID, name)
		if err != nil {
			return nil, "", err
		}
		if target == 0 {
			return nil, name, nil
		}
		found = append(found, target)
	}
	return found, "", nil
}

func unique(list []int64) []int64 {
	slices.Sort(list)
	return slices.Compact(list)
}
