package inference

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"clearwell/internal/fault"
)

// preparedFormat is the version of the folder that setup/model/convert.py writes.
const preparedFormat = 1

// prepared is model.json of a prepared folder.
type prepared struct {
	Format        int    `json:"format"`
	Name          string `json:"name"`
	Dimension     int    `json:"dimension"`
	MaxTokens     int    `json:"max_tokens"` // special tokens included
	QueryPrefix   string `json:"query_prefix"`
	PassagePrefix string `json:"passage_prefix"`
	Files         map[string]struct {
		Bytes int64 `json:"bytes"`
	} `json:"files"`
}

// openPrepared opens the built-in model from the folder that set-up has prepared.
func openPrepared(cfg EmbedConfig, log *slog.Logger) (Embedder, error) {
	description, err := readPrepared(cfg.Builtin)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fault.Wrapf(err, fault.Unavailable, "model_missing", "The embedding model is not in %s: run `make setup` to fetch and prepare it.", cfg.Builtin)
		}
		return nil, broken(err, cfg.Builtin)
	}
	if err := loadRuntime(cfg.Runtime); err != nil {
		return nil, err
	}
	words, err := openVocabulary(filepath.Join(cfg.Builtin, "vocabulary.bin"))
	if err != nil {
		return nil, broken(err, cfg.Builtin)
	}
	sig := signature{inputs: []string{inputIDs, inputMask}, output: "sentence_embedding", hidden: description.Dimension}
	live, err := openSession(filepath.Join(cfg.Builtin, "model.onnx"), sig, words.tokenizer.size())
	if err != nil {
		return nil, broken(errors.Join(err, words.close()), cfg.Builtin)
	}
	tokens := tokenizer{encoder: words.tokenizer, before: []int64{words.bos}, after: []int64{words.eos}}
	r, err := newReader(tokens, live, poolInGraph, description.MaxTokens, description.QueryPrefix, description.PassagePrefix)
	if err != nil {
		return nil, errors.Join(err, live.close(), words.close())
	}
	model := Model{
		Name:          description.Name,
		Dimension:     description.Dimension,
		MaxTokens:     r.limit,
		QueryPrefix:   description.QueryPrefix,
		PassagePrefix: description.PassagePrefix,
		Window:        windowFor(r.limit),
	}
	return startLocal(model, r, words.close, cfg.Parallel, log), nil
}

// readPrepared reads model.json and checks that the files it names are there in full.
func readPrepared(folder string) (prepared, error) {
	var description prepared
	data, err := os.ReadFile(filepath.Join(folder, "model.json"))
	if err != nil {
		return description, fmt.Errorf("read the model's description: %w", err)
	}
	if err := json.Unmarshal(data, &description); err != nil {
		return description, fmt.Errorf("read the model's description: %w", err)
	}
	if description.Format != preparedFormat {
		return description, fmt.Errorf("the folder has format %d, this program reads %d", description.Format, preparedFormat)
	}
	for name, want := range description.Files {
		info, err := os.Stat(filepath.Join(folder, name))
		if err != nil {
			return description, fmt.Errorf("look for %s: %w", name, err)
		}
		if info.Size() != want.Bytes {
			return description, fmt.Errorf("%s has %d bytes instead of %d", name, info.Size(), want.Bytes)
		}
	}
	return description, nil
}

func broken(err error, folder string) error {
	return fault.Wrapf(err, fault.Unavailable, "model_broken", "The embedding model in %s is damaged: remove that folder and run `make setup` to prepare it again.", folder)
}
