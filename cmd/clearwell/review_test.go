package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// leavePolicy is a policy of two paragraphs and a table's worth of words, with what changes from year to year.
func leavePolicy(year, days int) string {
	return fmt.Sprintf(`# Annual Leave Policy

Effective 1 January %d

## Entitlement

Every full-time employee of the workshop has %d days of paid annual leave in a calendar year. Part-time employees have
a share of it that follows their contract. Leave that was not taken by the end of March of the following year is lost.

## How to ask for it

Ask your supervisor in writing at least three weeks before the first day of leave. The supervisor answers within five
working days. In the two weeks before the stocktaking nobody goes on leave, because all hands are needed in the store.
`, year, days)
}

func (s *service) write(folder, name, body string) string {
	s.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		s.Fatal(err)
	}
	return path
}

// TestAFileWithoutAKeyIsRecognisedOrAsked goes the way of a renamed file: held, looked at, decided, compared, rolled
// back.
func TestAFileWithoutAKeyIsRecognisedOrAsked(t *testing.T) {
	t.Parallel()
	s := newService(t)
	folder, inbox := t.TempDir(), t.TempDir()
	s.write(folder, "annual-leave.md", leavePolicy(2025, 25))
	s.says(s.try("ingest", folder, "--collection", "rules"), "1 of 1 files are in the library.")
	s.says(s.try("ask", "How many days of paid annual leave are there?"), "25 days", "revision 1, in force since 2025-01-01")

	copied := s.write(inbox, "copy of leave.txt", strings.ReplaceAll(leavePolicy(2025, 25), "\n", "\r\n"))
	s.says(s.try("ingest", copied, "--collection", "rules"), "1 of 1 files are in the library.", "same text as revision 1 of annual-leave.md")

	s.says(s.try("collections", "set", "rules", "--on-certain", "hold", "--locale", "en-GB", "--keep-history-days", "forever"),
		"COLLECTION", "rules", "hold", "en-GB", "forever")
	renamed := s.write(inbox, "Annual Leave FINAL v2.md", leavePolicy(2026, 28))
	s.says(s.try("ingest", renamed, "--collection", "rules"), "0 of 1 files are in the library.", "is held: ", "see clearwell review")
	s.says(s.try("ask", "How many days of paid annual leave are there?"), "25 days")

	id := s.openReview("annual-leave.md")
	s.says(s.try("review"), "Annual Leave FINAL v2.md", "annual-leave.md (", "open")
	s.says(s.try("review", "show", id), "annual-leave.md, \"Annual Leave Policy\", revision 1", "replaces --document annual-leave.md", "28")
	s.says(s.try("review", "decide", id, "replaces", "--document", "annual-leave.md"), "Revision 3 of annual-leave.md: in force.")
	s.says(s.try("review"), "Nothing waits for a decision.")
	s.says(s.try("review", "--all"), "replaces by system on ")
	s.says(s.try("ask", "How many days of paid annual leave are there?"), "28 days", "revision 3, in force since 2026-01-01")
	s.checkHistory()
}

// openReview returns the number of the only open review, whose first candidate must be the document of that key.
func (s *service) openReview(key string) string {
	s.Helper()
	var open struct {
		Reviews []struct {
			ID, Kind   string
			Candidates []struct {
				ID  string `json:"document_id"`
				Key string `json:"document_key"`
			}
		}
	}
	s.json(&open, "review", "list")
	if len(open.Reviews) != 1 || len(open.Reviews[0].Candidates) == 0 || open.Reviews[0].Candidates[0].Key != key {
		s.Fatalf("want one review with the candidate %s, got %+v", key, open)
	}
	return open.Reviews[0].ID
}

// checkHistory looks at what changed, rolls back, takes out, and finds the answers that are out of date.
func (s *service) checkHistory() {
	s.Helper()
	s.says(s.try("documents", "annual-leave.md"), "KNOWN BY", "decision", "text: \"Effective 1 January 2026\"", "in force", "superseded")
	s.says(s.try("documents", "annual-leave.md", "--diff", "3"), "from revision 1 (since 2025-01-01 until 2026-01-01) to revision 3", "28")
	var change struct {
		From, To int
		Changes  []struct{ Op string }
	}
	s.json(&change, "documents", "annual-leave.md", "--diff", "1..3")
	if change.From != 1 || change.To != 3 || len(change.Changes) == 0 {
		s.Errorf("got %+v", change)
	}
	s.says(s.try("receipts", "--outdated"), "How many days of paid annual leave are there?", "outdated: [1] annual-leave.md, revision 1, superseded on 2026-01-01")
	s.says(s.try("documents", "annual-leave.md", "--publish", "1"), "Revision 1 of annual-leave.md: in force.")
	s.says(s.try("documents", "annual-leave.md", "--withdraw", "1"), "Revision 1 of annual-leave.md: ")
	if e := s.try("ask", "How many days of paid annual leave are there?"); e.code != 0 || strings.Contains(e.stdout, "25 days") {
		s.Errorf("what was taken out must not be an answer, got %+v", e)
	}
}

func (s *service) tryVersionRefusals(t *testing.T) {
	s = s.in(t)
	s.refuses(s.try("review", "show", "4711"), "unknown_review")
	s.refuses(s.try("review", "decide", "4711", "reject"), "unknown_review")
	s.refuses(s.try("documents", "--diff", "1"), "missing_document")
	s.refuses(s.try("documents", "hr/vacation-policy", "--diff", "first"), "invalid_revision")
	s.refuses(s.try("documents", "hr/vacation-policy", "--diff", "1"), "first_revision")
	s.refuses(s.try("documents", "hr/vacation-policy", "--diff", "1..99"), "unknown_revision")
	s.refuses(s.try("documents", "hr/vacation-policy", "--publish", "99"), "unknown_revision")
	s.refuses(s.try("collections", "set", "nowhere", "--on-certain", "hold"), "unknown_collection")
	if e := s.try("collections", "set", "handbook", "--on-certain", "perhaps"); e.code != 1 || !strings.Contains(e.stderr, "(invalid_settings)") {
		t.Errorf("got %+v", e)
	}
	s.refuses(s.try("collections", "set", "handbook", "--keep-history-days", "soon"), "invalid_days")
	s.refuses(s.try("receipts"), "missing_answer")
	s.refuses(s.try("receipts", "seven"), "unknown_answer")
	s.refuses(s.try("receipts", "--outdated", "--days", "0"), "invalid_days")
	s.refuses(s.try("ask", vacationQuestion, "--known-at", "yesterday"), "invalid_date")
}
