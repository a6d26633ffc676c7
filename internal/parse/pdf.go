package parse

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ledongthuc/pdf"

	"clearwell/internal/fault"
)

// parsePDF reads a PDF with a text layer. Words, lines, columns, paragraphs, headings and tables are rebuilt from where
// the glyphs lie, since the format knows none of them.
func parsePDF(ctx context.Context, src Source, limits Limits, out *builder) (Document, error) {
	reader, err := openPDF(ctx, src)
	if err != nil {
		return Document{}, err
	}
	pages, err := pdfPages(reader, limits.Pages)
	if err != nil {
		return Document{}, err
	}
	painter := &pdfPainter{ctx: ctx, fonts: map[string]*pdfFont{}, maxGlyphs: min(maxGlyphsAPage, limits.Text)}
	var lines []textLine
	left, isDamaged := limits.Text, false
	for i, page := range pages {
		glyphs, err := painter.page(page.dict, page.resources)
		switch {
		case ctx.Err() != nil:
			return Document{}, ctx.Err()
		case errors.Is(err, errTooManyGlyphs):
			return Document{}, tooMuchText(limits.Text)
		case err != nil:
			isDamaged = true
		}
		if left -= len(glyphs); left < 0 {
			return Document{}, tooMuchText(limits.Text)
		}
		lines = append(lines, layOut(glyphs, i+1)...)
	}
	switch {
	case len(lines) > 0:
	case reader.Trailer().Key("Encrypt").Kind() != pdf.Null: // opened, but not with every cipher that there is
		return Document{}, passwordProtected(errors.New("nothing could be decrypted"))
	case isDamaged || len(pages) == 0:
		return Document{}, damaged(errors.New("no page could be read"))
	default:
		return Document{}, needsOCR()
	}
	if countRunes(lines) < painter.unmapped { // most glyphs don't say which character they are
		return Document{}, needsOCR()
	}
	for _, block := range shapeBlocks(lines) {
		if err := out.add(block); err != nil {
			return Document{}, err
		}
	}
	doc := Document{Pages: len(pages), Properties: pdfProperties(reader)}
	doc.Title = saneTitle(doc.Properties["title"])
	return doc, nil
}

func needsOCR() error {
	return fault.Newf(fault.Invalid, "needs_ocr",
		"The PDF holds pictures of text but no text: run text recognition (OCR) over it and upload the result.")
}

// pdfPage is a page with the resources that it has or inherits.
type pdfPage struct {
	dict      pdf.Value
	resources pdf.Value
}

// pdfPages finds the pages by the page tree. Where that leads to none, the page objects in file order stand in.
func pdfPages(reader *pdf.Reader, limit int) ([]pdfPage, error) {
	var pages []pdfPage
	root := func() pdf.Value { return reader.Trailer().Key("Root").Key("Pages") }
	err := walkPages(root, limit, &pages)
	if err == nil && len(pages) > 0 || fault.CodeOf(err) == "too_many_pages" {
		return pages, err
	}
	pages = nil
	strays := func() pdf.Value { return reader.Trailer().Key("OurPages") }
	if strayErr := walkPages(strays, limit, &pages); strayErr != nil {
		return nil, cmp.Or(err, strayErr)
	}
	return pages, nil
}

// walkPages appends the pages below a node of the tree, or of a plain list of pages.
func walkPages(root func() pdf.Value, limit int, pages *[]pdfPage) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = damaged(fmt.Errorf("page tree: %v", cause))
		}
	}()
	visited := 0
	var walk func(node, resources pdf.Value, depth int) error
	walk = func(node, resources pdf.Value, depth int) error {
		if visited++; depth > 64 || visited > 4*limit+1000 {
			return damaged(errors.New("page tree has no end"))
		}
		if own := node.Key("Resources"); own.Kind() == pdf.Dict {
			resources = own
		}
		kids := node.Key("Kids")
		if node.Kind() == pdf.Array {
			kids = node
		}
		if kids.Kind() != pdf.Array {
			if node.Kind() == pdf.Dict && node.Key("Type").Name() != "Pages" {
				*pages = append(*pages, pdfPage{node, resources})
			}
			if len(*pages) > limit {
				return fault.Newf(fault.TooLarge, "too_many_pages", "The PDF has more than %d pages: split it.", limit)
			}
			return nil
		}
		for i := range kids.Len() {
			if err := walk(kids.Index(i), resources, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(root(), pdf.Value{}, 0)
}

// pdfProperties reads the information dictionary: title, author, creation_date, mod_date and what else is there,
// but not the programs that made the file. Dates are written as in RFC 3339.
func pdfProperties(reader *pdf.Reader) (properties map[string]string) {
	properties = map[string]string{}
	defer func() {
		_ = recover() // a damaged dictionary: the properties read so far are what there is
	}()
	info := reader.Trailer().Key("Info")
	for _, key := range info.Keys() {
		name, value := snakeCase(key), strings.TrimSpace(textString(info.Key(key).RawString()))
		if name == "" || value == "" || name == "producer" || name == "trapped" || strings.HasPrefix(name, "ptex") || len(properties) >= maxProperties {
			continue
		}
		properties[name] = isoDate(value)
	}
	return properties
}

// textString decodes a text string of a dictionary: UTF-16 or UTF-8 if marked, else nearly Latin-1.
func textString(raw string) string {
	switch {
	case strings.HasPrefix(raw, "\xFE\xFF"), strings.HasPrefix(raw, "\xFF\xFE"), strings.HasPrefix(raw, "\xEF\xBB\xBF"):
		return decodeText([]byte(raw), false)
	}
	var out strings.Builder
	for i := range len(raw) {
		out.WriteString(baseText("WinAnsiEncoding", "", "", raw[i]))
	}
	return out.String()
}

// isoDate turns "D:20240131120000+01'00'" into RFC 3339, and leaves everything else alone.
func isoDate(s string) string {
	digits, ok := strings.CutPrefix(s, "D:")
	if !ok {
		return s
	}
	digits = strings.ReplaceAll(digits, "'", "")
	for _, layout := range []string{"20060102150405-0700", "20060102150405Z0700", "20060102150405Z", "20060102150405", "200601021504", "20060102"} {
		if t, err := time.Parse(layout, digits); err == nil {
			return t.Format(time.RFC3339)
		}
	}
	if len(digits) > 14 {
		return isoDate("D:" + digits[:14])
	}
	return s
}
