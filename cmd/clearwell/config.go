package main

import (
	"log/slog"
	"strings"

	"clearwell/internal/answer"
	"clearwell/internal/home"
	"clearwell/internal/inference"
	"clearwell/internal/postgres"
)

// config is every setting that more than one command has. Each flag has a variable CLEARWELL_….
// This file is the only reader of flags and environment; rooms get their own small Config.
type config struct {
	Data        string     `help:"Folder of the private database (default: data in the home folder)." placeholder:"DIR" type:"path"`
	DatabaseURL string     `help:"An existing Postgres (16 or newer, with pgvector 0.8 or newer); then no private server is started." placeholder:"URL" name:"database-url"`
	Home        string     `help:"Folder that set-up filled (default: /var/lib/clearwell for root, else the XDG data folder)." placeholder:"DIR" type:"path"`
	LogLevel    slog.Level `help:"debug, info, warn or error." default:"warn"`

	Embed  embedConfig  `embed:"" prefix:"embed-"`
	Chat   chatConfig   `embed:"" prefix:"chat-"`
	Rerank rerankConfig `embed:"" prefix:"rerank-"`
}

type embedConfig struct {
	BaseURL       string `help:"OpenAI-compatible endpoint for embeddings; unset: built in." placeholder:"URL" name:"base-url"`
	APIKey        string `help:"Its key." placeholder:"KEY" name:"api-key"`
	Model         string `help:"Its model." placeholder:"NAME"`
	Dimension     int    `help:"Length of its vectors; 0: ask it." default:"0"`
	Folder        string `help:"Model folder in the Hugging Face layout, run in process." placeholder:"DIR" type:"path"`
	Pooling       string `help:"Pooling of that model: mean or cls." default:"mean" enum:"mean,cls"`
	QueryPrefix   string `help:"What the model wants before a question." placeholder:"TEXT"`
	PassagePrefix string `help:"What the model wants before a passage." placeholder:"TEXT"`
}

type chatConfig struct {
	BaseURL string `help:"OpenAI-compatible endpoint that writes answers; unset: extracts." placeholder:"URL" name:"base-url"`
	APIKey  string `help:"Its key." placeholder:"KEY" name:"api-key"`
	Model   string `help:"Its model." placeholder:"NAME"`

	ContextTokens int `help:"How many tokens it reads at once, its answer included." default:"8192"`
}

type rerankConfig struct {
	BaseURL string `help:"Endpoint that orders the best passages anew (Cohere, Jina, vLLM, Text Embeddings Inference …), without /rerank; unset: their own order." placeholder:"URL" name:"base-url"`
	APIKey  string `help:"Its key." placeholder:"KEY" name:"api-key"`
	Model   string `help:"Its model." placeholder:"NAME"`
	Style   string `help:"How it wants to be asked: auto, cohere or tei." default:"auto" enum:"auto,cohere,tei"`
	Folder  string `help:"Cross-encoder in the Hugging Face layout, run in process instead." placeholder:"DIR" type:"path"`
}

func (c *config) layout() home.Layout {
	if c.Home != "" {
		return home.Layout{Root: c.Home}
	}
	return home.Default()
}

func (c *config) dataFolder() string {
	if c.Data != "" {
		return c.Data
	}
	return c.layout().Data()
}

// database is the server to use; a service claims its data folder for itself, commands share it.
func (c *config) database(isService bool) postgres.Config {
	return postgres.Config{
		URL: c.DatabaseURL, Data: c.dataFolder(), Install: c.layout().Postgres("18"), Exclusive: isService,
	}
}

func (c *config) embedder() inference.EmbedConfig {
	return inference.EmbedConfig{
		BaseURL: c.Embed.BaseURL, APIKey: c.Embed.APIKey, Model: c.Embed.Model, Dimension: c.Embed.Dimension,
		Folder: c.Embed.Folder, Pooling: c.Embed.Pooling,
		QueryPrefix: c.Embed.QueryPrefix, PassagePrefix: c.Embed.PassagePrefix,
		Runtime: c.layout().ONNXRuntime(), Builtin: c.layout().Model(builtinModel),
	}
}

// builtinModel is the embedder that set-up prepares.
const builtinModel = "multilingual-e5-small"

func (c *config) chat() inference.ChatConfig {
	return inference.ChatConfig{BaseURL: c.Chat.BaseURL, APIKey: c.Chat.APIKey, Model: c.Chat.Model}
}

func (c *config) reranker() inference.RerankConfig {
	return inference.RerankConfig{
		BaseURL: c.Rerank.BaseURL, APIKey: c.Rerank.APIKey, Model: c.Rerank.Model, Style: inference.RerankStyle(c.Rerank.Style),
		Folder: c.Rerank.Folder, Runtime: c.layout().ONNXRuntime(),
	}
}

// hasReranker reports whether the settings name one.
func (c *config) hasReranker() bool { return c.Rerank.BaseURL != "" || c.Rerank.Folder != "" }

// answers configures the answer room for the models in use.
func (c *config) answers(model inference.Model) answer.Config {
	cfg := answer.Config{Evidence: answer.WordEvidence, ContextTokens: c.Chat.ContextTokens}
	if strings.Contains(model.Name, builtinModel) {
		cfg.Evidence, cfg.MeaningSupport = answer.E5SmallEvidence, answer.SupportE5Small
	}
	return cfg
}
