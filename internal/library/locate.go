package library

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"clearwell/internal/fault"
)

// location is where an arrival is filed before it was read, and by which rule.
type location struct {
	key                string
	rule               IdentityRule
	supersedes, amends []int64
	// settled is the revision that these bytes are already; nothing is filed then.
	settled *Revision
}

// locate finds the document that an arrival belongs to as far as can be told without reading it: by the key,
// by what it replaces, by its path at its source, by its bytes, by an earlier decision, by its name.
func locate(ctx context.Context, tx pgx.Tx, collectionID int64, a Arrival) (location, error) {
	at := location{key: a.Key, rule: ByKey}
	var err error
	if at.amends, err = resolveAll(ctx, tx, collectionID, a.Amends, "unknown_amended", "amends"); err != nil {
		return at, err
	}
	if at.supersedes, err = resolveAll(ctx, tx, collectionID, a.Supersedes, "unknown_superseded", "supersedes"); err != nil {
		return at, err
	}
	if !a.IsKeyDerived {
		return at, nil
	}
	if len(at.supersedes) == 1 { // without a key: the next revision of what it replaces
		at.rule = BySupersedes
		at.key, err = keyOf(ctx, tx, at.supersedes[0])
		at.supersedes = nil
		return at, err
	}
	for _, find := range []func(context.Context, pgx.Tx, int64, Arrival) (string, IdentityRule, *Revision, error){
		bySource, byBytes, byRemembered, byPath,
	} {
		key, rule, settled, err := find(ctx, tx, collectionID, a)
		if err != nil {
			return at, err
		}
		if key != "" || settled != nil {
			at.key, at.rule, at.settled = key, rule, settled
			return at, nil
		}
	}
	at.rule = ByName
	at.key, err = keyOfItsOwn(ctx, tx, collectionID, a)
	return at, err
}

// keyOfItsOwn is the arrival's key, or another one where that key's document has its files from another source:
// two departments may both have a README.
func keyOfItsOwn(ctx context.Context, tx pgx.Tx, collectionID int64, a Arrival) (string, error) {
	if a.Source == "" {
		return a.Key, nil
	}
	var isElsewhere bool
	err := tx.QueryRow(ctx, `
		select exists (select from documents d join revisions r on r.document_id = d.id
			where d.collection_id = $1 and d.key = $2 and r.source not in ('', $3))`, collectionID, a.Key, a.Source).Scan(&isElsewhere)
	if err != nil {
		return "", fmt.Errorf("look at the key's source: %w", err)
	}
	if !isElsewhere {
		return a.Key, nil
	}
	return freeKey(ctx, tx, collectionID, a.Path)
}

// freeKey is the path with a number that no document of the collection has for a key.
func freeKey(ctx context.Context, tx pgx.Tx, collectionID int64, filePath string) (string, error) {
	ext := path.Ext(filePath)
	base := strings.TrimSuffix(filePath, ext)
	for n := 2; ; n++ {
		key := fmt.Sprintf("%s (%d)%s", base, n, ext)
		var isTaken bool
		err := tx.QueryRow(ctx, `select exists (select from documents where collection_id = $1 and key = $2)`, collectionID, key).Scan(&isTaken)
		if err != nil {
			return "", fmt.Errorf("look for a free key: %w", err)
		}
		if !isTaken {
			return key, nil
		}
	}
}

// bySource finds the document whose file lay at the same path of the same source. A file whose own identity is
// not settled yet tells nothing.
func bySource(ctx context.Context, tx pgx.Tx, collectionID int64, a Arrival) (string, IdentityRule, *Revision, error) {
	if a.Source == "" {
		return "", "", nil, nil
	}
	key, err := keyWhere(ctx, tx, `d.collection_id = $1 and r.path = $2 and r.source = $3
		and (r.status in ('published', 'withdrawn', 'duplicate') or r.status <> 'rejected' and r.identified_by not in ('pending', 'name'))`,
		collectionID, a.Path, a.Source)
	return key, BySource, nil, err
}

// byBytes finds a document that has had these bytes. Under another name they are a copy, and settle nothing new.
func byBytes(ctx context.Context, tx pgx.Tx, collectionID int64, a Arrival) (string, IdentityRule, *Revision, error) {
	revs, err := selectRevisions(ctx, tx, `d.collection_id = $1 and r.original_sha256 = $2
		order by (r.path = $3) desc, r.id desc limit 1`, collectionID, a.SHA256[:], a.Path)
	if err != nil || len(revs) == 0 {
		return "", "", nil, err
	}
	seen := revs[0]
	if seen.Path == a.Path || seen.DocumentKey == a.Key || a.EffectiveFrom != nil || seen.Status == Failed {
		return seen.DocumentKey, seen.IdentifiedBy, nil, nil
	}
	return "", "", &seen, nil
}

// byRemembered finds the document that a person gave an earlier file of this source and name to.
func byRemembered(ctx context.Context, tx pgx.Tx, collectionID int64, a Arrival) (string, IdentityRule, *Revision, error) {
	var key string
	err := tx.QueryRow(ctx, `
		select d.key from remembered m join documents d on d.id = m.document_id
		where m.collection_id = $1 and m.source = $2 and m.name = $3`, collectionID, a.Source, a.Path).Scan(&key)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", "", nil, nil
	}
	if err != nil {
		return "", "", nil, fmt.Errorf("look for an earlier decision: %w", err)
	}
	if a.Source == "" {
		return key, ByName, nil, nil // a name without a source may be anybody's: its text is looked at, too
	}
	return key, ByDecision, nil, nil
}

// byPath finds the document that had a file of this path, whatever its key.
func byPath(ctx context.Context, tx pgx.Tx, collectionID int64, a Arrival) (string, IdentityRule, *Revision, error) {
	key, err := keyWhere(ctx, tx, `d.collection_id = $1 and r.path = $2 and r.status <> 'rejected'
		and ($3 = '' or r.source in ('', $3))`, collectionID, a.Path, a.Source)
	return key, ByName, nil, err
}

// keyWhere is the key of the document with the newest revision that meets the condition; "" if there is none.
func keyWhere(ctx context.Context, tx pgx.Tx, condition string, args ...any) (string, error) {
	var key string
	err := tx.QueryRow(ctx, `
		select d.key from revisions r join documents d on d.id = r.document_id
		where `+condition+` order by r.id desc limit 1`, args...).Scan(&key)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", fmt.Errorf("look for the document: %w", err)
	}
	return key, nil
}

func keyOf(ctx context.Context, tx pgx.Tx, documentID int64) (string, error) {
	var key string
	if err := tx.QueryRow(ctx, `select key from documents where id = $1`, documentID).Scan(&key); err != nil {
		return "", fmt.Errorf("read key: %w", err)
	}
	return key, nil
}

// resolveAll turns names of documents into their ids. What is not in the collection is as if it were nowhere.
func resolveAll(ctx context.Context, tx pgx.Tx, collectionID int64, names []string, code, field string) ([]int64, error) {
	var found []int64
	for _, name := range names {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		id, err := resolve(ctx, tx, collectionID, name)
		if err != nil {
			return nil, err
		}
		if id == 0 {
			return nil, fault.Newf(fault.Invalid, code,
				"`%s` names %q, and this collection has no document with that key or id; check the spelling, or upload that document first.",
				field, name)
		}
		if !slices.Contains(found, id) {
			found = append(found, id)
		}
	}
	return found, nil
}

// resolve finds a document of the collection by its key, by an id that it gives itself, or by our id; 0 if
// there is none.
func resolve(ctx context.Context, tx pgx.Tx, collectionID int64, name string) (int64, error) {
	var id int64
	err := tx.QueryRow(ctx, `
		select id from (
			select id, 1 as rank from documents where collection_id = $1 and key = $2
			union all select document_id, 2 from document_ids where collection_id = $1 and name = lower($2)
			union all select id, 3 from documents where collection_id = $1 and id::text = $2) found
		order by rank limit 1`, collectionID, name).Scan(&id)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("look for document %q: %w", name, err)
	}
	return id, nil
}

// ids is never nil: the column holds a list.
func ids(list []int64) []int64 { return append([]int64{}, list...) }
