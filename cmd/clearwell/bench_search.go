package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pgvector/pgvector-go"

	"clearwell/internal/access"
	"clearwell/internal/analysis"
	"clearwell/internal/inference"
	"clearwell/internal/library"
	"clearwell/internal/postgres"
	"clearwell/internal/retrieve"
)

// searchReport is what a search costs beside the two statements that one would run by hand, and how many of the
// nearest passages the approximate index finds.
type searchReport struct {
	Passages  int     `json:"passages"`
	SearchP50 float64 `json:"search_p50_ms"` // without the embedding of the question
	SearchP95 float64 `json:"search_p95_ms"`
	WholeP50  float64 `json:"its_statement_p50_ms"`
	ArmsP50   float64 `json:"two_statements_p50_ms"`
	ArmsP95   float64 `json:"two_statements_p95_ms"`
	RatioP50  float64 `json:"ratio_p50"`
	RatioP95  float64 `json:"ratio_p95"`
	// Recall of the nearest 100 against looking at all, by the share of the passages that may be read.
	Recall map[string]float64 `json:"recall_at_100"`
}

const (
	searchDimension = 384
	searchQuestions = 200
	recallQuestions = 50
	// passagesPerDocument are of one topic and stand in one collection of each of these shares.
	passagesPerDocument = 20
)

// searchShares are the filters under which recall is measured: the collection that one may read.
var searchShares = map[string]string{"1 %": "one", "10 %": "ten", "all": ""}

// measureSearch searches n made-up passages in a scratch library.
func measureSearch(ctx context.Context, cfg *config, log *slog.Logger, n int) (report searchReport, err error) {
	db, err := postgres.Open(ctx, cfg.database(false), log)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	pool, drop, err := postgres.Scratch(ctx, db, "searched")
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, drop(context.WithoutCancel(ctx))) }()
	if err := postgres.Migrate(ctx, pool); err != nil {
		return report, err
	}
	model := &wordVectors{}
	questions, err := fillForSearch(ctx, pool, model, n)
	if err != nil {
		return report, err
	}
	report = searchReport{Passages: n, Recall: make(map[string]float64)}
	searcher := retrieve.NewSearcher(pool, model, retrieve.Config{})
	if err := report.time(ctx, searcher, questions); err != nil {
		return report, err
	}
	for name, collection := range searchShares {
		if report.Recall[name], err = recallUnder(ctx, searcher, questions[:min(recallQuestions, len(questions))], collection); err != nil {
			return report, err
		}
	}
	return report, nil
}

// time searches, and runs the statements by hand, by turns.
func (r *searchReport) time(ctx context.Context, searcher *retrieve.Searcher, questions []string) error {
	var searched, whole, arms []time.Duration
	for i, text := range questions {
		q := retrieve.Query{Text: text}
		hand, err := searcher.ByHand(ctx, access.System("bench"), q)
		if err != nil {
			return err
		}
		steps := []func(context.Context) error{
			func(ctx context.Context) error {
				_, err := searcher.Search(ctx, access.System("bench"), q)
				return err
			},
			hand.Whole,
			hand.Arms,
		}
		times := []*[]time.Duration{&searched, &whole, &arms}
		for turn := range steps {
			k := (i + turn) % len(steps)
			started := time.Now()
			if err := steps[k](ctx); err != nil {
				return err
			}
			*times[k] = append(*times[k], time.Since(started))
		}
	}
	r.SearchP50, r.SearchP95 = quantile(searched, .5), quantile(searched, .95)
	r.WholeP50 = quantile(whole, .5)
	r.ArmsP50, r.ArmsP95 = quantile(arms, .5), quantile(arms, .95)
	r.RatioP50, r.RatioP95 = r.SearchP50/r.ArmsP50, r.SearchP95/r.ArmsP95
	return nil
}

// recallUnder is the share of the nearest passages that the search's arm finds, mean over the questions.
func recallUnder(ctx context.Context, searcher *retrieve.Searcher, questions []string, collection string) (float64, error) {
	who := access.Principal{ID: "bench", Role: access.Reader, Collections: []string{collection}}
	if collection == "" {
		who = access.System("bench")
	}
	found, wanted := 0, 0
	for _, text := range questions {
		hand, err := searcher.ByHand(ctx, who, retrieve.Query{Text: text})
		if err != nil {
			return 0, err
		}
		exact, err := hand.Nearest(ctx, true)
		if err != nil {
			return 0, err
		}
		near, err := hand.Nearest(ctx, false)
		if err != nil {
			return 0, err
		}
		wanted += len(exact)
		for _, chunk := range near {
			if slices.Contains(exact, chunk) {
				found++
			}
		}
	}
	return float64(found) / float64(max(1, wanted)), nil
}

func (r searchReport) print() {
	fmt.Printf("\nsearch among %d passages, without embedding the question\n", r.Passages)
	fmt.Printf("search ÷ two statements by hand      %4.2f   (p50 %.1f ÷ %.1f ms)   p95 %4.2f   (%.1f ÷ %.1f ms)   its own statement p50 %.1f ms\n",
		r.RatioP50, r.SearchP50, r.ArmsP50, r.RatioP95, r.SearchP95, r.ArmsP95, r.WholeP50)
	fmt.Printf("recall@100 of the vector index       %.3f over all, %.3f with a filter that keeps 10 %%, %.3f with one that keeps 1 %%\n",
		r.Recall["all"], r.Recall["10 %"], r.Recall["1 %"])
}

// wordVectors is a stand-in for the model, so that the search alone is timed: a text's vector is the sum of its
// words', and these are as a word's hash says. Texts with words in common are near.
type wordVectors struct{ inference.Embedder }

// Model implements inference.Embedder.
func (*wordVectors) Model() inference.Model {
	return inference.Model{Name: "word vectors", Dimension: searchDimension, MaxTokens: 512}
}

// EmbedQuery implements inference.Embedder.
func (*wordVectors) EmbedQuery(_ context.Context, text string) ([]float32, error) {
	return vectorOf(text), nil
}

func vectorOf(text string) []float32 {
	vector := make([]float32, searchDimension)
	for word := range strings.FieldsSeq(text) {
		hash := sha256.Sum256([]byte(word))
		random := rand.New(rand.NewChaCha8(hash))
		for i := range vector {
			vector[i] += float32(random.NormFloat64())
		}
	}
	return vector
}

// fillForSearch writes passages, their documents and all that belongs to them straight into the tables: the pipeline
// would take hours. It returns questions, each of a few words of one passage.
func fillForSearch(ctx context.Context, pool *pgxpool.Pool, model inference.Embedder, n int) ([]string, error) {
	store := library.New(pool)
	if err := store.OpenIndex(ctx, model.Model()); err != nil {
		return nil, err
	}
	// Building the index at the end takes a fraction of the time.
	if _, err := pool.Exec(ctx, `drop index passages_embedding`); err != nil {
		return nil, fmt.Errorf("drop vector index: %w", err)
	}
	s := &searchFill{known: make(map[string][]float32)}
	for _, name := range []string{"rest", "ten", "one"} {
		if _, err := pool.Exec(ctx, `insert into collections (name) values ($1)`, name); err != nil {
			return nil, fmt.Errorf("make collection: %w", err)
		}
	}
	hash := sha256.Sum256(nil)
	if _, err := pool.Exec(ctx, `insert into originals (sha256, size) values ($1, 0)`, hash[:]); err != nil {
		return nil, fmt.Errorf("make original: %w", err)
	}
	for document := 1; (document-1)*passagesPerDocument < n; document++ {
		if err := s.write(ctx, pool, document, hash[:]); err != nil {
			return nil, fmt.Errorf("write document %d: %w", document, err)
		}
	}
	if _, err := store.Recount(ctx, true); err != nil {
		return nil, err
	}
	if err := store.OpenIndex(ctx, model.Model()); err != nil {
		return nil, err
	}
	if _, err := pool.Exec(ctx, `vacuum analyze`); err != nil {
		return nil, fmt.Errorf("analyze: %w", err)
	}
	return s.questions, nil
}

// searchFill makes the passages.
type searchFill struct {
	known     map[string][]float32 // vectors of words
	questions []string
}

const passageWords, questionWords = 120, 7

// write files one document of passages about one topic.
func (s *searchFill) write(ctx context.Context, pool *pgxpool.Pool, document int, hash []byte) error {
	random := rand.New(rand.NewPCG(uint64(document), 300))
	words := newWords(random)
	topic := strings.Fields(words.prose(40))
	collection := 1 // the rest
	switch {
	case document%100 == 0:
		collection = 3
	case document%10 == 1:
		collection = 2
	}
	batch := &pgx.Batch{}
	batch.Queue(`insert into documents (collection_id, key) values ($1, $2)`, collection, fmt.Sprint("doc-", document))
	batch.Queue(`insert into contents (document_id, text_sha256, text, language, chunks) values ($1, sha256($2::text::bytea), '', 'en', $3)`,
		document, fmt.Sprint(document), passagesPerDocument)
	batch.Queue(`
		insert into revisions (document_id, number, original_sha256, content_id, title, file_name, media_type, size, created_by,
			received_at, status, effective_from, effective_source)
		values ($1, 1, $2, $1, $3, 'f.md', 'text/markdown', 1, 'bench', now(), 'published', '2025-01-01', 'explicit')`,
		document, hash, fmt.Sprint("Document ", document))
	batch.Queue(`insert into publications (document_id, revision_id, valid, recorded) values ($1, $1, '[2025-01-01,)', '[2025-01-01,)')`, document)
	for i := range passagesPerDocument {
		fresh := strings.Fields(words.prose(passageWords / 2))
		for range passageWords / 2 {
			fresh = append(fresh, topic[random.IntN(len(topic))])
		}
		random.Shuffle(len(fresh), func(i, j int) { fresh[i], fresh[j] = fresh[j], fresh[i] })
		text := strings.Join(fresh, " ")
		if len(s.questions) < searchQuestions && i == document%passagesPerDocument {
			at := random.IntN(len(fresh) - questionWords)
			s.questions = append(s.questions, strings.Join(fresh[at:at+questionWords], " "))
		}
		s.queue(batch, document, i, text, hash)
	}
	batch.Queue(`
		insert into passages (publication_id, chunk_id, document_id, collection_id, valid, embedding, terms, weights)
		select b.id, c.id, $1, $2, b.valid, c.embedding, c.terms, bm25_weights(c.terms, c.counts, c.words, 120)
		from publications b, chunks c where b.document_id = $1 and c.content_id = $1`, document, collection)
	return pool.SendBatch(ctx, batch).Close()
}

// queue files one chunk and its closeup: four windows and its pairs.
func (s *searchFill) queue(batch *pgx.Batch, document, i int, text string, hash []byte) {
	bag := analysis.Passage(text, "en")
	windows := make([]string, 4)
	parts := strings.Fields(text)
	for k := range windows {
		windows[k] = pgvector.NewHalfVector(s.vector(parts[k*len(parts)/4 : (k+1)*len(parts)/4])).String()
	}
	pairs := make(map[int32]float32)
	for _, term := range analysis.PairTerms(text, "en") {
		pairs[term-1] = 1
	}
	batch.Queue(`
		with chunk as (
			insert into chunks (content_id, ordinal, text, context, headings, page, start_offset, end_offset, tokens, embedded_sha256,
				embedding, terms, counts, words)
			values ($1, $2, $3, '', '{}', 0, 0, 0, 150, $4, $5, $6, $7, $8) returning id)
		insert into closeups (chunk_id, windows, pairs)
		select id, array(select w::halfvec from unnest($9::text[]) w), $10::text::sparsevec from chunk`,
		document, i, text, hash, pgvector.NewHalfVector(s.vector(parts)), bag.IDs, bag.Counts, bag.Length, windows,
		pgvector.NewSparseVectorFromMap(pairs, 1_000_000_000).String())
}

// vector is vectorOf with the words remembered.
func (s *searchFill) vector(words []string) []float32 {
	sum := make([]float32, searchDimension)
	for _, word := range words {
		known, ok := s.known[word]
		if !ok {
			known = vectorOf(word)
			s.known[word] = known
		}
		for i := range sum {
			sum[i] += known[i]
		}
	}
	return sum
}
