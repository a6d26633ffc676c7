package inference_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/fault"
	"clearwell/internal/inference"
)

func openFolder(t *testing.T, cfg inference.EmbedConfig) inference.Embedder {
	t.Helper()
	embedder, err := inference.OpenEmbedder(t.Context(), cfg, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := embedder.Close(); err != nil {
			t.Error(err)
		}
	})
	return embedder
}

func TestFolderWithUnigramEmbeds(t *testing.T) {
	t.Parallel()
	embedder := openFolder(t, inference.EmbedConfig{Folder: "testdata/unigram", QueryPrefix: "ask ", PassagePrefix: "tell "})
	want := inference.Model{Name: "unigram", Dimension: 8, MaxTokens: 30, QueryPrefix: "ask ", PassagePrefix: "tell "}
	if diff := cmp.Diff(want, embedder.Model()); diff != "" {
		t.Errorf("model (-want +got):\n%s", diff)
	}
	// The model only looks tokens up, and the mean of them does not know their order.
	vectors := mustEmbed(t, embedder, "leave days", "days leave", "manager", strings.Repeat("leave days ", 40))
	if dot(vectors[0], vectors[1]) < 0.9999 || dot(vectors[0], vectors[2]) > 0.99 || dot(vectors[0], vectors[3]) < 0.8 {
		t.Errorf("cosines %v %v %v", dot(vectors[0], vectors[1]), dot(vectors[0], vectors[2]), dot(vectors[0], vectors[3]))
	}
	question, err := embedder.EmbedQuery(t.Context(), "leave days")
	if err != nil {
		t.Fatal(err)
	}
	if slices.Equal(question, vectors[0]) {
		t.Error("a question has the vector of a passage: no prefix")
	}
}

func TestFolderWithWordPiecePoolsAsItSays(t *testing.T) {
	t.Parallel()
	first := openFolder(t, inference.EmbedConfig{Folder: "testdata/wordpiece", Model: "mine"})
	want := inference.Model{Name: "mine", Dimension: 8, MaxTokens: 510, Window: 64}
	if diff := cmp.Diff(want, first.Model()); diff != "" {
		t.Errorf("model (-want +got):\n%s", diff)
	}
	vectors := mustEmbed(t, first, "leave", "manager")
	if !slices.Equal(vectors[0], vectors[1]) {
		t.Error("two texts begin with different tokens")
	}
	mean := openFolder(t, inference.EmbedConfig{Folder: "testdata/wordpiece", Pooling: "mean", MaxTokens: 20})
	vectors = mustEmbed(t, mean, "leave", "manager")
	if slices.Equal(vectors[0], vectors[1]) || mean.Model().MaxTokens != 20 {
		t.Errorf("the configured pooling is not used, or the limit is %d", mean.Model().MaxTokens)
	}
}

// copyFolder copies one of the test models, so that a test may damage it.
func copyFolder(t *testing.T, name string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("testdata", name))); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestFolderThatCannotBeUsedSaysWhy(t *testing.T) {
	t.Parallel()
	type files map[string]string
	for name, test := range map[string]struct {
		cfg    inference.EmbedConfig
		change files // by path; empty removes the file
		code   string
	}{
		"no model":        {change: files{"model.onnx": ""}, code: "model_missing"},
		"no tokenizer":    {change: files{"tokenizer.json": ""}, code: "tokenizer_missing"},
		"bad model":       {change: files{"model.onnx": "junk"}, code: "model_unreadable"},
		"bad config":      {change: files{"config.json": "{"}, code: "model_unreadable"},
		"bad tokenizer":   {change: files{"tokenizer.json": "{"}, code: "tokenizer_unreadable"},
		"no vocabulary":   {change: files{"tokenizer.json": `{"model":{"type":"Unigram","unk_id":0,"vocab":[]}}`}, code: "tokenizer_unreadable"},
		"byte pairs":      {change: files{"tokenizer.json": `{"model":{"type":"BPE","vocab":{}}}`}, code: "tokenizer_unsupported"},
		"byte fallback":   {change: files{"tokenizer.json": `{"model":{"type":"Unigram","byte_fallback":true}}`}, code: "tokenizer_unsupported"},
		"odd normalizer":  {change: files{"tokenizer.json": `{"model":{"type":"Unigram","unk_id":0,"vocab":[["a",0]]},"normalizer":{"type":"Odd"}}`}, code: "tokenizer_unsupported"},
		"other model":     {change: files{"config.json": `{"vocab_size":5}`}, code: "model_mismatch"},
		"max pooling":     {change: files{"1_Pooling/config.json": `{"pooling_mode_max_tokens":true}`}, code: "pooling_unsupported"},
		"wrong pooling":   {cfg: inference.EmbedConfig{Pooling: "sum"}, code: "pooling_unknown"},
		"wrong dimension": {cfg: inference.EmbedConfig{Dimension: 384}, code: "embedder_dimension"},
		"long prefix":     {cfg: inference.EmbedConfig{QueryPrefix: strings.Repeat("long ", 30)}, code: "prefix_too_long"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := test.cfg
			cfg.Folder = copyFolder(t, "unigram")
			for file, content := range test.change {
				path := filepath.Join(cfg.Folder, file)
				if err := os.RemoveAll(path); err != nil {
					t.Fatal(err)
				}
				if content == "" {
					continue
				}
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := inference.OpenEmbedder(t.Context(), cfg, quiet)
			if fault.CodeOf(err) != test.code {
				t.Errorf("error %s: %v", fault.CodeOf(err), err)
			}
		})
	}
}
