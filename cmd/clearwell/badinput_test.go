package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// maxResidentMiB is what the service may have needed at its peak after all bad input: the embedder and the text of a
// few files at the limit, far below the 100 MiB of text and the archives that unpack to several times as much.
const maxResidentMiB = 512

// policyText is what goes on answering while everything else goes wrong.
const policyText = "# Vacation\n\nEmployees get 20 vacation days a year.\n"

// TestBadInputIsRefusedInASentenceWhileThePolicyAnswers sends what goes wrong in practice to one running service, as
// new revisions of a document that answers. Each gets a status, a stable code and a sentence; the revision in force
// goes on answering, the service stays ready, and its memory bounded.
func TestBadInputIsRefusedInASentenceWhileThePolicyAnswers(t *testing.T) {
	t.Parallel()
	s := newService(t)
	_, up := s.upload("policy.md", policyText, "key", "policy")
	if rev := s.awaitEnd(up); rev.Status != published {
		t.Fatalf("the policy is not published: %+v", rev)
	}
	t.Run("files", s.testBadFiles)
	t.Run("repaired", s.testRepairedFiles)
	t.Run("requests", s.testBadRequests)
	t.Run("collection of malformed files", s.testMalformedCollection)
	t.Run("memory", s.testPeakMemory)
}

// in is the service with another test to report to.
func (s *service) in(t *testing.T) *service {
	same := *s
	same.T = t
	return &same
}

// badFile is an upload that can't become a revision in force.
type badFile struct {
	why, name string
	body      func(t *testing.T) io.Reader
	status    int    // of the request: 202 when the bytes are taken and the revision fails
	code      string // of the request's problem, or of the revision's reason
}

func badFiles() []badFile {
	const taken, invalid, tooLarge = http.StatusAccepted, http.StatusBadRequest, http.StatusRequestEntityTooLarge
	return []badFile{
		{"an empty file", "policy.md", fixed(""), invalid, "empty_file"},
		{"only white space", "policy.md", fixed(" \r\n\t\n"), taken, "no_text"},
		{"binary noise named .pdf", "policy.pdf", noise, taken, "damaged_file"},
		{"binary noise named .docx", "policy.docx", noise, taken, "damaged_file"},
		{"binary noise named .md", "policy.md", noise, taken, "unsupported_media_type"},
		{"binary noise without a name", "noise", noise, taken, "unsupported_media_type"},
		{"a web page named .pdf", "policy.pdf", fixed("<!doctype html><title>Sign in</title><p>Please sign in."), taken, "damaged_file"},
		{"a PDF behind a password", "policy.pdf", encryptedPDF, taken, "password_protected"},
		{"a PDF cut in its first object", "policy.pdf", beginning("vacation-policy-2026.pdf", 90), taken, "damaged_file"},
		{"a DOCX that was cut off", "policy.docx", beginning("vacation-policy-2025.docx", 6000), taken, "damaged_file"},
		{"a DOCX without a text part", "policy.docx", archive("other.xml", fixed("<x/>")), taken, "damaged_file"},
		{"a zip bomb of elements", "policy.docx", archive("word/document.xml", bombOf("<w:p/>")), taken, "zip_bomb"},
		{"a zip bomb of text", "policy.docx", archive("word/document.xml", bombOf("a")), taken, "too_much_text"},
		{"another kind of archive", "policy.zip", archive("policy.md", fixed(policyText)), taken, "unsupported_media_type"},
		{"an unknown media type", "policy.xyz", fixed("Employees get 99 vacation days a year."), taken, "unsupported_media_type"},
		{"an unreadable date", "policy.md", fixed("---\neffective_from: 03/04/2026\n---\n# Vacation\n\nEmployees get 99 days.\n"), taken, "unclear_date"},
		{"100 MB of text", "policy.txt", textOf(100_000_000), taken, "too_much_text"},
		{"more than the limit", "policy.txt", textOf(101 << 20), tooLarge, "file_too_large"},
	}
}

func (s *service) testBadFiles(t *testing.T) {
	for _, c := range badFiles() {
		t.Run(c.why, func(t *testing.T) {
			s := s.in(t)
			status, up := s.send(c.name, c.body(t), "key", "policy")
			code, sentence := up.Code, up.Detail
			if status == http.StatusAccepted {
				code, sentence = s.awaitFailure(up)
			}
			if status != c.status || code != c.code {
				t.Errorf("want status %d and code %s, got %d and %q: %s", c.status, c.code, status, code, sentence)
			}
			checkSentence(t, sentence)
			s.checkStillAnswering()
		})
	}
}

// awaitFailure waits for the end of a revision that must not get published, and returns its reason.
func (s *service) awaitFailure(up uploaded) (code, message string) {
	s.Helper()
	rev := s.awaitEnd(up)
	if rev.Status != "failed" && rev.Status != "held" || rev.InForce || rev.Reason == nil {
		s.Fatalf("want a failed revision with its reason, got %+v", rev)
	}
	return rev.Reason.Code, rev.Reason.Message
}

// checkStillAnswering asks what the first revision of the policy answers, and for readiness.
func (s *service) checkStillAnswering() {
	s.Helper()
	got := s.ask("How many vacation days do employees get a year?")
	if !strings.Contains(got.Answer, "20 vacation days") || len(got.Citations) == 0 {
		s.Fatalf("the policy no longer answers: %+v", got)
	}
	if c := got.Citations[0]; c.Key != "policy" || c.Revision != 1 {
		s.Errorf("the answer cites %s, revision %d", c.Key, c.Revision)
	}
	if status := s.call(http.MethodGet, "/readyz", "", nil, nil); status != http.StatusOK {
		s.Errorf("/readyz answers %d", status)
	}
}

// aSentence begins like one, ends like one, and speaks of no inside.
var aSentence = regexp.MustCompile("^[A-Z`\"-][^\n]{20,400}\\.$")

func checkSentence(t *testing.T, text string) {
	t.Helper()
	if !aSentence.MatchString(text) || strings.Contains(text, "inside Clearwell") {
		t.Errorf("want a sentence that says what to do, got %q", text)
	}
}

// testRepairedFiles sends what looks bad and is not: its text is kept, as text that can be stored and shown.
func (s *service) testRepairedFiles(t *testing.T) {
	for _, c := range []struct {
		why, name, key, media string
		body                  func(t *testing.T) io.Reader
		fileName, text        string // that the revision must have, and hold
	}{
		{"a PDF named .docx", "parental.docx", "pdf-as-docx", "", whole("parental-leave.pdf"), "parental.docx", "arental"},
		{"invalid UTF-8", "caf\xff.txt", "invalid-utf8", "", fixed("Das Café öffnet täglich für Gäste, außer \xff über Mühlhäuser Brücken.\n"), "caf\uFFFD.txt", "Café öffnet täglich"},
		{"Latin-1", "latin.txt", "latin-1", "", fixed("Das Caf\xe9 hat t\xe4glich ge\xf6ffnet.\n"), "latin.txt", "täglich geöffnet"},
		{"NUL in text and key", "nul.txt", "n\x00ul", "", fixed("The lift\x00 is out of order.\n"), "nul.txt", "is out of order"},
		{"a word of 1 MB", "long.txt", "long", "", fixed(strings.Repeat("a", 1<<20)), "long.txt", "aaaaaaaa"},
		{"a path for a name", "../../../etc/cron.d/evil.md", "", "", fixed("# Evil\n\nThis stays in its place.\n"), "evil.md", "stays in its place"},
		{"a Windows path for a name", `..\..\system32\worse.txt`, "", "", fixed("This one stays as well.\n"), "worse.txt", "stays as well"},
		{"a name of dots", "..", "", "", fixed("A file of no name.\n"), "unnamed", "no name"},
		{"a name that begins with two bytes", "übersicht.txt", "", "", fixed("Die Zentrale liegt in Kiel.\n"), "übersicht.txt", "Zentrale"},
		{"a false media type", "rule.md", "false-type", "image/png", fixed("# Rule\n\nThe gate closes at nine.\n"), "rule.md", "gate closes"},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := s.in(t)
			fields := []string{}
			if c.key != "" {
				fields = []string{"key", c.key}
			}
			status, up := s.sendAs(c.name, c.media, c.body(t), fields...)
			if status != http.StatusAccepted {
				t.Fatalf("status %d: %+v", status, up)
			}
			if rev := s.awaitEnd(up); rev.Status != published {
				t.Fatalf("want it published, got %s for %+v", rev.Status, rev.Reason)
			}
			var rev struct {
				FileName string `json:"file_name"`
				Title    string `json:"title"`
			}
			s.call(http.MethodGet, up.StatusURL, "", nil, &rev)
			if rev.FileName != c.fileName || rev.Title == "" {
				t.Errorf("want the file name %q and a title, got %+v", c.fileName, rev)
			}
			_, text := s.request(http.MethodGet, up.StatusURL+"/text", s.key, "", "")
			if !strings.Contains(text, c.text) || strings.Contains(text, "\x00") || !utf8.ValidString(text) {
				t.Errorf("want %q in %.200q", c.text, text)
			}
			s.checkStillAnswering()
		})
	}
}

func (s *service) testBadRequests(t *testing.T) {
	const ask, documents = "/api/v1/ask", "/api/v1/documents"
	const asJSON, asForm = "application/json", "multipart/form-data; boundary=b"
	const file = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.md\"\r\n\r\n# A\r\n"
	tooLong := `{"question":"` + strings.Repeat("why ", 300_000) + `"}`
	for _, c := range []struct {
		why, method, path, key, contentType, body string
		status                                    int
		code                                      string
	}{
		{"malformed JSON", "POST", ask, s.key, asJSON, `{"question": "How`, 400, "malformed_json"},
		{"no JSON at all", "POST", ask, s.key, asJSON, "question=How", 400, "malformed_json"},
		{"an empty body", "POST", ask, s.key, asJSON, "", 400, "malformed_json"},
		{"JSON of the wrong type", "POST", ask, s.key, asJSON, `{"question": 7}`, 400, "invalid_field"},
		{"an unknown field", "POST", ask, s.key, asJSON, `{"question":"How?","top_k":3}`, 400, "unknown_field"},
		{"no question", "POST", ask, s.key, asJSON, `{}`, 400, "missing_question"},
		{"a body larger than the limit", "POST", ask, s.key, asJSON, tooLong, 413, "body_too_large"},
		{"a question that is too long", "POST", ask, s.key, asJSON, tooLong[:9000] + `"}`, 400, "question_too_long"},
		{"a date that is none", "POST", ask, s.key, asJSON, `{"question":"How?","as_of":"yesterday"}`, 400, "invalid_date"},
		{"no key", "POST", ask, "", asJSON, `{"question":"How?"}`, 401, "missing_key"},
		{"a wrong key", "POST", ask, "cw_0123456789abcdef", asJSON, `{"question":"How?"}`, 401, "invalid_key"},
		{"no key for an upload", "POST", documents, "", asForm, file + "--b--\r\n", 401, "missing_key"},
		{"an upload that is no form", "POST", documents, s.key, "text/markdown", "# A", 415, "not_multipart"},
		{"an upload that is cut off", "POST", documents, s.key, asForm, file, 400, "malformed_multipart"},
		{"an upload without a boundary", "POST", documents, s.key, "multipart/form-data", "# A", 400, "malformed_body"},
		{"an upload without a file", "POST", documents, s.key, asForm, "--b--\r\n", 400, "missing_file"},
		{"two files", "POST", documents, s.key, asForm, file + file + "--b--\r\n", 400, "several_files"},
		{"a document that is not there", "GET", documents + "/4711", s.key, "", "", 404, "unknown_document"},
		{"a document number that is none", "GET", documents + "/..%2f..%2fetc", s.key, "", "", 404, "unknown_document"},
		{"an address that is not there", "GET", "/api/v1/nothing", s.key, "", "", 404, "unknown_address"},
		{"a method that is not there", "PUT", ask, s.key, asJSON, `{}`, 405, "method_not_allowed"},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := s.in(t)
			s.checkProblem(c.method, c.path, c.key, c.contentType, c.body, c.status, c.code)
			s.checkStillAnswering()
		})
	}
	t.Run("a question in invalid UTF-8", func(t *testing.T) {
		body := strings.NewReader("{\"question\":\"How many vacation days \xff\xfe do employees get a year?\"}")
		if status := s.in(t).call(http.MethodPost, ask, asJSON, body, nil); status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	})
}

// checkProblem sends a request as it stands and holds the answer to be a problem as the contract describes.
func (s *service) checkProblem(method, path, key, contentType, body string, status int, code string) {
	s.Helper()
	resp, text := s.request(method, path, key, contentType, body)
	var problem struct {
		Status       int
		Code, Detail string
		RequestID    string `json:"request_id"`
	}
	if err := json.Unmarshal([]byte(text), &problem); err != nil {
		s.Fatalf("status %d with a body that is no JSON: %v in %.200q", resp.StatusCode, err, text)
	}
	if resp.StatusCode != status || problem.Status != status || problem.Code != code || problem.RequestID == "" {
		s.Errorf("want %d %s, got %d and %+v", status, code, resp.StatusCode, problem)
	}
	if media := resp.Header.Get("Content-Type"); media != "application/problem+json" {
		s.Errorf("the problem comes as %s", media)
	}
	checkSentence(s.T, problem.Detail)
}

// request sends a request as it stands and returns the whole response.
func (s *service) request(method, path, key, contentType, body string) (*http.Response, string) {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	req.Header.Set("Content-Type", contentType)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return resp, string(text)
}

// malformedFiles is a collection of malformed files that may lie beside the repository.
const malformedFiles = "../../../shared/data/parser-docs"

func (s *service) testMalformedCollection(t *testing.T) {
	list, err := os.Open(filepath.Join(malformedFiles, "manifest.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("there is no collection of malformed files beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	for lines := bufio.NewScanner(list); lines.Scan(); {
		var file struct{ File, Expect string }
		if err := json.Unmarshal(lines.Bytes(), &file); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(file.File, "malformed/") {
			continue
		}
		t.Run(filepath.Base(file.File), func(t *testing.T) { s.in(t).checkMalformed(file.File, file.Expect) })
	}
}

func (s *service) checkMalformed(path, expect string) {
	body, err := os.ReadFile(filepath.Join(malformedFiles, path))
	if err != nil {
		s.Fatal(err)
	}
	status, up := s.send(filepath.Base(path), bytes.NewReader(body), "key", "malformed/"+filepath.Base(path))
	isPublished := false
	switch status {
	case http.StatusAccepted:
		rev := s.awaitEnd(up)
		isPublished = rev.Status == published
		if !isPublished {
			checkSentence(s.T, rev.Reason.Message)
		}
	case http.StatusBadRequest:
		checkSentence(s.T, up.Detail)
	default:
		s.Errorf("status %d: %+v", status, up)
	}
	if mayPublish := strings.HasPrefix(expect, "text"); isPublished && !mayPublish || !isPublished && expect == "text" {
		s.Errorf("published: %t, though %q is expected", isPublished, expect)
	}
	s.checkStillAnswering()
}

func (s *service) testPeakMemory(t *testing.T) {
	peak := procField(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid), "VmHWM:")
	if peak == 0 {
		t.Skip("this system doesn't tell the peak memory of a process")
	}
	t.Logf("the service needed %.0f MiB at its peak", peak)
	if peak > maxResidentMiB {
		t.Errorf("the service needed %.0f MiB at its peak, more than %d", peak, maxResidentMiB)
	}
}

// send uploads a stream, which may be larger than one would keep in memory.
func (s *service) send(name string, body io.Reader, fields ...string) (int, uploaded) {
	s.Helper()
	return s.sendAs(name, "application/octet-stream", body, fields...)
}

// sendAs uploads with the media type given, "" for none. The name goes out byte for byte.
func (s *service) sendAs(name, media string, body io.Reader, fields ...string) (int, uploaded) {
	s.Helper()
	r, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() { w.CloseWithError(writeForm(form, name, media, body, fields)) }()
	defer r.Close() // lets the writer go when the service does not read to the end
	var answer json.RawMessage
	status := s.call(http.MethodPost, "/api/v1/documents", form.FormDataContentType(), r, &answer)
	var out uploaded
	if status >= http.StatusBadRequest { // a problem, whose status is a number
		var problem struct{ Code, Detail string }
		if err := json.Unmarshal(answer, &problem); err != nil {
			s.Fatal(err)
		}
		out.Code, out.Detail = problem.Code, problem.Detail
		return status, out
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		s.Fatal(err)
	}
	return status, out
}

func writeForm(form *multipart.Writer, name, media string, body io.Reader, fields []string) error {
	for i := 0; i < len(fields); i += 2 {
		if err := form.WriteField(fields[i], fields[i+1]); err != nil {
			return err
		}
	}
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", `form-data; name="file"; filename="`+strings.ReplaceAll(name, `\`, `\\`)+`"`)
	if media != "" {
		header.Set("Content-Type", media)
	}
	part, err := form.CreatePart(header)
	if err != nil {
		return err
	}
	if _, err := io.Copy(part, body); err != nil {
		return err
	}
	return form.Close()
}

// The bodies of bad files.

func fixed(text string) func(*testing.T) io.Reader {
	return func(*testing.T) io.Reader { return strings.NewReader(text) }
}

// noise is the same random bytes each time.
func noise(*testing.T) io.Reader {
	body := make([]byte, 64<<10)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(body) // never fails
	return bytes.NewReader(body)
}

// textOf is a plain text of n bytes in lines of prose.
func textOf(n int64) func(*testing.T) io.Reader {
	return func(*testing.T) io.Reader {
		return io.LimitReader(&endless{line: "Employees get 99 vacation days a year, says this line of many.\n"}, n)
	}
}

// endless repeats a line.
type endless struct {
	line string
	at   int
}

// Read implements io.Reader.
func (e *endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		copied := copy(p[n:], e.line[e.at:])
		n += copied
		e.at = (e.at + copied) % len(e.line)
	}
	return n, nil
}

func example(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("..", "..", "examples", "handbook", name))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func whole(name string) func(*testing.T) io.Reader {
	return func(t *testing.T) io.Reader { return bytes.NewReader(example(t, name)) }
}

// beginning is what is left of an example when its end is lost.
func beginning(name string, size int) func(*testing.T) io.Reader {
	return func(t *testing.T) io.Reader { return bytes.NewReader(example(t, name)[:size]) }
}

// encryptedPDF says in the trailer of a good PDF that it needs a password: 40-bit RC4, with check values that the
// empty password doesn't give.
func encryptedPDF(t *testing.T) io.Reader {
	values := hex.EncodeToString(bytes.Repeat([]byte{0x5A}, 32))
	entry := "trailer\n<<\n/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -44 /O <" + values + "> /U <" + values + "> >>"
	body := bytes.Replace(example(t, "vacation-policy-2026.pdf"), []byte("trailer\n<<"), []byte(entry), 1)
	if !bytes.Contains(body, []byte("/Encrypt")) {
		t.Fatal("the example's trailer is not where it was")
	}
	return bytes.NewReader(body)
}

// archive is a zip file with one entry.
func archive(entry string, content func(*testing.T) io.Reader) func(*testing.T) io.Reader {
	return func(t *testing.T) io.Reader {
		var body bytes.Buffer
		w := zip.NewWriter(&body)
		part, err := w.Create(entry)
		if err == nil {
			_, err = io.Copy(part, content(t))
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		return &body
	}
}

// bombOf is the beginning of a DOCX's text and then the same for 300 MB, which packs to 300 kB.
func bombOf(unit string) func(*testing.T) io.Reader {
	const start = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`
	return func(*testing.T) io.Reader {
		return io.MultiReader(strings.NewReader(start), io.LimitReader(&endless{line: strings.Repeat(unit, 1000)}, 300<<20))
	}
}
