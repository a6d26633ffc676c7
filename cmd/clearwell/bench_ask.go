package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"clearwell/internal/access"
	"clearwell/internal/inference"
	"clearwell/internal/postgres"
	"clearwell/internal/retrieve"
)

// askReport is what an answer costs beside its chat model.
type askReport struct {
	Documents int      `json:"documents"`
	Passages  int      `json:"passages"`
	Runs      []askRun `json:"runs"`
}

// askRun is one way of asking, by so many at once. Times are of /api/v1/ask over HTTP, in milliseconds, without
// the chat server's own; of "search" they are those of the room, without HTTP.
type askRun struct {
	Mode      string  `json:"mode"` // search, extracts or chat
	Askers    int     `json:"askers"`
	Asks      int     `json:"asks"`
	Abstained int     `json:"abstained"` // how many of them got no answer
	P50       float64 `json:"p50_ms"`
	P95       float64 `json:"p95_ms"`
	PerSecond float64 `json:"asks_per_second"`
	ToSearch  float64 `json:"p50_to_bare_search"`
	ChatP50   float64 `json:"chat_server_p50_ms"` // taken off
}

// Limits of a run: so many asks, and no longer than that.
const (
	asksAlone    = 100
	asksTogether = 400
	askRunLimit  = 2 * time.Minute
	asksToWarmUp = 10
)

// askBench is a library on a scratch database, and how it is asked.
type askBench struct {
	*rooms
	cfg       *config
	log       *slog.Logger
	questions []string // the first ones warm up
	report    askReport
}

// measureAsks fills a scratch library with n documents and asks it, alone and with others. Profiles of the processor
// while it is asked by many are written to files that begin with profile, unless that is empty.
func measureAsks(ctx context.Context, cfg *config, log *slog.Logger, n, askers int, profile string) (report askReport, err error) {
	db, err := postgres.Open(ctx, cfg.database(false), log)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	pool, drop, err := postgres.Scratch(ctx, db, "asks")
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, drop(context.WithoutCancel(ctx))) }()
	if err := postgres.Migrate(ctx, pool); err != nil {
		return report, err
	}
	opened, err := openModels(ctx, cfg, log)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	r, err := wire(ctx, pool, models{embedder: hasty{opened.embedder}}, cfg, log)
	if err != nil {
		return report, err
	}
	if err := r.fill(ctx, n); err != nil {
		return report, err
	}
	if r, err = wire(ctx, pool, opened, cfg, log); err != nil {
		return report, err
	}
	b := &askBench{rooms: r, cfg: cfg, log: log, report: askReport{Documents: n},
		questions: askQuestions(benchDocuments(n), asksToWarmUp+asksTogether)}
	if err := pool.QueryRow(ctx, `select count(*) from passages`).Scan(&b.report.Passages); err != nil {
		return report, fmt.Errorf("count passages: %w", err)
	}
	for _, askers := range []int{1, askers} {
		if err := b.run(ctx, askers, profile); err != nil {
			return report, err
		}
	}
	return b.report, nil
}

// hasty embeds only how a passage ends: its vectors lie as those of passages do, in a tenth of the time.
type hasty struct{ inference.Embedder }

const hastyWords = 12

// EmbedPassages implements inference.Embedder.
func (h hasty) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	short := make([]string, len(texts))
	for i, text := range texts {
		words := strings.Fields(text)
		short[i] = strings.Join(words[max(0, len(words)-hastyWords):], " ")
	}
	return h.Embedder.EmbedPassages(ctx, short)
}

// fill takes documents through the pipeline, and does what upkeep does in quiet times.
func (r *rooms) fill(ctx context.Context, n int) error {
	if err := r.queue.Work(ctx); err != nil {
		return err
	}
	err := r.ingestTexts(ctx, "ask", benchDocuments(n))
	if err := errors.Join(err, r.stopWork(ctx)); err != nil {
		return err
	}
	if err := r.queue.Upkeep(ctx); err != nil {
		return err
	}
	if _, err := r.pool.Exec(ctx, `analyze`); err != nil {
		return fmt.Errorf("analyze: %w", err)
	}
	return nil
}

// run asks in every way.
func (b *askBench) run(ctx context.Context, askers int, profile string) error {
	var chatTimes timings
	chat := httptest.NewServer(instantChat{&chatTimes})
	defer chat.Close()
	withChat := *b.cfg
	withChat.Chat = chatConfig{BaseURL: chat.URL + "/v1", Model: "instant"}
	without := *b.cfg
	without.Chat = chatConfig{}
	searcher := retrieve.NewSearcher(b.pool, b.embedder, retrieve.Config{}) // remembers no question
	bare, err := b.load(ctx, "search", askers, "", func(ctx context.Context, question string) (asked, error) {
		_, err := searcher.Search(ctx, access.System("bench"), retrieve.Query{Text: question, Limit: 8})
		return asked{}, err
	})
	if err != nil {
		return err
	}
	b.report.Runs = append(b.report.Runs, bare)
	for _, cfg := range []*config{&without, &withChat} {
		mode := "extracts"
		if cfg.Chat.BaseURL != "" {
			mode = "chat"
		}
		run, err := b.overHTTP(ctx, mode, askers, cfg, profile)
		if err != nil {
			return err
		}
		if mode == "chat" {
			run.ChatP50 = quantile(chatTimes.list(), .5)
			run.P50, run.P95 = run.P50-run.ChatP50, run.P95-run.ChatP50
		}
		run.ToSearch = run.P50 / bare.P50
		b.report.Runs = append(b.report.Runs, run)
	}
	return nil
}

// overHTTP asks a service as serve wires it.
func (b *askBench) overHTTP(ctx context.Context, mode string, askers int, cfg *config, profile string) (askRun, error) {
	r, err := wire(ctx, b.pool, b.models, cfg, b.log)
	if err != nil {
		return askRun{}, err
	}
	key, err := r.access.CreateKey(ctx, "bench "+mode, access.Reader, nil)
	if err != nil {
		return askRun{}, err
	}
	server := httptest.NewServer((&app{rooms: *r}).handler(b.log))
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: askers}}
	defer client.CloseIdleConnections()
	if profile != "" && askers > 1 {
		profile += "-" + mode
	} else {
		profile = ""
	}
	return b.load(ctx, mode, askers, profile, func(ctx context.Context, question string) (asked, error) {
		return ask(ctx, client, server.URL, key, question)
	})
}

// asked is what a bench needs to know of an answer.
type asked struct {
	Abstained bool   `json:"abstained"`
	Model     string `json:"model"`
}

func ask(ctx context.Context, client *http.Client, url, key, question string) (out asked, err error) {
	body, err := json.Marshal(map[string]string{"question": question})
	if err != nil {
		return out, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/api/v1/ask", bytes.NewReader(body))
	if err != nil {
		return out, err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	res, err := client.Do(req)
	if err != nil {
		return out, fmt.Errorf("ask: %w", err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("ask: status %d: %s", res.StatusCode, answer)
	}
	if err == nil {
		err = json.Unmarshal(answer, &out)
	}
	return out, err
}

// load has so many askers ask one question after the other until the run is over.
func (b *askBench) load(ctx context.Context, mode string, askers int, profile string, ask func(context.Context, string) (asked, error)) (askRun, error) {
	total := asksTogether
	if askers == 1 {
		total = asksAlone
	}
	for _, question := range b.questions[:asksToWarmUp] {
		if _, err := ask(ctx, question); err != nil {
			return askRun{}, err
		}
	}
	stopProfile, err := profileInto(profile)
	if err != nil {
		return askRun{}, err
	}
	var times timings
	var next, abstained atomic.Int64
	started := time.Now()
	group, inner := errgroup.WithContext(ctx)
	for range askers {
		group.Go(func() error {
			for time.Since(started) < askRunLimit {
				i := int(next.Add(1)) - 1
				if i >= total {
					return nil
				}
				begun := time.Now()
				answer, err := ask(inner, b.questions[asksToWarmUp+i])
				if err != nil {
					return err
				}
				times.add(time.Since(begun))
				if answer.Abstained {
					abstained.Add(1)
				}
			}
			return nil
		})
	}
	err = errors.Join(group.Wait(), stopProfile())
	took, list := time.Since(started), times.list()
	return askRun{Mode: mode, Askers: askers, Asks: len(list), Abstained: int(abstained.Load()), P50: quantile(list, .5),
		P95: quantile(list, .95), PerSecond: float64(len(list)) / took.Seconds()}, err
}

// profileInto records what the processor does until the function that it returns is called; nothing without a path.
func profileInto(path string) (stop func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("write profile: %w", err)
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return file.Close()
	}, nil
}

// askQuestions asks for who does what sentences of the documents say, each for another one: the library has the
// answer.
func askQuestions(texts []string, n int) []string {
	questions := make([]string, n)
	for i := range questions {
		sentences := strings.Split(texts[i%len(texts)], ". ")
		for at := 7 * (i / len(texts)); questions[i] == ""; at++ {
			questions[i] = whoDoes(sentences[at%len(sentences)])
		}
	}
	return questions
}

// whoDoes asks for the subject of a sentence; "" if it has none of ours.
func whoDoes(sentence string) string {
	for _, subject := range benchSubjects {
		if _, does, ok := strings.Cut(sentence, subject+" "); ok {
			return "Who " + strings.TrimSuffix(strings.TrimSpace(does), ".") + "?"
		}
	}
	return ""
}

// timings are durations that come from many at once.
type timings struct {
	mu    sync.Mutex
	times []time.Duration
}

func (t *timings) add(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.times = append(t.times, d)
}

func (t *timings) list() []time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]time.Duration(nil), t.times...)
}

// instantChat is a chat model that answers at once with a sentence of the first passage, and cites it.
type instantChat struct{ times *timings }

// ServeHTTP implements http.Handler.
func (c instantChat) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	defer func() { c.times.add(time.Since(started)) }()
	var request struct{ Messages []struct{ Content string } }
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil || len(request.Messages) == 0 {
		http.Error(w, "no chat", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	send := func(piece, finish string) {
		encoded, _ := json.Marshal(piece) // a string has no form that fails
		fmt.Fprintf(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":%s},\"finish_reason\":%s}]}\n\n", encoded, finish)
	}
	for _, word := range strings.SplitAfter(firstSentence(request.Messages[len(request.Messages)-1].Content), " ") {
		send(word, "null")
	}
	send(" [1].", `"stop"`)
	fmt.Fprint(w, "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":20}}\n\ndata: [DONE]\n\n")
}

// firstSentence is the first one of the first passage of a prompt, without its full stop.
func firstSentence(prompt string) string {
	_, passage, _ := strings.Cut(prompt, "\n")
	sentence, _, _ := strings.Cut(passage, ".")
	return strings.TrimSpace(sentence)
}

func (a askReport) print() {
	fmt.Printf("\n%d documents, %d passages, asked over HTTP (times without the chat server's own)\n\n", a.Documents, a.Passages)
	for _, run := range a.Runs {
		what := "/ask, " + run.Mode
		if run.Mode == "search" {
			what = "bare search"
		}
		fmt.Printf("%-16s %2d at once   p50 %6.1f ms   p95 %6.1f ms   %5.1f a second", what, run.Askers, run.P50, run.P95, run.PerSecond)
		if run.Mode != "search" {
			fmt.Printf("   %4.2f of bare search   %d of %d abstained", run.ToSearch, run.Abstained, run.Asks)
		}
		fmt.Println()
	}
}
