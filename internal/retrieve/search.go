package retrieve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pgvector/pgvector-go"
	"golang.org/x/sync/errgroup"

	"clearwell/internal/access"
	"clearwell/internal/analysis"
	"clearwell/internal/fault"
	"clearwell/internal/inference"
)

const (
	defaultLimit = 10
	maxLimit     = 100
	// maxCharacters bounds a question; embedding models see 512 tokens at most.
	maxCharacters = 4000
)

// Config tunes a search. The zero value means the defaults.
type Config struct {
	// Candidates is how many passages each arm proposes, and never fewer than are asked for; default 100.
	Candidates int
	// Budget is how many passages the lexical arm scores, roughly: words are taken rarest first until so many
	// passages hold them; default 10,000, at which half a million passages ranked as in an exact search for .965
	// of the first 50.
	Budget int64
	// Ablation leaves out parts of the scoring, to measure what each is worth.
	Ablation Ablation
	// Reranker orders the best passages anew; nil: they stay in the order of their scores.
	Reranker inference.Reranker
	// Log is told when the Reranker fails; nil: nobody is.
	Log *slog.Logger
}

// Searcher finds passages. It is safe for concurrent use.
type Searcher struct {
	pool      *pgxpool.Pool
	embedder  inference.Embedder
	general   inference.WordModel // nil if the embedder is none
	dimension int
	cfg       Config
	reranking *reranking // nil without a reranker
	hybrid    string
	known     string
	ended     string
	amended   string
}

// NewSearcher returns a Searcher of the library behind pool, whose vectors are the embedder's.
func NewSearcher(pool *pgxpool.Pool, embedder inference.Embedder, cfg Config) *Searcher {
	if cfg.Candidates <= 0 {
		cfg.Candidates = 100
	}
	if cfg.Budget <= 0 {
		cfg.Budget = 10_000
	}
	dimension := embedder.Model().Dimension
	general, _ := embedder.(inference.WordModel)
	s := &Searcher{pool: pool, embedder: embedder, general: general, dimension: dimension, cfg: cfg,
		hybrid: statement(hybridSQL, dimension), known: statement(knownSQL, dimension),
		ended: statement(endedSQL, dimension), amended: statement(amendedSQL, dimension)}
	if cfg.Reranker != nil {
		s.reranking = &reranking{model: cfg.Reranker, log: cmp.Or(cfg.Log, slog.New(slog.DiscardHandler))}
	}
	return s
}

// Search returns the passages that answer the query best, best first, among those that the principal may
// read and that are in force at the moment asked about. Passages that amend one of them stand before it. Naming a moment
// (or KnownAt) searches history, exactly and by a scan. Nothing readable is an empty result, not an error: a reader can't tell a collection that
// isn't there from one that isn't theirs. Errors: fault.Invalid with empty_query, query_too_long,
// limit_out_of_range or unknown_arm; whatever the embedder returns.
func (s *Searcher) Search(ctx context.Context, who access.Principal, q Query) (Result, error) {
	q, err := checked(q)
	if err != nil {
		return Result{}, err
	}
	at, words, vector, err := s.prepare(ctx, who, q)
	if err != nil {
		return Result{}, err
	}
	if len(at.readable) == 0 {
		if !q.AsOf.IsZero() {
			at.now = q.AsOf
		}
		return Result{AsOf: at.now.UTC()}, nil
	}
	result, isAmended, err := s.find(ctx, q, at, words, vector)
	if err != nil || len(result.Passages) == 0 {
		return result, err
	}
	if isAmended {
		if err := s.amend(ctx, q, at, words, vector, &result); err != nil {
			return Result{}, err
		}
	}
	if q.Arm == Hybrid {
		if result.Passages, err = s.join(ctx, fold(result.Passages)); err != nil {
			return Result{}, err
		}
	}
	result.Passages = result.Passages[:min(len(result.Passages), q.Limit)]
	return result, nil
}

// find runs the statement for the moment asked about, and has a reranker order what it found where there is one.
// isAmended says that there is a document that amends one of those found.
func (s *Searcher) find(ctx context.Context, q Query, at setting, words question, vector *pgvector.HalfVector) (result Result, isAmended bool, err error) {
	isReranked := s.reranking.isWanted(q)
	wanted := fetched(q)
	if isReranked {
		wanted = max(wanted, rerankedAtLeast)
	}
	sql, args := s.hybrid, s.hybridArgs(q, at, words, vector, wanted)
	if !q.AsOf.IsZero() || !q.KnownAt.IsZero() {
		sql, args = s.known, append(s.knownArgs(q, at, words, vector, wanted), q.except())
	}
	result, isAmended, err = s.collect(ctx, words, sql, args)
	if err != nil {
		return Result{}, false, fmt.Errorf("search passages: %w", err)
	}
	if isReranked && len(result.Passages) > 1 {
		if err := s.reranking.order(ctx, q.Text, result.Passages); err != nil {
			return Result{}, false, err
		}
	}
	return result, isAmended, nil
}

func checked(q Query) (Query, error) {
	q.Text = strings.TrimSpace(strings.ToValidUTF8(q.Text, "\uFFFD"))
	if q.Limit == 0 {
		q.Limit = defaultLimit
	}
	if q.Arm == "" {
		q.Arm = Hybrid
	}
	switch {
	case q.Text == "":
		return q, fault.Newf(fault.Invalid, "empty_query", "The question is empty: say what to look for.")
	case utf8.RuneCountInString(q.Text) > maxCharacters:
		return q, fault.Newf(fault.Invalid, "query_too_long",
			"The question is longer than %d characters: ask for one thing at a time.", maxCharacters)
	case q.Limit < 1 || q.Limit > maxLimit:
		return q, fault.Newf(fault.Invalid, "limit_out_of_range", "The limit is %d: give 1 to %d.", q.Limit, maxLimit)
	case q.Arm != Hybrid && q.Arm != Dense && q.Arm != Lexical:
		return q, fault.Newf(fault.Invalid, "unknown_arm", "There is no arm %q: choose hybrid, dense or lexical.", q.Arm)
	}
	return q, nil
}

// secondLook is how many candidates are scored by their windows and neighbouring words, too: with fewer than 50 some
// half-remembered sentences were lost, more than 80 changed nothing.
const secondLook = 80

// errNothingReadable stops the embedding of a question that can find nothing.
var errNothingReadable = errors.New("nothing readable")

// prepare embeds the question and, at the same time, looks up who may read what and what the words weigh.
func (s *Searcher) prepare(ctx context.Context, who access.Principal, q Query) (at setting, words question, vector *pgvector.HalfVector, err error) {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		at, words, err = s.lookUp(ctx, who, q)
		if err == nil && len(at.readable) == 0 {
			return errNothingReadable
		}
		return err
	})
	if q.Arm != Lexical {
		group.Go(func() error {
			values, err := s.embedder.EmbedQuery(ctx, q.Text)
			if err != nil {
				return fmt.Errorf("embed the question: %w", err)
			}
			if len(values) != s.dimension {
				return fault.Newf(fault.Unavailable, "embedder_dimension",
					"The embedding model answered with %d dimensions instead of %d: check CLEARWELL_EMBED_MODEL.", len(values), s.dimension)
			}
			v := pgvector.NewHalfVector(values)
			vector = &v
			return nil
		})
	}
	if err := group.Wait(); err != nil && !errors.Is(err, errNothingReadable) {
		return setting{}, question{}, nil, err
	}
	return at, words, vector, nil
}

func (s *Searcher) hybridArgs(q Query, at setting, words question, vector *pgvector.HalfVector, wanted int) []any {
	candidates := max(s.cfg.Candidates, q.Limit)
	dense, lexical := candidates, candidates
	switch q.Arm {
	case Dense:
		lexical = 0
	case Lexical:
		dense = 0
	}
	t, cosine := q.Arm.weights()
	windows, exponent := s.cfg.Ablation.closeup()
	return []any{moment(q.AsOf), at.readable, vector, dense, words.selective(s.cfg.Budget), words.vector(), lexical,
		words.perfect(), words.terms(), t, cosine, wanted, q.except(), words.pairVector(), windows, exponent, secondLook}
}

func (s *Searcher) knownArgs(q Query, at setting, words question, vector *pgvector.HalfVector, wanted int) []any {
	terms := words.terms()
	weights := make([]float32, len(terms))
	for i, term := range terms {
		weights[i] = words.weight[term]
	}
	t, cosine := q.Arm.weights()
	windows, exponent := s.cfg.Ablation.closeup()
	return []any{moment(q.AsOf), moment(q.KnownAt), at.readable, vector, terms, weights, at.statistics.averageWords,
		words.perfect(), t, cosine, wanted, analysis.K1, analysis.B, words.pairVector(), windows, exponent}
}

// weights of t² and of the cosine in the score. Both are 1: t is small for questions in unknown words, which
// turns the lexical half off by itself, and no other weight was better for all kinds of questions.
func (a Arm) weights() (t, cosine float64) {
	switch a {
	case Dense:
		return 0, 1
	case Lexical:
		return 1, 0
	}
	return 1, 1
}

// except is never null: nothing is unequal to all of null.
func (q Query) except() []int64 {
	if q.Except == nil {
		return []int64{}
	}
	return q.Except
}

// moment is t as a parameter: null, for now, when it is zero.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// collect runs the statement. There is always a row with the moment; without passages the rest of it is null.
// The plan is made anew each time: a generic one would not know how many passages may be read.
func (s *Searcher) collect(ctx context.Context, words question, sql string, args []any) (result Result, isAmended bool, err error) {
	result.Words = words.shown()
	rows, err := s.pool.Query(ctx, sql, append([]any{pgx.QueryExecModeCacheDescribe}, args...)...)
	if err != nil {
		return Result{}, false, err
	}
	defer rows.Close()
	for rows.Next() {
		var isThis bool
		found, err := scan(rows, &result, words, &isThis)
		if err != nil {
			return Result{}, false, err
		}
		isAmended = isAmended || isThis
		if found != nil {
			result.Passages = append(result.Passages, *found)
		}
	}
	if len(result.Passages) > 0 {
		result.Coverage = result.Passages[0].Coverage
	}
	return result, isAmended, rows.Err()
}
