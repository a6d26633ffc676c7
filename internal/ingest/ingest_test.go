package ingest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"clearwell/internal/access"
	"clearwell/internal/fault"
	"clearwell/internal/ingest"
	"clearwell/internal/library"
)

const (
	oldPolicy = "# Vacation\n\nEmployees get 20 vacation days.\n"
	newPolicy = "# Vacation\n\nEmployees get 25 vacation days.\n"
)

func TestUploadBecomesFindable(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.work(f.queue)
	rev := f.publish("policy", "policy.md", oldPolicy)
	if !rev.InForce || rev.Title != "Vacation" || rev.Chunks == 0 {
		t.Errorf("want it in force with its own title, got %+v", rev)
	}
	if !strings.Contains(f.found(), "20 vacation days") {
		t.Errorf("not found in %q", f.found())
	}
}

func TestSameFileAgainIsUnchangedAndEmbedsNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.work(f.queue)
	f.publish("policy", "policy.md", oldPolicy)
	before := len(f.embedder.Passages())
	if _, unchanged := f.accept("policy", "policy.md", oldPolicy); !unchanged {
		t.Error("the same bytes change nothing")
	}
	if n := len(f.embedder.Passages()) - before; n != 0 {
		t.Errorf("want no text embedded, got %d", n)
	}
}

func TestOneParagraphOf200EmbedsAtMostThreeTexts(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.work(f.queue)
	paragraphs := make([]string, 200)
	for i := range paragraphs {
		paragraphs[i] = fmt.Sprintf("Paragraph %d speaks of rule %d. ", i, i*7) + strings.Repeat("It says what employees may expect. ", 4)
	}
	f.publish("rules", "rules.txt", strings.Join(paragraphs, "\n\n"))
	before := len(f.embedder.Passages())
	paragraphs[99] = "This paragraph was rewritten from the first word to the last."
	f.publish("rules", "rules.txt", strings.Join(paragraphs, "\n\n"))
	if n := len(f.embedder.Passages()) - before; n < 1 || n > 3 {
		t.Errorf("want 1 to 3 texts embedded, got %d", n)
	}
	if !strings.Contains(f.found(), "rewritten from the first word") {
		t.Error("the edited paragraph is not found")
	}
}

func TestEmbedderTroubleKeepsTheOldRevisionAndLosesNoWork(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.work(f.queue)
	f.publish("policy", "policy.md", oldPolicy)
	f.embedder.Fail(fault.Newf(fault.Unavailable, "embedder_unavailable", "The embedding endpoint does not answer."))
	rev, _ := f.accept("policy", "policy.md", newPolicy)
	f.until(rev, "waiting with its reason", func(r library.Revision) bool { return r.ReasonCode == "embedder_unavailable" })
	if found := f.found(); !strings.Contains(found, "20 vacation days") || strings.Contains(found, "25 vacation days") {
		t.Errorf("the old revision goes on answering, found %q", found)
	}
	before := len(f.embedder.Passages())
	f.embedder.Fail(nil)
	rev = f.await(rev, library.Published)
	if rev.ReasonCode != "" || !rev.InForce {
		t.Errorf("after repair it is in force without a reason, got %+v", rev)
	}
	if n := len(f.embedder.Passages()) - before; n != 1 {
		t.Errorf("want the one missing text embedded once, got %d", n)
	}
}

func TestJobsOfADeadWorkerAreTakenUpAtStart(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	rev, _ := f.accept("policy", "policy.md", oldPolicy)
	_, err := f.pool.Exec(t.Context(), `
		update river_job set state = 'running', attempted_by = array['gone-1-abc'], attempted_at = now(), attempt = 1`)
	f.must(err)
	f.work(f.queue)
	f.await(rev, library.Published)
}

func TestJobsOfALivingWorkerAreLeftAlone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.work(f.queue)
	f.publish("policy", "policy.md", oldPolicy)
	second := f.newQueue()
	f.awaitCompleted() // the queue notes the end of a job a moment after it
	_, err := f.pool.Exec(t.Context(), `
		update river_job set state = 'running', finalized_at = null, attempted_by = attempted_by`)
	f.must(err)
	f.must(second.Upkeep(t.Context()))
	var running int
	f.must(f.pool.QueryRow(t.Context(), `select count(*) from river_job where state = 'running'`).Scan(&running))
	if running != 1 {
		t.Errorf("the job of a living worker stays running, got %d", running)
	}
}

func (f *fixture) awaitCompleted() {
	f.Helper()
	deadline := time.Now().Add(patience)
	for completed := 0; completed == 0; {
		f.must(f.pool.QueryRow(f.Context(), `select count(*) from river_job where state = 'completed'`).Scan(&completed))
		if time.Now().After(deadline) {
			f.Fatalf("the job is not completed after %s", patience)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestBadFilesFailWithAReasonAndTheRevisionInForceStays(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.work(f.queue)
	f.publish("policy", "policy.md", oldPolicy)
	noise := make([]byte, 4096)
	for i := range noise {
		noise[i] = byte(i*i*31 + i>>3)
	}
	cases := []struct {
		name, file, body, code string
	}{
		{"only white space", "policy.txt", " \n\t\n ", "no_text"},
		{"binary noise", "policy.bin", string(noise), "unsupported_media_type"},
		{"truncated docx", "policy.docx", "PK\x03\x04\x14\x00\x06\x00", "damaged_file"},
		{"truncated pdf", "policy.pdf", "%PDF-1.7\n1 0 obj\n<<", "damaged_file"},
		{"unclear date", "policy.md", "---\neffective_date: 03/04/2026\n---\n" + newPolicy, "unclear_date"},
	}
	for _, c := range cases {
		rev, _ := f.accept("policy", c.file, c.body)
		rev = f.await(rev, library.Failed, library.Held)
		if rev.ReasonCode != c.code || len(rev.ReasonMessage) < 20 {
			t.Errorf("%s: want %s with a sentence, got %s: %s", c.name, c.code, rev.ReasonCode, rev.ReasonMessage)
		}
		if !strings.Contains(f.found(), "20 vacation days") {
			t.Errorf("%s: the revision in force is gone", c.name)
		}
	}
}

func TestFrontMatterDatesArePlacedInTime(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.work(f.queue)
	f.publish("policy", "policy.md", "---\neffective_from: 2025-01-01\n---\n"+newPolicy)
	late := f.publish("policy", "policy.md", "---\neffective_from: 2024-01-01\n---\n"+oldPolicy)
	if late.InForce || late.EffectiveBy != library.FrontMatter || late.EffectiveFrom.Format(time.DateOnly) != "2024-01-01" {
		t.Errorf("an older date is filed into history, got %+v", late)
	}
	if !strings.Contains(f.found(), "25 vacation days") {
		t.Errorf("the newer one stays in force, found %q", f.found())
	}
}

func TestTheDoorRefuses(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	reader := access.Principal{ID: "key:1", Role: access.Reader}
	limited := access.Principal{ID: "key:2", Role: access.Editor, Collections: []string{"hr"}}
	system := access.System("test")
	cases := []struct {
		code string
		who  access.Principal
		up   ingest.Upload
	}{
		{"may_not_upload", reader, ingest.Upload{Name: "a.txt", Body: strings.NewReader("x")}},
		{"may_not_upload", limited, ingest.Upload{Name: "a.txt", Collection: "finance", Body: strings.NewReader("x")}},
		{"empty_file", system, ingest.Upload{Name: "a.txt", Body: strings.NewReader("")}},
		{"file_too_large", system, ingest.Upload{Name: "a.txt", Body: strings.NewReader(strings.Repeat("x", 1<<20+1))}},
		{"invalid_collection", system, ingest.Upload{Name: "a.txt", Collection: "No Such!", Body: strings.NewReader("x")}},
	}
	for _, c := range cases {
		_, _, err := f.intake.Accept(t.Context(), c.who, c.up)
		if fault.CodeOf(err) != c.code {
			t.Errorf("want %s, got %v", c.code, err)
		}
	}
}

func TestFileNamesCanNotSteerPaths(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for name, want := range map[string]string{
		"../../etc/passwd": "passwd", `C:\secret\plan.docx`: "plan.docx", "a\x00b\n.txt": "ab.txt", "..": "unnamed", "": "unnamed",
	} {
		rev, _ := f.accept("key of "+want+name[:0]+fmt.Sprint(len(name)), name, "text of "+want)
		if rev.FileName != want {
			t.Errorf("%q: want %q, got %q", name, want, rev.FileName)
		}
	}
}

func TestFileNameGivesATitleWhereTheTextHasNone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.work(f.queue)
	for name, want := range map[string]string{
		"travel_expenses-2026.txt": "Travel expenses 2026", "übersicht.txt": "Übersicht", "休暇.txt": "休暇", "._.txt": ".", "-_-.txt": "Untitled",
	} {
		if rev := f.publish(name, name, "The gate of "+want+" closes at nine."); rev.Title != want {
			t.Errorf("%q: want the title %q, got %q", name, want, rev.Title)
		}
	}
}

func TestRollBackAndWithdrawByPrincipals(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.work(f.queue)
	first := f.publish("policy", "policy.md", oldPolicy)
	f.publish("policy", "policy.md", newPolicy)
	before := f.embedder.Calls()
	back, err := f.intake.Publish(t.Context(), access.System("test"), first.DocumentID, 1)
	f.must(err)
	if !back.InForce || f.embedder.Calls() != before {
		t.Errorf("roll back puts revision 1 in force without embedding, got %+v", back)
	}
	if _, err := f.intake.Withdraw(t.Context(), access.Principal{ID: "key:1", Role: access.Reader}, first.DocumentID, 1); fault.CodeOf(err) != "may_not_change" {
		t.Errorf("a reader may not withdraw, got %v", err)
	}
	gone, err := f.intake.Withdraw(t.Context(), access.System("test"), first.DocumentID, 1)
	f.must(err)
	if gone.Status != library.Withdrawn || f.found() != "" {
		t.Errorf("after withdrawal nothing is in force, got %+v, found %q", gone, f.found())
	}
	f.must(f.intake.Delete(t.Context(), access.System("test"), first.DocumentID))
	if _, err := f.library.Document(t.Context(), first.DocumentID); fault.KindOf(err) != fault.NotFound || errors.Is(err, t.Context().Err()) {
		t.Errorf("a deleted document is not found, got %v", err)
	}
}
