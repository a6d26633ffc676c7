package parse

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"clearwell/internal/fault"
)

// builder collects the blocks of one document and holds them to the promises of Block.Text.
type builder struct {
	ctx      context.Context // one call's, like an http.Request's
	blocks   []Block
	bytes    int
	maxBytes int
}

// add appends a block whose text it cleans first; a block without text is left out.
// It fails when the document's text passes its limit or the time is up.
func (b *builder) add(block Block) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	if b.bytes+len(block.Text) > 2*b.maxBytes+4096 { // far over before cleaning: don't spend time on it
		return tooMuchText(b.maxBytes)
	}
	block.Text = plain(block.Text)
	switch block.Kind {
	case Code:
		block.Text = strings.Trim(block.Text, "\n")
		if strings.TrimSpace(block.Text) == "" {
			return nil
		}
	default:
		block.Text = collapse(block.Text)
	}
	if block.Text == "" {
		return nil
	}
	b.bytes += len(block.Text) + len(BlockSeparator)
	if b.bytes > b.maxBytes {
		return tooMuchText(b.maxBytes)
	}
	b.blocks = append(b.blocks, block)
	return nil
}

// extend adds text to the block added last, which is how an item grows by its second paragraph.
func (b *builder) extend(separator, text string) error {
	last := &b.blocks[len(b.blocks)-1]
	text = collapse(plain(text))
	if text == "" {
		return nil
	}
	b.bytes += len(separator) + len(text)
	if b.bytes > b.maxBytes {
		return tooMuchText(b.maxBytes)
	}
	last.Text += separator + text
	return nil
}

// finish gives doc its blocks and, where the file names none, a title.
func (b *builder) finish(doc Document) (Document, error) {
	if len(b.blocks) == 0 {
		return Document{}, fault.Newf(fault.Invalid, "no_text",
			"The file holds no text: upload one that does.")
	}
	doc.Blocks = b.blocks
	doc.Title = oneLine(doc.Title)
	for key, value := range doc.Properties {
		doc.Properties[key] = oneLine(value)
	}
	if doc.Title == "" {
		for _, block := range doc.Blocks {
			if block.Kind == Heading && block.Level == 1 {
				doc.Title = oneLine(block.Text)
				break
			}
		}
	}
	return doc, nil
}

// plain makes s valid UTF-8 in NFC without control characters other than newline and tab.
func plain(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r', r == '\u2028', r == '\u2029', r == '\v', r == '\f':
			return '\n'
		case unicode.IsControl(r), r == '\uFEFF', r&0xFFFE == 0xFFFE:
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(s)
}

// collapse turns each run of spaces into one, each run of line breaks into one, and trims every line.
func collapse(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	gap := byte(0)
	for _, r := range s {
		if r == '\n' {
			gap = '\n'
			continue
		}
		if unicode.IsSpace(r) {
			if gap == 0 {
				gap = ' '
			}
			continue
		}
		if gap != 0 && out.Len() > 0 {
			out.WriteByte(gap)
		}
		gap = 0
		out.WriteRune(r)
	}
	return out.String()
}

// maxPropertyBytes bounds a title and a property's value: they are labels, not text.
const maxPropertyBytes = 4096

func oneLine(s string) string {
	if len(s) > maxPropertyBytes {
		s = s[:maxPropertyBytes]
	}
	return strings.Join(strings.Fields(plain(strings.ToValidUTF8(s, ""))), " ")
}

// snakeCase makes a property's key lower snake_case: "Effective Date", "effectiveDate" and
// "effective-date" are one key.
func snakeCase(s string) string {
	var out strings.Builder
	wasLower := false
	for _, r := range strings.TrimSpace(s) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			wasLower = false
			if out.Len() > 0 && !strings.HasSuffix(out.String(), "_") {
				out.WriteByte('_')
			}
			continue
		}
		if unicode.IsUpper(r) && wasLower {
			out.WriteByte('_')
		}
		wasLower = unicode.IsLower(r) || unicode.IsDigit(r)
		out.WriteRune(unicode.ToLower(r))
	}
	return strings.TrimSuffix(out.String(), "_")
}
