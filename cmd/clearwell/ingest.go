package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"clearwell/internal/access"
	"clearwell/internal/fault"
	"clearwell/internal/ingest"
	"clearwell/internal/library"
)

type ingestCommand struct {
	Paths          []string `arg:"" optional:"" help:"Files and folders. A document is known by its file's path below the folder given, and by its text when it was renamed."`
	Manifest       string   `help:"JSON lines {file, key, title, collection, effective_from, effective_until, supersedes, amends}; files relative to it." placeholder:"FILE" type:"existingfile"`
	Collection     string   `help:"Collection to file under." default:"default" placeholder:"NAME"`
	EffectiveFrom  string   `help:"From when the files apply: a date or an RFC 3339 time." placeholder:"DATE"`
	EffectiveUntil string   `help:"When they end." placeholder:"DATE"`
	Key            string   `help:"Key of the document; for a single file." placeholder:"KEY"`
	Supersedes     string   `help:"Keys or ids of documents that the file replaces, separated by commas; for a single file." placeholder:"KEYS"`
	Amends         string   `help:"Keys or ids of documents that the file changes in part; for a single file." placeholder:"KEYS"`
	JSON           bool     `help:"Print JSON." name:"json"`
}

// result is what became of an item.
type result struct {
	File     string `json:"file"`
	Key      string `json:"key"`
	Revision int    `json:"revision,omitempty"`
	Status   string `json:"status"`
	Code     string `json:"code,omitempty"`
	Message  string `json:"message,omitempty"`
	// SameAs is the number of the document's revision that says the same; 0: none does.
	SameAs int `json:"same_as,omitempty"`
}

// refused is the status of a file that did not become a revision.
const refused = "refused"

func (r result) isFailure() bool { return r.Status == refused || r.Status == string(library.Failed) }

// isLeftOut reports whether the file is not in the library although nothing failed: a person decides, or did.
func (r result) isLeftOut() bool {
	return r.Status == string(library.Held) || r.Status == string(library.Rejected)
}

// Run ingests and waits. It fails when any file failed.
func (c *ingestCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	items, err := c.items()
	if err != nil {
		return err
	}
	a, err := openApp(ctx, cfg, false, log)
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.queue.Work(ctx); err != nil {
		return err
	}
	results, err := a.ingestAll(ctx, items, newProgress(len(items), c.JSON))
	err = errors.Join(err, a.stopWork(ctx))
	if err != nil {
		return err
	}
	if err := a.queue.Upkeep(ctx); err != nil {
		return err
	}
	return c.report(results)
}

// report prints what became of the files. What waits for a person is no failure.
func (c *ingestCommand) report(results []result) error {
	failed := 0
	for _, r := range results {
		if r.isFailure() {
			failed++
		}
	}
	if c.JSON {
		if err := printJSON(os.Stdout, map[string]any{"files": results}); err != nil {
			return err
		}
	} else {
		printResults(results)
	}
	if failed > 0 {
		return errSilent
	}
	return nil
}

func printResults(results []result) {
	var notes strings.Builder
	inLibrary, held := 0, 0
	for _, r := range results {
		switch {
		case r.isFailure():
			fmt.Fprintf(os.Stderr, "%s: %s (%s)\n", r.File, r.Message, r.Code)
			continue
		case r.isLeftOut():
			fmt.Fprintf(&notes, "  %s is %s: %s (%s)\n", r.File, r.Status, r.Message, r.Code)
			if r.Status == string(library.Held) {
				held++
			}
			continue
		case r.SameAs > 0:
			fmt.Fprintf(&notes, "  %s: same text as revision %d of %s\n", r.File, r.SameAs, r.Key)
		}
		inLibrary++
	}
	fmt.Printf("%d of %d files are in the library.\n%s", inLibrary, len(results), notes.String())
	if held > 0 {
		fmt.Printf("Waiting for a decision: %d; see clearwell review.\n", held)
	}
}

func (c *ingestCommand) items() ([]item, error) {
	var items []item
	if c.Manifest != "" {
		listed, err := readManifest(c.Manifest)
		if err != nil {
			return nil, err
		}
		items = listed
	}
	for _, path := range c.Paths {
		found, err := walk(path)
		if err != nil {
			return nil, err
		}
		items = append(items, found...)
	}
	if len(items) == 0 {
		return nil, fault.Newf(fault.Invalid, "nothing_to_ingest", "There are no files to ingest: give files, folders or --manifest.")
	}
	if c.Key+c.Supersedes+c.Amends != "" && len(items) != 1 {
		return nil, fault.Newf(fault.Invalid, "key_for_many",
			"--key, --supersedes and --amends are about one document, but there are %d files.", len(items))
	}
	for i := range items {
		items[i].Key = cmp.Or(c.Key, items[i].Key)
		items[i].Supersedes = cmp.Or(c.Supersedes, items[i].Supersedes)
		items[i].Amends = cmp.Or(c.Amends, items[i].Amends)
		items[i].Collection = cmp.Or(items[i].Collection, c.Collection)
		items[i].EffectiveFrom = cmp.Or(items[i].EffectiveFrom, c.EffectiveFrom)
		items[i].EffectiveUntil = cmp.Or(items[i].EffectiveUntil, c.EffectiveUntil)
	}
	return items, nil
}

// ingestAll hands in all items and waits until each has an end. Its own failures end it; a file's
// failure is a result.
func (r *rooms) ingestAll(ctx context.Context, items []item, progress *progress) ([]result, error) {
	results := make([]result, len(items))
	pending := make(map[int64][]int) // revision id to indexes: two files may be one revision
	for i, it := range items {
		results[i] = result{File: it.File, Key: cmp.Or(it.Key, it.below)}
		rev, isUnchanged, err := r.accept(ctx, it)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			results[i].Status, results[i].Code, results[i].Message = refused, fault.CodeOf(err), fault.MessageOf(err)
			progress.step(1)
			continue
		}
		if isUnchanged && it.Key == "" && rev.Path != it.below { // it is there already, under another name
			results[i].SameAs = rev.Number
		}
		if !settle(&results[i], rev) {
			pending[rev.ID] = append(pending[rev.ID], i)
			continue
		}
		progress.step(1)
	}
	err := r.awaitEnds(ctx, slices.Collect(maps.Keys(pending)), func(rev library.Revision) {
		for _, i := range pending[rev.ID] {
			settle(&results[i], rev)
			progress.step(1)
		}
	})
	if err != nil {
		return nil, err
	}
	progress.finish()
	return results, nil
}

// awaitEnds calls ended for each of the revisions when its processing has come to an end.
func (r *rooms) awaitEnds(ctx context.Context, pending []int64, ended func(library.Revision)) error {
	for len(pending) > 0 {
		revs, err := r.library.RevisionsByID(ctx, pending)
		if err != nil {
			return err
		}
		pending = pending[:0]
		for _, rev := range revs {
			if hasEnded(rev) {
				ended(rev)
			} else {
				pending = append(pending, rev.ID)
			}
		}
		if len(pending) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}

func (r *rooms) accept(ctx context.Context, it item) (rev library.Revision, isUnchanged bool, err error) {
	from, err := parseMoment(it.EffectiveFrom)
	if err != nil {
		return library.Revision{}, false, err
	}
	until, err := parseMoment(it.EffectiveUntil)
	if err != nil {
		return library.Revision{}, false, err
	}
	file, err := os.Open(it.path)
	if err != nil {
		return library.Revision{}, false, fault.Wrapf(err, fault.NotFound, "unreadable_file", "The file can't be read: %v.", errors.Unwrap(err))
	}
	defer file.Close()
	return r.intake.Accept(ctx, access.System("cli"), ingest.Upload{
		Collection: it.Collection, Key: it.Key, Title: it.Title, Name: filepath.Base(it.path), Source: it.source, Path: it.below,
		Supersedes: it.Supersedes, Amends: it.Amends, EffectiveFrom: from, EffectiveUntil: until, Body: file,
	})
}

// settle notes where a revision stands and reports whether that is its end.
func settle(r *result, rev library.Revision) bool {
	r.Key, r.Revision, r.Status = rev.DocumentKey, rev.Number, string(rev.Status)
	if !hasEnded(rev) {
		return false
	}
	if rev.DuplicateOf != nil {
		r.SameAs = rev.DuplicateOf.Number
	}
	if r.isFailure() || r.isLeftOut() {
		r.Code, r.Message = rev.ReasonCode, rev.ReasonMessage
	}
	return true
}

func hasEnded(rev library.Revision) bool {
	return rev.Status != library.Queued && rev.Status != library.Running
}

// progress is a bar on a terminal, and nothing elsewhere.
type progress struct{ bar *progressbar.ProgressBar }

func newProgress(total int, isQuiet bool) *progress {
	if isQuiet || !term.IsTerminal(int(os.Stderr.Fd())) {
		return &progress{}
	}
	return &progress{bar: progressbar.NewOptions(total, progressbar.OptionSetWriter(io.Writer(os.Stderr)),
		progressbar.OptionSetDescription("publishing"), progressbar.OptionShowCount(), progressbar.OptionSetWidth(30),
		progressbar.OptionClearOnFinish())}
}

func (p *progress) step(n int) {
	if p.bar != nil {
		_ = p.bar.Add(n) // a bar that can't be drawn is no reason to stop
	}
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
