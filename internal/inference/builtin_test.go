package inference_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"clearwell/internal/fault"
	"clearwell/internal/home"
	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
)

var quiet = slog.New(slog.DiscardHandler)

func openBuiltin(t *testing.T) inference.Embedder {
	t.Helper()
	embedder, err := inference.OpenEmbedder(t.Context(), inference.EmbedConfig{}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return embedder
}

func dot(a, b []float32) float64 {
	var sum float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func mustEmbed(tb testing.TB, embedder inference.Embedder, texts ...string) [][]float32 {
	tb.Helper()
	vectors, err := embedder.EmbedPassages(context.Background(), texts)
	if err != nil {
		tb.Fatal(err)
	}
	return vectors
}

// passage is a made-up text of about that many tokens, different for each seed.
func passage(seed, tokens int) string {
	words := []string{"employee", "vacation", "receipt", "manager", "approval", "travel", "policy", "allowance", "contract", "deadline"}
	var text strings.Builder
	for i := range tokens {
		fmt.Fprintf(&text, "%s ", words[(seed*31+i*i*7+i)%len(words)])
	}
	return text.String()
}

func TestVectorsAgreeWithTheOriginalEngine(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var lines []struct {
		Text   string    `json:"text"`
		Query  bool      `json:"query"`
		Vector []float32 `json:"vector"`
	}
	if err := json.Unmarshal(data, &lines); err != nil {
		t.Fatal(err)
	}
	embedder := inferencetest.Builtin(t)
	var sum float64
	for _, line := range lines {
		var got []float32
		if line.Query {
			got, err = embedder.EmbedQuery(t.Context(), line.Text)
		} else {
			got = mustEmbed(t, embedder, line.Text)[0]
		}
		if err != nil {
			t.Fatal(err)
		}
		cosine := dot(got, line.Vector)
		if cosine < 0.98 {
			t.Errorf("cosine of %q to the original engine is %.4f", line.Text, cosine)
		}
		sum += cosine
	}
	if mean := sum / float64(len(lines)); mean < 0.99 {
		t.Errorf("mean cosine to the original engine is %.4f, want at least 0.99", mean)
	}
}

func TestVectorsFindTheMatchingPassageAcrossLanguages(t *testing.T) {
	t.Parallel()
	embedder := inferencetest.Builtin(t)
	passages := mustEmbed(t, embedder,
		"Mitarbeiter erhalten fünfundzwanzig Urlaubstage im Jahr.",
		"The printer on the second floor is out of toner.",
		"Receipts must be handed in within thirty days.")
	question, err := embedder.EmbedQuery(t.Context(), "How many days of vacation do employees get?")
	if err != nil {
		t.Fatal(err)
	}
	for i, other := range passages[1:] {
		if dot(question, passages[0]) <= dot(question, other) {
			t.Errorf("passage %d is closer to the question than the answer is", i+1)
		}
	}
}

func TestVectorDoesNotDependOnBatchMates(t *testing.T) {
	t.Parallel()
	embedder := inferencetest.Builtin(t)
	texts := []string{"short", passage(1, 200), "Sonderzeichen: € § ½", passage(2, 40), ""}
	together := mustEmbed(t, embedder, texts...)
	for i, text := range texts {
		alone := mustEmbed(t, embedder, text)[0]
		if !slices.Equal(alone, together[i]) {
			t.Errorf("text %d has another vector in a batch", i)
		}
		if length := dot(alone, alone); math.Abs(length-1) > 1e-5 {
			t.Errorf("text %d has a vector of squared length %v", i, length)
		}
	}
}

func TestLongPassageCountsToItsEnd(t *testing.T) {
	t.Parallel()
	embedder := inferencetest.Builtin(t)
	filler := passage(3, 900)
	vectors := mustEmbed(t, embedder, filler+"Der Kaffee kostet zwei Euro.", filler+"The dragon sleeps under the mountain.", filler)
	if slices.Equal(vectors[0], vectors[1]) {
		t.Error("the end of a long passage does not count")
	}
	if cosine := dot(vectors[0], vectors[2]); cosine < 0.9 {
		t.Errorf("windows of the same text are %.3f apart", cosine)
	}
}

func TestLongQuestionIsCutOff(t *testing.T) {
	t.Parallel()
	embedder := inferencetest.Builtin(t)
	long := passage(4, 600)
	first, err := embedder.EmbedQuery(t.Context(), long)
	if err != nil {
		t.Fatal(err)
	}
	second, err := embedder.EmbedQuery(t.Context(), long+strings.Repeat(" and more", 100_000))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(first, second) {
		t.Error("what lies beyond the limit changes the vector of a question")
	}
}

func TestTextWithinTheLimitIsOneWindow(t *testing.T) {
	t.Parallel()
	embedder := inferencetest.Builtin(t)
	model := embedder.Model()
	if embedder.CountTokens(model.PassagePrefix) != 2 || model.MaxTokens != 510 {
		t.Errorf("the prefix takes %d of %d tokens", embedder.CountTokens(model.PassagePrefix), model.MaxTokens)
	}
	word := "a "
	room := model.MaxTokens - embedder.CountTokens(model.PassagePrefix)
	if got := embedder.CountTokens(strings.Repeat(word, room)); got != room {
		t.Errorf("%d words count as %d tokens", room, got)
	}
	mustEmbed(t, embedder, strings.Repeat(word, room), strings.Repeat(word, room+1))
}

func TestPassageOverTheByteLimitIsRefused(t *testing.T) {
	t.Parallel()
	_, err := inferencetest.Builtin(t).EmbedPassages(t.Context(), []string{strings.Repeat("x", 3<<20)})
	if fault.KindOf(err) != fault.TooLarge || fault.CodeOf(err) != "passage_too_large" {
		t.Errorf("error = %v", err)
	}
}

func TestManyCallersGetTheSameVectors(t *testing.T) {
	t.Parallel()
	embedder := inferencetest.Builtin(t)
	texts := []string{passage(5, 30), passage(6, 60), passage(7, 90)}
	want := mustEmbed(t, embedder, texts...)
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			got, err := embedder.EmbedPassages(context.Background(), texts)
			if err != nil {
				t.Error(err)
				return
			}
			for i := range want {
				if !slices.Equal(want[i], got[i]) {
					t.Errorf("text %d has another vector among many callers", i)
				}
			}
		})
	}
	callers.Wait()
}

func TestQuestionsDoNotWaitBehindABatch(t *testing.T) {
	t.Parallel()
	embedder := openBuiltin(t)
	texts := make([]string, 200)
	for i := range texts {
		texts[i] = passage(i, 400)
	}
	ctx, cancel := context.WithCancel(t.Context())
	batch := make(chan error, 1)
	go func() {
		_, err := embedder.EmbedPassages(ctx, texts)
		batch <- err
	}()
	for range 5 {
		if _, err := embedder.EmbedQuery(t.Context(), "How many days of vacation?"); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case err := <-batch:
		t.Errorf("the batch was over before five questions: %v", err)
	default:
	}
	cancel()
	if err := <-batch; !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled batch returned %v", err)
	}
	if err := embedder.Close(); err != nil {
		t.Error(err)
	}
}

func TestCloseEndsWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	embedder := openBuiltin(t)
	var callers sync.WaitGroup
	for i := range 4 {
		callers.Go(func() {
			texts := slices.Repeat([]string{passage(i, 500)}, 100)
			if _, err := embedder.EmbedPassages(context.Background(), texts); fault.CodeOf(err) != "embedder_closed" {
				t.Errorf("a batch that Close ended returned %v", err)
			}
		})
		callers.Go(func() {
			for {
				if _, err := embedder.EmbedQuery(context.Background(), "Who approves travel?"); err != nil {
					if fault.CodeOf(err) != "embedder_closed" {
						t.Errorf("a question that Close ended returned %v", err)
					}
					return
				}
			}
		})
	}
	if _, err := embedder.EmbedQuery(t.Context(), "started?"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := embedder.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	callers.Wait()
	if got := embedder.CountTokens("after the end"); got < 3 {
		t.Errorf("a closed embedder counts %d tokens", got)
	}
}

func TestDeadlineStopsARunInItsMiddle(t *testing.T) {
	t.Parallel()
	embedder := inferencetest.Builtin(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := embedder.EmbedPassages(ctx, []string{passage(8, 100_000)})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want the deadline's", err)
	}
}

func TestMissingPartsSayMakeSetup(t *testing.T) {
	t.Parallel()
	model := home.Default().Model("multilingual-e5-small")
	half := t.TempDir()
	description, err := os.ReadFile(filepath.Join(model, "model.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "model.json"), description, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "model.onnx"), []byte("cut off"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "vocabulary.bin"), []byte("cut off"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		cfg  inference.EmbedConfig
		code string
	}{
		"no model":   {inference.EmbedConfig{Builtin: t.TempDir()}, "model_missing"},
		"half of it": {inference.EmbedConfig{Builtin: half}, "model_broken"},
		"no library": {inference.EmbedConfig{Runtime: filepath.Join(t.TempDir(), "libonnxruntime.so")}, "runtime_missing"},
	} {
		_, err := inference.OpenEmbedder(t.Context(), test.cfg, quiet)
		if fault.CodeOf(err) != test.code || !strings.Contains(fault.MessageOf(err), "make setup") {
			t.Errorf("%s: error %s: %v", name, fault.CodeOf(err), err)
		}
	}
}
