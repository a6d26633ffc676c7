package library

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"clearwell/internal/analysis"
	"clearwell/internal/chunk"
	"clearwell/internal/diff"
	"clearwell/internal/postgres"
)

// Start takes a queued revision into work and returns it. It reports false when there is nothing to do:
// the revision is published, held, or gone.
func (s *Store) Start(ctx context.Context, revisionID int64) (Revision, bool, error) {
	tag, err := s.pool.Exec(ctx, `update revisions set status = 'running' where id = $1 and status in ('queued', 'running')`,
		revisionID)
	if err != nil {
		return Revision{}, false, fmt.Errorf("start revision %d: %w", revisionID, err)
	}
	if tag.RowsAffected() == 0 {
		return Revision{}, false, nil
	}
	rev, err := s.RevisionByID(ctx, revisionID)
	return rev, err == nil, err
}

// SetStage says where in the pipeline a revision is, for people who watch.
func (s *Store) SetStage(ctx context.Context, revisionID int64, stage string) error {
	_, err := s.pool.Exec(ctx, `update revisions set stage = $2 where id = $1 and status = 'running'`, revisionID, stage)
	if err != nil {
		return fmt.Errorf("note stage of revision %d: %w", revisionID, err)
	}
	return nil
}

// Stop ends a revision's way as failed or held, with the reason; whatever was in force stays so.
func (s *Store) Stop(ctx context.Context, revisionID int64, status Status, code, message string) error {
	_, err := s.pool.Exec(ctx, `
		update revisions set status = $2, stage = '', reason_code = $3, reason_message = $4
		where id = $1 and status in ('queued', 'running')`, revisionID, status, code, message)
	if err != nil {
		return fmt.Errorf("stop revision %d: %w", revisionID, err)
	}
	return nil
}

// NoteTrouble shows why a revision that will be tried again is not published yet.
func (s *Store) NoteTrouble(ctx context.Context, revisionID int64, code, message string) error {
	_, err := s.pool.Exec(ctx, `
		update revisions set status = 'queued', stage = 'waiting to try again', reason_code = $2, reason_message = $3
		where id = $1 and status in ('queued', 'running')`, revisionID, code, message)
	if err != nil {
		return fmt.Errorf("note trouble of revision %d: %w", revisionID, err)
	}
	return nil
}

// Staging is the text of a revision cut into chunks, on its way to publication.
type Staging struct {
	Title     string // the document's own title, used when the uploader gave none
	MediaType string // as found in the bytes
	Text      string
	Blocks    []diff.Block // of Text, for comparisons
	Language  analysis.Language
	Chunks    []chunk.Chunk
}

// Missing is a text that no chunk of the library has a vector for yet.
type Missing struct {
	SHA256 [32]byte
	Text   string
}

// Stage stores a revision's text and chunks where no search sees them, and returns the texts that must
// still be embedded. Text that the document has had before makes no new chunks; a chunk whose embedded
// text stands anywhere in the library takes its vector from there. Calling it again goes on where the
// last call's embedding stopped.
func (s *Store) Stage(ctx context.Context, rev Revision, st Staging) ([]Missing, error) {
	var missing []Missing
	err := postgres.InTx(ctx, s.pool, func(tx pgx.Tx) error {
		if err := lockDocument(ctx, tx, rev.DocumentID); err != nil {
			return err
		}
		contentID, err := openContent(ctx, tx, rev, st)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			update revisions set content_id = $2, media_type = $3, title = case when title = '' then $4 else title end
			where id = $1`, rev.ID, contentID, st.MediaType, st.Title)
		if err != nil {
			return fmt.Errorf("link content: %w", err)
		}
		missing, err = missingVectors(ctx, tx, contentID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("stage revision %d: %w", rev.ID, err)
	}
	return missing, nil
}

// openContent returns the content of this text, made with its chunks when the text is new to the document.
func openContent(ctx context.Context, tx pgx.Tx, rev Revision, st Staging) (int64, error) {
	hash := sha256.Sum256([]byte(st.Text))
	var id int64
	err := tx.QueryRow(ctx, `select id from contents where document_id = $1 and text_sha256 = $2`,
		rev.DocumentID, hash[:]).Scan(&id)
	if err == nil || !errors.Is(err, pgx.ErrNoRows) {
		return id, err
	}
	var blocks []byte
	if st.Blocks != nil {
		if blocks, err = json.Marshal(st.Blocks); err != nil {
			return 0, fmt.Errorf("write blocks: %w", err)
		}
	}
	err = tx.QueryRow(ctx, `
		insert into contents (document_id, text_sha256, text, language, chunks, blocks) values ($1, $2, $3, $4, $5, $6) returning id`,
		rev.DocumentID, hash[:], st.Text, st.Language, len(st.Chunks), blocks).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("store text: %w", err)
	}
	title := rev.Title
	if title == "" {
		title = st.Title
	}
	if err := copyChunks(ctx, tx, id, title, st); err != nil {
		return 0, err
	}
	return id, openCloseups(ctx, tx, id, title, st)
}

func copyChunks(ctx context.Context, tx pgx.Tx, contentID int64, title string, st Staging) error {
	hashes := make([][]byte, len(st.Chunks))
	for i, c := range st.Chunks {
		hash := sha256.Sum256([]byte(c.Embedded()))
		hashes[i] = hash[:]
	}
	known, err := knownVectors(ctx, tx, hashes)
	if err != nil {
		return err
	}
	columns := []string{"content_id", "ordinal", "text", "context", "headings", "page", "start_offset", "end_offset",
		"tokens", "embedded_sha256", "embedding", "terms", "counts", "words"}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"chunks"}, columns, pgx.CopyFromSlice(len(st.Chunks), func(i int) ([]any, error) {
		c := st.Chunks[i]
		// The title is searched with every chunk, but not embedded: a new title makes no new vectors.
		bag := analysis.Passage(title+"\n"+c.Embedded(), st.Language)
		headings := c.Headings
		if headings == nil {
			headings = []string{}
		}
		return []any{contentID, i, c.Text, c.Context, headings, c.Page, c.Start, c.End, c.Tokens, hashes[i],
			known[[32]byte(hashes[i])], bag.IDs, bag.Counts, bag.Length}, nil
	}))
	if err != nil {
		return fmt.Errorf("store chunks: %w", err)
	}
	return nil
}

// knownVectors returns the vectors that the library holds for exactly these embedded texts.
func knownVectors(ctx context.Context, tx pgx.Tx, hashes [][]byte) (map[[32]byte]*pgvector.HalfVector, error) {
	rows, err := tx.Query(ctx, `
		select distinct on (embedded_sha256) embedded_sha256, embedding
		from chunks where embedded_sha256 = any($1) and embedding is not null`, hashes)
	if err != nil {
		return nil, fmt.Errorf("look up vectors: %w", err)
	}
	known := make(map[[32]byte]*pgvector.HalfVector)
	var hash []byte
	var vector pgvector.HalfVector
	_, err = pgx.ForEachRow(rows, []any{&hash, &vector}, func() error {
		v := pgvector.NewHalfVector(vector.Slice())
		known[[32]byte(hash)] = &v
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look up vectors: %w", err)
	}
	return known, nil
}

// missingVectors rebuilds the embedded texts from the stored chunks, so that they are the ones
// that were hashed even if the chunker has changed since.
func missingVectors(ctx context.Context, tx pgx.Tx, contentID int64) ([]Missing, error) {
	rows, err := tx.Query(ctx, `
		select embedded_sha256, headings, context, text from chunks
		where content_id = $1 and embedding is null order by ordinal`, contentID)
	if err != nil {
		return nil, fmt.Errorf("list missing vectors: %w", err)
	}
	var missing []Missing
	seen := make(map[[32]byte]bool)
	var hash []byte
	var c chunk.Chunk
	_, err = pgx.ForEachRow(rows, []any{&hash, &c.Headings, &c.Context, &c.Text}, func() error {
		key := [32]byte(hash)
		if !seen[key] {
			seen[key] = true
			missing = append(missing, Missing{SHA256: key, Text: c.Embedded()})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list missing vectors: %w", err)
	}
	return missing, nil
}

// SetEmbeddings stores a batch of vectors for a revision's missing texts, in a transaction of its own,
// so that a retry starts after the last batch. vectors[i] belongs to batch[i].
func (s *Store) SetEmbeddings(ctx context.Context, rev Revision, batch []Missing, vectors [][]float32) error {
	return postgres.InTx(ctx, s.pool, func(tx pgx.Tx) error {
		updates := &pgx.Batch{}
		for i, m := range batch {
			updates.Queue(`
				update chunks set embedding = $3
				where content_id = (select content_id from revisions where id = $1) and embedded_sha256 = $2
					and embedding is null`, rev.ID, m.SHA256[:], pgvector.NewHalfVector(vectors[i]))
		}
		if err := tx.SendBatch(ctx, updates).Close(); err != nil {
			return fmt.Errorf("store vectors: %w", err)
		}
		return nil
	})
}
