// Package inference runs or calls models: embedding and chat, built in (ONNX Runtime and our own tokenizer) or OpenAI-compatible.
// It does not decide what is embedded, asked or stored.
package inference

import (
	"context"
	"iter"
)

// Model describes an embedding model. All of it but Name's spelling is stored with the index:
// vectors of two different models can't be compared.
type Model struct {
	Name          string // such as "multilingual-e5-small"
	Dimension     int
	MaxTokens     int // of one text, prefix included, special tokens not: what CountTokens counts
	QueryPrefix   string
	PassagePrefix string
	// Window is the length in tokens of the pieces of a passage that are embedded beside it; 0 means none, where
	// each costs a call.
	Window int
}

// Embedder turns texts into vectors of unit length. All methods may be called concurrently.
type Embedder interface {
	Model() Model
	// EmbedQuery embeds a question. It never waits behind a batch of passages.
	EmbedQuery(ctx context.Context, text string) ([]float32, error)
	// EmbedPassages embeds texts and returns their vectors in the same order.
	EmbedPassages(ctx context.Context, texts []string) ([][]float32, error)
	// CountTokens is the length of text in the model's tokens (an estimate from above for endpoints), without prefix.
	CountTokens(text string) int
	Close() error
}

// WordModel knows how common words are in general. An Embedder with a unigram tokenizer, as the built-in one
// has, is one too.
type WordModel interface {
	// LogProbability is the natural logarithm of a word's frequency in general text; ok is false if unknown.
	LogProbability(word string) (value float64, ok bool)
}

// Role is who said a message.
type Role string

// The roles of a chat.
const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
)

// Message is one turn of a chat.
type Message struct {
	Role    Role
	Content string
}

// Usage counts tokens; zero where the endpoint does not say.
type Usage struct{ PromptTokens, CompletionTokens int }

// Delta is a piece of a streamed completion. The last one carries the usage.
type Delta struct {
	Text  string
	Usage *Usage
}

// Chat completes messages with a language model.
type Chat interface {
	Model() string
	// Stream yields the completion as it comes; after an error it yields nothing more.
	Stream(ctx context.Context, messages []Message) iter.Seq2[Delta, error]
}
