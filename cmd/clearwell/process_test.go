package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"clearwell/internal/postgres"
)

// asProgram makes the test binary be the program, so that tests can start and kill it as a process.
const asProgram = "CLEARWELL_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main() // which ends the process
	}
	os.Exit(m.Run())
}

// patience bounds what one step of a test may take. Only what hangs reaches it, also where every core has a great
// deal else to do.
const patience = 5 * time.Minute

// service is a running `clearwell serve` with a private database.
type service struct {
	*testing.T
	data    string
	url     string
	key     string
	process *exec.Cmd
	output  *transcript
}

// transcript is what a running process has printed; safe to read while it prints on.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// newService starts a service on an empty data folder.
func newService(t *testing.T) *service {
	t.Helper()
	// Not t.TempDir: the database's unprivileged user must be able to walk there.
	data, err := os.MkdirTemp("", "clearwell-test-*")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(data, 0o755); err != nil {
		t.Fatal(err)
	}
	s := &service{T: t, data: filepath.Join(data, "data")}
	t.Cleanup(func() {
		s.stop()
		os.RemoveAll(data)
	})
	s.start()
	out := s.command("key", "create", "--name", "test", "--role", "admin", "--json")
	var made struct{ Key string }
	if err := json.Unmarshal(out, &made); err != nil || made.Key == "" {
		t.Fatalf("key create printed %q: %v", out, err)
	}
	s.key = made.Key
	return s
}

func program(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

// start runs serve and waits until it is ready.
func (s *service) start(flags ...string) {
	s.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	s.url = "http://" + address
	s.output = new(transcript)
	s.process = program(context.Background(), append([]string{"serve", "--listen", address, "--data", s.data}, flags...)...)
	s.process.Stdout, s.process.Stderr = s.output, s.output
	if err := s.process.Start(); err != nil {
		s.Fatal(err)
	}
	s.awaitReady()
}

func (s *service) awaitReady() {
	s.Helper()
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		if resp, err := http.Get(s.url + "/readyz"); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.Fatalf("the service is not ready after %s:\n%s", patience, s.output)
}

// signInLink is the address that serve prints.
func (s *service) signInLink() string {
	s.Helper()
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		for _, word := range strings.Fields(s.output.String()) {
			if strings.Contains(word, "/sign-in#token=") {
				return word
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.Fatalf("serve printed no sign-in link in %s:\n%s", patience, s.output)
	return ""
}

// stop ends the service as Ctrl-C does, and holds it to leaving no database behind.
func (s *service) stop() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Signal(syscall.SIGTERM) // it may be gone
	_ = s.process.Wait()
	s.process = nil
}

// kill ends the service without a chance to clean up.
func (s *service) kill() {
	s.Helper()
	if err := s.process.Process.Kill(); err != nil {
		s.Fatal(err)
	}
	_ = s.process.Wait() // says that it was killed
	s.process = nil
}

// command runs another clearwell command on the same data and returns what it printed.
func (s *service) command(args ...string) []byte {
	s.Helper()
	cmd := program(s.Context(), append(args, "--data", s.data)...)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		s.Fatalf("clearwell %s: %v\n%s%s", strings.Join(args, " "), err, out, &problems)
	}
	return out
}

// call sends a request with the admin key and decodes a JSON answer into out, if there is one.
func (s *service) call(method, path, contentType string, body io.Reader, out any) int {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), method, s.url+path, body)
	if err != nil {
		s.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.key)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			s.Fatalf("%s %s: %v in %q", method, path, err, text)
		}
	}
	return resp.StatusCode
}

type uploaded struct {
	DocumentID string `json:"document_id"`
	Revision   int    `json:"revision"`
	Status     string `json:"status"`
	StatusURL  string `json:"status_url"`
	Code       string `json:"code"`
	Detail     string `json:"detail"`
}

// upload sends a file with fields in pairs of name and value.
func (s *service) upload(name, body string, fields ...string) (int, uploaded) {
	s.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for i := 0; i < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			s.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = io.WriteString(part, body)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		s.Fatal(err)
	}
	var out uploaded
	status := s.call(http.MethodPost, "/api/v1/documents", w.FormDataContentType(), &form, &out)
	return status, out
}

type revisionStatus struct {
	Status  string `json:"status"`
	InForce bool   `json:"in_force"`
	Reason  *struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"reason"`
}

// awaitEnd polls a revision until it is published or has failed.
func (s *service) awaitEnd(up uploaded) revisionStatus {
	s.Helper()
	deadline := time.Now().Add(patience)
	for {
		var rev revisionStatus
		s.call(http.MethodGet, up.StatusURL, "", nil, &rev)
		if rev.Status != "queued" && rev.Status != "running" {
			return rev
		}
		if time.Now().After(deadline) {
			s.Fatalf("revision %d of %s has no end after %s: %+v\n%s", up.Revision, up.DocumentID, patience, rev, s.output)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

type answered struct {
	Answer    string `json:"answer"`
	Abstained bool   `json:"abstained"`
	Citations []struct {
		N        int    `json:"n"`
		Key      string `json:"document_key"`
		Revision int    `json:"revision"`
		Quote    string `json:"quote"`
	} `json:"citations"`
}

func (s *service) ask(question string) answered {
	s.Helper()
	body, err := json.Marshal(map[string]string{"question": question})
	if err != nil {
		s.Fatal(err)
	}
	var out answered
	if status := s.call(http.MethodPost, "/api/v1/ask", "application/json", bytes.NewReader(body), &out); status != http.StatusOK {
		s.Fatalf("ask: status %d", status)
	}
	return out
}

// postmaster is the process id of the service's private database.
func (s *service) postmaster() int {
	s.Helper()
	found, err := filepath.Glob(filepath.Join(s.data, "*", "postmaster.pid"))
	if err == nil && len(found) == 0 {
		found, err = filepath.Glob(filepath.Join(s.data, "postmaster.pid"))
	}
	if err != nil || len(found) == 0 {
		s.Fatalf("no postmaster.pid below %s: %v", s.data, err)
	}
	body, err := os.ReadFile(found[0])
	if err != nil {
		s.Fatal(err)
	}
	var pid int
	if _, err := fmt.Sscan(string(body), &pid); err != nil {
		s.Fatal(err)
	}
	return pid
}

// query counts with a statement on the service's database, past the service.
func (s *service) query(statement string) (n int) {
	s.Helper()
	db, err := postgres.Open(s.Context(), (&config{Data: s.data}).database(false), slog.New(slog.DiscardHandler))
	if err != nil {
		s.Fatal(err)
	}
	defer db.Close()
	if err := db.Pool.QueryRow(s.Context(), statement).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}
