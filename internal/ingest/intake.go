// Package ingest takes a file from upload to publication.
// It does not decide what is in force (library does) or how a format is read (parse does).
package ingest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"clearwell/internal/access"
	"clearwell/internal/fault"
	"clearwell/internal/journal"
	"clearwell/internal/library"
	"clearwell/internal/postgres"
)

// DefaultCollection is where an upload goes that names none.
const DefaultCollection = "default"

// DefaultMaxBytes bounds one uploaded file.
const DefaultMaxBytes = 100 << 20

// Intake is the door for files and for decisions about revisions.
type Intake struct {
	pool     *pgxpool.Pool
	library  *library.Store
	journal  *journal.Journal
	queue    *river.Client[pgx.Tx]
	maxBytes int64
}

// NewIntake returns the door. maxBytes 0 means DefaultMaxBytes.
func NewIntake(pool *pgxpool.Pool, lib *library.Store, jour *journal.Journal, queue *Queue, maxBytes int64) *Intake {
	if maxBytes == 0 {
		maxBytes = DefaultMaxBytes
	}
	return &Intake{pool: pool, library: lib, journal: jour, queue: queue.client, maxBytes: maxBytes}
}

// Accept keeps the file's bytes and queues their way to publication, in one transaction. It reports
// unchanged when there is nothing to do: the document says this already.
func (in *Intake) Accept(ctx context.Context, who access.Principal, up Upload) (rev library.Revision, unchanged bool, err error) {
	arrival, err := in.arrival(who, up)
	if err != nil {
		return library.Revision{}, false, err
	}
	spool, err := in.spool(up.Body, &arrival)
	if err != nil {
		return library.Revision{}, false, err
	}
	defer spool.Close()
	err = postgres.InTx(ctx, in.pool, func(tx pgx.Tx) error {
		var outcome library.Outcome
		rev, outcome, err = in.library.Receive(ctx, tx, arrival)
		if err != nil {
			return err
		}
		unchanged = outcome == library.Unchanged
		switch outcome {
		case library.Unchanged:
			return nil
		case library.Republished:
			return in.note(ctx, tx, who, journal.Republished, rev)
		}
		if _, err := in.queue.InsertTx(ctx, tx, publishArgs{RevisionID: rev.ID}, nil); err != nil {
			return fmt.Errorf("queue revision: %w", err)
		}
		return in.note(ctx, tx, who, journal.Received, rev)
	})
	if err != nil {
		return library.Revision{}, false, fmt.Errorf("accept %q: %w", arrival.FileName, err)
	}
	return rev, unchanged, nil
}

// arrival checks what can be checked before the bytes are read.
func (in *Intake) arrival(who access.Principal, up Upload) (library.Arrival, error) {
	collection := up.Collection
	if collection == "" {
		collection = DefaultCollection
	}
	if !who.MayWrite(collection) {
		return library.Arrival{}, fault.Newf(fault.Forbidden, "may_not_upload",
			"You may not upload to the collection %q; ask an admin for a key with the editor role.", collection)
	}
	name := cleanName(up.Name)
	key := strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(up.Key, "\x00", ""), "\uFFFD"))
	filePath := cleanPath(up.Path)
	if filePath == "" {
		filePath = name
	}
	isDerived := key == ""
	if isDerived {
		key = filePath
	}
	return library.Arrival{
		Collection: collection, Key: key, IsKeyDerived: isDerived, Path: filePath, FileName: name,
		Supersedes: names(up.Supersedes), Amends: names(up.Amends),
		Title: cleanLine(up.Title), MediaType: cleanLine(up.MediaType), Source: cleanLine(up.Source), CreatedBy: who.ID,
		EffectiveFrom: given(up.EffectiveFrom), EffectiveUntil: given(up.EffectiveUntil),
	}, nil
}

// spool copies the body to an unnamed temporary file, counting and hashing as it goes, so that a slow
// upload holds no transaction and a large one no memory.
func (in *Intake) spool(body io.Reader, a *library.Arrival) (*os.File, error) {
	file, err := os.CreateTemp("", "clearwell-upload-*")
	if err != nil {
		return nil, fmt.Errorf("make temporary file: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		file.Close()
		return nil, fmt.Errorf("unlink temporary file: %w", err)
	}
	hash := sha256.New()
	a.Size, err = io.Copy(io.MultiWriter(file, hash), io.LimitReader(body, in.maxBytes+1))
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err == nil && a.Size > in.maxBytes {
		err = fault.Newf(fault.TooLarge, "file_too_large",
			"The file is larger than %d MiB, the limit of this server; split it or ask an admin to raise the limit.", in.maxBytes>>20)
	}
	if err == nil && a.Size == 0 {
		err = fault.Newf(fault.Invalid, "empty_file", "The file is empty; upload it again once it has content.")
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	copy(a.SHA256[:], hash.Sum(nil))
	a.Body = file
	return file, nil
}

// Publish puts an earlier revision of a document in force again, from now (roll back).
func (in *Intake) Publish(ctx context.Context, who access.Principal, documentID int64, number int) (library.Revision, error) {
	return in.decide(ctx, who, documentID, number, journal.Republished, func(tx pgx.Tx, rev library.Revision) error {
		return library.Republish(ctx, tx, rev, nil, nil)
	})
}

// Withdraw takes a revision out, from now.
func (in *Intake) Withdraw(ctx context.Context, who access.Principal, documentID int64, number int) (library.Revision, error) {
	return in.decide(ctx, who, documentID, number, journal.Withdrawn, func(tx pgx.Tx, rev library.Revision) error {
		return library.Withdraw(ctx, tx, rev)
	})
}

func (in *Intake) decide(ctx context.Context, who access.Principal, documentID int64, number int, kind journal.Kind,
	change func(pgx.Tx, library.Revision) error,
) (library.Revision, error) {
	rev, err := in.library.Revision(ctx, documentID, number)
	if err != nil {
		return library.Revision{}, err
	}
	if err := mayChange(who, rev.Collection); err != nil {
		return library.Revision{}, err
	}
	err = postgres.InTx(ctx, in.pool, func(tx pgx.Tx) error {
		if err := change(tx, rev); err != nil {
			return err
		}
		return in.note(ctx, tx, who, kind, rev)
	})
	if err != nil {
		return library.Revision{}, err
	}
	return in.library.RevisionByID(ctx, rev.ID)
}

// Decide carries out what a person says about a held revision, and queues it when it goes on.
func (in *Intake) Decide(ctx context.Context, who access.Principal, reviewID int64, d library.Settlement) (library.Revision, error) {
	review, err := in.library.Review(ctx, reviewID)
	if err != nil {
		return library.Revision{}, err
	}
	if err := mayChange(who, review.Revision.Collection); err != nil {
		return library.Revision{}, err
	}
	var rev library.Revision
	err = postgres.InTx(ctx, in.pool, func(tx pgx.Tx) (err error) {
		var goesOn bool
		if rev, goesOn, err = library.Settle(ctx, tx, reviewID, who.ID, d); err != nil {
			return err
		}
		if goesOn {
			if _, err := in.queue.InsertTx(ctx, tx, publishArgs{RevisionID: rev.ID}, nil); err != nil {
				return fmt.Errorf("queue revision: %w", err)
			}
		}
		return in.journal.Record(ctx, tx, journal.Event{
			Actor: who.ID, Kind: journal.Decided, DocumentID: rev.DocumentID, Revision: rev.Number,
			Detail: map[string]any{"review": reviewID, "kind": review.Kind, "decision": d.Decision, "collection": rev.Collection, "key": rev.DocumentKey},
		})
	})
	return rev, err
}

// Configure changes how a collection treats what arrives.
func (in *Intake) Configure(ctx context.Context, who access.Principal, set library.Settings) error {
	if who.Role != access.Admin || !who.MayWrite(set.Collection) {
		return fault.Newf(fault.Forbidden, "may_not_configure", "Only an admin of the collection may change its settings.")
	}
	return postgres.InTx(ctx, in.pool, func(tx pgx.Tx) error {
		if err := library.SetSettings(ctx, tx, set); err != nil {
			return err
		}
		return in.journal.Record(ctx, tx, journal.Event{Actor: who.ID, Kind: journal.Configured, Detail: map[string]any{
			"collection": set.Collection, "on_certain": set.OnCertain, "on_uncertain": set.OnUncertain, "locale": set.Locale,
			"keep_history_days": set.KeepHistoryDays,
		}})
	})
}

// Delete erases a document with everything that came from it.
func (in *Intake) Delete(ctx context.Context, who access.Principal, documentID int64) error {
	doc, err := in.library.Document(ctx, documentID)
	if err != nil {
		return err
	}
	if err := mayChange(who, doc.Collection); err != nil {
		return err
	}
	return postgres.InTx(ctx, in.pool, func(tx pgx.Tx) error {
		if err := library.Erase(ctx, tx, documentID); err != nil {
			return err
		}
		return in.note(ctx, tx, who, journal.Erased, doc.Latest)
	})
}

func mayChange(who access.Principal, collection string) error {
	if !who.MayRead(collection) {
		return fault.Newf(fault.NotFound, "unknown_document", "There is no such document, or it is not yours to see.")
	}
	if !who.MayWrite(collection) {
		return fault.Newf(fault.Forbidden, "may_not_change",
			"You may not change documents in %q; ask an admin for a key with the editor role.", collection)
	}
	return nil
}

func (in *Intake) note(ctx context.Context, tx pgx.Tx, who access.Principal, kind journal.Kind, rev library.Revision) error {
	return in.journal.Record(ctx, tx, eventOf(who, kind, rev))
}

// eventOf is what the journal keeps of something that happened to a revision.
func eventOf(who access.Principal, kind journal.Kind, rev library.Revision) journal.Event {
	return journal.Event{
		Actor: who.ID, Kind: kind, DocumentID: rev.DocumentID, Revision: rev.Number,
		Detail: map[string]any{"collection": rev.Collection, "key": rev.DocumentKey, "file": rev.FileName},
	}
}

// cleanName is the base name of a file without anything that could steer a path or a terminal.
func cleanName(name string) string {
	name = cleanLine(path.Base(strings.ReplaceAll(name, `\`, "/")))
	if name == "" || name == "." || name == ".." || name == "/" {
		return "unnamed"
	}
	if runes := []rune(name); len(runes) > 200 { // the extension is at the end
		name = string(runes[len(runes)-200:])
	}
	return name
}

// cleanPath is a path below a source, without steps upwards; "" if nothing is left.
func cleanPath(p string) string {
	p = strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(cleanLine(p), `\`, "/")), "/")
	if len(p) > 1024 {
		return "" // the name will do
	}
	return p
}

// names splits a list that is separated by commas.
func names(list string) []string {
	var out []string
	for name := range strings.SplitSeq(list, ",") {
		if name = cleanLine(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// cleanLine is one line of valid text without control characters.
func cleanLine(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s))
}

func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
