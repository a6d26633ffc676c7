// Package parsetest writes documents in the formats that parse reads, so that a test can hand in one text as
// Markdown, HTML, Word or PDF. It is imported by tests only.
package parsetest

import (
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"clearwell/internal/parse"
)

// Format is a format that Write knows, named by its usual extension without the dot.
type Format string

// The formats.
const (
	Markdown Format = "md"
	HTML     Format = "html"
	DOCX     Format = "docx"
	PDF      Format = "pdf"
)

// Formats are all that Write knows.
var Formats = [...]Format{Markdown, HTML, DOCX, PDF}

// Options are what a file says beside its text. The zero value says nothing.
type Options struct {
	Title string
	// Properties become front matter, meta elements or custom document properties. A PDF has no place for them.
	Properties map[string]string
	// Modified is the time of the last change in the properties of DOCX and PDF; zero: not said.
	Modified time.Time
	// Header and Footer stand on each page of DOCX and PDF. "{page}" is the page's number.
	Header, Footer string
}

// Write returns the file that says blocks. The kinds of block, their levels, and the markers of lists ("- ", "3. ")
// are kept as far as the format has words for them.
func Write(format Format, blocks []parse.Block, o Options) []byte {
	switch format {
	case HTML:
		return writeHTML(blocks, o)
	case DOCX:
		return writeDOCX(blocks, o)
	case PDF:
		return writePDF(blocks, o)
	default:
		return writeMarkdown(blocks, o)
	}
}

// FormatOf is the format that a file's name claims; Markdown when it claims none of them.
func FormatOf(name string) Format {
	for _, f := range Formats {
		if strings.EqualFold(path.Ext(name), "."+string(f)) {
			return f
		}
	}
	return Markdown
}

var orderedMarker = regexp.MustCompile(`^(\d{1,4})\.\s+`)

// item is a list item without its marker.
type item struct {
	level     int // from 1
	isOrdered bool
	number    int
	text      string
}

// itemOf takes the marker off a block. An item with a marker of another form keeps it, behind a bullet.
func itemOf(b parse.Block) item {
	it := item{level: min(max(b.Level, 1), 9), text: b.Text}
	if m := orderedMarker.FindStringSubmatch(b.Text); m != nil {
		it.isOrdered, it.text = true, b.Text[len(m[0]):]
		it.number, _ = strconv.Atoi(m[1]) // digits alone, at most four
		return it
	}
	it.text = strings.TrimPrefix(b.Text, "- ")
	return it
}

// rows are a table's cells. Each row has as many as the widest.
func rows(b parse.Block) [][]string {
	var table [][]string
	width := 0
	for line := range strings.SplitSeq(b.Text, "\n") {
		cells := strings.Split(line, " | ")
		width = max(width, len(cells))
		table = append(table, cells)
	}
	for i, cells := range table {
		table[i] = append(cells, make([]string, width-len(cells))...)
	}
	return table
}
