package inference

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"clearwell/internal/fault"
	"clearwell/internal/home"
)

// EmbedConfig chooses the embedding model. The zero value is the built-in one, where set-up has put it.
// A BaseURL wins over a Folder, a Folder over the built-in model.
type EmbedConfig struct {
	BaseURL string // of an OpenAI-compatible API, up to and including /v1
	APIKey  string `json:"-"` // for BaseURL; may be empty
	Model   string // the endpoint's name for the model; for a Folder the name under which it is stored
	Folder  string // of a model in the Hugging Face layout: model.onnx, tokenizer.json, config.json

	Dimension     int    // of the vectors; 0 asks the model
	MaxTokens     int    // of one text, prefix included; 0 means 512 for an endpoint, the model's own for a folder
	QueryPrefix   string // put before questions; the built-in model has its own
	PassagePrefix string // put before passages; the built-in model has its own
	Pooling       string // of a Folder: "mean" or "cls"; empty asks the folder, and else is mean

	BatchSize int           // texts in one request to BaseURL; 0 means 64
	Parallel  int           // passages or requests at once; 0 means the cores, or 4 requests to BaseURL
	Timeout   time.Duration // of one request to BaseURL; 0 means 60 s
	Attempts  int           // at one request to BaseURL, the first included; 0 means 4

	Runtime string // absolute path of the ONNX Runtime library; empty means where set-up has put it
	Builtin string // folder of the prepared model; empty means where set-up has put it
}

// String names the choice without the key.
func (c EmbedConfig) String() string { return cmp.Or(c.BaseURL, c.Folder, c.Builtin, "built in") }

// LogValue keeps the key out of logs.
func (c EmbedConfig) LogValue() slog.Value { return slog.StringValue(c.String()) }

// OpenEmbedder opens the embedding model that cfg chooses. A missing library, file or setting is a fault.Error that says what to do.
// The caller closes the Embedder.
func OpenEmbedder(ctx context.Context, cfg EmbedConfig, log *slog.Logger) (Embedder, error) {
	started := time.Now()
	embedder, err := openChosen(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	model := embedder.Model()
	log.Info("embedder opened", "model", model.Name, "dimension", model.Dimension, "duration", time.Since(started))
	return embedder, nil
}

func openChosen(ctx context.Context, cfg EmbedConfig, log *slog.Logger) (Embedder, error) {
	if cfg.BaseURL != "" {
		return openEndpoint(ctx, cfg, log)
	}
	cfg.Runtime = cmp.Or(cfg.Runtime, home.Default().ONNXRuntime())
	if cfg.Folder != "" {
		return openFolder(cfg, log)
	}
	cfg.Builtin = cmp.Or(cfg.Builtin, home.Default().Model("multilingual-e5-small"))
	return openPrepared(cfg, log)
}

// ChatConfig chooses the language model that writes answers. Without a BaseURL there is none.
type ChatConfig struct {
	BaseURL string // of an OpenAI-compatible API, up to and including /v1
	APIKey  string `json:"-"` // may be empty
	Model   string // the endpoint's name for the model

	FirstToken time.Duration // how long to wait for the first piece of an answer; 0 means 60 s
	Idle       time.Duration // how long to wait for each further piece; 0 means 30 s
	Attempts   int           // at getting the first piece, the first included; 0 means 3
}

// String names the choice without the key.
func (c ChatConfig) String() string { return c.Model + " at " + c.BaseURL }

// LogValue keeps the key out of logs.
func (c ChatConfig) LogValue() slog.Value { return slog.StringValue(c.String()) }

// OpenChat returns the chat model that cfg chooses. It makes no call yet. Callers that can do without a chat model check cfg.BaseURL first.
func OpenChat(cfg ChatConfig, log *slog.Logger) (Chat, error) {
	if cfg.BaseURL == "" {
		return nil, fault.Newf(fault.Invalid, "chat_not_configured", "No chat endpoint is configured: set CLEARWELL_CHAT_BASE_URL and CLEARWELL_CHAT_MODEL.")
	}
	if cfg.Model == "" {
		return nil, fault.Newf(fault.Invalid, "chat_model_missing", "The chat endpoint needs the name of a model: set CLEARWELL_CHAT_MODEL.")
	}
	return newChat(cfg, log), nil
}
