package inference

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"clearwell/internal/fault"
)

const (
	// passageLimit bounds the memory that one text can take, in bytes; no chunk comes near it.
	passageLimit = 2 << 20
	// queryLimit is more than a model reads of a question, in bytes; what is beyond is cut off before any work.
	queryLimit = 32 << 10
	// windowTokens is the length of the windows of passages, about 50 words, for any model in this process.
	windowTokens = 64
	// queriesPerCore bounds the memory that questions take together.
	queriesPerCore = 2
)

// local is an embedder in this process. Passages are embedded by workers of its own, each on a thread of low priority;
// questions run on their caller's thread beside them. Texts go through the model one at a time: its activations are quantised
// together, so batch mates would change a text's vector, and batching gains no speed.
type local struct {
	reader
	model Model

	jobs    chan *job
	slots   chan struct{} // one is taken by each question under way
	workers sync.WaitGroup
	width   int // how many workers

	life context.Context // ends, with a cause for callers, when the embedder closes
	end  context.CancelCauseFunc

	mu     sync.RWMutex // held for reading while the model or the tokenizer is in use: both are freed by Close
	closed bool
	free   func() error
}

// job is one passage on its way through a worker.
type job struct {
	ctx    context.Context
	text   string
	vector []float32
	err    error
	done   chan struct{} // closed when vector or err is set
}

// startLocal starts the workers of an embedder. Close frees what lies under r with free.
func startLocal(model Model, r reader, free func() error, parallel int, log *slog.Logger) *local {
	cores := runtime.GOMAXPROCS(0)
	l := &local{reader: r, model: model, free: free, width: parallel}
	if l.width <= 0 {
		l.width = cores
	}
	l.jobs = make(chan *job)
	l.slots = make(chan struct{}, queriesPerCore*cores)
	l.life, l.end = context.WithCancelCause(context.Background())
	for range l.width {
		l.workers.Go(func() { l.work(log) })
	}
	return l
}

// work embeds passages until the embedder closes.
func (l *local) work(log *slog.Logger) {
	// The thread is never unlocked: it ends with its worker, and its priority with it.
	runtime.LockOSThread()
	if err := lowerThreadPriority(); err != nil {
		log.Warn("passages are embedded at normal priority", "error", err)
	}
	for {
		select {
		case j := <-l.jobs:
			j.vector, j.err = l.embed(j.ctx, l.passage, j.text, false)
			close(j.done)
		case <-l.life.Done():
			return
		}
	}
}

// windowFor is 0 for a model that reads too little for windows to be much shorter than a passage.
func windowFor(limit int) int {
	if limit < 2*windowTokens {
		return 0
	}
	return windowTokens
}

// Model describes the model.
func (l *local) Model() Model { return l.model }

// CountTokens is the number of tokens of text, without prefix and special tokens.
func (l *local) CountTokens(text string) int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		return len(text) // from above: no token is shorter than a byte
	}
	return l.tokens.count(tidy(text))
}

// LogProbability is how often a word stands in general text of any language, as a natural logarithm, by the
// tokenizer's own unigram model; ok is false for tokenizers that have none.
func (l *local) LogProbability(word string) (value float64, ok bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	model, ok := l.tokens.encoder.(*unigram)
	if !ok || l.closed {
		return 0, false
	}
	return model.logProbability(tidy(word)), true
}

// EmbedQuery embeds the beginning of text, as much as the model reads.
func (l *local) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	return l.embed(ctx, l.query, clip(text, queryLimit), true)
}

// EmbedPassages embeds texts side by side. A text that is longer than the model reads gets the mean of its windows.
func (l *local) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	for _, text := range texts {
		if len(text) > passageLimit {
			return nil, fault.Newf(fault.TooLarge, "passage_too_large", "A passage of %d bytes is too large to embed: split it into passages of at most %d bytes.", len(text), passageLimit)
		}
	}
	vectors := make([][]float32, len(texts))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(l.width)
	for i, text := range texts {
		group.Go(func() (err error) {
			vectors[i], err = l.submit(ctx, text)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return vectors, nil
}

// submit has a worker embed text, and waits for it.
func (l *local) submit(ctx context.Context, text string) ([]float32, error) {
	j := &job{ctx: ctx, text: text, done: make(chan struct{})}
	select {
	case l.jobs <- j:
		<-j.done
		return j.vector, j.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-l.life.Done():
		return nil, context.Cause(l.life)
	}
}

// embed reads text while the embedder is open, and gives up when ctx ends or it closes.
func (l *local) embed(ctx context.Context, p prefix, text string, truncate bool) ([]float32, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		return nil, errClosed()
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := context.AfterFunc(l.life, func() { cancel(context.Cause(l.life)) })
	defer stop()
	return l.read(ctx, p, text, truncate)
}

// Close stops what is under way, waits until it has stopped, and frees the model.
func (l *local) Close() error {
	l.end(errClosed())
	l.workers.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	return errors.Join(l.session.close(), l.free())
}

func errClosed() error {
	return fault.Newf(fault.Unavailable, "embedder_closed", "The embedder is shutting down: try again when Clearwell is up again.")
}
