package parse_test

import (
	"testing"

	"clearwell/internal/fault"
)

// fuzz holds File to its promises on any bytes: no panic gets out, every refusal has a code, every text is clean and
// within its limit.
func fuzz(f *testing.F, name string, seeds ...[]byte) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		doc, err := parseBytes(t, name, raw)
		if err != nil {
			if fault.CodeOf(err) == "internal" {
				t.Errorf("error without a code: %v", err)
			}
			return
		}
		checkBlocks(t, name, doc)
		if len(doc.Text()) > 20<<20 {
			t.Errorf("%d bytes of text from %d", len(doc.Text()), len(raw))
		}
	})
}

func FuzzPDF(f *testing.F) {
	fuzz(f, "a.pdf", buildPDF(helloPage), buildPDF(helloPage, columnsPage()), packedPDF(false))
}

func FuzzDOCX(f *testing.F) {
	fuzz(f, "a.docx", buildDOCX(f, docxParts{body: richBody, styles: richStyles, numbering: richNumbering, footnotes: richNotes}))
}

// FuzzDOCXBody changes the XML inside a package that stays whole, which changing the package's bytes never reaches.
func FuzzDOCXBody(f *testing.F) {
	f.Add(richBody, richNumbering)
	f.Fuzz(func(t *testing.T, body, numbering string) {
		doc, err := parseBytes(t, "a.docx", buildDOCX(t, docxParts{body: body, styles: richStyles, numbering: numbering}))
		if err == nil {
			checkBlocks(t, "a.docx", doc)
		} else if fault.CodeOf(err) == "internal" {
			t.Errorf("error without a code: %v", err)
		}
	})
}

func FuzzHTML(f *testing.F) {
	fuzz(f, "a.html", []byte("<html><table><tr><td rowspan=2>a<td>b<tr><td>c</table><ol type=i><li>x<p>y</ol><dl><dt>a<dd>b</dl><pre>\nz</pre>"))
}

func FuzzMarkdown(f *testing.F) {
	fuzz(f, "a.md", []byte("---\ntitle: x\n---\n# H\n\n- a\n  1. b\n\n|a|b|\n|-|-|\n|1|2|\n\n<div>x\n\n{% t \"y\" %} [a](b) ![c](d) `e` {: .f}\n[^1]\n\n[^1]: g\n"))
}
