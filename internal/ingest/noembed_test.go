package ingest_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"strings"
	"testing"

	"clearwell/internal/access"
	"clearwell/internal/library"
)

// section is a heading and the paragraphs below it, to be written in any format.
type section struct {
	heading    string
	paragraphs []string
}

var vacationSections = []section{
	{"Vacation", []string{"Employees get 25 vacation days a year.", "Part-time employees get the share that they work."}},
	{"Carry-over", []string{"Up to five days go over into the next year; they lapse at the end of March."}},
}

func asMarkdown(sections []section) string {
	var s strings.Builder
	for i, sec := range sections {
		fmt.Fprintf(&s, "%s %s\n\n", strings.Repeat("#", min(i+1, 2)), sec.heading)
		for _, p := range sec.paragraphs {
			s.WriteString(p + "\n\n")
		}
	}
	return s.String()
}

func asHTML(sections []section) string {
	var s strings.Builder
	s.WriteString("<!doctype html><html><head><title>Vacation</title></head><body><main>")
	for i, sec := range sections {
		level := min(i+1, 2)
		fmt.Fprintf(&s, "<h%d>%s</h%d>", level, html.EscapeString(sec.heading), level)
		for _, p := range sec.paragraphs {
			fmt.Fprintf(&s, "<p>%s</p>", html.EscapeString(p))
		}
	}
	return s.String() + "</main></body></html>"
}

// asWord is the least that is a Word document: its types, its relations and its text.
func asWord(t *testing.T, sections []section) string {
	t.Helper()
	var body strings.Builder
	for i, sec := range sections {
		fmt.Fprintf(&body, `<w:p><w:pPr><w:pStyle w:val="Heading%d"/></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, min(i+1, 2), html.EscapeString(sec.heading))
		for _, p := range sec.paragraphs {
			fmt.Fprintf(&body, `<w:p><w:r><w:t>%s</w:t></w:r></w:p>`, html.EscapeString(p))
		}
	}
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for _, part := range [][2]string{
		{"[Content_Types].xml", head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", head + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body.String() + `</w:body></w:document>`},
	} {
		entry, err := w.Create(part[0])
		if err == nil {
			_, err = entry.Write([]byte(part[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

func TestRollBackEmbedsNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.work(f.queue)
	first := f.publish("policy", "policy.md", oldPolicy)
	f.publish("policy", "policy.md", newPolicy)
	before := f.embedder.Calls()
	back, err := f.intake.Publish(t.Context(), access.System("test"), first.DocumentID, first.Number)
	f.must(err)
	if !back.InForce || back.Number != first.Number {
		t.Errorf("the first revision is in force again, yet %+v", back)
	}
	if found := f.found(); !strings.Contains(found, "20 vacation days") || strings.Contains(found, "25 vacation days") {
		t.Errorf("found %q", found)
	}
	if n := f.embedder.Calls() - before; n != 0 {
		t.Errorf("a roll back made %d calls of the embedder, want 0", n)
	}
}

func TestTheSameTextInAnotherFormatEmbedsNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.work(f.queue)
	f.publish("vacation", "vacation.md", asMarkdown(vacationSections))
	text, before := f.found(), f.embedder.Calls()
	for _, file := range []struct{ name, body string }{
		{"vacation.html", asHTML(vacationSections)},
		{"vacation.docx", asWord(t, vacationSections)},
		{"vacation.md", asMarkdown(vacationSections)}, // bytes that were there before
	} {
		rev, _ := f.accept("vacation", file.name, file.body)
		rev = f.await(rev, library.Published, library.Duplicate, library.Held, library.Failed)
		if rev.Status != library.Published && rev.Status != library.Duplicate {
			t.Fatalf("%s: %s, %s %s", file.name, rev.Status, rev.ReasonCode, rev.ReasonMessage)
		}
		if n := f.embedder.Calls() - before; n != 0 {
			t.Errorf("%s made %d calls of the embedder, want 0", file.name, n)
		}
		if found := f.found(); found != text {
			t.Errorf("%s: found %q, want one copy of %q", file.name, found, text)
		}
	}
}
