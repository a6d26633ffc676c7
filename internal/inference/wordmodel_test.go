package inference_test

import (
	"testing"

	"clearwell/internal/inference"
	"clearwell/internal/inference/inferencetest"
)

func TestCommonWordsAreMoreProbableThanRareOnes(t *testing.T) {
	t.Parallel()
	words, ok := inferencetest.Builtin(t).(inference.WordModel)
	if !ok {
		t.Fatal("the built-in embedder knows how common words are")
	}
	for _, order := range [][]string{{"the", "get", "vacation", "entitlement"}, {"und", "Urlaub", "Urlaubsanspruch"}, {"и", "сколько", "командировка"}} {
		last := 0.0
		for _, word := range order {
			value, ok := words.LogProbability(word)
			if !ok || value >= last {
				t.Errorf("%q: %f is not below %f, the word before it in %v", word, value, last, order)
			}
			last = value
		}
	}
}
