package inference

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/home"
)

// openBuiltinVocabulary maps the prepared model's vocabulary for one test.
func openBuiltinVocabulary(tb testing.TB) *vocabulary {
	tb.Helper()
	words, err := openVocabulary(filepath.Join(home.Default().Model("multilingual-e5-small"), "vocabulary.bin"))
	if err != nil {
		tb.Fatalf("open the vocabulary (run `make setup` to prepare it): %v", err)
	}
	tb.Cleanup(func() {
		if err := words.close(); err != nil {
			tb.Errorf("close the vocabulary: %v", err)
		}
	})
	return words
}

// readGolden reads a file that testdata/golden.py has written.
func readGolden[T any](tb testing.TB, name string) []T {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	var lines []T
	if err := json.Unmarshal(data, &lines); err != nil {
		tb.Fatalf("read %s: %v", name, err)
	}
	return lines
}

type goldenTokens struct {
	Text string  `json:"text"`
	IDs  []int64 `json:"ids"`
}

func TestUnigramGivesTheReferencesTokens(t *testing.T) {
	t.Parallel()
	words := openBuiltinVocabulary(t)
	for _, line := range readGolden[goldenTokens](t, "tokens.json") {
		got := words.tokenizer.encode([]int64{}, tidy(line.Text))
		if diff := cmp.Diff(line.IDs, got); diff != "" {
			t.Errorf("tokens of %q (-want +got):\n%s", line.Text, diff)
		}
		if count := words.tokenizer.count(tidy(line.Text)); count != len(line.IDs) {
			t.Errorf("count of %q = %d, want %d", line.Text, count, len(line.IDs))
		}
	}
}

func TestControlTokensInTextStayText(t *testing.T) {
	t.Parallel()
	words := openBuiltinVocabulary(t)
	for _, text := range []string{"<s>", "</s>", "<pad>", "<mask>", "a<mask>b", "<s>\x00</s>"} {
		for _, id := range words.tokenizer.encode(nil, tidy(text)) {
			if id <= 3 && id != words.tokenizer.unknown || id == 250001 {
				t.Errorf("text %q contains control token %d", text, id)
			}
		}
	}
}

func TestTidyRepairsText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain":             "plain",
		"nul\x00 inside":    "nul inside",
		"bad \xff\xfe utf8": "bad \uFFFD utf8",
		"cafe\u0301":        "caf\u00e9",
		"":                  "",
	} {
		if got := tidy(in); got != want {
			t.Errorf("tidy(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestClipCutsBetweenCharacters(t *testing.T) {
	t.Parallel()
	for size := range 8 {
		if got := clip("aé世x", size); !utf8.ValidString(got) || len(got) > size || !strings.HasPrefix("aé世x", got) {
			t.Errorf("clip to %d bytes = %q", size, got)
		}
	}
}

// TestALongWordTakesLinearTime compares work, not time: doubling the word must not do more than double the steps, which the
// trie bounds by its depth. A generous deadline catches what is quadratic: that would take hours.
func TestALongWordTakesLinearTime(t *testing.T) {
	t.Parallel()
	words := openBuiltinVocabulary(t)
	done := make(chan int, 1)
	go func() { done <- words.tokenizer.count(strings.Repeat("überlang", 1<<17)) }()
	select {
	case count := <-done:
		if count < 1<<17 {
			t.Errorf("1 MB word has %d tokens", count)
		}
	case <-time.After(5 * time.Minute):
		t.Fatal("1 MB word takes more than five minutes")
	}
}

func TestTrieFindsWhatItWasBuiltFrom(t *testing.T) {
	t.Parallel()
	pieces := []vocabularyPiece{{"b", 0}, {"abc", 1}, {"ab", 2}, {"é", 3}, {"a", 4}, {"bcd", 5}}
	built := newTrie(append([]vocabularyPiece{}, pieces...))
	if err := built.check(len(pieces)); err != nil {
		t.Fatal(err)
	}
	for _, piece := range pieces {
		node := uint32(0)
		for i := range len(piece.text) {
			var ok bool
			if node, ok = built.child(node, piece.text[i]); !ok {
				t.Fatalf("piece %q is not in the trie", piece.text)
			}
		}
		if built.piece[node] != piece.id {
			t.Errorf("piece %q has id %d, want %d", piece.text, built.piece[node], piece.id)
		}
	}
	if _, ok := built.child(0, 'x'); ok {
		t.Error("the trie has a piece that begins with x")
	}
}

func TestDamagedVocabularyIsRefused(t *testing.T) {
	t.Parallel()
	whole := openBuiltinVocabulary(t).mapped
	for name, damage := range map[string]func([]byte) []byte{
		"empty":        func([]byte) []byte { return nil },
		"magic":        func(b []byte) []byte { b[0] = 'X'; return b },
		"format":       func(b []byte) []byte { b[8] = 9; return b },
		"cut off":      func(b []byte) []byte { return b[:len(b)/2] },
		"longer":       func(b []byte) []byte { return append(b, 0) },
		"header only":  func(b []byte) []byte { return b[:20] },
		"special":      func(b []byte) []byte { b[14] = 0xff; return b },
		"trie":         func(b []byte) []byte { return overwrite(b, 44+4*250002+8, 0xff) },
		"piece number": func(b []byte) []byte { return overwrite(b, len(b)/2, 0x7f) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "vocabulary.bin")
			if err := os.WriteFile(path, damage(append([]byte{}, whole...)), 0o600); err != nil {
				t.Fatal(err)
			}
			if words, err := openVocabulary(path); err == nil {
				t.Errorf("a damaged vocabulary opened: %d pieces", words.tokenizer.size())
			}
		})
	}
}

func overwrite(data []byte, at int, value byte) []byte {
	for i := range 4 {
		data[at+i] = value
	}
	return data
}

func FuzzTokenize(f *testing.F) {
	for _, line := range readGolden[goldenTokens](f, "tokens.json") {
		f.Add(line.Text)
	}
	f.Add("\xff\xfe\x00 \u0301\u0301 <s>")
	words := openBuiltinVocabulary(f)
	f.Fuzz(func(t *testing.T, text string) {
		clean := tidy(text)
		ids := words.tokenizer.encode(nil, clean)
		// No character becomes more than 33 others, and no token is shorter than a character or the mark of a word.
		if limit := 34 * (utf8.RuneCountInString(clean) + 1); len(ids) > limit {
			t.Errorf("%d tokens for %q, the limit is %d", len(ids), text, limit)
		}
		for _, id := range ids {
			if id < 0 || id >= int64(words.tokenizer.size()) {
				t.Errorf("token %d of %q is outside of the vocabulary", id, text)
			}
		}
		if count := words.tokenizer.count(clean); count != len(ids) {
			t.Errorf("count of %q = %d, encode gives %d", text, count, len(ids))
		}
	})
}

func BenchmarkTokenize(b *testing.B) {
	words := openBuiltinVocabulary(b)
	var text strings.Builder
	for _, line := range readGolden[goldenTokens](b, "tokens.json") {
		text.WriteString(line.Text + " ")
	}
	tokens := words.tokenizer.count(text.String())
	for b.Loop() {
		words.tokenizer.count(text.String())
	}
	b.ReportMetric(float64(tokens*b.N)/b.Elapsed().Seconds(), "tokens/s")
}

func BenchmarkTokenizeOneMegabyteWord(b *testing.B) {
	words := openBuiltinVocabulary(b)
	word := strings.Repeat("x", 1<<20)
	for b.Loop() {
		words.tokenizer.count(word)
	}
}

func BenchmarkOpenVocabulary(b *testing.B) {
	path := filepath.Join(home.Default().Model("multilingual-e5-small"), "vocabulary.bin")
	for b.Loop() {
		words, err := openVocabulary(path)
		if err != nil {
			b.Fatal(err)
		}
		if err := words.close(); err != nil {
			b.Fatal(err)
		}
	}
}
