package inference

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"clearwell/internal/fault"
)

// tokenizerFile is what this room reads of a Hugging Face tokenizer.json.
type tokenizerFile struct {
	Model struct {
		Type         string          `json:"type"`
		Vocab        json.RawMessage `json:"vocab"`
		UnknownID    *int64          `json:"unk_id"`
		Unknown      string          `json:"unk_token"`
		Continuation string          `json:"continuing_subword_prefix"`
		LongestWord  int             `json:"max_input_chars_per_word"`
		ByteFallback bool            `json:"byte_fallback"`
	} `json:"model"`
	Normalizer    *normalizerSpec `json:"normalizer"`
	PostProcessor *postProcessor  `json:"post_processor"`
	Added         []struct {
		ID      int64  `json:"id"`
		Content string `json:"content"`
		Special bool   `json:"special"`
	} `json:"added_tokens"`
}

// postProcessor says which special tokens go around a text, in one of three spellings.
type postProcessor struct {
	Type       string           `json:"type"`
	Processors []*postProcessor `json:"processors"` // of a Sequence
	CLS        specialToken     `json:"cls"`
	SEP        specialToken     `json:"sep"`
	Single     []templatePart   `json:"single"`
	Pair       []templatePart   `json:"pair"`
	Specials   map[string]struct {
		IDs []int64 `json:"ids"`
	} `json:"special_tokens"`
}

// templatePart is a special token or the place of a text.
type templatePart struct {
	Special  *templateItem `json:"SpecialToken"`
	Sequence *templateItem `json:"Sequence"`
}

type templateItem struct {
	ID   string `json:"id"`
	Kind int64  `json:"type_id"`
}

// specialToken is written as ["[SEP]", 102].
type specialToken struct{ id int64 }

// UnmarshalJSON reads the pair of text and id.
func (t *specialToken) UnmarshalJSON(data []byte) error {
	pair := [2]any{}
	if err := json.Unmarshal(data, &pair); err != nil {
		return err
	}
	id, ok := pair[1].(float64)
	if !ok {
		return fmt.Errorf("special token %v has no id", pair[0])
	}
	t.id = int64(id)
	return nil
}

// readTokenizer reads a tokenizer.json of the kinds Unigram (XLM-RoBERTa and its kin) and WordPiece (BERT and its kin).
func readTokenizer(path string) (tokenizer, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return tokenizer{}, fault.Wrapf(err, fault.Invalid, "tokenizer_missing", "The tokenizer %s can't be read: the folder needs a tokenizer.json.", path)
	}
	var file tokenizerFile
	if err := json.Unmarshal(data, &file); err != nil {
		return tokenizer{}, fault.Wrapf(err, fault.Invalid, "tokenizer_unreadable", "The tokenizer %s can't be read: copy the model's folder again.", path)
	}
	tokens, err := file.build()
	if err != nil {
		if fault.KindOf(err) == fault.Unsupported {
			return tokenizer{}, err
		}
		return tokenizer{}, fault.Wrapf(err, fault.Invalid, "tokenizer_unreadable", "The tokenizer %s can't be used: copy the model's folder again.", path)
	}
	return tokens, nil
}

func (f *tokenizerFile) build() (tokenizer, error) {
	var tokens tokenizer
	var err error
	switch f.Model.Type {
	case "Unigram":
		tokens.encoder, err = f.buildUnigram()
	case "WordPiece":
		tokens.encoder, err = f.buildWordPiece()
	default:
		return tokens, unsupportedTokenizer("kind " + f.Model.Type)
	}
	if err != nil {
		return tokens, err
	}
	if tokens.before, tokens.after, err = f.PostProcessor.around(); err != nil {
		return tokens, err
	}
	tokens.pair = f.PostProcessor.pair()
	specials := slices.Concat(tokens.before, tokens.after)
	for _, part := range tokens.pair {
		specials = append(specials, part.ids...)
	}
	for _, id := range specials {
		if id < 0 || id >= int64(tokens.size()) {
			return tokens, fmt.Errorf("special token %d is outside of the vocabulary of %d", id, tokens.size())
		}
	}
	return tokens, nil
}

// special reports the texts that must not be recognised in a user's text.
func (f *tokenizerFile) special() map[string]bool {
	special := map[string]bool{}
	for _, token := range f.Added {
		special[token.Content] = token.Special
	}
	return special
}

func (f *tokenizerFile) buildUnigram() (*unigram, error) {
	if f.Model.ByteFallback {
		return nil, unsupportedTokenizer("byte_fallback")
	}
	var vocab []unigramEntry
	if err := json.Unmarshal(f.Model.Vocab, &vocab); err != nil {
		return nil, fmt.Errorf("read the vocabulary: %w", err)
	}
	if f.Model.UnknownID == nil || *f.Model.UnknownID < 0 || *f.Model.UnknownID >= int64(len(vocab)) {
		return nil, fmt.Errorf("the unknown token is not in the vocabulary of %d", len(vocab))
	}
	special, seen := f.special(), map[string]bool{}
	scores := make([]float32, len(vocab))
	var pieces []vocabularyPiece
	for id, entry := range vocab {
		scores[id] = entry.score
		if entry.text == "" || special[entry.text] || int64(id) == *f.Model.UnknownID || seen[entry.text] {
			continue
		}
		seen[entry.text] = true
		pieces = append(pieces, vocabularyPiece{entry.text, int32(id)})
	}
	normal, err := f.Normalizer.build()
	if err != nil {
		return nil, err
	}
	return newUnigram(scores, newTrie(pieces), normal, *f.Model.UnknownID), nil
}

// unigramEntry is written as ["▁the", -3.2].
type unigramEntry struct {
	text  string
	score float32
}

// UnmarshalJSON reads the pair of text and score.
func (e *unigramEntry) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&e.text, &e.score})
}

func (f *tokenizerFile) buildWordPiece() (*wordPiece, error) {
	w := &wordPiece{continuation: f.Model.Continuation, longestWord: f.Model.LongestWord}
	if err := json.Unmarshal(f.Model.Vocab, &w.pieces); err != nil {
		return nil, fmt.Errorf("read the vocabulary: %w", err)
	}
	unknown, found := w.pieces[f.Model.Unknown]
	if !found {
		return nil, fmt.Errorf("the unknown token %q is not in the vocabulary", f.Model.Unknown)
	}
	w.unknown = unknown
	for text, id := range w.pieces {
		if id < 0 {
			return nil, fmt.Errorf("piece %q has id %d", text, id)
		}
		w.highest = max(w.highest, id)
	}
	for text, special := range f.special() {
		if special {
			delete(w.pieces, text)
		}
	}
	n := f.Normalizer
	if n == nil || n.Type != "BertNormalizer" {
		return nil, unsupportedTokenizer("a WordPiece without BertNormalizer")
	}
	strip := n.Lowercase // what a null means
	if n.StripAccents != nil {
		strip = *n.StripAccents
	}
	w.normal = bertNormalizer{n.CleanText, n.SpaceChinese, strip, n.Lowercase}
	return w, nil
}

// around returns the ids before and after a single text.
func (p *postProcessor) around() (before, after []int64, err error) {
	switch {
	case p == nil, p.Type == "ByteLevel":
		return nil, nil, nil
	case p.Type == "BertProcessing", p.Type == "RobertaProcessing":
		return []int64{p.CLS.id}, []int64{p.SEP.id}, nil
	case p.Type == "Sequence" && len(p.Processors) == 1:
		return p.Processors[0].around()
	case p.Type != "TemplateProcessing":
		return nil, nil, unsupportedTokenizer("post-processor " + p.Type)
	}
	into := &before
	for _, part := range p.Single {
		if part.Sequence != nil {
			into = &after
			continue
		}
		if part.Special == nil {
			return nil, nil, fmt.Errorf("the template has a part that is neither text nor token")
		}
		*into = append(*into, p.Specials[part.Special.ID].IDs...)
	}
	return before, after, nil
}

func unsupportedTokenizer(what string) error {
	return fault.Newf(fault.Unsupported, "tokenizer_unsupported",
		"The model's tokenizer uses %s, which is not supported: choose a model with a Unigram tokenizer (such as XLM-RoBERTa) or a WordPiece tokenizer (such as BERT), or serve it through an endpoint.", strings.TrimSpace(what))
}
