package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestKilledServiceGoesOnWhereItWas kills the service in the middle of 300 files: after a start all
// are published, each exactly once.
func TestKilledServiceGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	s := newService(t)
	const files = 300
	for i := range files {
		status, up := s.upload(fmt.Sprintf("file-%d.md", i), fmt.Sprintf("# Rule %d\n\nRoom %d is open until %d o'clock.\n", i, i, i%24))
		if status != http.StatusAccepted {
			t.Fatalf("file %d: status %d, %+v", i, status, up)
		}
	}
	before := s.standing()
	s.kill()
	if before[published] == files {
		t.Fatal("all were published before the kill: the test shows nothing")
	}
	t.Logf("killed with %v", before)
	s.start()
	deadline := time.Now().Add(patience)
	for s.standing()[published] < files {
		if time.Now().After(deadline) {
			t.Fatalf("after the start: %v\n%s", s.standing(), s.output)
		}
		time.Sleep(100 * time.Millisecond)
	}
	if n := s.query(`select count(*) from events where kind = 'published'`); n != files {
		t.Errorf("want %d publications in the journal, got %d", files, n)
	}
	if n := s.query(`select count(*) from publications`); n != files {
		t.Errorf("want %d publications, got %d", files, n)
	}
	if n := s.query(`select count(*) from passages`); n != files {
		t.Errorf("want %d passages, got %d", files, n)
	}
}

func TestKilledDatabaseComesBackWithNothingLost(t *testing.T) {
	t.Parallel()
	s := newService(t)
	_, up := s.upload("policy.md", "# Vacation\n\nEmployees get 20 vacation days a year.\n", "key", "policy")
	s.awaitEnd(up)
	killed := s.postmaster()
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	// Until it is back, requests get 503 and a sentence, never a wrong answer. Backends outlive the postmaster
	// by a moment, so an answer alone does not say that it is back.
	deadline := time.Now().Add(patience)
	for {
		status, problem := s.attempt("How many vacation days do employees get?")
		if status == http.StatusOK && s.postmaster() != killed {
			break
		}
		if status != http.StatusOK && (status != http.StatusServiceUnavailable || problem.Code == "internal") {
			t.Fatalf("want 503 with a reason, got %d %+v\n%s", status, problem, s.output)
		}
		if time.Now().After(deadline) {
			t.Fatalf("the database is not back after %s: %+v\n%s", patience, problem, s.output)
		}
		time.Sleep(50 * time.Millisecond)
	}
	if got := s.ask("How many vacation days do employees get?"); !strings.Contains(got.Answer, "20 vacation days") {
		t.Errorf("after the restart the answer is there, got %+v", got)
	}
	_, up = s.upload("policy.md", "# Vacation\n\nEmployees get 25 vacation days a year.\n", "key", "policy")
	if rev := s.awaitEnd(up); rev.Status != published {
		t.Errorf("workers go on, got %+v\n%s", rev, s.output)
	}
	if got := s.ask("How many vacation days do employees get?"); !strings.Contains(got.Answer, "25 vacation days") {
		t.Errorf("got %+v", got)
	}
}

// attempt asks and takes a problem for an answer, too.
func (s *service) attempt(question string) (status int, problem struct{ Code, Detail string }) {
	s.Helper()
	body, err := json.Marshal(map[string]string{"question": question})
	if err != nil {
		s.Fatal(err)
	}
	status = s.call(http.MethodPost, "/api/v1/ask", "application/json", bytes.NewReader(body), &problem)
	return status, problem
}

const published = "published"

// standing counts documents by the status of their latest revision.
func (s *service) standing() map[string]int {
	s.Helper()
	var all struct {
		Documents []struct{ Latest struct{ Status string } }
	}
	if err := json.Unmarshal(s.command("documents", "--json"), &all); err != nil {
		s.Fatal(err)
	}
	counts := make(map[string]int)
	for _, d := range all.Documents {
		counts[d.Latest.Status]++
	}
	return counts
}
