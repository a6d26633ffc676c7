package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"clearwell/internal/access"
	"clearwell/internal/chunk"
	"clearwell/internal/clean"
	"clearwell/internal/inference"
	"clearwell/internal/parse"
	"clearwell/internal/retrieve"
)

type benchCommand struct {
	Documents int   `help:"Documents to generate and ingest; 0: leave that part out." default:"150"`
	Identity  int   `help:"Documents among which to look for whose revision a file is; 0: leave that part out." default:"2000"`
	Asked     int   `help:"Documents among which to ask questions; 0: leave that part out." default:"150"`
	Askers    int   `help:"How many ask at the same time." default:"16"`
	Searched  []int `help:"Passages among which to search, several sizes apart by commas; 0: leave that part out." placeholder:"N,…"`
	// CPUProfile is for go tool pprof.
	CPUProfile string `help:"Write profiles of the processor while many ask, as PATH-chat and PATH-extracts." placeholder:"PATH" name:"cpu-profile" type:"path"`
	JSON       bool   `help:"Print JSON." name:"json"`
}

// benchReport is the ratios and what they were made from. Ratios compare two things measured in one
// run, so a slow machine moves both.
type benchReport struct {
	Documents           int     `json:"documents"`
	Passages            int     `json:"passages"`
	BarePerSecond       float64 `json:"bare_embedder_passages_per_second"`
	PipelinePerSecond   float64 `json:"pipeline_passages_per_second"`
	PipelineRatio       float64 `json:"pipeline_to_bare_embedder"`
	QueryIdleP95        float64 `json:"query_embedding_p95_idle_ms"`
	QueryBusyP95        float64 `json:"query_embedding_p95_ingesting_ms"`
	QueryRatio          float64 `json:"query_embedding_ingesting_to_idle"`
	SearchP50           float64 `json:"search_p50_ms"`
	SearchP95           float64 `json:"search_p95_ms"`
	ByHandP50           float64 `json:"by_hand_p50_ms"`
	ByHandP95           float64 `json:"by_hand_p95_ms"`
	EmbedP50            float64 `json:"question_embedding_p50_ms"`
	SearchRatio         float64 `json:"search_to_by_hand"`
	SearchBothRatio     float64 `json:"search_to_by_hand_and_embedding"`
	BinaryIdleMiB       float64 `json:"binary_idle_mib"`
	BinaryPeakMiB       float64 `json:"binary_peak_mib"`
	PostgresIdleMiB     float64 `json:"postgres_idle_mib"`
	PostgresPeakMiB     float64 `json:"postgres_peak_mib"`
	PostgresWasMeasured bool    `json:"postgres_was_measured"`

	Identity identityReport `json:"identity"`
	Asked    askReport      `json:"asked"`
	Searched []searchReport `json:"searched"`
}

// Run measures on a scratch database and prints ratios.
func (c *benchCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	report := benchReport{Documents: c.Documents}
	if c.Documents > 0 {
		err := onScratch(ctx, cfg, log, func(r *rooms) error { return report.measure(ctx, r, c.Documents) })
		if err != nil {
			return err
		}
	}
	if c.Identity > 0 {
		var err error
		if report.Identity, err = measureIdentity(ctx, cfg, log, c.Identity); err != nil {
			return err
		}
	}
	if c.Asked > 0 {
		var err error
		if report.Asked, err = measureAsks(ctx, cfg, log, c.Asked, c.Askers, c.CPUProfile); err != nil {
			return err
		}
	}
	for _, n := range c.Searched {
		if n <= 0 {
			continue
		}
		searched, err := measureSearch(ctx, cfg, log, n)
		if err != nil {
			return err
		}
		report.Searched = append(report.Searched, searched)
	}
	if c.JSON {
		return printJSON(os.Stdout, report)
	}
	for _, searched := range report.Searched {
		searched.print()
	}
	if c.Documents > 0 {
		report.print()
	}
	if c.Identity > 0 {
		report.Identity.print()
	}
	if c.Asked > 0 {
		report.Asked.print()
	}
	return nil
}

func (b *benchReport) measure(ctx context.Context, r *rooms, documents int) error {
	texts := benchDocuments(documents)
	idle, err := queryTimes(ctx, r.embedder, 200)
	if err != nil {
		return err
	}
	b.QueryIdleP95 = p95(idle)
	b.BinaryIdleMiB = processMiB(os.Getpid())
	b.PostgresIdleMiB, b.PostgresWasMeasured = postgresMiB(ctx, r.pool)
	// The bare model runs before and after the pipeline, half each, so that a machine that slows down
	// or speeds up on the way moves both alike.
	passages, err := benchChunks(ctx, r.embedder, texts)
	if err != nil {
		return err
	}
	b.Passages = len(passages)
	half := len(passages) / 2
	first, err := embedTime(ctx, r.embedder, passages[:half])
	if err != nil {
		return err
	}
	pipeline, busy, err := b.ingest(ctx, r, texts)
	if err != nil {
		return err
	}
	second, err := embedTime(ctx, r.embedder, passages[half:])
	if err != nil {
		return err
	}
	b.BarePerSecond = float64(len(passages)) / (first + second).Seconds()
	b.PipelinePerSecond = float64(len(passages)) / pipeline.Seconds()
	b.PipelineRatio = b.PipelinePerSecond / b.BarePerSecond
	b.QueryBusyP95 = p95(busy)
	b.QueryRatio = b.QueryBusyP95 / b.QueryIdleP95
	return b.search(ctx, r)
}

// ingest takes the texts through the pipeline, once by itself for the rate, then once more with other
// numbers in them while queries are embedded beside it.
func (b *benchReport) ingest(ctx context.Context, r *rooms, texts []string) (alone time.Duration, busy []time.Duration, err error) {
	started := time.Now()
	if err := r.ingestTexts(ctx, "alone", texts); err != nil {
		return 0, nil, err
	}
	alone = time.Since(started)
	done := make(chan error, 1)
	go func() {
		beside := benchDocuments(2 * len(texts))[len(texts):]
		done <- r.ingestTexts(ctx, "beside", beside)
	}()
	for {
		select {
		case err := <-done:
			return alone, busy, err
		default:
		}
		times, err := queryTimes(ctx, r.embedder, 10)
		if err != nil {
			return 0, nil, errors.Join(err, <-done)
		}
		busy = append(busy, times...)
		b.BinaryPeakMiB = max(b.BinaryPeakMiB, processMiB(os.Getpid()))
		if mib, ok := postgresMiB(ctx, r.pool); ok {
			b.PostgresPeakMiB = max(b.PostgresPeakMiB, mib)
		}
		time.Sleep(20 * time.Millisecond) // a person now and then, not a load test
	}
}

// search compares a search with the same statement run by hand, question embedded and words looked up
// before, and with that statement and the bare embedding of the question.
func (b *benchReport) search(ctx context.Context, r *rooms) error {
	var searched, byHand, embedded []time.Duration
	searcher := retrieve.NewSearcher(r.pool, r.embedder, retrieve.Config{}) // remembers no question
	for i := range 300 {
		q := retrieve.Query{Text: benchQuestion(i)}
		byHandNow, err := searcher.ByHand(ctx, access.System("bench"), q)
		if err != nil {
			return err
		}
		steps := []func() error{
			func() error {
				_, err := searcher.Search(ctx, access.System("bench"), q)
				return err
			},
			func() error { return byHandNow.Whole(ctx) },
			func() error {
				_, err := r.embedder.EmbedQuery(ctx, q.Text)
				return err
			},
		}
		times := []*[]time.Duration{&searched, &byHand, &embedded}
		for turn := range steps { // by turns, so that caches favour none
			n := (i + turn) % len(steps)
			started := time.Now()
			if err := steps[n](); err != nil {
				return err
			}
			*times[n] = append(*times[n], time.Since(started))
		}
	}
	b.SearchP50, b.SearchP95 = quantile(searched, .5), quantile(searched, .95)
	b.ByHandP50, b.ByHandP95 = quantile(byHand, .5), quantile(byHand, .95)
	b.EmbedP50 = quantile(embedded, .5)
	b.SearchRatio = b.SearchP50 / b.ByHandP50
	b.SearchBothRatio = b.SearchP50 / (b.ByHandP50 + b.EmbedP50)
	return nil
}

func (b *benchReport) print() {
	fmt.Printf("%d documents, %d passages, %d cores\n\n", b.Documents, b.Passages, runtime.NumCPU())
	fmt.Printf("pipeline ÷ bare embedder            %5.2f   (%.1f ÷ %.1f passages/s)\n", b.PipelineRatio, b.PipelinePerSecond, b.BarePerSecond)
	fmt.Printf("query embedding p95 ingesting ÷ idle %4.2f   (%.1f ÷ %.1f ms)\n", b.QueryRatio, b.QueryBusyP95, b.QueryIdleP95)
	fmt.Printf("search ÷ its SQL by hand             %4.2f   (p50 %.1f ÷ %.1f ms; p95 %.1f and %.1f ms)\n", b.SearchRatio, b.SearchP50, b.ByHandP50, b.SearchP95, b.ByHandP95)
	fmt.Printf("search ÷ (SQL + embedding) by hand   %4.2f   (p50 of embedding the question %.1f ms)\n", b.SearchBothRatio, b.EmbedP50)
	fmt.Printf("resident, binary                     idle %.0f MiB, peak %.0f MiB\n", b.BinaryIdleMiB, b.BinaryPeakMiB)
	if b.PostgresWasMeasured {
		fmt.Printf("resident, Postgres (proportional)    idle %.0f MiB, peak %.0f MiB\n", b.PostgresIdleMiB, b.PostgresPeakMiB)
	}
}

func (r *rooms) ingestTexts(ctx context.Context, prefix string, texts []string) error {
	folder, err := os.MkdirTemp("", "clearwell-bench-*")
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(folder)
	items := make([]item, len(texts))
	for i, text := range texts {
		name := fmt.Sprintf("%s-%d.md", prefix, i)
		items[i] = item{File: name, Key: name, Collection: "bench", path: folder + "/" + name}
		if err := os.WriteFile(items[i].path, []byte(text), 0o600); err != nil {
			return fmt.Errorf("write document: %w", err)
		}
	}
	results, err := r.ingestAll(ctx, items, newProgress(len(items), true))
	for _, res := range results {
		if res.Code != "" {
			err = errors.Join(err, fmt.Errorf("%s: %s", res.File, res.Message))
		}
	}
	return err
}

// benchChunks are the texts that the pipeline will embed.
func benchChunks(ctx context.Context, counter chunk.Counter, texts []string) ([]string, error) {
	var passages []string
	for _, text := range texts {
		body := strings.NewReader(text)
		doc, err := parse.File(ctx, parse.Source{Name: "bench.md", Body: body, Size: body.Size()}, parse.Limits{})
		if err != nil {
			return nil, err
		}
		for _, c := range chunk.Split(clean.Apply(doc), counter, chunk.Config{}) {
			passages = append(passages, c.Embedded())
		}
	}
	return passages, nil
}

func embedTime(ctx context.Context, embedder inference.Embedder, passages []string) (time.Duration, error) {
	started := time.Now()
	_, err := embedder.EmbedPassages(ctx, passages)
	return time.Since(started), err
}

func queryTimes(ctx context.Context, embedder inference.Embedder, n int) ([]time.Duration, error) {
	times := make([]time.Duration, n)
	for i := range times {
		started := time.Now()
		if _, err := embedder.EmbedQuery(ctx, benchQuestion(i)); err != nil {
			return nil, err
		}
		times[i] = time.Since(started)
	}
	return times, nil
}

func p95(times []time.Duration) float64 { return quantile(times, .95) }

// quantile is in milliseconds.
func quantile(times []time.Duration, q float64) float64 {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return float64(sorted[min(len(sorted)-1, int(float64(len(sorted))*q))].Microseconds()) / 1000
}

var (
	benchTopics = []string{"vacation", "travel", "sick leave", "remote work", "parental leave", "expenses", "laptops", "passwords",
		"visitors", "parking", "training", "overtime", "pensions", "bonuses", "contracts", "invoices", "meetings", "deliveries",
		"safety", "first aid", "data protection", "complaints", "suppliers", "recruitment"}
	benchSubjects = []string{"Every employee", "The team lead", "A new colleague", "The finance department", "The works council",
		"A part-time employee", "The office manager", "Whoever travels", "The project owner", "The security team"}
	benchVerbs = []string{"must hand in a request for", "may decide on", "gets a report about", "pays for", "is informed of",
		"keeps a record of", "reviews", "approves", "cannot change", "has to renew"}
	benchEnds = []string{"within %d working days", "up to %d euros a year", "before the %dth of the month", "for at most %d hours a week",
		"after %d months in the company", "once %d people have agreed", "with %d days' notice", "in room %d on the second floor"}
)

// benchDocuments writes policies of headings and paragraphs. The n-th text is the same in every run.
func benchDocuments(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		random := rand.New(rand.NewPCG(uint64(i), 42))
		var s strings.Builder
		topic := benchTopics[random.IntN(len(benchTopics))]
		fmt.Fprintf(&s, "# Rules on %s, number %d\n\n", topic, i)
		for section := range 4 {
			fmt.Fprintf(&s, "## Part %d: %s\n\n", section+1, benchTopics[random.IntN(len(benchTopics))])
			for range 3 {
				for range 5 {
					fmt.Fprintf(&s, "%s %s %s %s. ", benchSubjects[random.IntN(len(benchSubjects))], benchVerbs[random.IntN(len(benchVerbs))],
						benchTopics[random.IntN(len(benchTopics))], fmt.Sprintf(benchEnds[random.IntN(len(benchEnds))], 1+random.IntN(5000)))
				}
				s.WriteString("\n\n")
			}
		}
		texts[i] = s.String()
	}
	return texts
}

func benchQuestion(i int) string {
	return fmt.Sprintf("Who approves %s and within how many days?", benchTopics[i%len(benchTopics)])
}
