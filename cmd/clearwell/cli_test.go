package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// ended is how a command ended, as a shell sees it.
type ended struct {
	code           int
	stdout, stderr string
}

// try runs a command on the service's data to its end, whatever that is.
func (s *service) try(args ...string) ended {
	s.Helper()
	cmd := program(s.Context(), append(args, "--data", s.data)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, isExit := errors.AsType[*exec.ExitError](err); err != nil && !isExit {
		s.Fatalf("clearwell %s: %v", strings.Join(args, " "), err)
	}
	return ended{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// json runs a command with --json and decodes what it prints, which must be one JSON value and nothing else.
func (s *service) json(out any, args ...string) ended {
	s.Helper()
	e := s.try(append(args, "--json")...)
	decoder := json.NewDecoder(strings.NewReader(e.stdout))
	if err := decoder.Decode(out); err != nil || decoder.More() {
		s.Fatalf("clearwell %s --json printed no single JSON value: %v\n%s%s", strings.Join(args, " "), err, e.stdout, e.stderr)
	}
	return e
}

// says fails unless the command ended well and printed all of these.
func (s *service) says(e ended, want ...string) {
	s.Helper()
	if e.code != 0 || e.stderr != "" {
		s.Errorf("want exit code 0 and silence on stderr, got %d and %q", e.code, e.stderr)
	}
	for _, text := range want {
		if !strings.Contains(e.stdout, text) {
			s.Errorf("want %q in:\n%s", text, e.stdout)
		}
	}
}

// refuses fails unless the command failed with a sentence that ends in this code.
func (s *service) refuses(e ended, code string) {
	s.Helper()
	sentence, isRefusal := strings.CutSuffix(strings.TrimSpace(e.stderr), " ("+code+")")
	sentence, isOurs := strings.CutPrefix(sentence, "clearwell: ")
	if e.code != 1 || e.stdout != "" || !isRefusal || !isOurs {
		s.Fatalf("want exit code 1 and a sentence with (%s), got %+v", code, e)
	}
	checkSentence(s.T, sentence)
}

// TestCommandsBesideAService runs the commands that people type while a service runs on the same data folder.
func TestCommandsBesideAService(t *testing.T) {
	t.Parallel()
	s := newService(t)
	e := s.try("ingest", "--manifest", "../../examples/manifest.jsonl")
	s.says(e, "11 of 11 files are in the library.")
	t.Run("ask", s.tryAsk)
	t.Run("search", s.trySearch)
	t.Run("documents", s.tryDocuments)
	t.Run("ingest", s.tryIngest)
	t.Run("keys", s.tryKeys)
	t.Run("doctor", s.tryDoctor)
	t.Run("refusals", s.tryRefusals)
	t.Run("refusals about versions", s.tryVersionRefusals)
	if status := s.call(http.MethodGet, "/readyz", "", nil, nil); status != http.StatusOK {
		t.Errorf("after all that the service answers /readyz with %d", status)
	}
}

const vacationQuestion = "How many vacation days do I get?"

func (s *service) tryAsk(t *testing.T) {
	s = s.in(t)
	s.says(s.try("ask", vacationQuestion), "28 days", "[1] Vacation Policy, revision 3, in force since 2026-01-01 until 2030-01-01, page 1, \"Entitlement\"")
	s.says(s.try("ask", vacationQuestion, "--as-of", "2024-06-01"), "20 days", "Vacation Policy, revision 1, in force since 2024-01-01 until 2025-01-01, \"Entitlement\"")
	s.says(s.try("ask", "What is the boiling point of tungsten?"), "I don't know")

	for asOf, want := range map[string]struct {
		days     string
		revision int
	}{"": {"28 days", 3}, "2024-06-01": {"20 days", 1}} {
		var got answered
		args := []string{"ask", vacationQuestion}
		if asOf != "" {
			args = append(args, "--as-of", asOf)
		}
		if e := s.json(&got, args...); e.code != 0 {
			t.Errorf("exit code %d: %s", e.code, e.stderr)
		}
		if got.Abstained || !strings.Contains(got.Answer, want.days) || len(got.Citations) == 0 {
			t.Fatalf("as of %q: want %s with a citation, got %+v", asOf, want.days, got)
		}
		if c := got.Citations[0]; c.Key != "hr/vacation-policy" || c.Revision != want.revision || !strings.Contains(c.Quote, want.days) {
			t.Errorf("as of %q: want revision %d quoted with %s first, got %+v", asOf, want.revision, want.days, got.Citations)
		}
	}
}

func (s *service) trySearch(t *testing.T) {
	s = s.in(t)
	s.says(s.try("search", "parental leave notice", "--limit", "2"), "1. Parental Leave, revision 1", "2. ")
	s.says(s.try("search", "vacation", "--collection", "elsewhere"), "Nothing found.")
	var found struct {
		Passages []struct {
			Key   string `json:"document_key"`
			Text  string
			Score float64
		}
	}
	s.json(&found, "search", "lost laptop", "--limit", "3")
	if len(found.Passages) != 3 || found.Passages[0].Key != "it/security" || found.Passages[0].Text == "" {
		t.Errorf("got %+v", found)
	}
	for i := 1; i < len(found.Passages); i++ {
		if found.Passages[i].Score > found.Passages[i-1].Score {
			t.Errorf("passage %d is better than the one before", i+1)
		}
	}
}

func (s *service) tryDocuments(t *testing.T) {
	s = s.in(t)
	s.says(s.try("documents"), "COLLECTION", "hr/krankmeldung", "revision 3 since 2026-01-01", "from 2030-01-01")
	s.says(s.try("documents", "hr/vacation-policy"), "vacation-policy-2024.md", "superseded", "vacation-policy-2026.pdf", "in force", "from 2030-01-01")
	var history struct {
		Document  struct{ Current struct{ Revision int } }
		Revisions []struct {
			Revision  int
			FileName  string `json:"file_name"`
			InForce   bool   `json:"in_force"`
			Scheduled bool
		}
	}
	s.json(&history, "documents", "hr/vacation-policy")
	if len(history.Revisions) != 4 || history.Document.Current.Revision != 3 {
		t.Fatalf("want four revisions, the third in force, got %+v", history)
	}
	for _, r := range history.Revisions {
		if r.InForce != (r.FileName == "vacation-policy-2026.pdf") || r.Scheduled != (r.FileName == "vacation-policy-2030.md") {
			t.Errorf("got %+v", r)
		}
	}
	s.refuses(s.try("documents", "hr/nothing"), "unknown_document")
}

func (s *service) tryIngest(t *testing.T) {
	s = s.in(t)
	folder := t.TempDir()
	for name, body := range map[string]string{
		"parking.md": "# Parking\n\nEmployees park on level 2 of the garage.\n", "rooms/quiet.txt": "The quiet room is next to the library.\n",
		"broken.pdf": "this is no PDF", ".hidden.md": "# Hidden\n\nNobody should read this.\n",
	} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	e := s.try("ingest", folder, "--collection", "office")
	line := regexp.MustCompile(`(?m)^.*broken\.pdf: .+\. \(damaged_file\)$`)
	if e.code != 1 || !line.MatchString(e.stderr) || strings.Count(e.stderr, "\n") != 1 {
		t.Errorf("want exit code 1 and one line for broken.pdf, got %+v", e)
	}
	if e.stdout != "2 of 3 files are in the library.\n" {
		t.Errorf("got %q", e.stdout)
	}
	s.says(s.try("ask", "Where do employees park?"), "level 2", "Parking, revision 1")
	var again struct {
		Files []struct {
			Key, Status, Code, Message string
			Revision                   int
		}
	}
	if e := s.json(&again, "ingest", folder, "--collection", "office"); e.code != 1 || len(again.Files) != 3 {
		t.Fatalf("got %+v, %+v", e, again)
	}
	for _, f := range again.Files {
		isBroken := f.Key == "broken.pdf"
		if f.Revision != 1 || isBroken != (f.Code == "damaged_file") || isBroken == (f.Status == published) {
			t.Errorf("the same files again are the same revisions, got %+v", f)
		}
	}
}

func (s *service) tryKeys(t *testing.T) {
	s = s.in(t)
	type key struct {
		ID          int64
		Name, Role  string
		Collections []string
		RevokedAt   *string `json:"revoked_at"`
	}
	e := s.try("key", "create", "--name", "kiosk", "--collection", "handbook")
	secret := strings.TrimSpace(e.stdout)
	if e.code != 0 || strings.ContainsAny(secret, " \n") || !strings.Contains(e.stderr, "only this once") {
		t.Fatalf("want the key alone on stdout, got %+v", e)
	}
	resp, _ := s.request(http.MethodGet, "/api/v1/me", secret, "", "")
	if resp.StatusCode != http.StatusOK {
		t.Errorf("the new key gets %d", resp.StatusCode)
	}
	find := func() key {
		var all struct{ Keys []key }
		s.json(&all, "key", "list")
		for _, k := range all.Keys {
			if k.Name == "kiosk" {
				return k
			}
		}
		t.Fatalf("the key is not listed in %+v", all)
		return key{}
	}
	kiosk := find()
	if kiosk.Role != "reader" || len(kiosk.Collections) != 1 || kiosk.RevokedAt != nil {
		t.Errorf("got %+v", kiosk)
	}
	list := s.try("key", "list")
	s.says(list, "kiosk", "reader", "handbook")
	if strings.Contains(list.stdout, secret) {
		t.Error("the list shows the secret")
	}
	s.says(s.try("key", "revoke", strconv.FormatInt(kiosk.ID, 10)))
	if find().RevokedAt == nil {
		t.Error("the key is not shown as revoked")
	}
	s.checkProblem(http.MethodGet, "/api/v1/me", secret, "", "", http.StatusUnauthorized, "invalid_key")
	s.refuses(s.try("key", "revoke", "4711"), "unknown_key")
}

func (s *service) tryDoctor(t *testing.T) {
	s = s.in(t)
	s.says(s.try("doctor"), "ok    embedder", "ok    database", "ok    schema", "ok    index", "0 held")
	var found struct {
		OK     bool
		Checks []finding
	}
	if e := s.json(&found, "doctor"); e.code != 0 || !found.OK || len(found.Checks) < 5 {
		t.Errorf("got %+v, %+v", e, found)
	}
	e := s.json(&found, "doctor", "--embed-folder", otherModel)
	if e.code != 1 || found.OK {
		t.Errorf("another model than the library's must fail, got %+v, %+v", e, found)
	}
}

// otherModel is a small embedding model, not the one that the library was made with.
const otherModel = "../../internal/inference/testdata/unigram"

func (s *service) tryRefusals(t *testing.T) {
	s = s.in(t)
	s.refuses(s.try("serve", "--listen", "127.0.0.1:0"), "data_folder_in_use")
	s.refuses(s.try("serve", "--listen", strings.TrimPrefix(s.url, "http://")), "address_in_use")
	s.refuses(s.try("ask", vacationQuestion, "--embed-folder", otherModel), "embedder_changed")
	s.refuses(s.try("ingest", "../../examples/handbook", "--embed-folder", otherModel), "embedder_changed")
	s.refuses(s.try("search", "vacation", "--embed-folder", t.TempDir()), "model_missing")
	s.refuses(s.try("ask", vacationQuestion, "--as-of", "yesterday"), "invalid_date")
	s.refuses(s.try("ask", " "), "empty_query")
	s.refuses(s.try("ingest", t.TempDir()), "nothing_to_ingest")
	s.refuses(s.try("ingest", "no/such/path"), "unreadable_file")
	s.refuses(s.try("key", "create", "--name", " "), "invalid_key_name")
	for _, args := range [][]string{{"ask"}, {"key", "create"}, {"key", "create", "--name", "x", "--role", "king"}, {"no-such-command"}, {"ingest", "--manifest", "no/such/file"}} {
		if e := s.try(args...); e.code != 2 || !strings.Contains(e.stderr, "clearwell: ") || strings.Contains(e.stderr, "goroutine") {
			t.Errorf("%v is a wrong call: want exit code 2 and a sentence, got %+v", args, e)
		}
	}
}

func TestVersionNeedsNothing(t *testing.T) {
	t.Parallel()
	out, err := program(t.Context(), "version").Output()
	if err != nil || string(out) != "clearwell "+version+"\n" {
		t.Errorf("got %q, %v", out, err)
	}
}
