package inference

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

	ort "github.com/yalue/onnxruntime_go"

	"clearwell/internal/fault"
)

// defaultPositions is how many tokens a model takes whose folder does not say.
const defaultPositions = 512

// openFolder opens a model in the Hugging Face layout: model.onnx (or onnx/model.onnx), tokenizer.json, and what it has of
// config.json, tokenizer_config.json, sentence_bert_config.json and 1_Pooling/config.json.
func openFolder(cfg EmbedConfig, log *slog.Logger) (Embedder, error) {
	parts, err := readFolder(cfg.Folder, cfg.Runtime)
	if err != nil {
		return nil, err
	}
	pool, err := parts.facts.pooling(cfg.Pooling)
	if err != nil {
		return nil, err
	}
	if !parts.signature.tokens {
		pool = poolInGraph
	}
	if hidden := parts.signature.hidden; cfg.Dimension > 0 && cfg.Dimension != hidden {
		return nil, errDimension(cfg.Folder, hidden, cfg.Dimension)
	}
	live, err := parts.open()
	if err != nil {
		return nil, err
	}
	return startFolder(cfg, parts.facts, parts.tokens, live, pool, log)
}

// folderParts is what a model's folder holds, read and checked, but for the model itself.
type folderParts struct {
	path      string // of the ONNX file
	facts     facts
	tokens    tokenizer
	signature signature
}

// readFolder reads a folder in the Hugging Face layout, and loads ONNX Runtime from the library at runtime.
func readFolder(folder, runtime string) (parts folderParts, err error) {
	if parts.path, err = findModel(folder); err != nil {
		return parts, err
	}
	if parts.facts, err = readFacts(folder); err != nil {
		return parts, err
	}
	if parts.tokens, err = readTokenizer(filepath.Join(folder, "tokenizer.json")); err != nil {
		return parts, err
	}
	if known := parts.facts.Vocabulary; known > 0 && parts.tokens.size() > known {
		return parts, fault.Newf(fault.Invalid, "model_mismatch", "The tokenizer in %s knows %d tokens, its model only %d: they don't belong together.", folder, parts.tokens.size(), known)
	}
	if err := loadRuntime(runtime); err != nil {
		return parts, err
	}
	parts.signature, err = inspect(parts.path)
	return parts, err
}

// open loads the model.
func (p folderParts) open() (*session, error) {
	live, err := openSession(p.path, p.signature, p.tokens.size())
	if err != nil {
		return nil, fault.Wrapf(err, fault.Invalid, "model_unreadable", "The model %s can't be loaded: export it to ONNX again.", p.path)
	}
	return live, nil
}

func startFolder(cfg EmbedConfig, facts facts, tokens tokenizer, live *session, pool pooling, log *slog.Logger) (Embedder, error) {
	positions := facts.positions()
	if cfg.MaxTokens > 0 {
		positions = min(positions, cfg.MaxTokens+tokens.specials())
	}
	r, err := newReader(tokens, live, pool, positions, cfg.QueryPrefix, cfg.PassagePrefix)
	if err != nil {
		return nil, errors.Join(err, live.close())
	}
	model := Model{
		Name:          cmp.Or(cfg.Model, filepath.Base(cfg.Folder)),
		Dimension:     live.hidden,
		MaxTokens:     r.limit,
		QueryPrefix:   cfg.QueryPrefix,
		PassagePrefix: cfg.PassagePrefix,
		Window:        windowFor(r.limit),
	}
	return startLocal(model, r, func() error { return nil }, cfg.Parallel, log), nil
}

func findModel(folder string) (string, error) {
	for _, name := range []string{"model.onnx", filepath.Join("onnx", "model.onnx")} {
		path := filepath.Join(folder, name)
		if _, err := os.Stat(path); err == nil {
			return filepath.Abs(path)
		}
	}
	return "", fault.Newf(fault.Invalid, "model_missing", "There is no model.onnx or onnx/model.onnx in %s: name a folder in the Hugging Face layout, with the model exported to ONNX.", folder)
}

// facts is what a folder says about its model in one of its configuration files. What none of them says is zero.
type facts struct {
	Type         string  `json:"model_type"`
	Positions    int     `json:"max_position_embeddings"`
	PadID        int     `json:"pad_token_id"`
	Vocabulary   int     `json:"vocab_size"`
	TokenizerMax float64 `json:"model_max_length"` // 1e30 where the tokenizer has no limit
	SentenceMax  int     `json:"max_seq_length"`
	PoolFirst    bool    `json:"pooling_mode_cls_token"`
	PoolMean     bool    `json:"pooling_mode_mean_tokens"`
	PoolMax      bool    `json:"pooling_mode_max_tokens"`
}

func readFacts(folder string) (facts, error) {
	var all facts
	for _, name := range []string{"config.json", "tokenizer_config.json", "sentence_bert_config.json", "1_Pooling/config.json"} {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = json.Unmarshal(data, &all)
		}
		if err != nil {
			return all, fault.Wrapf(err, fault.Invalid, "model_unreadable", "The file %s in %s can't be read: copy the model's folder again.", name, folder)
		}
	}
	return all, nil
}

// positions is how many tokens the model takes, special ones included.
func (f facts) positions() int {
	limit := cmp.Or(f.Positions, defaultPositions)
	if slices.Contains([]string{"xlm-roberta", "roberta", "camembert", "mpnet"}, f.Type) {
		limit -= f.PadID + 1 // these count positions from the padding's id on
	}
	if f.TokenizerMax > 0 {
		limit = int(min(float64(limit), f.TokenizerMax))
	}
	if f.SentenceMax > 0 {
		limit = min(limit, f.SentenceMax)
	}
	return limit
}

// pooling is the configured kind, else the folder's, else the mean.
func (f facts) pooling(configured string) (pooling, error) {
	switch {
	case configured == string(poolMean), configured == string(poolFirst):
		return pooling(configured), nil
	case configured != "":
		return "", fault.Newf(fault.Invalid, "pooling_unknown", "There is no pooling %q: set it to mean or cls.", configured)
	case f.PoolFirst && !f.PoolMean:
		return poolFirst, nil
	case f.PoolMax && !f.PoolMean:
		return "", fault.Newf(fault.Unsupported, "pooling_unsupported", "The model pools by maximum; supported are mean and cls. Choose another model, or set the pooling yourself.")
	default:
		return poolMean, nil
	}
}

// inspect reads from the ONNX file at path how the model is called. Any output of sentences wins over one of tokens.
func inspect(path string) (signature, error) {
	var inputs, outputs []ort.InputOutputInfo
	err := withOptions(func(options *ort.SessionOptions) (err error) {
		inputs, outputs, err = ort.GetInputOutputInfoWithOptions(path, options)
		return err
	})
	if err != nil {
		return signature{}, fault.Wrapf(err, fault.Invalid, "model_unreadable", "The model %s can't be loaded: export it to ONNX again.", path)
	}
	var sig signature
	for _, input := range inputs {
		if !slices.Contains([]string{inputIDs, inputMask, inputTypes}, input.Name) || input.DataType != ort.TensorElementDataTypeInt64 {
			return signature{}, unsupported(path, fmt.Sprintf("its input %s is not known", input.Name))
		}
		sig.inputs = append(sig.inputs, input.Name)
	}
	if !slices.Contains(sig.inputs, inputIDs) {
		return signature{}, unsupported(path, "it has no input input_ids")
	}
	for _, rank := range []int{2, 3} {
		for _, output := range outputs {
			if len(output.Dimensions) != rank || output.DataType != ort.TensorElementDataTypeFloat || output.Name == "pooler_output" {
				continue
			}
			if hidden := output.Dimensions[rank-1]; hidden > 0 {
				sig.output, sig.hidden, sig.tokens = output.Name, int(hidden), rank == 3
				return sig, nil
			}
		}
	}
	return signature{}, unsupported(path, "it has no output of float vectors of a fixed size")
}

func unsupported(path, why string) error {
	return fault.Newf(fault.Unsupported, "model_unsupported", "The model %s can't be used: %s. Supported are text encoders that take input_ids, attention_mask and token_type_ids.", path, why)
}

func errDimension(from string, got, want int) error {
	return fault.Newf(fault.Unavailable, "embedder_dimension", "The embedding model at %s returns vectors of dimension %d instead of %d: set the model or the dimension that the library was made with.", from, got, want)
}
