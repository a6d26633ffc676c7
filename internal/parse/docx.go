package parse

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"path"
	"strings"
)

// parseDOCX reads a Word file: the main part in order, with headings by style, list markers by numbering, tables,
// text boxes and notes. Deleted and hidden text, comments, headers and footers are left out, and so are formulas:
// their text without its layout would say something else (a fraction would read as a product).
func parseDOCX(ctx context.Context, src Source, limits Limits, out *builder) (Document, error) {
	archive, err := zip.NewReader(src.Body, src.Size)
	if err != nil {
		return Document{}, damaged(err)
	}
	pkg := &docxPackage{ctx: ctx, limits: limits, left: limits.Unzip, parts: map[string]*zip.File{}}
	for _, file := range archive.File {
		pkg.parts[strings.ToLower(strings.TrimPrefix(file.Name, "/"))] = file
	}
	main := pkg.mainPart()
	if !pkg.has(main) {
		return Document{}, damaged(errors.New("no main document part"))
	}
	reader, err := newDOCXReader(pkg, path.Dir(main), out)
	if err != nil {
		return Document{}, err
	}
	if err := pkg.read(main, reader.document); err != nil {
		return Document{}, err
	}
	doc := Document{Pages: reader.pages()}
	doc.Properties, err = pkg.properties()
	if err != nil {
		return Document{}, err
	}
	doc.Title = saneTitle(doc.Properties["title"])
	return doc, nil
}

// mainPart looks the main part's name up in the package's relations; nearly always it is word/document.xml.
func (p *docxPackage) mainPart() string {
	name := "word/document.xml"
	if p.has(name) {
		return name
	}
	err := p.read("_rels/.rels", func(x *xmlPart) error {
		return x.each(func(root xml.StartElement) error {
			return x.each(func(relation xml.StartElement) error {
				if strings.HasSuffix(attr(relation, "Type"), "/officeDocument") {
					name = path.Clean(strings.TrimPrefix(attr(relation, "Target"), "/"))
				}
				return x.skip()
			})
		})
	})
	if err != nil {
		return ""
	}
	return name
}

// properties reads the core properties (title, creator, created, modified, …) and the custom ones.
func (p *docxPackage) properties() (map[string]string, error) {
	properties := map[string]string{}
	set := func(key, value string) {
		if key = snakeCase(key); key != "" && strings.TrimSpace(value) != "" && len(properties) < maxProperties {
			properties[key] = value
		}
	}
	err := p.readOptional("docProps/core.xml", func(x *xmlPart) error {
		return x.each(func(root xml.StartElement) error {
			return x.each(func(property xml.StartElement) error {
				value, err := x.text()
				set(property.Name.Local, value)
				return err
			})
		})
	})
	if err != nil {
		return nil, err
	}
	err = p.readOptional("docProps/custom.xml", func(x *xmlPart) error {
		return x.each(func(root xml.StartElement) error {
			return x.each(func(property xml.StartElement) error {
				value, err := x.text()
				set(attr(property, "name"), value)
				return err
			})
		})
	})
	return properties, err
}

// saneTitle drops what programs write into the title by themselves.
func saneTitle(title string) string {
	title = oneLine(title)
	lower := strings.ToLower(title)
	for _, prefix := range []string{"microsoft word", "microsoft powerpoint", "microsoft excel", "untitled", "word document",
		"powerpoint presentation", "slide 1", "document1", "unbenannt", "sans titre", "anonymous", "(anonymous)", "unspecified"} {
		if strings.HasPrefix(lower, prefix) {
			return ""
		}
	}
	switch path.Ext(lower) {
	case ".doc", ".docx", ".dotx", ".pdf", ".dvi", ".tex", ".indd", ".qxd", ".rtf", ".odt":
		return ""
	}
	return title
}
