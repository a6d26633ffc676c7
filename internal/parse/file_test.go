package parse_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"clearwell/internal/fault"
	"clearwell/internal/parse"
)

func TestFormatComesFromTheBytesFirst(t *testing.T) {
	t.Parallel()
	page := "<!DOCTYPE html><html><body><p>Twenty days.</p></body></html>"
	pdf := string(buildPDF(helloPage))
	word := string(buildDOCX(t, docxParts{body: `<w:p><w:r><w:t>Twenty days.</w:t></w:r></w:p>`}))
	for _, tt := range []struct{ name, declared, content, want string }{
		{"a.pdf", "", pdf, parse.MediaPDF},
		{"a.docx", parse.MediaDOCX, pdf, parse.MediaPDF},
		{"a.pdf", "", strings.Repeat("junk\n", 100) + pdf, parse.MediaPDF},
		{"a.txt", "text/plain", word, parse.MediaDOCX},
		{"a", "", page, parse.MediaHTML},
		{"a.txt", "", page, parse.MediaHTML},
		{"a.md", "", "<div>raw</div>\n\n# Title", parse.MediaMarkdown},
		{"a.md", "text/plain", "# Title", parse.MediaMarkdown},
		{"a.markdown", "", "A PDF begins with %PDF-1.7.", parse.MediaMarkdown},
		{"a", "text/markdown; charset=utf-8", "# Title", parse.MediaMarkdown},
		{"a.unknown", "text/html", "<p>Twenty days.</p>", parse.MediaHTML},
		{"README", "application/octet-stream", "Twenty days.", parse.MediaText},
		{"a.txt", "application/x-nonsense", "Twenty days.", parse.MediaText},
	} {
		doc, err := parseDeclared(t, tt.name, tt.declared, []byte(tt.content))
		if err != nil || doc.MediaType != tt.want {
			t.Errorf("%s declared %q: %q, %v, want %q", tt.name, tt.declared, doc.MediaType, err, tt.want)
		}
	}
}

func TestRefusalsNameTheReason(t *testing.T) {
	t.Parallel()
	noise := make([]byte, 2048)
	for i := range noise {
		noise[i] = byte(i * 7919 >> 3)
	}
	for _, tt := range []struct {
		name, content string
		kind          fault.Kind
		code, says    string
	}{
		{"a.txt", "", fault.Invalid, "empty_file", ""},
		{"a.txt", " \n\t ", fault.Invalid, "no_text", ""},
		{"a.html", "<html><body><script>x()</script></body></html>", fault.Invalid, "no_text", ""},
		{"a.bin", string(noise), fault.Unsupported, "unsupported_media_type", "Markdown"},
		{"a.xyz", "Twenty days.", fault.Unsupported, "unsupported_media_type", "PDF"},
		{"a.csv", "a,b\n1,2", fault.Unsupported, "unsupported_media_type", "CSV"},
		{"a.rtf", `{\rtf1 Twenty days.}`, fault.Unsupported, "unsupported_media_type", "RTF"},
		{"a.eml", "From: a@example.com\n\nTwenty days.", fault.Unsupported, "unsupported_media_type", "e-mail"},
		{"a.doc", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600), fault.Unsupported, "unsupported_media_type", ".doc"},
		{"a.docx", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00",
			fault.Invalid, "password_protected", "password"},
		{"a.xlsx", string(buildZip(t, map[string]string{"xl/workbook.xml": "<workbook/>"})), fault.Unsupported, "unsupported_media_type", "Excel"},
		{"a.docx", string(buildZip(t, map[string]string{"ppt/presentation.xml": "<p/>"})), fault.Unsupported, "unsupported_media_type", "PowerPoint"},
		{"a.zip", string(buildZip(t, map[string]string{"a.txt": "x"})), fault.Unsupported, "unsupported_media_type", "ZIP"},
		{"a.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00", fault.Unsupported, "unsupported_media_type", "images"},
		{"a.docx", string(buildZip(t, map[string]string{"a.txt": "x"})), fault.Invalid, "damaged_file", ""},
		{"a.docx", "Twenty days.", fault.Invalid, "damaged_file", ".docx"},
		{"a.pdf", "<html><body>Please sign in</body></html>", fault.Invalid, "damaged_file", "web page"},
	} {
		_, err := parseBytes(t, tt.name, []byte(tt.content))
		if fault.KindOf(err) != tt.kind || fault.CodeOf(err) != tt.code || !strings.Contains(fault.MessageOf(err), tt.says) {
			t.Errorf("%s: %v (%s), want %s with %q", tt.name, err, fault.CodeOf(err), tt.code, tt.says)
		}
	}
}

func TestLimitsHold(t *testing.T) {
	t.Parallel()
	word := docxParts{body: `<w:p><w:r><w:t>` + strings.Repeat("Twenty days. ", 1000) + `</w:t></w:r></w:p>`}
	bomb := docxParts{body: `<w:p><w:r><w:t>` + strings.Repeat(" ", 64<<20) + `</w:t></w:r></w:p>`}
	pages := buildPDF(helloPage, helloPage, helloPage)
	for _, tt := range []struct {
		name    string
		content []byte
		limits  parse.Limits
		code    string
	}{
		{"a.txt", make([]byte, 100), parse.Limits{Bytes: 99}, "file_too_large"},
		{"a.txt", bytes.Repeat([]byte("word "), 20<<20), parse.Limits{}, "too_much_text"},
		{"a.md", bytes.Repeat([]byte("word "), 5<<20), parse.Limits{}, "too_much_text"},
		{"a.html", []byte("<p>" + strings.Repeat("word ", 500)), parse.Limits{Text: 1000}, "too_much_text"},
		{"a.docx", buildDOCX(t, word), parse.Limits{Text: 5000}, "too_much_text"},
		{"a.pdf", pages, parse.Limits{Text: 20}, "too_much_text"},
		{"a.pdf", pages, parse.Limits{Pages: 2}, "too_many_pages"},
		{"a.docx", buildDOCX(t, word), parse.Limits{Unzip: 1000}, "zip_bomb"},
		{"a.docx", buildDOCX(t, bomb), parse.Limits{}, "zip_bomb"},
		{"a.txt", []byte("Twenty days."), parse.Limits{Timeout: time.Nanosecond}, "parse_timeout"},
	} {
		_, err := parse.File(t.Context(), parse.Source{Name: tt.name, Body: bytes.NewReader(tt.content), Size: int64(len(tt.content))}, tt.limits)
		if fault.KindOf(err) != fault.TooLarge || fault.CodeOf(err) != tt.code {
			t.Errorf("%s of %d bytes: %v, want %s", tt.name, len(tt.content), err, tt.code)
		}
	}
}

func TestCancelledContextIsNotTheFilesFault(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := parse.File(ctx, parse.Source{Name: "a.txt", Body: strings.NewReader("x"), Size: 1}, parse.Limits{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

// bodyFunc is a body that does what a test wants.
type bodyFunc func(p []byte, off int64) (int, error)

func (f bodyFunc) ReadAt(p []byte, off int64) (int, error) { return f(p, off) }

func TestPanicBecomesDamagedFile(t *testing.T) {
	t.Parallel()
	body := bodyFunc(func([]byte, int64) (int, error) { panic("parser bug") })
	_, err := parse.File(t.Context(), parse.Source{Name: "a.txt", Body: body, Size: 10}, parse.Limits{})
	if fault.CodeOf(err) != "damaged_file" || strings.Contains(fault.MessageOf(err), "bug") {
		t.Errorf("got %v, want damaged_file without the panic in the sentence", err)
	}
}

func TestFileThatHangsTimesOut(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	defer close(release)
	body := bodyFunc(func([]byte, int64) (int, error) { <-release; return 0, io.EOF })
	_, err := parse.File(t.Context(), parse.Source{Name: "a.txt", Body: body, Size: 10}, parse.Limits{Timeout: time.Millisecond})
	if fault.CodeOf(err) != "parse_timeout" {
		t.Errorf("got %v, want parse_timeout", err)
	}
}

func parseDeclared(t testing.TB, name, declared string, raw []byte) (parse.Document, error) {
	t.Helper()
	return parse.File(t.Context(), parse.Source{Name: name, MediaType: declared, Body: bytes.NewReader(raw), Size: int64(len(raw))}, parse.Limits{})
}
