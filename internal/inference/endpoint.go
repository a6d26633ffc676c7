package inference

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
	"unicode"

	"github.com/sashabaranov/go-openai"
	"golang.org/x/sync/errgroup"

	"clearwell/internal/fault"
)

const (
	defaultBatch    = 64
	defaultParallel = 4
	defaultTimeout  = 60 * time.Second
	defaultAttempts = 4
)

// endpoint is an embedding model behind an OpenAI-compatible API.
type endpoint struct {
	model    Model
	client   *openai.Client
	retry    retrier
	timeout  time.Duration
	batch    int
	requests chan struct{} // one is taken by each request for passages; questions don't wait for them
	idle     func()        // closes connections
}

// openEndpoint asks the endpoint for one vector, which shows that all settings are right and how long its vectors are.
func openEndpoint(ctx context.Context, cfg EmbedConfig, log *slog.Logger) (Embedder, error) {
	if cfg.Model == "" {
		return nil, fault.Newf(fault.Invalid, "embedding_model_missing", "The embedding endpoint needs the name of a model: set CLEARWELL_EMBED_MODEL.")
	}
	e := newEndpoint(cfg, log)
	if cfg.Dimension > 0 {
		return e, nil
	}
	vectors, err := e.request(ctx, []string{cfg.QueryPrefix + "dimension"})
	if err != nil {
		return nil, err
	}
	e.model.Dimension = len(vectors[0])
	return e, nil
}

func newEndpoint(cfg EmbedConfig, log *slog.Logger) *endpoint {
	sender := newDoer(cfg.APIKey)
	settings := openai.DefaultConfig(cfg.APIKey)
	settings.BaseURL, settings.HTTPClient = cfg.BaseURL, sender
	return &endpoint{
		model: Model{
			Name:          cfg.Model,
			Dimension:     cfg.Dimension,
			MaxTokens:     cmp.Or(cfg.MaxTokens, defaultPositions),
			QueryPrefix:   cfg.QueryPrefix,
			PassagePrefix: cfg.PassagePrefix,
		},
		client:   openai.NewClientWithConfig(settings),
		retry:    retrier{cmp.Or(cfg.Attempts, defaultAttempts), log, sleep},
		timeout:  cmp.Or(cfg.Timeout, defaultTimeout),
		batch:    cmp.Or(cfg.BatchSize, defaultBatch),
		requests: make(chan struct{}, cmp.Or(cfg.Parallel, defaultParallel)),
		idle:     sender.client.CloseIdleConnections,
	}
}

// Model describes the model.
func (e *endpoint) Model() Model { return e.model }

// Close lets go of idle connections.
func (e *endpoint) Close() error {
	e.idle()
	return nil
}

// EmbedQuery embeds a question in a request of its own.
func (e *endpoint) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	vectors, err := e.request(ctx, []string{e.model.QueryPrefix + tidy(clip(text, queryLimit))})
	if err != nil {
		return nil, err
	}
	return vectors[0], nil
}

// EmbedPassages embeds texts in batches, some of them at once.
func (e *endpoint) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	group, ctx := errgroup.WithContext(ctx)
	for start := 0; start < len(texts); start += e.batch {
		end := min(start+e.batch, len(texts))
		select {
		case e.requests <- struct{}{}:
		case <-ctx.Done():
			if err := group.Wait(); err != nil {
				return nil, err
			}
			return nil, context.Cause(ctx)
		}
		group.Go(func() error {
			defer func() { <-e.requests }()
			batch := make([]string, 0, end-start)
			for _, text := range texts[start:end] {
				batch = append(batch, e.model.PassagePrefix+tidy(text))
			}
			embedded, err := e.request(ctx, batch)
			copy(vectors[start:end], embedded)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return vectors, nil
}

// request embeds texts in one request, tried as often as configured. The vectors have unit length and the right dimension.
func (e *endpoint) request(ctx context.Context, texts []string) ([][]float32, error) {
	var vectors [][]float32
	err := e.retry.do(ctx, func() (err error) {
		vectors, err = e.try(ctx, texts)
		return err
	})
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, explain(err, "embedding", "EMBED")
	}
	return vectors, nil
}

func (e *endpoint) try(ctx context.Context, texts []string) ([][]float32, error) {
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	request := openai.EmbeddingRequest{Input: texts, Model: openai.EmbeddingModel(e.model.Name), EncodingFormat: openai.EmbeddingEncodingFormatFloat}
	response, err := e.client.CreateEmbeddings(ctx, request)
	if isMalformed(err) {
		return nil, errAnswer(err)
	}
	if err != nil {
		return nil, fmt.Errorf("request %d embeddings: %w", len(texts), err)
	}
	return e.sort(response.Data, len(texts))
}

// sort puts the vectors in the order of the texts and checks them.
func (e *endpoint) sort(data []openai.Embedding, count int) ([][]float32, error) {
	if len(data) != count {
		return nil, errAnswer(fmt.Errorf("%d vectors for %d texts", len(data), count))
	}
	slices.SortStableFunc(data, func(a, b openai.Embedding) int { return cmp.Compare(a.Index, b.Index) })
	dimension := cmp.Or(e.model.Dimension, len(data[0].Embedding))
	vectors := make([][]float32, count)
	for i, item := range data {
		// Servers that don't number their vectors send 0 throughout: then the order as sent counts.
		if item.Index != i && item.Index != 0 {
			return nil, errAnswer(fmt.Errorf("vector %d is numbered %d", i, item.Index))
		}
		if len(item.Embedding) != dimension {
			return nil, errDimension(e.model.Name, len(item.Embedding), dimension)
		}
		vector, err := unit(item.Embedding)
		if err != nil {
			return nil, errAnswer(err)
		}
		vectors[i] = vector
	}
	return vectors, nil
}

// isMalformed reports whether an answer came that is no list of vectors.
func isMalformed(err error) bool {
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return true
	}
	_, ok := errors.AsType[*json.UnmarshalTypeError](err)
	return ok
}

func errAnswer(cause error) error {
	return fault.Wrapf(cause, fault.Unavailable, "embedding_answer", "The embedding endpoint returned something else than one vector for each text: check that CLEARWELL_EMBED_MODEL names an embedding model.")
}

// CountTokens estimates from above what current tokenizers make of text: a token for three ASCII letters or two digits,
// and for every other character that is no space.
func (e *endpoint) CountTokens(text string) int {
	total, letters, digits := 0, 0, 0
	for _, r := range text {
		switch {
		case r < 0x80 && unicode.IsLetter(r):
			if letters%3 == 0 {
				total++
			}
			letters, digits = letters+1, 0
			continue
		case r < 0x80 && unicode.IsDigit(r):
			if digits%2 == 0 {
				total++
			}
			letters, digits = 0, digits+1
			continue
		case !unicode.IsSpace(r):
			total++
		}
		letters, digits = 0, 0
	}
	return total
}
