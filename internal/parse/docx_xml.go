package parse

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"

	"clearwell/internal/fault"
)

const (
	maxXMLDepth      = 1000     // Word itself nests tables far less deep
	maxXMLTokenBytes = 16 << 20 // one run of text or one tag
	// A part may unpack to 100 times its size once it is large. Word's own files stay below 50.
	maxInflation     = 100
	inflationIsFree  = 8 << 20
	maxPropertyChars = 1 << 16
)

// docxPackage hands out the parts of the archive, and counts what they unpack to.
type docxPackage struct {
	ctx    context.Context // one call's, like an http.Request's
	limits Limits
	left   int64 // bytes that may still be unpacked
	parts  map[string]*zip.File
}

func (p *docxPackage) has(name string) bool { return p.parts[strings.ToLower(name)] != nil }

// readOptional reads a part if it is there. One that is damaged costs what it holds, not the document.
func (p *docxPackage) readOptional(name string, read func(*xmlPart) error) error {
	if !p.has(name) {
		return nil
	}
	err := p.read(name, read)
	if fault.CodeOf(err) == "damaged_file" {
		return nil
	}
	return err
}

func (p *docxPackage) read(name string, read func(*xmlPart) error) error {
	file := p.parts[strings.ToLower(name)]
	if file == nil {
		return damaged(fmt.Errorf("no part %q", name))
	}
	body, err := file.Open()
	if err != nil {
		return damaged(err)
	}
	defer body.Close()
	part := &xmlPart{pkg: p, file: file, body: body}
	part.decoder = xml.NewDecoder(part)
	part.decoder.CharsetReader = charset.NewReaderLabel
	return part.sorted(read(part))
}

// xmlPart is one part of the package as a stream of XML, bounded in depth, token size and unpacked bytes.
type xmlPart struct {
	pkg     *docxPackage
	file    *zip.File
	body    io.Reader
	decoder *xml.Decoder
	bytes   int64 // unpacked so far
	token   int64 // unpacked since the last token
	depth   int
	err     error // why Read refused: the decoder may wrap or hide it
}

// Read gives the decoder its bytes and counts them.
func (x *xmlPart) Read(p []byte) (int, error) {
	n, err := x.body.Read(p)
	x.bytes += int64(n)
	x.token += int64(n)
	x.pkg.left -= int64(n)
	switch {
	case x.pkg.ctx.Err() != nil:
		x.err = x.pkg.ctx.Err()
	case x.pkg.left < 0, x.bytes > inflationIsFree && x.bytes > maxInflation*int64(x.file.CompressedSize64):
		x.err = fault.Newf(fault.TooLarge, "zip_bomb",
			"The file unpacks to far more than it should: open it in the program it comes from, save it again and upload that copy.")
	case x.token > maxXMLTokenBytes:
		x.err = tooMuchText(x.pkg.limits.Text)
	}
	if x.err != nil {
		return 0, x.err
	}
	return n, err
}

// sorted turns the decoder's complaints into damaged_file and leaves our own errors alone.
func (x *xmlPart) sorted(err error) error {
	if x.err != nil {
		return x.err
	}
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	if fault.CodeOf(err) != "internal" || x.pkg.ctx.Err() != nil {
		return err
	}
	return damaged(err)
}

// each calls child for every element inside the current one (at first: the root), up to its end.
// child must consume its element by each, text or skip.
func (x *xmlPart) each(child func(xml.StartElement) error) error {
	return x.content(child, func(string) {})
}

// content is each with the text between the elements.
func (x *xmlPart) content(child func(xml.StartElement) error, text func(string)) error {
	if x.depth++; x.depth > maxXMLDepth {
		return errors.New("XML is nested too deeply")
	}
	defer func() { x.depth-- }()
	for {
		token, err := x.decoder.Token()
		if err != nil {
			return err
		}
		x.token = 0
		switch token := token.(type) {
		case xml.StartElement:
			if err := child(token); err != nil {
				return err
			}
		case xml.CharData:
			text(string(token))
		case xml.EndElement:
			return nil
		}
	}
}

func (x *xmlPart) skip() error {
	for depth := 1; depth > 0; {
		token, err := x.decoder.Token()
		if err != nil {
			return err
		}
		x.token = 0
		switch token.(type) {
		case xml.StartElement:
			if depth++; depth > maxXMLDepth {
				return errors.New("XML is nested too deeply")
			}
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

// text is the text of the current element with that of the elements in it, bounded.
func (x *xmlPart) text() (string, error) {
	var out strings.Builder
	var inner func(xml.StartElement) error
	take := func(s string) {
		if out.Len() < maxPropertyChars {
			out.WriteString(s)
		}
	}
	inner = func(xml.StartElement) error { return x.content(inner, take) }
	err := x.content(inner, take)
	return out.String(), err
}

// attr is an attribute by its local name; "" if there is none.
func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// isOn reads an on/off property: present means on, unless its value says otherwise.
func isOn(e xml.StartElement) bool {
	switch attr(e, "val") {
	case "0", "false", "off", "none":
		return false
	}
	return true
}
