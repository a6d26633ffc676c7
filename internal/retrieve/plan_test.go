package retrieve

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pgvector/pgvector-go"

	"clearwell/internal/analysis"
	"clearwell/internal/inference/inferencetest"
)

const many = 20_000

// fill adds many passages of made-up words to one document in a collection; one in a hundred goes into
// another collection. Word w7 stands in one of a thousand, "common" in all.
func (s *shelf) fill(t *testing.T) {
	t.Helper()
	s.put(t, page{collection: "big", key: "big", text: "common"})
	s.put(t, page{collection: "small", key: "small", text: "common"})
	common, rare := analysis.Question("common", "en")[0], analysis.Question("w7", "en")[0]
	s.exec(t, `
		insert into chunks (content_id, ordinal, text, context, headings, page, start_offset, end_offset, tokens,
			embedded_sha256, embedding, terms, counts, words)
		select c.content_id, n, 'text ' || n, '', '{}', 0, 0, 0, 1, c.embedded_sha256,
			(select ('[' || string_agg((sin(n * i * 0.7) + cos(n + i))::real::text, ',') || ']')::halfvec
				from generate_series(1, $1::int) i),
			case when n % 1000 = 7 then (select array_agg(x order by x) from unnest($2::int[] || $3::int[]) x) else $2::int[] end,
			array_fill(1::real, array[2]), 2
		from generate_series(1, $4::int) n
		join documents d on d.key = case when n % 100 = 7 then 'small' else 'big' end
		join contents o on o.document_id = d.id
		join chunks c on c.content_id = o.id and c.ordinal = 0`,
		dimension, []int32{common.Exact, common.Stem}, []int32{rare.Exact}, many)
	s.exec(t, `
		insert into passages (publication_id, chunk_id, document_id, collection_id, valid, embedding, terms, weights)
		select b.id, c.id, d.id, d.collection_id, b.valid, c.embedding, c.terms,
			bm25_weights(c.terms, array_fill(1::real, array[cardinality(c.terms)]), c.words, 100)
		from chunks c join contents o on o.id = c.content_id join documents d on d.id = o.document_id
		join publications b on b.document_id = d.id where c.ordinal > 0`)
	s.exec(t, fmt.Sprintf(`create index passages_embedding on passages
		using hnsw ((embedding::halfvec(%d)) halfvec_cosine_ops)`, dimension))
	s.count(t)
	s.exec(t, `analyze`)
}

// One test for all that needs a table of some size: filling it takes the time.
func TestSearchUsesItsIndexesInsideTheChokePoint(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.fill(t)
	vector := pgvector.NewHalfVector(inferencetest.Vector("common", dimension))
	at, words, _, err := s.searcher.prepare(t.Context(), reader("big"), Query{Text: "common w7", Arm: Lexical})
	if err != nil {
		t.Fatal(err)
	}
	args := s.searcher.hybridArgs(Query{Limit: 10, Arm: Hybrid}, at, words, &vector, 20)

	plan := s.explain(t, s.searcher.hybrid, args...)
	for _, part := range []string{
		"Index Scan using passages_embedding on", // dense arm: HNSW
		"Bitmap Index Scan on passages_terms",    // lexical arm: GIN
	} {
		if !strings.Contains(plan, part) {
			t.Errorf("the plan lacks %q:\n%s", part, plan)
		}
	}
	if strings.Contains(plan, "Seq Scan on passages") || strings.Contains(plan, "Function Scan on passages_in_force") {
		t.Errorf("the plan scans all passages:\n%s", plan)
	}
	if got, want := strings.Count(plan, "(valid @> COALESCE("), 3; got != want {
		t.Errorf("passages are read %d times in force, want %d:\n%s", got, want, plan)
	}

	var iterative string
	if err := s.pool.QueryRow(t.Context(), `show hnsw.iterative_scan`).Scan(&iterative); err != nil || iterative != "strict_order" {
		t.Errorf("hnsw.iterative_scan is %q (%v): a filter would lose rows", iterative, err)
	}

	// The lexical arm finds those that hold the rare word; the common one would select them all.
	for arm, want := range map[Arm]int{Hybrid: 100, Dense: 100, Lexical: many / 1000} {
		result := s.search(t, reader("small"), Query{Text: "common w7", Limit: 100, Arm: arm})
		if len(result.Passages) != want {
			t.Errorf("%s: a filter that keeps 1 %% left %d of %d rows", arm, len(result.Passages), want)
		}
		for _, p := range result.Passages {
			if p.Collection != "small" {
				t.Errorf("%s: found a passage of %s", arm, p.Collection)
			}
		}
	}
}
