// Package inferencetest stands in for models in tests: a scripted OpenAI-compatible server, a cheap embedder of hashed words,
// and the real built-in embedder, loaded once for a whole test binary. It is imported by tests only.
package inferencetest

import (
	"hash/fnv"
	"math"
	"strings"
	"unicode"
)

// Vector is the embedding that the stand-ins give text: its words, lower-cased and hashed to a dimension and a sign, at unit length.
// Texts that share words lie close together; the same text always has the same vector. A text without words points along the first axis.
func Vector(text string, dimension int) []float32 {
	vector := make([]float32, dimension)
	for _, word := range words(text) {
		hash := fnv.New64a()
		hash.Write([]byte(strings.ToLower(word))) // never fails
		sum := hash.Sum64()
		sign := float32(1)
		if sum>>63 == 1 {
			sign = -1
		}
		vector[sum%uint64(dimension)] += sign
	}
	var squares float64
	for _, value := range vector {
		squares += float64(value) * float64(value)
	}
	if squares == 0 {
		vector[0] = 1
		return vector
	}
	for i := range vector {
		vector[i] /= float32(math.Sqrt(squares))
	}
	return vector
}

func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}
