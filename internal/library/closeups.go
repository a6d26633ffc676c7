package library

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pgvector/pgvector-go"

	"clearwell/internal/analysis"
	"clearwell/internal/chunk"
	"clearwell/internal/postgres"
)

// termSpace is the number of dimensions of closeups.pairs.
const termSpace = 1_000_000_000

// openCloseups files a row for each chunk of a new content: its pairs of words, and the windows' vectors where a
// chunk of the same embedded text has them already.
func openCloseups(ctx context.Context, tx pgx.Tx, contentID int64, title string, st Staging) error {
	pairs := make([]string, len(st.Chunks))
	for i, c := range st.Chunks {
		pairs[i] = pairVector(title+"\n"+c.Embedded(), st.Language)
	}
	_, err := tx.Exec(ctx, `
		insert into closeups (chunk_id, pairs, windows)
		select c.id, p.pairs::sparsevec,
			(select u.windows from chunks o join closeups u on u.chunk_id = o.id
			 where o.embedded_sha256 = c.embedded_sha256 and u.windows is not null limit 1)
		from unnest($2::text[]) with ordinality p(pairs, n)
		join chunks c on c.content_id = $1 and c.ordinal = p.n - 1`, contentID, pairs)
	if err != nil {
		return fmt.Errorf("file closeups: %w", err)
	}
	return nil
}

// pairVector is the pairs of a text as closeups.pairs holds them, as text.
func pairVector(text string, language analysis.Language) string {
	elements := make(map[int32]float32)
	for _, term := range analysis.PairTerms(text, language) {
		elements[term-1] = 1
	}
	return pgvector.NewSparseVectorFromMap(elements, termSpace).String()
}

// Blurred is a chunk whose windows have no vectors yet.
type Blurred struct {
	ChunkID     int64
	Title       string // of the newest revision with its text
	Language    analysis.Language
	HasSections bool // its document has
	Chunk       chunk.Chunk
	hasPairs    bool
}

// ListBlurred returns chunks whose windows have no vectors yet, the newest first, at most limit of them.
func (s *Store) ListBlurred(ctx context.Context, limit int) ([]Blurred, error) {
	rows, err := s.pool.Query(ctx, `
		with missing as materialized (
			select chunk_id, pairs is not null as has_pairs from closeups where windows is null order by chunk_id desc limit $1
		)
		select c.id, coalesce((select r.title from revisions r where r.content_id = c.content_id order by r.number desc limit 1), ''),
			t.language, exists (select from chunks o where o.content_id = c.content_id and cardinality(o.headings) > 1),
			c.headings, c.context, c.text, m.has_pairs
		from missing m
		join chunks c on c.id = m.chunk_id
		join contents t on t.id = c.content_id`, limit)
	if err != nil {
		return nil, fmt.Errorf("list chunks without windows: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (b Blurred, err error) {
		err = row.Scan(&b.ChunkID, &b.Title, &b.Language, &b.HasSections, &b.Chunk.Headings, &b.Chunk.Context, &b.Chunk.Text, &b.hasPairs)
		return b, err
	})
}

// Sharpen stores the vectors of chunks' windows; windows[i] belongs to batch[i] and may be empty. Chunks that were
// removed meanwhile are passed over.
func (s *Store) Sharpen(ctx context.Context, batch []Blurred, windows [][][]float32) error {
	return postgres.InTx(ctx, s.pool, func(tx pgx.Tx) error {
		updates := &pgx.Batch{}
		for i, b := range batch {
			vectors := make([]string, len(windows[i]))
			for j, w := range windows[i] {
				vectors[j] = pgvector.NewHalfVector(w).String()
			}
			var pairs *string
			if !b.hasPairs {
				made := pairVector(b.Title+"\n"+b.Chunk.Embedded(), b.Language)
				pairs = &made
			}
			updates.Queue(`
				update closeups set windows = array(select w::halfvec from unnest($2::text[]) w),
					pairs = coalesce(pairs, $3::text::sparsevec)
				where chunk_id = $1`, b.ChunkID, vectors, pairs)
		}
		if err := tx.SendBatch(ctx, updates).Close(); err != nil {
			return fmt.Errorf("store windows: %w", err)
		}
		return nil
	})
}

// IsBusy reports whether revisions are on their way, but for those that came before since.
func (s *Store) IsBusy(ctx context.Context, since time.Time) (bool, error) {
	var isBusy bool
	err := s.pool.QueryRow(ctx, `
		select exists (select from revisions where status in ('queued', 'running') and received_at > $1)`, since).Scan(&isBusy)
	if err != nil {
		return false, fmt.Errorf("look for revisions on their way: %w", err)
	}
	return isBusy, nil
}
