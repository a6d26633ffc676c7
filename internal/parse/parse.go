// Package parse turns the bytes of a file into blocks of text with page and heading level; one file per format.
// It does not clean, cut or judge the text, and content never makes it open a file or a connection.
package parse

import (
	"io"
	"strings"
	"time"
)

// BlockKind says what a block of text is in its document.
type BlockKind string

// The kinds of block.
const (
	Heading   BlockKind = "heading"
	Paragraph BlockKind = "paragraph"
	ListItem  BlockKind = "list_item"
	Table     BlockKind = "table"
	Code      BlockKind = "code"
)

// Block is one piece of a document's text.
type Block struct {
	Kind BlockKind
	// Level is 1–6 for a heading, the nesting depth from 1 for a list item, else 0.
	Level int
	// Text is valid UTF-8 in NFC without markup. A table is one line a row, cells joined by " | ".
	// A list item starts with its marker ("- ", "3. ").
	Text string
	// Page is the page on which the block begins, from 1; 0 where the format has no pages.
	Page int
}

// Document is what a file says.
type Document struct {
	MediaType  string            // the type found in the bytes, not the declared one
	Title      string            // from the file's own title property or its first level-1 heading; "" if neither
	Properties map[string]string // front matter and document properties, keys in lower snake_case
	Blocks     []Block
	Pages      int // 0 where the format has no pages
}

// Text is the document's plain text: the blocks joined by a blank line.
// Offsets of chunks and citations count Unicode code points of this text.
func (d Document) Text() string {
	texts := make([]string, len(d.Blocks))
	for i, b := range d.Blocks {
		texts[i] = b.Text
	}
	return strings.Join(texts, BlockSeparator)
}

// BlockSeparator stands between two blocks in Document.Text.
const BlockSeparator = "\n\n"

// Limits bound what one file may cost. The zero value means the defaults.
type Limits struct {
	Bytes   int64         // of the file; default 100 MiB
	Text    int           // bytes of extracted text; default 20 MiB
	Unzip   int64         // bytes unpacked from an archive format in all; default 200 MiB
	Pages   int           // default 5,000
	Timeout time.Duration // default 60 s
}

// Source is a file to parse.
type Source struct {
	Name      string // the file's name: its extension is one hint at the format
	MediaType string // as declared by the uploader, may be ""
	Body      io.ReaderAt
	Size      int64
}
