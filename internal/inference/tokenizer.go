package inference

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// encoder turns text into a model's token ids. Both implementations (unigram, wordPiece) work word by word, in time linear in the text.
type encoder interface {
	// encode appends the ids of text to ids, without special tokens. All of them are in [0, size).
	encode(ids []int64, text string) []int64
	// count is the number of ids that encode would append.
	count(text string) int
	size() int
}

// tokenizer is an encoder with the special tokens that its model wants around a text.
type tokenizer struct {
	encoder
	before, after []int64
	pair          pair
}

// wrap puts the special tokens around content.
func (t tokenizer) wrap(content []int64) []int64 {
	ids := make([]int64, 0, len(t.before)+len(content)+len(t.after))
	ids = append(ids, t.before...)
	ids = append(ids, content...)
	return append(ids, t.after...)
}

// specials is the number of tokens that wrap adds.
func (t tokenizer) specials() int { return len(t.before) + len(t.after) }

// tidy repairs what tokenizers trip over: invalid UTF-8, NUL, and letters that come apart from their accents (NFC joins them).
func tidy(text string) string {
	if strings.IndexByte(text, 0) >= 0 {
		text = strings.ReplaceAll(text, "\x00", "")
	}
	return norm.NFC.String(strings.ToValidUTF8(text, string(utf8.RuneError)))
}

// clip shortens text to at most size bytes, without cutting a character.
func clip(text string, size int) string {
	if len(text) <= size {
		return text
	}
	for size > 0 && !utf8.RuneStart(text[size]) {
		size--
	}
	return text[:size]
}
