package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
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
	Paths          []string `arg:"" optional:"" help:"Files and folders. A file's key is its path below the folder given."`
	Manifest       string   `help:"JSON lines {file, key, title, collection, effective_from, effective_until}; files relative to it." placeholder:"FILE" type:"existingfile"`
	Collection     string   `help:"Collection to file under." default:"default" placeholder:"NAME"`
	EffectiveFrom  string   `help:"From when the files apply: a date or an RFC 3339 time." placeholder:"DATE"`
	EffectiveUntil string   `help:"When they end." placeholder:"DATE"`
	Key            string   `help:"Key of the document; for a single file." placeholder:"KEY"`
	JSON           bool     `help:"Print JSON." name:"json"`
}

// item is one file to bring in, with what is said about it.
type item struct {
	File           string `json:"file"`
	Key            string `json:"key"`
	Title          string `json:"title"`
	Collection     string `json:"collection"`
	EffectiveFrom  string `json:"effective_from"`
	EffectiveUntil string `json:"effective_until"`

	path string // where to read it
}

// result is what became of an item.
type result struct {
	File     string `json:"file"`
	Key      string `json:"key"`
	Revision int    `json:"revision,omitempty"`
	Status   string `json:"status"`
	Code     string `json:"code,omitempty"`
	Message  string `json:"message,omitempty"`
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

func (c *ingestCommand) report(results []result) error {
	failed := 0
	for _, r := range results {
		if r.Code != "" {
			failed++
		}
	}
	if c.JSON {
		if err := printJSON(os.Stdout, map[string]any{"files": results}); err != nil {
			return err
		}
	} else {
		for _, r := range results {
			if r.Code != "" {
				fmt.Fprintf(os.Stderr, "%s: %s (%s)\n", r.File, r.Message, r.Code)
			}
		}
		fmt.Printf("%d of %d files are in the library.\n", len(results)-failed, len(results))
	}
	if failed > 0 {
		return errSilent
	}
	return nil
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
		found, err := c.walk(path)
		if err != nil {
			return nil, err
		}
		items = append(items, found...)
	}
	if len(items) == 0 {
		return nil, fault.Newf(fault.Invalid, "nothing_to_ingest", "There are no files to ingest: give files, folders or --manifest.")
	}
	if c.Key != "" {
		if len(items) != 1 {
			return nil, fault.Newf(fault.Invalid, "key_for_many", "--key names one document, but there are %d files.", len(items))
		}
		items[0].Key = c.Key
	}
	for i := range items {
		items[i].Collection = firstOf(items[i].Collection, c.Collection)
		items[i].EffectiveFrom = firstOf(items[i].EffectiveFrom, c.EffectiveFrom)
		items[i].EffectiveUntil = firstOf(items[i].EffectiveUntil, c.EffectiveUntil)
	}
	return items, nil
}

// walk lists the files of a folder, hidden ones left out; the key is the path below it.
func (c *ingestCommand) walk(root string) ([]item, error) {
	var items []item
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fault.Wrapf(err, fault.NotFound, "unreadable_file",
				"The path %q can't be read (%v): check that it exists and that you may read it.", path, errors.Unwrap(err))
		}
		if path != root && strings.HasPrefix(entry.Name(), ".") {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		key, err := filepath.Rel(root, path)
		if err != nil || key == "." {
			key = filepath.Base(path)
		}
		items = append(items, item{File: path, Key: filepath.ToSlash(key), path: path})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", root, err)
	}
	return items, nil
}

func readManifest(path string) ([]item, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open manifest: %w", err)
	}
	defer file.Close()
	var items []item
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var it item
		if err := json.Unmarshal(lines.Bytes(), &it); err != nil || it.File == "" {
			return nil, fault.Newf(fault.Invalid, "bad_manifest", "Line %d of %s is not a JSON object with a file.", n, path)
		}
		it.path = filepath.Join(filepath.Dir(path), filepath.FromSlash(it.File))
		it.Key = firstOf(it.Key, it.File)
		items = append(items, it)
	}
	return items, lines.Err()
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// ingestAll hands in all items and waits until each has an end. Its own failures end it; a file's
// failure is a result.
func (r *rooms) ingestAll(ctx context.Context, items []item, progress *progress) ([]result, error) {
	results := make([]result, len(items))
	pending := make(map[int64]int) // revision id to index
	for i, it := range items {
		results[i] = result{File: it.File, Key: it.Key}
		rev, err := r.accept(ctx, it)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			results[i].Status, results[i].Code, results[i].Message = "refused", fault.CodeOf(err), fault.MessageOf(err)
			progress.step(1)
			continue
		}
		if !settle(&results[i], rev) {
			pending[rev.ID] = i
			continue
		}
		progress.step(1)
	}
	for len(pending) > 0 {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
		ids := make([]int64, 0, len(pending))
		for id := range pending {
			ids = append(ids, id)
		}
		revs, err := r.library.RevisionsByID(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, rev := range revs {
			if settle(&results[pending[rev.ID]], rev) {
				delete(pending, rev.ID)
				progress.step(1)
			}
		}
	}
	progress.finish()
	return results, nil
}

func (r *rooms) accept(ctx context.Context, it item) (library.Revision, error) {
	from, err := parseMoment(it.EffectiveFrom)
	if err != nil {
		return library.Revision{}, err
	}
	until, err := parseMoment(it.EffectiveUntil)
	if err != nil {
		return library.Revision{}, err
	}
	file, err := os.Open(it.path)
	if err != nil {
		return library.Revision{}, fault.Wrapf(err, fault.NotFound, "unreadable_file", "The file can't be read: %v.", errors.Unwrap(err))
	}
	defer file.Close()
	rev, _, err := r.intake.Accept(ctx, access.System("cli"), ingest.Upload{
		Collection: it.Collection, Key: it.Key, Title: it.Title, Name: filepath.Base(it.path), Source: it.File,
		EffectiveFrom: from, EffectiveUntil: until, Body: file,
	})
	return rev, err
}

// settle notes where a revision stands and reports whether that is its end.
func settle(r *result, rev library.Revision) bool {
	r.Revision, r.Status = rev.Number, string(rev.Status)
	switch rev.Status {
	case library.Queued, library.Running:
		return false
	case library.Failed, library.Held:
		r.Code, r.Message = rev.ReasonCode, rev.ReasonMessage
	}
	return true
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
