package eval

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"clearwell/internal/fault"
	"clearwell/internal/ingest"
	"clearwell/internal/retrieve"
)

// RetrievalSet is documents, and the questions that must find them.
type RetrievalSet struct {
	Corpus  Corpus
	Queries []QueryFile // all asked of the same corpus, which is loaded once
	// Renamed are beginnings of judged ids that the corpus has otherwise, such as de- for en-: judgements of a
	// translated set serve across languages.
	Renamed    map[string]string
	KnownItems int            // questions made from words of a document each
	Codes      int            // made documents with one code each, every code asked for in each of codeForms
	Seed       uint64         // of what is made
	Half       Half           // of each list of questions
	Arms       []retrieve.Arm // measured; all when empty
}

// RetrievalReport is what a retrieval set came to.
type RetrievalReport struct {
	Documents       int                     `json:"documents"`
	Refused         []string                `json:"refused"` // entries that were not published, with the reason
	Chunks          int                     `json:"chunks"`
	ChunksPerSecond float64                 `json:"chunks_per_second"`
	Arms            map[retrieve.Arm]Scores `json:"arms"` // of the first list of questions
	Sets            []QuerySetReport        `json:"sets"`
	SearchP50Millis float64                 `json:"search_p50_ms"` // of hybrid searches, one at a time
	SearchP95Millis float64                 `json:"search_p95_ms"`
	Run             Run                     `json:"run"`
}

// QuerySetReport is the scores of one list of questions.
type QuerySetReport struct {
	Name string                  `json:"name"`
	Arms map[retrieve.Arm]Scores `json:"arms"`
}

// The collections of the scratch library: queries over a corpus shall not meet made documents.
const (
	corpusCollection = "corpus"
	codesCollection  = "codes"
)

// Fingerprint is the SHA-256 of the set's files and of what shapes the questions that are made.
func (set RetrievalSet) Fingerprint() (string, error) {
	files, err := set.Corpus.paths()
	if err != nil {
		return "", err
	}
	for _, q := range set.Queries {
		files = append(files, q.Queries, q.Qrels)
	}
	names, err := set.Corpus.files()
	if err != nil {
		return "", err
	}
	return fingerprint(files, names, set.Renamed, set.KnownItems, set.Codes, set.Seed)
}

// Retrieval loads the documents and searches for every question in every arm.
func Retrieval(ctx context.Context, s Subject, set RetrievalSet, settings Settings) (RetrievalReport, error) {
	set.Half = cmp.Or(set.Half, All)
	if len(set.Arms) == 0 {
		set.Arms = []retrieve.Arm{retrieve.Lexical, retrieve.Dense, retrieve.Hybrid}
	}
	hash, err := set.Fingerprint()
	if err != nil {
		return RetrievalReport{}, err
	}
	uploads, asked, err := set.prepare(ctx)
	if err != nil {
		return RetrievalReport{}, err
	}
	report := RetrievalReport{Documents: len(uploads)}
	if err := report.load(ctx, s, uploads); err != nil {
		return RetrievalReport{}, err
	}
	// First of all: an embedder may remember questions that were asked before.
	if report.SearchP50Millis, report.SearchP95Millis, err = s.latency(ctx, asked[0]); err != nil {
		return RetrievalReport{}, err
	}
	var outcomes []Outcome
	for _, q := range asked {
		for _, arm := range set.Arms {
			found, err := s.rank(ctx, q, arm)
			if err != nil {
				return RetrievalReport{}, err
			}
			outcomes = append(outcomes, found...)
		}
	}
	settings.Half, settings.Seed = set.Half, set.Seed
	report.Run = newRun(OfRetrieval, hash, settings, rankMetrics, outcomes)
	for _, q := range asked {
		report.Sets = append(report.Sets, reportOf(report.Run, q.name, set.Arms))
	}
	report.Arms = report.Sets[0].Arms
	return report, nil
}

// load publishes the documents, times that, and brings up to date what follows the library.
func (r *RetrievalReport) load(ctx context.Context, s Subject, uploads []ingest.Upload) (err error) {
	started := time.Now()
	if r.Refused, err = s.publish(ctx, uploads); err != nil {
		return err
	}
	took := time.Since(started)
	if err := s.Upkeep(ctx); err != nil {
		return err
	}
	r.Chunks, err = s.Library.CountPassages(ctx)
	r.ChunksPerSecond = float64(r.Chunks) / took.Seconds()
	return err
}

// reportOf reads the scores of a list of questions out of a run.
func reportOf(run Run, name string, arms []retrieve.Arm) QuerySetReport {
	scores := make(map[retrieve.Arm]Scores)
	for _, arm := range arms {
		scores[arm] = scoresOf(run, partOf(name, arm))
	}
	return QuerySetReport{Name: name, Arms: scores}
}

// prepare reads what is loaded and what is asked, the half of it that is wanted.
func (set RetrievalSet) prepare(ctx context.Context) ([]ingest.Upload, []querySet, error) {
	uploads, err := set.Corpus.uploads(corpusCollection)
	if err != nil {
		return nil, nil, err
	}
	asked, err := set.readQueries(uploads)
	if err != nil {
		return nil, nil, err
	}
	if set.KnownItems > 0 {
		documents, err := set.Corpus.documents(ctx)
		if err != nil {
			return nil, nil, err
		}
		asked = append(asked, querySet{"known items", []string{corpusCollection}, knownItems(documents, set.KnownItems, set.Seed)})
	}
	if set.Codes > 0 {
		documents, queries := codeDocuments(set.Codes, set.Seed)
		for _, d := range documents {
			up := upload(d.key, d.title, d.key+".txt", d.text)
			up.Collection = codesCollection
			uploads = append(uploads, up)
		}
		asked = append(asked, querySet{"codes", nil, queries})
	}
	for i := range asked {
		asked[i].queries = halfOf(set.Half, asked[i].queries)
	}
	asked = slices.DeleteFunc(asked, func(q querySet) bool { return len(q.queries) == 0 })
	if len(asked) == 0 {
		return nil, nil, fault.Newf(fault.Invalid, "no_questions",
			"The set has no question with a relevance judgement: compare the ids of queries and judgements.")
	}
	return uploads, asked, nil
}

// readQueries reads the lists of questions; each must be judged by documents among the uploads.
func (set RetrievalSet) readQueries(uploads []ingest.Upload) ([]querySet, error) {
	var asked []querySet
	for i, file := range set.Queries {
		queries, err := file.read(set.Renamed)
		if err != nil {
			return nil, err
		}
		if !areIn(queries, uploads) {
			return nil, fault.Newf(fault.Invalid, "foreign_judgements",
				"No document that %q judges is among those that are loaded: compare the ids, or translate them with --rename-judged.", file.Qrels)
		}
		asked = append(asked, querySet{set.name(i), []string{corpusCollection}, queries})
	}
	return asked, nil
}

func partOf(set string, arm retrieve.Arm) string { return set + " · " + string(arm) }

// rank searches for every question, two at a time, and judges what it finds. Passages are folded to their
// documents: the best one counts.
func (s Subject) rank(ctx context.Context, asked querySet, arm retrieve.Arm) ([]Outcome, error) {
	outcomes := make([]Outcome, len(asked.queries))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i, q := range asked.queries {
		group.Go(func() error {
			found, err := s.Searcher.Search(ctx, evaluator,
				retrieve.Query{Text: q.text, Collections: asked.collections, Limit: 100, Arm: arm})
			if err != nil {
				return fmt.Errorf("question %s: %w", q.id, err)
			}
			var ranked []string
			for _, p := range found.Passages {
				for _, key := range documentsOf(p) {
					if !slices.Contains(ranked, key) {
						ranked = append(ranked, key)
					}
				}
			}
			outcomes[i] = Outcome{Part: partOf(asked.name, arm), Type: q.kind, ID: q.id, Question: q.text, Values: rankValues(ranked, q.relevant)}
			return nil
		})
	}
	return outcomes, group.Wait()
}

// documentsOf are the keys of the document that the passage stands in, and of those that say the same.
func documentsOf(p retrieve.Passage) []string {
	keys := []string{p.DocumentKey}
	for _, c := range p.Copies {
		keys = append(keys, c.DocumentKey)
	}
	return keys
}

// timedQueries is how many searches a latency is read from at most.
const timedQueries = 300

func (s Subject) latency(ctx context.Context, asked querySet) (p50, p95 float64, err error) {
	var millis []float64
	for _, q := range asked.queries[:min(timedQueries, len(asked.queries))] {
		started := time.Now()
		if _, err := s.Searcher.Search(ctx, evaluator, retrieve.Query{Text: q.text, Collections: asked.collections}); err != nil {
			return 0, 0, err
		}
		millis = append(millis, float64(time.Since(started).Microseconds())/1000)
	}
	return percentile(millis, 50), percentile(millis, 95), nil
}
