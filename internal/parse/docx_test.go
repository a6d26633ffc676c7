package parse_test

import (
	"archive/zip"
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/fault"
)

// docxParts is what a test says about a Word file; the rest is filled in.
type docxParts struct {
	body, styles, numbering, footnotes, core, custom string
}

const wordNamespace = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"` +
	` xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="wps" xmlns:m="math"`

func buildDOCX(t testing.TB, p docxParts) []byte {
	t.Helper()
	parts := map[string]string{
		"[Content_Types].xml": `<Types/>`,
		"word/document.xml":   `<w:document` + wordNamespace + `><w:body>` + p.body + `</w:body></w:document>`,
	}
	for name, content := range map[string]string{"styles": p.styles, "numbering": p.numbering, "footnotes": p.footnotes} {
		if content != "" {
			parts["word/"+name+".xml"] = `<w:` + name + wordNamespace + `>` + content + `</w:` + name + `>`
		}
	}
	if p.core != "" {
		parts["docProps/core.xml"] = `<cp:coreProperties xmlns:cp="cp" xmlns:dc="dc">` + p.core + `</cp:coreProperties>`
	}
	if p.custom != "" {
		parts["docProps/custom.xml"] = `<Properties xmlns:vt="vt">` + p.custom + `</Properties>`
	}
	return buildZip(t, parts)
}

func buildZip(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		file, err := archive.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write([]byte(parts[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const richStyles = `
<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="Sub"/></w:style>
<w:style w:styleId="Sub"><w:name w:val="heading 2"/></w:style>
<w:style w:styleId="Numbered"><w:name w:val="heading 3"/><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>`

const richNumbering = `
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl><w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="decimal"/><w:lvlText w:val="§ %1"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>`

const richNotes = `<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:t>As of May.</w:t></w:r></w:p></w:footnote>`

func numbered(list, level, text string) string {
	return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + list + `"/></w:numPr></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
}

var richBody = `<w:p><w:pPr><w:pStyle w:val="berschrift1"/></w:pPr><w:r><w:t>Urlaub</w:t></w:r></w:p>` +
	`<w:p><w:pPr><w:pStyle w:val="Mine"/></w:pPr><w:r><w:t>Anspruch</w:t></w:r></w:p>` +
	`<w:p><w:pPr><w:pStyle w:val="Numbered"/></w:pPr><w:r><w:t>Frist</w:t></w:r></w:p>` +
	`<w:p><w:r><w:t xml:space="preserve">Take </w:t></w:r><w:ins><w:r><w:t>25</w:t></w:r></w:ins><w:del><w:r><w:delText>20</w:delText></w:r></w:del>` +
	`<w:hyperlink><w:r><w:t xml:space="preserve"> days</w:t></w:r></w:hyperlink><w:r><w:footnoteReference w:id="2"/><w:noBreakHyphen/><w:t>or</w:t><w:br/><w:t>more</w:t></w:r>` +
	`<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText></w:r></w:p>` +
	`<w:p><w:pPr><w:pStyle w:val="Secret"/></w:pPr><w:r><w:t>hidden too</w:t></w:r></w:p>` +
	numbered("1", "0", "one") + numbered("1", "1", "deep") + numbered("1", "1", "deeper") + numbered("1", "2", "bullet") + numbered("1", "0", "two") + numbered("3", "0", "again") +
	`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Years</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Days</w:t></w:r></w:p></w:tc></w:tr>` +
	`<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>0–4</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>25</w:t></w:r></w:p><w:p><w:r><w:t>paid</w:t></w:r></w:p></w:tc></w:tr>` +
	`<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:r><w:t>26</w:t></w:r></w:p></w:tc></w:tr>` +
	`<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>gone</w:t></w:r></w:p></w:tc></w:tr></w:tbl>` +
	`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Framed.</w:t></w:r></w:p></w:tc></w:tr></w:tbl>` +
	`<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:wsp><wps:txbx><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice>` +
	`<mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`

func TestDOCXIsPartedIntoBlocks(t *testing.T) {
	t.Parallel()
	doc, err := parseBytes(t, "a.docx", buildDOCX(t, docxParts{body: richBody, styles: richStyles, numbering: richNumbering, footnotes: richNotes}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"h1 Urlaub", "h2 Anspruch", "h3 § 4 Frist", "p Take 25 days-or\nmore", "p As of May.",
		"l1 1. one", "l2 (a) deep", "l2 (b) deeper", "l3 - bullet", "l1 2. two", "l1 1. again",
		"t Years | Days\n0–4 | 25 paid\n0–4 | 26", "p Framed.", "p In a box.",
	}
	if diff := cmp.Diff(want, sketch(doc)); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
	if doc.Title != "Urlaub" || doc.Pages != 0 {
		t.Errorf("title %q, %d pages", doc.Title, doc.Pages)
	}
}

func TestDOCXPropertiesAndPages(t *testing.T) {
	t.Parallel()
	doc, err := parseBytes(t, "a.docx", buildDOCX(t, docxParts{
		body: `<w:p><w:r><w:t>one</w:t></w:r></w:p><w:p><w:r><w:lastRenderedPageBreak/><w:t>two</w:t></w:r></w:p>`,
		core: `<dc:title>Leave policy</dc:title><dc:creator>Ann</dc:creator><cp:lastModifiedBy>Bob</cp:lastModifiedBy>`,
		custom: `<property name="Effective Date"><vt:filetime>2026-01-01T00:00:00Z</vt:filetime></property>` +
			`<property name="documentId"><vt:lpwstr>HR-7</vt:lpwstr></property>`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"title": "Leave policy", "creator": "Ann", "last_modified_by": "Bob",
		"effective_date": "2026-01-01T00:00:00Z", "document_id": "HR-7",
	}
	if diff := cmp.Diff(want, doc.Properties); diff != "" || doc.Title != "Leave policy" {
		t.Errorf("title %q, properties (-want +got):\n%s", doc.Title, diff)
	}
	if doc.Pages != 2 || doc.Blocks[0].Page != 1 || doc.Blocks[1].Page != 2 {
		t.Errorf("%d pages, blocks %+v", doc.Pages, doc.Blocks)
	}
}

func TestDOCXMainPartMayHaveAnotherName(t *testing.T) {
	t.Parallel()
	doc, err := parseBytes(t, "a.docx", buildZip(t, map[string]string{
		"_rels/.rels":    `<Relationships><Relationship Type="http://x/officeDocument" Target="/word/main2.xml"/></Relationships>`,
		"word/main2.xml": `<w:document` + wordNamespace + `><w:body><w:p><w:r><w:t>Twenty days.</w:t></w:r></w:p></w:body></w:document>`,
	}))
	if err != nil || doc.Text() != "Twenty days." {
		t.Errorf("%q, %v", doc.Text(), err)
	}
}

func TestDamagedDOCXIsRefused(t *testing.T) {
	t.Parallel()
	whole := buildDOCX(t, docxParts{body: richBody})
	deep := bytes.Repeat([]byte("<w:p>"), 100_000)
	for what, raw := range map[string][]byte{
		"cut off":      whole[:len(whole)*7/10],
		"unclosed XML": buildDOCX(t, docxParts{body: "<w:p><w:r>"}),
		"entities":     buildDOCX(t, docxParts{body: "<w:p><w:r><w:t>&lol;</w:t></w:r></w:p>"}),
		"nested":       buildDOCX(t, docxParts{body: string(deep)}),
	} {
		_, err := parseBytes(t, "a.docx", raw)
		if fault.CodeOf(err) != "damaged_file" {
			t.Errorf("%s: %v, want damaged_file", what, err)
		}
	}
}

func TestDamagedStylesDoNotCostTheDocument(t *testing.T) {
	t.Parallel()
	doc, err := parseBytes(t, "a.docx", buildDOCX(t, docxParts{body: `<w:p><w:r><w:t>Twenty days.</w:t></w:r></w:p>`, styles: "<w:style", numbering: "<"}))
	if err != nil || doc.Text() != "Twenty days." {
		t.Errorf("%q, %v", doc.Text(), err)
	}
}
