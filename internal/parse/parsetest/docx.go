package parsetest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"clearwell/internal/parse"
)

const (
	xmlHead        = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	wordNames      = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	officeRelation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	packRelation   = "http://schemas.openxmlformats.org/package/2006/relationships"
	wordType       = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// writeDOCX makes a package as Word writes it: styles, numbering, properties, a header and a footer.
func writeDOCX(blocks []parse.Block, o Options) []byte {
	w := wordWriter{}
	for _, b := range blocks {
		w.block(b)
	}
	section := `<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/>` +
		`<w:pgSz w:w="11906" w:h="16838"/></w:sectPr>`
	parts := map[string]string{
		"[Content_Types].xml": contentTypes(),
		"_rels/.rels": relations(officeRelation+"officeDocument", "word/document.xml",
			"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml",
			officeRelation+"custom-properties", "docProps/custom.xml"),
		"word/_rels/document.xml.rels": relations(officeRelation+"styles", "styles.xml", officeRelation+"numbering", "numbering.xml",
			officeRelation+"header", "header1.xml", officeRelation+"footer", "footer1.xml"),
		"word/document.xml":   xmlHead + `<w:document` + wordNames + `><w:body>` + w.body.String() + section + `</w:body></w:document>`,
		"word/styles.xml":     wordStyles(),
		"word/numbering.xml":  w.numbering(),
		"word/header1.xml":    xmlHead + `<w:hdr` + wordNames + `>` + wordParagraph("", pageRuns(o.Header)) + `</w:hdr>`,
		"word/footer1.xml":    xmlHead + `<w:ftr` + wordNames + `>` + wordParagraph("", pageRuns(o.Footer)) + `</w:ftr>`,
		"docProps/core.xml":   coreProperties(o),
		"docProps/custom.xml": customProperties(o.Properties),
	}
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(parts)) { // "[" sorts first, where Word puts it
		file, err := archive.Create(name)
		if err == nil {
			_, err = file.Write([]byte(parts[name]))
		}
		if err != nil {
			panic(fmt.Sprintf("zip in memory: %v", err)) // impossible: a buffer takes everything
		}
	}
	if err := archive.Close(); err != nil {
		panic(fmt.Sprintf("zip in memory: %v", err))
	}
	return out.Bytes()
}

// wordWriter collects the body, and the numbering instances that it needs.
type wordWriter struct {
	body   strings.Builder
	lists  []string // w:num elements
	last   [10]int  // by level: the number of the item before; 0 when the list has ended
	bullet int
	number [10]int // by level: the instance in use
}

func (w *wordWriter) block(b parse.Block) {
	if b.Kind != parse.ListItem {
		w.last = [10]int{}
	}
	switch b.Kind {
	case parse.Heading:
		w.body.WriteString(wordParagraph(fmt.Sprintf(`<w:pStyle w:val="Heading%d"/>`, min(max(b.Level, 1), 6)), wordRun(b.Text)))
	case parse.ListItem:
		it := itemOf(b)
		properties := fmt.Sprintf(`<w:pStyle w:val="ListParagraph"/><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>`,
			it.level-1, w.instance(it))
		w.body.WriteString(wordParagraph(properties, wordRun(it.text)))
	case parse.Table:
		w.body.WriteString(wordTable(rows(b)))
	case parse.Code:
		w.body.WriteString(wordParagraph(`<w:pStyle w:val="Code"/>`, wordRun(b.Text)))
	default:
		w.body.WriteString(wordParagraph("", wordRun(b.Text)))
	}
}

// instance is the numbering that gives the item its marker: the one in use if it counts on, or a new one.
func (w *wordWriter) instance(it item) int {
	for deeper := it.level + 1; deeper < len(w.last); deeper++ {
		w.last[deeper] = 0
	}
	if !it.isOrdered {
		w.last[it.level] = 0
		if w.bullet == 0 {
			w.bullet = w.add(0, "")
		}
		return w.bullet
	}
	if w.last[it.level] == 0 || it.number != w.last[it.level]+1 {
		w.number[it.level] = w.add(1, fmt.Sprintf(`<w:lvlOverride w:ilvl="%d"><w:startOverride w:val="%d"/></w:lvlOverride>`, it.level-1, it.number))
	}
	w.last[it.level] = it.number
	return w.number[it.level]
}

func (w *wordWriter) add(abstract int, override string) int {
	id := len(w.lists) + 1
	w.lists = append(w.lists, fmt.Sprintf(`<w:num w:numId="%d"><w:abstractNumId w:val="%d"/>%s</w:num>`, id, abstract, override))
	return id
}

func (w *wordWriter) numbering() string {
	var out strings.Builder
	out.WriteString(xmlHead + `<w:numbering` + wordNames + `>`)
	for abstract, format := range []string{"bullet", "decimal"} {
		fmt.Fprintf(&out, `<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="hybridMultilevel"/>`, abstract)
		for level := range 9 {
			label := "•"
			if format == "decimal" {
				label = fmt.Sprintf("%%%d.", level+1)
			}
			fmt.Fprintf(&out, `<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/></w:lvl>`, level, format, label)
		}
		out.WriteString(`</w:abstractNum>`)
	}
	out.WriteString(strings.Join(w.lists, "") + `</w:numbering>`)
	return out.String()
}

func wordTable(table [][]string) string {
	var out strings.Builder
	out.WriteString(`<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/></w:tblPr>`)
	for _, cells := range table {
		out.WriteString(`<w:tr>`)
		for _, cell := range cells {
			out.WriteString(`<w:tc>` + wordParagraph("", wordRun(cell)) + `</w:tc>`)
		}
		out.WriteString(`</w:tr>`)
	}
	out.WriteString(`</w:tbl>`)
	return out.String()
}

func wordParagraph(properties, runs string) string {
	if properties != "" {
		properties = `<w:pPr>` + properties + `</w:pPr>`
	}
	return `<w:p>` + properties + runs + `</w:p>`
}

// wordRun is text in runs, cut in two as Word does after a correction.
func wordRun(text string) string {
	var out strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			out.WriteString(`<w:r><w:br/></w:r>`)
		}
		half := len(line) / 2
		for half > 0 && line[half]&0xC0 == 0x80 { // not within a character
			half--
		}
		for _, part := range []string{line[:half], line[half:]} {
			if part != "" {
				out.WriteString(`<w:r><w:t xml:space="preserve">` + xmlText(part) + `</w:t></w:r>`)
			}
		}
	}
	return out.String()
}

// pageRuns is a line with fields for the page's number.
func pageRuns(line string) string {
	var out strings.Builder
	for i, part := range strings.Split(line, "{page}") {
		if i > 0 {
			out.WriteString(`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`)
		}
		out.WriteString(wordRun(part))
	}
	return out.String()
}

func wordStyles() string {
	var out strings.Builder
	out.WriteString(xmlHead + `<w:styles` + wordNames + `><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>`)
	for level := range 6 {
		fmt.Fprintf(&out, `<w:style w:type="paragraph" w:styleId="Heading%d"><w:name w:val="heading %d"/><w:basedOn w:val="Normal"/><w:pPr><w:outlineLvl w:val="%d"/></w:pPr></w:style>`,
			level+1, level+1, level)
	}
	out.WriteString(`<w:style w:type="paragraph" w:styleId="ListParagraph"><w:name w:val="List Paragraph"/><w:basedOn w:val="Normal"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Code"><w:name w:val="Code"/><w:basedOn w:val="Normal"/></w:style>` +
		`<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/></w:style></w:styles>`)
	return out.String()
}

func contentTypes() string {
	var out strings.Builder
	out.WriteString(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`)
	for _, part := range [][2]string{
		{"word/document", wordType + "document.main"}, {"word/styles", wordType + "styles"}, {"word/numbering", wordType + "numbering"},
		{"word/header1", wordType + "header"}, {"word/footer1", wordType + "footer"},
		{"docProps/core", "application/vnd.openxmlformats-package.core-properties"},
		{"docProps/custom", "application/vnd.openxmlformats-officedocument.custom-properties"},
	} {
		fmt.Fprintf(&out, `<Override PartName="/%s.xml" ContentType="%s+xml"/>`, part[0], part[1])
	}
	out.WriteString(`</Types>`)
	return out.String()
}

// relations are pairs of type and target, numbered from rId1.
func relations(pairs ...string) string {
	var out strings.Builder
	out.WriteString(xmlHead + `<Relationships xmlns="` + packRelation + `">`)
	for i := 0; i+1 < len(pairs); i += 2 {
		fmt.Fprintf(&out, `<Relationship Id="rId%d" Type="%s" Target="%s"/>`, i/2+1, pairs[i], pairs[i+1])
	}
	out.WriteString(`</Relationships>`)
	return out.String()
}

func coreProperties(o Options) string {
	modified := ""
	if !o.Modified.IsZero() {
		at := o.Modified.UTC().Format(time.RFC3339)
		modified = `<dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified>`
	}
	return xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
		` xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>` + xmlText(o.Title) + `</dc:title>` +
		modified + `</cp:coreProperties>`
}

func customProperties(properties map[string]string) string {
	var out strings.Builder
	out.WriteString(xmlHead + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">`)
	for i, key := range slices.Sorted(maps.Keys(properties)) {
		fmt.Fprintf(&out, `<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="%d" name="%s"><vt:lpwstr>%s</vt:lpwstr></property>`,
			i+2, xmlText(key), xmlText(properties[key]))
	}
	out.WriteString(`</Properties>`)
	return out.String()
}

func xmlText(text string) string {
	var out strings.Builder
	if err := xml.EscapeText(&out, []byte(text)); err != nil {
		panic(fmt.Sprintf("escape in memory: %v", err)) // impossible: a builder takes everything
	}
	return out.String()
}
