package retrieve

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pgvector/pgvector-go"

	"clearwell/internal/access"
	"clearwell/internal/analysis"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/postgres/pgtest"
)

const dimension = 64

// shelf is a library of the test's own, filled by SQL: the room that fills it stands on this room's floor.
type shelf struct {
	pool     *pgxpool.Pool
	embedder *inferencetest.Embedder
	searcher *Searcher
	revision int
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	s := &shelf{pool: pgtest.New(t), embedder: inferencetest.NewEmbedder(dimension)}
	s.searcher = NewSearcher(s.pool, s.embedder, Config{})
	return s
}

func (s *shelf) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := s.pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%.60s: %v", sql, err)
	}
}

// page is one revision of one passage.
type page struct {
	collection, key, text string
	language              analysis.Language
	from                  time.Time // default a year ago
	until                 time.Time // zero: no end
	recorded, replaced    time.Time // when it was held to be true; default from from on
	history               bool      // not in the hot table
	endedBy               string    // default superseded
	heading               string    // default Rules
}

// put stores a page as the library does.
func (s *shelf) put(t *testing.T, p page) {
	t.Helper()
	s.revision++
	if p.collection == "" {
		p.collection = "handbook"
	}
	if p.language == "" {
		p.language = "en"
	}
	p.endedBy, p.heading = cmp.Or(p.endedBy, "superseded"), cmp.Or(p.heading, "Rules")
	if p.from.IsZero() {
		p.from = time.Now().AddDate(-1, 0, 0)
	}
	if p.recorded.IsZero() {
		p.recorded = p.from
		if p.from.After(time.Now()) {
			p.recorded = time.Now().Add(-time.Hour)
		}
	}
	vectors, err := s.embedder.EmbedPassages(t.Context(), []string{p.text})
	if err != nil {
		t.Fatal(err)
	}
	bag := analysis.Passage(p.text, p.language)
	hash := sha256.Sum256(fmt.Append(nil, s.revision))
	s.exec(t, `insert into collections (name) values ($1) on conflict do nothing`, p.collection)
	s.exec(t, `insert into originals (sha256, size) values ($1, 1)`, hash[:])
	s.exec(t, `insert into documents (collection_id, key) select id, $2 from collections where name = $1 on conflict do nothing`,
		p.collection, p.key)
	s.exec(t, `
		with document as (select d.id, d.collection_id from documents d join collections c on c.id = d.collection_id
			where c.name = $1 and d.key = $2),
		content as (insert into contents (document_id, text_sha256, text, language, chunks)
			select id, $3, $4, $5, 1 from document returning id),
		chunk as (insert into chunks (content_id, ordinal, text, context, headings, page, start_offset, end_offset,
				tokens, embedded_sha256, embedding, terms, counts, words)
			select id, 0, $4, '', array[$17], 1, 0, length($4), 1, $3, $6, $7, $8, $9 from content
			returning id, embedding, terms, counts, words),
		revision as (insert into revisions (document_id, number, original_sha256, content_id, title, file_name, media_type,
				size, created_by, received_at, status, effective_from, effective_source)
			select d.id, $10, $3, c.id, 'Title', 'f.md', 'text/markdown', 1, 'test', now(), 'published', $11, 'explicit'
			from document d, content c returning id),
		publication as (insert into publications (document_id, revision_id, valid, recorded, ended_by)
			select d.id, r.id, tstzrange($11, $12), tstzrange($13, $14), case when $12::timestamptz is null then '' else $16 end
			from document d, revision r returning id, valid)
		insert into passages (publication_id, chunk_id, document_id, collection_id, valid, embedding, terms, weights)
		select b.id, c.id, d.id, d.collection_id, b.valid, c.embedding, c.terms,
			bm25_weights(c.terms, c.counts, c.words, (select weighted_words from lexical_statistics))
		from document d, chunk c, publication b where not $15`,
		p.collection, p.key, hash[:], p.text, p.language, pgvector.NewHalfVector(vectors[0]), bag.IDs, bag.Counts, bag.Length,
		s.revision, p.from, moment(p.until), p.recorded, moment(p.replaced), p.history,
		p.endedBy, p.heading)
}

// count brings the statistics up to date.
func (s *shelf) count(t *testing.T) {
	t.Helper()
	s.exec(t, `delete from term_statistics`)
	s.exec(t, `insert into term_statistics (term, frequency) select t, count(*) from passages, unnest(terms) t group by t`)
	s.exec(t, `update lexical_statistics set passages = (select count(*) from passages)`)
}

func (s *shelf) search(t *testing.T, who access.Principal, q Query) Result {
	t.Helper()
	result, err := s.searcher.Search(t.Context(), who, q)
	if err != nil {
		t.Fatalf("searching %q: %v", q.Text, err)
	}
	return result
}

func reader(collections ...string) access.Principal {
	return access.Principal{ID: "key:1", Name: "test", Role: access.Reader, Collections: collections}
}

// keys are the documents that were found, best first.
func keys(result Result) []string {
	found := []string{}
	for _, p := range result.Passages {
		found = append(found, p.DocumentKey)
	}
	return found
}

// explain returns the plan of a statement.
func (s *shelf) explain(t *testing.T, sql string, args ...any) string {
	t.Helper()
	plan := ""
	rows, err := s.pool.Query(context.WithoutCancel(t.Context()), `explain (costs off) `+sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		plan += line + "\n"
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan
}
