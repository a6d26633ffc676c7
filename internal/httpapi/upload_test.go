package httpapi_test

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/httpapi"
	"clearwell/internal/ingest"
	"clearwell/internal/library"
)

func uploads(name, as string, status int, code string, parts ...part) scenario {
	body, header := multipartForm(parts...)
	return scenario{name: name, method: "POST", path: "/api/v1/documents", as: as, header: header, body: body, status: status, code: code}
}

var theFile = part{"file", "policy.md", "# Policy"}

func TestAnUploadReachesTheIntakeWhateverTheOrderOfItsParts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	fields := []part{
		{"collection", "", "hr"}, {"key", "", "vacation"}, {"title", "", " Vacation\x00 "}, {"source", "", "https://example.org/v"},
		{"path", "", "hr/policy.md"}, {"supersedes", "", "old, 12"}, {"amends", "", "handbook"},
		{"effective_from", "", "2026-03-03"}, {"effective_until", "", "2026-04-01T02:00:00+02:00"},
	}
	before := uploads("fields before the file", "editor", 202, "", append(fields[:len(fields):len(fields)], theFile)...)
	after := uploads("fields behind the file", "editor", 202, "", append([]part{theFile}, fields...)...)
	before.holds = []string{`{"document_id":"7","revision":4,"status":"queued","status_url":"/api/v1/documents/7/revisions/4"}`}
	d.run(t, []scenario{before, after})
	want := upload{ingest.Upload{
		Collection: "hr", Key: "vacation", Title: "Vacation", Name: "policy.md", MediaType: "application/octet-stream",
		Source: "https://example.org/v", Path: "hr/policy.md", Supersedes: "old, 12", Amends: "handbook",
		EffectiveFrom: march, EffectiveUntil: april,
	}, "# Policy"}
	if diff := cmp.Diff([]upload{want, want}, d.rooms.uploads); diff != "" {
		t.Errorf("uploads (-want +got):\n%s", diff)
	}
}

func TestAnUnchangedFileIs200(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rooms.accept = func(ingest.Upload) (library.Revision, bool, error) {
		return library.Revision{DocumentID: 7, Number: 2, Status: library.Published}, true, nil
	}
	sc := uploads("the file alone", "editor", 200, "", theFile)
	sc.holds = []string{`"status":"published"`}
	d.run(t, []scenario{sc})
}

func TestBadUploadsAreRefusedWithASentence(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	d := newDesk(t, func(c *httpapi.Config) { c.MaxUploadBytes = limit })
	broken := uploads("cut off", "editor", 400, "malformed_multipart", part{"file", "a.md", strings.Repeat("x", 4000)})
	broken.body = io.LimitReader(broken.body, 2000)
	noBoundary := uploads("no boundary", "editor", 400, "malformed_body", theFile)
	noBoundary.header = map[string]string{"Content-Type": "multipart/form-data"}
	asJSON := scenario{
		name: "JSON", method: "POST", path: "/api/v1/documents", as: "editor", body: text(`{}`),
		header: map[string]string{"Content-Type": "application/json"}, status: 415, code: "not_multipart",
	}
	tooLarge := part{"file", "a.md", strings.Repeat("x", limit+1)}
	announced := uploads("far too large", "editor", 413, "file_too_large", part{"file", "a.md", strings.Repeat("x", 8*limit)})
	streamed := uploads("far too large, length unknown", "editor", 413, "file_too_large", part{"file", "a.md", strings.Repeat("x", 8*limit)})
	streamed.body = io.MultiReader(streamed.body) // hides the length from the client
	d.run(t, []scenario{
		uploads("no file", "editor", 400, "missing_file", part{"key", "", "a"}),
		uploads("two files", "editor", 400, "several_files", theFile, theFile),
		uploads("an unknown field", "editor", 400, "unknown_field", theFile, part{"efective_from", "", "2026-01-01"}),
		uploads("a wrong date", "editor", 400, "invalid_date", theFile, part{"effective_from", "", "1.3.2026"}),
		uploads("until before from", "editor", 400, "invalid_dates", theFile,
			part{"effective_from", "", "2026-03-03"}, part{"effective_until", "", "2026-03-02"}),
		uploads("an empty time", "editor", 400, "invalid_dates", theFile,
			part{"effective_from", "", "2026-03-03"}, part{"effective_until", "", "2026-03-03T00:00:00Z"}),
		uploads("a huge field", "editor", 413, "field_too_large", theFile, part{"title", "", strings.Repeat("x", 9000)}),
		uploads("many parts", "editor", 400, "too_many_fields", slices.Repeat([]part{{"key", "", "a"}}, 40)...),
		uploads("one byte too large", "editor", 413, "file_too_large", tooLarge),
		announced, streamed, broken, noBoundary, asJSON,
		uploads("a reader", "reader", 403, "may_not_upload", theFile),
		uploads("no key", "", 401, "missing_key", theFile),
	})
	if len(d.rooms.uploads) != 0 {
		t.Errorf("a bad upload reached the intake: %+v", d.rooms.uploads)
	}
	d.run(t, []scenario{uploads("as large as may be", "editor", 202, "", part{"file", "a.md", strings.Repeat("x", limit)})})
}

func TestPathsAreTakenOutOfFileNames(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.run(t, []scenario{
		uploads("up", "editor", 202, "", part{"file", "../../etc/passwd", "x"}),
		uploads("absolute", "editor", 202, "", part{"file", "/etc/shadow", "x"}),
	})
	var names []string
	for _, up := range d.rooms.uploads {
		names = append(names, up.Name)
	}
	if diff := cmp.Diff([]string{"passwd", "shadow"}, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

func TestTooManyUploadsAtOnceAreBusy(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *httpapi.Config) { c.MaxUploads = 1 })
	inside, goOn := make(chan struct{}), make(chan struct{})
	d.rooms.accept = func(ingest.Upload) (library.Revision, bool, error) {
		close(inside)
		<-goOn
		return library.Revision{}, true, nil
	}
	first := make(chan int)
	go func() {
		res, _ := d.send(t, uploads("", "editor", 0, "", theFile))
		first <- res.StatusCode
	}()
	<-inside
	d.run(t, []scenario{uploads("second", "editor", 429, "busy", theFile)})
	close(goOn)
	if status := <-first; status != 200 {
		t.Errorf("the first upload got %d", status)
	}
}

func TestBinaryBytesArriveAsTheyAre(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	noise := make([]byte, 70_000)
	for i := range noise {
		noise[i] = byte(i * 31)
	}
	d.run(t, []scenario{uploads("noise", "editor", 202, "", part{"file", "noise.bin", string(noise)})})
	if !bytes.Equal([]byte(d.rooms.uploads[0].Bytes), noise) {
		t.Error("the bytes changed on their way")
	}
}
