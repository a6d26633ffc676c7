package eval

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"clearwell/internal/ingest"
	"clearwell/internal/retrieve"
)

// RetrievalSet names the files of a retrieval set in BEIR's formats.
type RetrievalSet struct{ Corpus, Queries, Qrels string }

// RetrievalReport is what a retrieval set came to.
type RetrievalReport struct {
	Documents       int                     `json:"documents"`
	Refused         []string                `json:"refused"` // entries that were not published, with the reason
	Chunks          int                     `json:"chunks"`
	ChunksPerSecond float64                 `json:"chunks_per_second"`
	Arms            map[retrieve.Arm]Scores `json:"arms"`
	SearchP50Millis float64                 `json:"search_p50_ms"` // of hybrid searches, one at a time
	SearchP95Millis float64                 `json:"search_p95_ms"`
}

type corpusEntry struct {
	ID    string `json:"id"`
	BEIR  string `json:"_id"` // BEIR's own spelling
	Title string `json:"title"`
	Text  string `json:"text"`
}

type queryEntry struct {
	ID   string `json:"id"`
	BEIR string `json:"_id"`
	Text string `json:"text"`
}

// Retrieval loads the corpus, one document an entry, and searches for every query in every arm.
func Retrieval(ctx context.Context, s Subject, set RetrievalSet) (RetrievalReport, error) {
	corpus, err := readLines[corpusEntry](set.Corpus)
	if err != nil {
		return RetrievalReport{}, err
	}
	queries, err := readLines[queryEntry](set.Queries)
	if err != nil {
		return RetrievalReport{}, err
	}
	qrels, err := readQrels(set.Qrels)
	if err != nil {
		return RetrievalReport{}, err
	}
	report := RetrievalReport{Documents: len(corpus), Arms: make(map[retrieve.Arm]Scores)}
	var uploads []ingest.Upload
	for _, c := range corpus {
		uploads = append(uploads, upload(c.ID+c.BEIR, c.Title, c.ID+c.BEIR+".txt", c.Text))
	}
	started := time.Now()
	if report.Refused, err = s.load(ctx, uploads); err != nil {
		return RetrievalReport{}, err
	}
	if report.Chunks, err = s.Library.CountPassages(ctx); err != nil {
		return RetrievalReport{}, err
	}
	report.ChunksPerSecond = float64(report.Chunks) / time.Since(started).Seconds()
	for _, arm := range []retrieve.Arm{retrieve.Lexical, retrieve.Dense, retrieve.Hybrid} {
		if report.Arms[arm], err = s.score(ctx, queries, qrels, arm); err != nil {
			return RetrievalReport{}, err
		}
	}
	report.SearchP50Millis, report.SearchP95Millis, err = s.latency(ctx, queries[:min(300, len(queries))])
	return report, err
}

func (s Subject) score(ctx context.Context, queries []queryEntry, qrels map[string]map[string]int, arm retrieve.Arm) (Scores, error) {
	ranked := make([][]string, len(queries))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i, q := range queries {
		group.Go(func() error {
			found, err := s.Searcher.Search(ctx, evaluator, retrieve.Query{Text: q.Text, Limit: 100, Arm: arm})
			if err != nil {
				return err
			}
			for _, p := range found.Passages {
				if !slices.Contains(ranked[i], p.DocumentKey) {
					ranked[i] = append(ranked[i], p.DocumentKey)
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return Scores{}, err
	}
	var scores Scores
	for i, q := range queries {
		if judged, ok := qrels[q.ID+q.BEIR]; ok {
			scores.add(ranked[i], judged)
		}
	}
	scores.mean()
	return scores, nil
}

func (s Subject) latency(ctx context.Context, queries []queryEntry) (p50, p95 float64, err error) {
	var millis []float64
	for _, q := range queries {
		started := time.Now()
		if _, err := s.Searcher.Search(ctx, evaluator, retrieve.Query{Text: q.Text}); err != nil {
			return 0, 0, err
		}
		millis = append(millis, float64(time.Since(started).Microseconds())/1000)
	}
	return percentile(millis, 50), percentile(millis, 95), nil
}
