package inference

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// wordPiece is BERT's tokenizer: it cuts each word into the longest pieces that its vocabulary has, from left to right.
type wordPiece struct {
	pieces       map[string]int64
	highest      int64
	unknown      int64
	continuation string // before every piece but a word's first, usually "##"
	longestWord  int    // in characters; longer words are unknown
	normal       bertNormalizer
}

func (w *wordPiece) size() int { return int(w.highest) + 1 }

func (w *wordPiece) count(text string) int { return len(w.encode(nil, text)) }

func (w *wordPiece) encode(ids []int64, text string) []int64 {
	for chunk := range strings.FieldsFuncSeq(text, isASCIISpace) {
		for field := range bytes.FieldsSeq(w.normal.normalize(nil, chunk)) {
			for len(field) > 0 {
				size := wordSize(field)
				ids = w.cut(ids, string(field[:size]))
				field = field[size:]
			}
		}
	}
	return ids
}

// wordSize is how much of field is one word: a single mark of punctuation, or all up to the next one.
func wordSize(field []byte) int {
	for at := 0; at < len(field); {
		r, width := utf8.DecodeRune(field[at:])
		if isPunctuation(r) && at == 0 {
			return width
		}
		if isPunctuation(r) {
			return at
		}
		at += width
	}
	return len(field)
}

// cut appends the pieces of word, or the unknown token if it can't be cut without a rest.
func (w *wordPiece) cut(ids []int64, word string) []int64 {
	if utf8.RuneCountInString(word) > w.longestWord {
		return append(ids, w.unknown)
	}
	first := len(ids)
	for start := 0; start < len(word); {
		end := len(word)
		id, found := w.lookUp(word, start, end)
		for !found {
			_, width := utf8.DecodeLastRuneInString(word[start:end])
			if end -= width; end == start {
				return append(ids[:first], w.unknown)
			}
			id, found = w.lookUp(word, start, end)
		}
		ids = append(ids, id)
		start = end
	}
	return ids
}

func (w *wordPiece) lookUp(word string, start, end int) (int64, bool) {
	piece := word[start:end]
	if start > 0 {
		piece = w.continuation + piece
	}
	id, found := w.pieces[piece]
	return id, found
}

// bertNormalizer is the BertNormalizer of tokenizer.json.
type bertNormalizer struct {
	clean, spaceChinese, stripAccents, lowercase bool
}

func (n bertNormalizer) normalize(dst []byte, text string) []byte {
	if n.stripAccents {
		text = norm.NFD.String(text)
	}
	for _, r := range text {
		switch {
		case n.clean && (r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs)):
		case n.clean && unicode.IsSpace(r):
			dst = append(dst, ' ')
		case n.stripAccents && unicode.Is(unicode.Mn, r):
		case n.spaceChinese && isChinese(r):
			dst = append(utf8.AppendRune(append(dst, ' '), r), ' ')
		case n.lowercase:
			dst = append(dst, strings.ToLower(string(r))...)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// isPunctuation is BERT's notion: all ASCII that is neither letter, digit, space nor control, and Unicode's punctuation.
func isPunctuation(r rune) bool {
	return r > ' ' && r < 0x7f && !unicode.IsLetter(r) && !unicode.IsDigit(r) || unicode.IsPunct(r)
}

// isChinese is BERT's notion: the blocks of CJK ideographs, which leave out kana and Hangul.
func isChinese(r rune) bool {
	return unicode.Is(chinese, r)
}

var chinese = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x3400, Hi: 0x4dbf, Stride: 1}, {Lo: 0x4e00, Hi: 0x9fff, Stride: 1}, {Lo: 0xf900, Hi: 0xfaff, Stride: 1}},
	R32: []unicode.Range32{{Lo: 0x20000, Hi: 0x2a6df, Stride: 1}, {Lo: 0x2a700, Hi: 0x2b81f, Stride: 1}, {Lo: 0x2b820, Hi: 0x2ceaf, Stride: 1}, {Lo: 0x2f800, Hi: 0x2fa1f, Stride: 1}},
}
