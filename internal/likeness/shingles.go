package likeness

import (
	"crypto/sha256"
	"hash/fnv"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A text's signature has bands of rows MinHash values each. Two texts of resemblance r share at least one
// band with probability 1 − (1 − r³)⁴²: .995 at r = .5, .94 at .4, .04 at .1.
const (
	bands = 42
	rows  = 3
)

// shingleWords is how many words a shingle has in texts that are not short.
const shingleWords = 3

// Signature is by what a text is found again among many.
type Signature struct {
	// Plain is the SHA-256 of the text's letters and digits in lower case: equal for the same words in
	// another format.
	Plain [32]byte
	// Words is how many words the text has; a character of a script without spaces counts as one.
	Words int
	bands [bands]uint64
}

// Sign makes the signature of a text.
func Sign(text string) Signature {
	words := tokens(text)
	s := Signature{Plain: plain(text), Words: len(words)}
	var least [bands * rows]uint64
	for i := range least {
		least[i] = ^uint64(0)
	}
	for shingle := range shingles(words, shingleWords) {
		for i := range least {
			// Multiply-shift hashing (Dietzfelbinger et al. 1997), one odd factor a permutation.
			if h := scramble(shingle * (factor*uint64(2*i+1) | 1)); h < least[i] {
				least[i] = h
			}
		}
	}
	for b := range s.bands {
		for r := range rows {
			s.bands[b] = scramble(s.bands[b]*factor + least[b*rows+r])
		}
	}
	return s
}

// Bands are the values that near-duplicates share some of. They are mixed with the space in which is
// searched, so that the same text elsewhere shares none.
func (s Signature) Bands(space int64) []int32 {
	out := make([]int32, bands)
	for i, b := range s.bands {
		out[i] = int32(scramble(b ^ scramble(uint64(space)*factor+uint64(i))))
	}
	return out
}

const factor = 0x9e3779b97f4a7c15

// scramble is the finaliser of SplitMix64 (Steele et al. 2014).
func scramble(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// plain hashes the letters and digits of a text.
func plain(text string) [32]byte {
	hash := sha256.New()
	for _, word := range tokens(text) {
		hash.Write([]byte(word))
	}
	return [32]byte(hash.Sum(nil))
}

// tokens cuts a text into words of letters and digits in lower case, and into single characters in scripts
// that put no spaces between words.
func tokens(text string) []string {
	var out []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			out = append(out, string(word))
			word = word[:0]
		}
	}
	for _, r := range norm.NFKC.String(text) {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			end()
			out = append(out, string(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			word = append(word, unicode.ToLower(r))
		default:
			end()
		}
	}
	end()
	return out
}

// shingles are the hashes of all runs of n words; of the whole when there are fewer.
func shingles(words []string, n int) map[uint64]struct{} {
	hashes := make([]uint64, len(words))
	for i, w := range words {
		h := fnv.New64a()
		_, _ = h.Write([]byte(w)) // a hash takes everything
		hashes[i] = h.Sum64()
	}
	set := make(map[uint64]struct{}, len(words))
	for i := 0; i < len(words) && (i == 0 || i+n <= len(words)); i++ {
		var sum uint64
		for _, h := range hashes[i:min(i+n, len(hashes))] {
			sum = scramble(sum*factor + h)
		}
		set[sum] = struct{}{}
	}
	return set
}

// resemblance compares two texts exactly. Shingles are shorter in short texts, where one changed word would
// otherwise touch most of them.
func resemblance(a, b string) (resemblance, containment float64, isShort, holdsAll bool) {
	wordsA, wordsB := tokens(a), tokens(b)
	n, shorter := shingleWords, min(len(wordsA), len(wordsB))
	switch {
	case shorter < 20:
		n = 1
	case shorter < 60:
		n = 2
	}
	inA, inB := shingles(wordsA, n), shingles(wordsB, n)
	both := 0
	for s := range inA {
		if _, ok := inB[s]; ok {
			both++
		}
	}
	if len(inA) == 0 || len(inB) == 0 {
		return 0, 0, true, false
	}
	resemblance = float64(both) / float64(len(inA)+len(inB)-both)
	containment = float64(both) / float64(min(len(inA), len(inB)))
	return resemblance, containment, shorter < 20, both == len(inB)
}
