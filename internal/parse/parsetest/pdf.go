package parsetest

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"clearwell/internal/parse"
)

const (
	bodySize   = 11.0 // points
	lineHeight = 5.2  // mm
	listIndent = 7.0  // mm a level
)

// writePDF lays the blocks out on A4 in Helvetica. Characters that Windows-1252 lacks become a dot.
func writePDF(blocks []parse.Block, o Options) []byte {
	w := pdfWriter{Fpdf: fpdf.New("P", "mm", "A4", "")}
	w.encode = w.UnicodeTranslatorFromDescriptor("") // cp1252
	stamp := o.Modified
	if stamp.IsZero() {
		stamp = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) // the format wants one, and a test the same bytes again
	}
	w.SetCreationDate(stamp)
	w.SetModificationDate(stamp)
	w.SetCatalogSort(true)
	if o.Title != "" {
		w.SetTitle(o.Title, true)
	}
	w.SetMargins(22, 24, 22)
	w.SetAutoPageBreak(true, 24)
	w.furniture(o)
	w.AddPage()
	for i, b := range blocks {
		next := parse.BlockKind("")
		if i+1 < len(blocks) {
			next = blocks[i+1].Kind
		}
		w.block(b, next)
	}
	var out bytes.Buffer
	if err := w.Output(&out); err != nil {
		panic(fmt.Sprintf("PDF in memory: %v", err)) // impossible for core fonts and plain text
	}
	return out.Bytes()
}

type pdfWriter struct {
	*fpdf.Fpdf
	encode func(string) string
}

// furniture is what stands on each page.
func (w pdfWriter) furniture(o Options) {
	line := func(y float64, text string) {
		w.SetY(y)
		w.SetFont("Helvetica", "", 8)
		w.CellFormat(0, 5, w.encode(strings.ReplaceAll(text, "{page}", strconv.Itoa(w.PageNo()))), "", 0, "C", false, 0, "")
	}
	if o.Header != "" {
		w.SetHeaderFuncMode(func() { line(10, o.Header) }, true)
	}
	if o.Footer != "" {
		w.SetFooterFunc(func() { line(-14, o.Footer) })
	}
}

func (w pdfWriter) block(b parse.Block, next parse.BlockKind) {
	left, _, _, _ := w.GetMargins()
	w.SetFont("Helvetica", "", bodySize)
	switch b.Kind {
	case parse.Heading:
		size := []float64{20, 16, 14, 13, 12.5, 12.5}[min(max(b.Level, 1), 6)-1]
		w.SetFont("Helvetica", "B", size)
		w.Ln(2)
		w.MultiCell(0, size*0.45, w.encode(oneLine(b.Text)), "", "L", false)
		w.Ln(2)
	case parse.ListItem:
		w.item(itemOf(b), left)
		if next != parse.ListItem {
			w.Ln(3)
		}
	case parse.Table:
		w.table(rows(b), left)
		w.Ln(3)
	case parse.Code:
		w.SetFont("Courier", "", 9)
		w.MultiCell(0, 4.2, w.encode(b.Text), "", "L", false)
		w.Ln(3)
	default:
		w.MultiCell(0, lineHeight, w.encode(oneLine(b.Text)), "", "L", false)
		w.Ln(3)
	}
}

// item is a hanging paragraph behind its marker.
func (w pdfWriter) item(it item, left float64) {
	marker := "•"
	if it.isOrdered {
		marker = fmt.Sprintf("%d.", it.number)
	}
	at := left + listIndent*float64(it.level-1)
	w.pageFor(lineHeight)
	w.SetX(at)
	w.CellFormat(listIndent, lineHeight, w.encode(marker), "", 0, "L", false, 0, "")
	w.SetLeftMargin(at + listIndent)
	w.SetX(at + listIndent)
	w.MultiCell(0, lineHeight, w.encode(oneLine(it.text)), "", "L", false)
	w.SetLeftMargin(left)
	w.SetX(left)
}

// table draws cells with borders, each row as high as its longest cell.
func (w pdfWriter) table(table [][]string, left float64) {
	page, _ := w.GetPageSize()
	w.SetFont("Helvetica", "", 9)
	width := (page - 2*left) / float64(len(table[0]))
	const height = 4.6
	for _, cells := range table {
		high := 1
		for _, cell := range cells {
			high = max(high, len(w.SplitText(w.encode(oneLine(cell)), width-2)))
		}
		w.pageFor(height * float64(high))
		top := w.GetY()
		for i, cell := range cells {
			w.Rect(left+width*float64(i), top, width, height*float64(high), "D")
			w.SetXY(left+width*float64(i), top)
			w.MultiCell(width, height, w.encode(oneLine(cell)), "", "L", false)
		}
		w.SetXY(left, top+height*float64(high))
	}
}

// pageFor begins a page when what is to come is higher than what is left of this one.
func (w pdfWriter) pageFor(height float64) {
	_, page := w.GetPageSize()
	if _, bottom := w.GetAutoPageBreak(); w.GetY()+height > page-bottom {
		w.AddPage()
	}
}
