package parse

import (
	"archive/zip"
	"bytes"
	"io"
	"mime"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"clearwell/internal/fault"
)

// sniffBytes is how much of a file's beginning is looked at.
const sniffBytes = 64 << 10

// sniff finds the format: first by the bytes, then, for text, by the name's extension, then by the declared type.
// It returns one of the five media types of File, or the error that says why there is none.
func sniff(src Source) (string, error) {
	head := make([]byte, min(src.Size, sniffBytes))
	if _, err := io.ReadFull(io.NewSectionReader(src.Body, 0, src.Size), head); err != nil {
		return "", damaged(err)
	}
	extension := strings.ToLower(filepath.Ext(src.Name))
	declared, _, err := mime.ParseMediaType(src.MediaType)
	if err != nil {
		declared = ""
	}
	switch {
	case isPDF(src, head, extension, declared):
		return MediaPDF, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return sniffZip(src, head, extension, declared)
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return sniffOLE(src, extension)
	case bytes.HasPrefix(head, []byte(`{\rtf`)):
		return "", unsupported("RTF")
	case isBinary(head):
		return "", refuseBinary(head, extension)
	}
	return sniffText(decodeText(trimPartialRune(head), true), extension, declared)
}

// isPDF accepts up to 1,024 bytes of junk before the header, as the format allows, but then asks for a second
// sign, since a text about PDF may name the header too.
func isPDF(src Source, head []byte, extension, declared string) bool {
	at := bytes.Index(head[:min(len(head), 1024)], []byte("%PDF-"))
	if at < 0 {
		return false
	}
	if len(bytes.Trim(head[:at], "\x00 \t\r\n\xEF\xBB\xBF")) == 0 || extension == ".pdf" || declared == MediaPDF {
		return true
	}
	tail := make([]byte, min(src.Size, 2048))
	n, _ := src.Body.ReadAt(tail, src.Size-int64(len(tail))) // a short read leaves less to look at
	return bytes.Contains(tail[:n], []byte("startxref"))
}

// zipFormats names what an archive is by a part that it must hold.
var zipFormats = []struct{ part, name string }{
	{"xl/workbook.xml", "Excel (.xlsx)"},
	{"xl/workbook.bin", "Excel (.xlsb)"},
	{"ppt/presentation.xml", "PowerPoint (.pptx)"},
	{"META-INF/container.xml", "EPUB"},
	{"content.xml", "OpenDocument"},
}

func sniffZip(src Source, head []byte, extension, declared string) (string, error) {
	isWord := extension == ".docx" || extension == ".docm" || declared == MediaDOCX
	archive, err := zip.NewReader(src.Body, src.Size)
	if err != nil {
		if isWord || bytes.Contains(head, []byte("word/")) {
			return "", damaged(err)
		}
		return "", unsupported(extensionFormats[extension])
	}
	for _, file := range archive.File {
		if strings.EqualFold(file.Name, "word/document.xml") {
			return MediaDOCX, nil
		}
		for _, format := range zipFormats {
			if file.Name == format.part {
				return "", unsupported(format.name)
			}
		}
	}
	if isWord {
		return MediaDOCX, nil // its main part may have another name; the parser looks it up
	}
	return "", unsupported("ZIP archives")
}

// sniffOLE: the old container holds Word 97 files, Outlook mails, and modern office files behind a password.
func sniffOLE(src Source, extension string) (string, error) {
	body := make([]byte, min(src.Size, 4<<20))
	n, _ := src.Body.ReadAt(body, 0) // a short read leaves less to look at
	if bytes.Contains(body[:n], []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e")) {
		return "", passwordProtected(nil)
	}
	if name := extensionFormats[extension]; name != "" {
		return "", unsupported(name)
	}
	return "", unsupported("the old Word and Office formats (.doc, .xls, .ppt, .msg)")
}

// isBinary: control characters that no text has, several and in more than 1 of 20 bytes; UTF-16 and UTF-32 have zeros.
func isBinary(head []byte) bool {
	if markedEncoding(head) != nil || unmarkedUTF16(head) != nil {
		return false
	}
	controls := 0
	for _, c := range head {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1B || c == 0x7F {
			controls++
		}
	}
	return controls > 4 && controls*20 > len(head)
}

func refuseBinary(head []byte, extension string) error {
	kind := http.DetectContentType(head)
	name := extensionFormats[extension]
	switch {
	case extension == ".docx" || extension == ".pdf":
		return damaged(nil)
	case strings.HasPrefix(kind, "image/"):
		name = "images"
	case strings.HasPrefix(kind, "audio/"), strings.HasPrefix(kind, "video/"):
		name = "sound and video"
	}
	return unsupported(name)
}

var (
	surelyHTML = regexp.MustCompile(`(?is)^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html[\s>])`)
	likelyHTML = regexp.MustCompile(`(?is)^\s*(<!--.*?-->\s*)*<(head|body|title|meta|main|article|section|div|table|p|h1)[\s>]`)
	surelyMail = regexp.MustCompile(`(?i)^(return-path|received|delivered-to|mime-version|message-id):\s`)
)

// textFormats are the extensions of the formats whose bytes are characters.
var textFormats = map[string]string{
	".md": MediaMarkdown, ".markdown": MediaMarkdown, ".mdown": MediaMarkdown, ".mkd": MediaMarkdown, ".mdx": MediaMarkdown,
	".txt": MediaText, ".text": MediaText, ".log": MediaText, ".rst": MediaText, ".adoc": MediaText,
	".html": MediaHTML, ".htm": MediaHTML, ".xhtml": MediaHTML,
}

// extensionFormats names formats that people will try and that are not read.
var extensionFormats = map[string]string{
	".xlsx": "Excel (.xlsx)", ".xls": "the old Excel format (.xls)", ".xlsm": "Excel (.xlsm)", ".ods": "OpenDocument",
	".pptx": "PowerPoint (.pptx)", ".ppt": "the old PowerPoint format (.ppt)", ".odp": "OpenDocument",
	".doc": "the old Word format (.doc)", ".odt": "OpenDocument", ".rtf": "RTF", ".pages": "Pages",
	".eml": "e-mail (.eml)", ".msg": "Outlook mail (.msg)", ".epub": "EPUB",
	".csv": "CSV", ".tsv": "CSV", ".json": "JSON", ".jsonl": "JSON", ".xml": "XML", ".yaml": "YAML", ".yml": "YAML",
	".png": "images", ".jpg": "images", ".jpeg": "images", ".gif": "images", ".tif": "images", ".tiff": "images",
	".webp": "images", ".svg": "images", ".zip": "ZIP archives",
}

func sniffText(head, extension, declared string) (string, error) {
	isMarkup := surelyHTML.MatchString(head)
	if extension == ".pdf" || extension == ".docx" {
		// Usually a sign-in or error page that was saved in the file's place: its text would be a false document.
		return "", fault.Newf(fault.Invalid, "damaged_file",
			"The file is named %s but holds %s: fetch the real file and upload it again.",
			extension, map[bool]string{true: "a web page", false: "text"}[isMarkup])
	}
	format, isKnown := textFormats[extension]
	switch {
	case isMarkup:
		return MediaHTML, nil
	case isKnown:
		return format, nil
	case extensionFormats[extension] != "":
		return "", unsupported(extensionFormats[extension])
	case declared == MediaMarkdown || declared == "text/x-markdown":
		return MediaMarkdown, nil
	case declared == MediaHTML || declared == "application/xhtml+xml":
		return MediaHTML, nil
	case declared == MediaText:
		return MediaText, nil
	case declared == "message/rfc822" || surelyMail.MatchString(head):
		return "", unsupported("e-mail (.eml)")
	case extension != "" || declared != "" && declared != "application/octet-stream":
		return "", unsupported("")
	case likelyHTML.MatchString(head):
		return MediaHTML, nil
	}
	return MediaText, nil
}

// unsupported says what is read; name is the format that is not, "" if it is not known.
func unsupported(name string) error {
	what := "This kind of file is"
	if name != "" {
		what = "Files of this format, " + name + ", are"
	}
	return fault.Newf(fault.Unsupported, "unsupported_media_type",
		"%s not supported: upload PDF, Word (.docx), HTML, Markdown or plain text.", what)
}

// trimPartialRune cuts a character that the end of the head has split.
func trimPartialRune(head []byte) []byte {
	for i := 1; i <= min(3, len(head)); i++ {
		if c := head[len(head)-i]; utf8.RuneStart(c) {
			if c >= 0xC0 && !utf8.FullRune(head[len(head)-i:]) {
				return head[:len(head)-i]
			}
			break
		}
	}
	return head
}
