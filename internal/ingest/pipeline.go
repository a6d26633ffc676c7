package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"clearwell/internal/access"
	"clearwell/internal/analysis"
	"clearwell/internal/chunk"
	"clearwell/internal/clean"
	"clearwell/internal/diff"
	"clearwell/internal/fault"
	"clearwell/internal/imprint"
	"clearwell/internal/inference"
	"clearwell/internal/journal"
	"clearwell/internal/library"
	"clearwell/internal/parse"
	"clearwell/internal/postgres"
)

// embedBatch is how many texts are embedded between two writes: what a crash can cost.
const embedBatch = 32

// Pipeline takes a queued revision to publication. Every step can be repeated: a retry finds what the
// last try stored and goes on from there.
type Pipeline struct {
	pool     *pgxpool.Pool
	library  *library.Store
	journal  *journal.Journal
	embedder inference.Embedder
	limits   parse.Limits
	chunking chunk.Config
}

// NewPipeline returns the pipeline; the zero limits and chunking mean the defaults of their rooms.
func NewPipeline(pool *pgxpool.Pool, lib *library.Store, jour *journal.Journal, embedder inference.Embedder,
	limits parse.Limits, chunking chunk.Config,
) *Pipeline {
	return &Pipeline{pool: pool, library: lib, journal: jour, embedder: embedder, limits: limits, chunking: chunking}
}

// Run processes one revision. The caller files its error on the revision; isFinal tells whether trying
// again can help.
func (p *Pipeline) Run(ctx context.Context, revisionID int64) error {
	rev, isDue, err := p.library.Start(ctx, revisionID)
	if err != nil || !isDue {
		return err
	}
	doc, err := p.read(ctx, rev)
	if err != nil {
		return err
	}
	said := wordsOf(doc)
	rev, isDue, err = p.identify(ctx, rev, doc, said)
	if err != nil || !isDue {
		return err
	}
	staging, err := p.cut(ctx, rev, doc, said)
	if err != nil {
		return err
	}
	missing, err := p.library.Stage(ctx, rev, staging)
	if err != nil {
		return err
	}
	if err := p.embed(ctx, rev, missing); err != nil {
		return err
	}
	return p.publish(ctx, rev)
}

// read parses the original and cleans what came out.
func (p *Pipeline) read(ctx context.Context, rev library.Revision) (parse.Document, error) {
	if err := p.library.SetStage(ctx, rev.ID, "parse"); err != nil {
		return parse.Document{}, err
	}
	file, err := p.fetch(ctx, rev)
	if err != nil {
		return parse.Document{}, err
	}
	defer file.Close()
	doc, err := parse.File(ctx, parse.Source{Name: rev.FileName, MediaType: rev.MediaType, Body: file, Size: rev.Size}, p.limits)
	if err != nil {
		return parse.Document{}, fmt.Errorf("parse %q: %w", rev.FileName, err)
	}
	doc = clean.Apply(doc)
	if len(doc.Blocks) == 0 {
		return parse.Document{}, fault.Newf(fault.Invalid, "no_text",
			"The file has no text once headers, footers and blank parts are taken out; check that it is the right one.")
	}
	return doc, nil
}

// fetch copies the original to an unnamed temporary file, for parsers read at any offset.
func (p *Pipeline) fetch(ctx context.Context, rev library.Revision) (*os.File, error) {
	file, err := os.CreateTemp("", "clearwell-parse-*")
	if err != nil {
		return nil, fmt.Errorf("make temporary file: %w", err)
	}
	err = os.Remove(file.Name())
	if err == nil {
		err = p.library.CopyOriginal(ctx, file, rev)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("fetch original: %w", err)
	}
	return file, nil
}

// identify finds out whose revision it is, from when it applies and where in time it stands. It reports
// false when the revision's way ends here: a person decides, or it says nothing new.
func (p *Pipeline) identify(ctx context.Context, rev library.Revision, doc parse.Document, said words) (library.Revision, bool, error) {
	if err := p.library.SetStage(ctx, rev.ID, "identify"); err != nil {
		return rev, false, err
	}
	settings, err := p.library.Settings(ctx, rev.Collection)
	if err != nil {
		return rev, false, err
	}
	reading := library.Reading{
		Title: cleanLine(doc.Title), Called: titleOf(doc, rev), Text: said.text, Blocks: said.blocks,
		Facts: imprint.Read(doc, said.language, imprint.Locale(settings.Locale)),
	}
	var verdict library.Verdict
	err = postgres.InTx(ctx, p.pool, func(tx pgx.Tx) (err error) {
		if rev, verdict, err = library.Identify(ctx, tx, rev, reading); err != nil {
			return err
		}
		kind, isEnd := map[library.Verdict]journal.Kind{
			library.IsHeld: journal.Held, library.IsCopy: journal.Duplicate, library.IsRefused: journal.Refused,
		}[verdict]
		if !isEnd {
			return nil
		}
		return p.note(ctx, tx, kind, rev)
	})
	if err == nil && verdict == library.Wait {
		err = errWait
	}
	return rev, verdict == library.GoOn, err
}

// errWait says that the revision must wait for another one of its collection to be read.
var errWait = errors.New("a file that it is like is being processed")

// words are what a document says, as several steps need it.
type words struct {
	text     string
	language analysis.Language
	blocks   []diff.Block
}

func wordsOf(doc parse.Document) words {
	text := doc.Text()
	return words{text: text, language: analysis.Detect(text), blocks: blocksOf(doc)}
}

// blocksOf is the structure of a document's text.
func blocksOf(doc parse.Document) []diff.Block {
	blocks := make([]diff.Block, len(doc.Blocks))
	start := 0
	for i, b := range doc.Blocks {
		end := start + utf8.RuneCountInString(b.Text)
		blocks[i] = diff.Block{Kind: string(b.Kind), Level: b.Level, Page: b.Page, Start: start, End: end, Text: b.Text}
		start = end + utf8.RuneCountInString(parse.BlockSeparator)
	}
	return blocks
}

// cut splits the document into chunks.
func (p *Pipeline) cut(ctx context.Context, rev library.Revision, doc parse.Document, said words) (library.Staging, error) {
	if err := p.library.SetStage(ctx, rev.ID, "chunk"); err != nil {
		return library.Staging{}, err
	}
	title := titleOf(doc, rev)
	if rev.Title != "" {
		doc.Title = rev.Title // what the uploader calls it stands above its headings
	}
	chunks := chunk.Split(doc, p.embedder, p.chunking)
	return library.Staging{
		Title: title, MediaType: doc.MediaType, Text: said.text, Blocks: said.blocks, Language: said.language, Chunks: chunks,
	}, nil
}

// embed asks the model for the vectors that the library lacks, a batch at a time.
func (p *Pipeline) embed(ctx context.Context, rev library.Revision, missing []library.Missing) error {
	for start := 0; start < len(missing); start += embedBatch {
		if err := p.library.SetStage(ctx, rev.ID, fmt.Sprintf("embed %d of %d", start, len(missing))); err != nil {
			return err
		}
		batch := missing[start:min(start+embedBatch, len(missing))]
		texts := make([]string, len(batch))
		for i, m := range batch {
			texts[i] = m.Text
		}
		vectors, err := p.embedder.EmbedPassages(ctx, texts)
		if err != nil {
			return fmt.Errorf("embed: %w", notTheFile(err))
		}
		if err := p.checkVectors(vectors, len(batch)); err != nil {
			return err
		}
		if err := p.library.SetEmbeddings(ctx, rev, batch, vectors); err != nil {
			return err
		}
	}
	return nil
}

// notTheFile marks what an endpoint refuses as worth trying again: it is the settings' fault, or the
// endpoint's, and the file is good.
func notTheFile(err error) error {
	if fault.KindOf(err) != fault.Invalid {
		return err
	}
	return fault.Wrapf(err, fault.Unavailable, "embedding_refused", "%s", fault.MessageOf(err))
}

// checkVectors refuses what would poison the index, whatever embedder gave it.
func (p *Pipeline) checkVectors(vectors [][]float32, want int) error {
	if len(vectors) != want {
		return fault.Newf(fault.Unavailable, "embedder_count",
			"The embedding model gave %d vectors for %d texts; the upload is tried again.", len(vectors), want)
	}
	for _, v := range vectors {
		if len(v) != p.embedder.Model().Dimension {
			return fault.Newf(fault.Unavailable, "embedder_dimension",
				"The embedding model gave a vector of %d dimensions instead of %d; the upload is tried again.",
				len(v), p.embedder.Model().Dimension)
		}
	}
	return nil
}

// publish is the one transaction in which the new revision takes over.
func (p *Pipeline) publish(ctx context.Context, rev library.Revision) error {
	if err := p.library.SetStage(ctx, rev.ID, "publish"); err != nil {
		return err
	}
	return postgres.InTx(ctx, p.pool, func(tx pgx.Tx) error {
		isFirst, err := library.Publish(ctx, tx, rev.ID)
		if err != nil || !isFirst {
			return err
		}
		return p.note(ctx, tx, journal.Published, rev)
	})
}

func (p *Pipeline) note(ctx context.Context, tx pgx.Tx, kind journal.Kind, rev library.Revision) error {
	return p.journal.Record(ctx, tx, eventOf(access.System("ingest"), kind, rev))
}

// isFinal reports whether trying again can't help: the file itself is the trouble.
func isFinal(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.TooLarge, fault.Unsupported, fault.NotFound:
		return !errors.Is(err, context.Canceled)
	default:
		return false
	}
}

// titleOf is what the document calls itself, or what its file's name makes of it.
func titleOf(doc parse.Document, rev library.Revision) string {
	if title := cleanLine(doc.Title); title != "" {
		return title
	}
	return titleFromName(rev.FileName)
}

// titleFromName makes "Travel Expenses" of "travel_expenses.pdf": better than nothing in a list of sources.
func titleFromName(name string) string {
	name = strings.TrimSuffix(name, path.Ext(name))
	words := strings.Fields(strings.NewReplacer("_", " ", "-", " ").Replace(name))
	if len(words) == 0 {
		return "Untitled"
	}
	title := []rune(strings.Join(words, " "))
	title[0] = unicode.ToUpper(title[0])
	return string(title)
}
