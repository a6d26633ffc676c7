package inference

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// normalizerSpec is a normalizer of tokenizer.json, of any type.
type normalizerSpec struct {
	Type         string            `json:"type"`
	Normalizers  []*normalizerSpec `json:"normalizers"`          // Sequence
	Charsmap     string            `json:"precompiled_charsmap"` // Precompiled
	Pattern      json.RawMessage   `json:"pattern"`              // Replace
	Content      string            `json:"content"`              // Replace
	CleanText    bool              `json:"clean_text"`           // BertNormalizer, and so on
	SpaceChinese bool              `json:"handle_chinese_chars"` //
	StripAccents *bool             `json:"strip_accents"`        //
	Lowercase    bool              `json:"lowercase"`            //
}

// steps applies normalizers one after another.
type steps []normalizer

func (s steps) normalize(dst []byte, text string) []byte {
	if len(s) == 0 {
		return append(dst, text...)
	}
	for _, step := range s[:len(s)-1] {
		text = string(step.normalize(nil, text))
	}
	return s[len(s)-1].normalize(dst, text)
}

// form is a Unicode normalisation form.
type form norm.Form

func (f form) normalize(dst []byte, text string) []byte { return norm.Form(f).AppendString(dst, text) }

// lower makes letters small.
type lower struct{}

func (lower) normalize(dst []byte, text string) []byte {
	return append(dst, strings.ToLower(text)...)
}

// stripMarks takes accents away that stand apart from their letters.
type stripMarks struct{}

func (stripMarks) normalize(dst []byte, text string) []byte {
	for _, r := range text {
		if !unicode.Is(unicode.Mn, r) {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// build makes the normalizer of a Unigram tokenizer. A nil spec leaves text alone.
func (n *normalizerSpec) build() (normalizer, error) {
	if n == nil {
		return steps{}, nil
	}
	switch n.Type {
	case "Sequence":
		var all steps
		for _, part := range n.Normalizers {
			step, err := part.build()
			if err != nil {
				return nil, err
			}
			all = append(all, step)
		}
		return all, nil
	case "Precompiled":
		return parseCharsmap(n.Charsmap)
	case "NFC":
		return form(norm.NFC), nil
	case "NFD":
		return form(norm.NFD), nil
	case "NFKC":
		return form(norm.NFKC), nil
	case "NFKD":
		return form(norm.NFKD), nil
	case "Lowercase":
		return lower{}, nil
	case "StripAccents":
		return stripMarks{}, nil
	case "Strip":
		return steps{}, nil // words are cut at spaces anyway
	case "Replace":
		return n.buildReplace()
	default:
		return nil, unsupportedTokenizer("normalizer " + n.Type)
	}
}

// buildReplace knows plain texts, and the one pattern that XLM-RoBERTa and its kin have: runs of spaces, which don't matter here.
func (n *normalizerSpec) buildReplace() (normalizer, error) {
	var pattern struct{ String, Regex string }
	if err := json.Unmarshal(n.Pattern, &pattern); err != nil {
		return nil, fmt.Errorf("read the pattern of a replacement: %w", err)
	}
	switch {
	case pattern.String != "":
		return replacement{strings.NewReplacer(pattern.String, n.Content)}, nil
	case pattern.Regex == " {2,}" || pattern.Regex == `\s+`:
		return steps{}, nil
	default:
		return nil, unsupportedTokenizer("the pattern " + pattern.Regex)
	}
}

type replacement struct{ replacer *strings.Replacer }

func (r replacement) normalize(dst []byte, text string) []byte {
	return append(dst, r.replacer.Replace(text)...)
}

// parseCharsmap reads SentencePiece's precompiled character map: the size of a Darts double array in bytes (uint32), the array,
// and the replacements, each ended by NUL. Only single characters are looked up: text is composed before it comes here, so
// that longer keys (a letter and its accent) don't occur.
func parseCharsmap(encoded string) (charmap, error) {
	data, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return charmap{}, fmt.Errorf("decode the character map: %w", err)
	}
	if len(data) < 4 || uint64(binary.LittleEndian.Uint32(data)) > uint64(len(data)-4) {
		return charmap{}, fmt.Errorf("the character map of %d bytes is cut off", len(data))
	}
	size := binary.LittleEndian.Uint32(data)
	units := make([]uint32, size/4)
	for i := range units {
		units[i] = binary.LittleEndian.Uint32(data[4+4*i:])
	}
	texts := data[4+size:]
	replaced := map[rune]string{}
	for r := rune(1); r <= unicode.MaxRune; r++ {
		at, found := dartsValue(units, string(r))
		if !found || !utf8.ValidRune(r) {
			continue
		}
		if at >= len(texts) {
			return charmap{}, fmt.Errorf("the replacement of %U lies beyond the character map", r)
		}
		text, _, _ := strings.Cut(string(texts[at:min(len(texts), at+256)]), "\x00")
		replaced[r] = text
	}
	return newCharmap(replaced), nil
}

// dartsValue is the value of key in a double array of Darts-clone. A unit holds, from the lowest bit: a label (8 bits),
// whether a value follows (bit 8), whether the offset is in steps of 256 (bit 9), the offset (22 bits); a value has bit 31 set.
func dartsValue(units []uint32, key string) (int, bool) {
	offset := func(unit uint32) uint32 { return unit >> 10 << (unit & (1 << 9) >> 6) }
	if len(units) == 0 {
		return 0, false
	}
	at := offset(units[0])
	for i := range len(key) {
		at ^= uint32(key[i])
		if at >= uint32(len(units)) || units[at]&(1<<31|0xff) != uint32(key[i]) {
			return 0, false
		}
		if i == len(key)-1 && units[at]>>8&1 == 0 {
			return 0, false
		}
		at ^= offset(units[at])
	}
	if at >= uint32(len(units)) {
		return 0, false
	}
	return int(units[at] &^ (1 << 31)), true
}
