package httpapi_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/library"
)

func TestAListingHoldsWhatTheCallerMayRead(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.run(t, []scenario{
		{name: "all", path: "/api/v1/documents", as: "reader", status: 200, holds: []string{`"id":"7"`, `"id":"8"`, `"next_cursor":null`}},
		{name: "hr", path: "/api/v1/documents", as: "hr reader", status: 200, holds: []string{`"id":"7"`}, check: lacks(`"id":"8"`)},
		{name: "a page", path: "/api/v1/documents?limit=1&cursor=9", as: "reader", status: 200, holds: []string{`"next_cursor":"7"`}},
		{
			name: "filters", as: "hr reader", status: 200, holds: []string{`"documents":[]`},
			path: "/api/v1/documents?collection=x&status=held&text=vac%00%ff&key=k&limit=200",
		},
		{name: "collections", path: "/api/v1/collections", as: "hr editor", status: 200, holds: []string{`[{"may_write":true,"name":"hr","settings":null}]`}},
		{name: "a wrong limit", path: "/api/v1/documents?limit=0", as: "reader", status: 400, code: "invalid_limit"},
		{name: "no number", path: "/api/v1/documents?limit=ten", as: "reader", status: 400, code: "invalid_parameter"},
		{name: "a wrong status", path: "/api/v1/documents?status=gone", as: "reader", status: 400, code: "invalid_status"},
		{name: "a wrong cursor", path: "/api/v1/documents?cursor=x", as: "reader", status: 400, code: "invalid_cursor"},
		{name: "no key", path: "/api/v1/documents", status: 401, code: "missing_key"},
	})
	want := []library.ListFilter{
		{Limit: 50}, {Limit: 50, Collections: []string{"hr"}}, {Limit: 1, After: 9},
		{Limit: 200, Collections: []string{"hr"}, Collection: "x", Status: "held", Text: "vac\uFFFD", Key: "k"},
	}
	if diff := cmp.Diff(want, d.rooms.filters); diff != "" {
		t.Errorf("filters (-want +got):\n%s", diff)
	}
}

// lacks returns a check that none of the pieces is in the body.
func lacks(pieces ...string) func(*testing.T, *http.Response, string) {
	return func(t *testing.T, _ *http.Response, body string) {
		for _, piece := range pieces {
			if strings.Contains(body, piece) {
				t.Errorf("the body holds %q: %s", piece, body)
			}
		}
	}
}

func TestDocumentsAndRevisionsAreShownInTheContractsShape(t *testing.T) {
	t.Parallel()
	const held = `{"document_id":"7","document_key":"vacation.md","collection":"hr","revision":3,"title":"Vacation",
		"file_name":"Urlaub ä.md","media_type":"text/markdown","size":8,
		"sha256":"0000000000000000000000000000000000000000000000000000000000000000","source":"","created_by":"",
		"received_at":"2026-03-03T00:00:00Z","status":"held","stage":"","reason":{"code":"personal_data","message":"Take the names out."},
		"in_force":false,"superseded":false,"scheduled":false,"effective_from":"2026-03-03T00:00:00Z","effective_until":null,
		"effective_source":"explicit","effective_quote":"Effective 3 March 2026","version_label":"3.1","identified_by":"likeness",
		"identity":{"because":"Title and text agree.","candidates":[{"document_id":"7","document_key":"vacation.md","title":"Vacation",
			"revision":2,"score":0.9,"text":0.8,"headings":0.5,"same_title":true,"same_name":false,"same_folder":true,"reasons":["The titles agree."]}]},
		"duplicate_of":{"document_id":"7","revision":2},"history_dropped":false,"published_at":null,"chunks":3}`
	d := newDesk(t)
	rev := &d.rooms.revs[0]
	rev.EffectiveQuote, rev.VersionLabel, rev.IdentifiedBy = "Effective 3 March 2026", "3.1", library.ByLikeness
	rev.DuplicateOf = &library.RevisionRef{DocumentID: 7, Number: 2}
	evidence, err := json.Marshal(map[string]any{"because": "Title and text agree.", "candidates": []library.Candidate{candidate()}})
	if err != nil {
		t.Fatal(err)
	}
	rev.Identity = evidence
	d.run(t, []scenario{
		{
			name: "revision", path: "/api/v1/documents/7/revisions/3", as: "reader", status: 200,
			check: func(t *testing.T, _ *http.Response, body string) {
				if diff := cmp.Diff(decode(t, held), decode(t, body)); diff != "" {
					t.Errorf("revision (-want +got):\n%s", diff)
				}
			},
		},
		{
			name: "document", path: "/api/v1/documents/7", as: "reader", status: 200,
			holds: []string{`"current":{`, `"latest":{`, `"revisions":3`, `"title":"Vacation"`},
		},
		{name: "history", path: "/api/v1/documents/7/revisions", as: "reader", status: 200, holds: []string{`"revision":3`, `"revision":2`}},
	})
}

func TestWhatMayNotBeKnownLooksLikeWhatIsNotThere(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var scenarios []scenario
	for _, path := range []string{
		"", "/revisions", "/revisions/2", "/revisions/99", "/revisions/2/content", "/revisions/2/text", "/revisions/2/diff",
		"POST /revisions/2/publish", "POST /revisions/2/withdraw", "DELETE ",
	} {
		method, rest, found := strings.Cut(path, " ")
		if !found {
			method, rest = "GET", path
		}
		for _, id := range []string{"8", "12345", "x", "-1", "99999999999999999999"} {
			scenarios = append(scenarios, scenario{
				name: path + " of " + id, method: method, path: "/api/v1/documents/" + id + rest, as: "hr editor",
				status: 404, code: "unknown_document", holds: []string{"There is no such document, or it is not yours to see."},
			})
		}
	}
	d.run(t, scenarios)
	if slices.Contains(d.rooms.decisions, "publish") || slices.Contains(d.rooms.decisions, "withdraw") || slices.Contains(d.rooms.decisions, "delete") {
		t.Errorf("something was done to a document that can't be seen: %v", d.rooms.decisions)
	}
}

func TestRevisionNumbersThatAreNone(t *testing.T) {
	t.Parallel()
	newDesk(t).run(t, []scenario{
		{name: "unknown", path: "/api/v1/documents/7/revisions/9", as: "reader", status: 404, code: "unknown_revision"},
		{name: "zero", path: "/api/v1/documents/7/revisions/0", as: "reader", status: 404, code: "unknown_revision"},
		{name: "huge", path: "/api/v1/documents/7/revisions/4294967298", as: "reader", status: 404, code: "unknown_revision"},
		{name: "a word", path: "/api/v1/documents/7/revisions/two", as: "reader", status: 400, code: "invalid_parameter"},
	})
}

func TestAFileIsFoundWhereItWasFirstFiled(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.run(t, []scenario{
		{name: "document", path: "/api/v1/documents/12", as: "hr reader", status: 200, holds: []string{`"id":"7"`}},
		{name: "revision", path: "/api/v1/documents/12/revisions/2", as: "hr reader", status: 200, holds: []string{`"document_id":"7"`, `"revision":2`}},
		{name: "publish", method: "POST", path: "/api/v1/documents/12/revisions/2/publish", as: "editor", status: 200, holds: []string{`"document_id":"7"`}},
		{name: "delete", method: "DELETE", path: "/api/v1/documents/12", as: "editor", status: 409, code: "document_moved"},
	})
	d.rooms.moved[13] = 8
	d.run(t, []scenario{
		{name: "where others read", path: "/api/v1/documents/13", as: "hr reader", status: 404, code: "unknown_document"},
		{name: "its revision", path: "/api/v1/documents/13/revisions/2", as: "hr reader", status: 404, code: "unknown_document"},
	})
}

func TestOriginalsAreDownloadsAndTextsArePlain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.run(t, []scenario{
		{
			name: "content", path: "/api/v1/documents/7/revisions/2/content", as: "reader", status: 200, holds: []string{"# 25 day"},
			check: func(t *testing.T, res *http.Response, _ string) {
				want := map[string]string{
					"Content-Type": "text/markdown", "Content-Length": "8", "X-Content-Type-Options": "nosniff",
					"Content-Disposition": "attachment; filename*=utf-8''Urlaub%20%C3%A4.md",
				}
				checkHeaders(t, res, want)
			},
		},
		{
			name: "text", path: "/api/v1/documents/7/revisions/2/text", as: "reader", status: 200, holds: []string{"Everyone has 25 days."},
			check: func(t *testing.T, res *http.Response, _ string) {
				checkHeaders(t, res, map[string]string{"Content-Type": "text/plain; charset=utf-8"})
			},
		},
		{name: "what was held, for a reader", path: "/api/v1/documents/7/revisions/3/text", as: "reader", status: 403, code: "not_published"},
		{name: "its bytes, for a reader", path: "/api/v1/documents/7/revisions/3/content", as: "reader", status: 403, code: "not_published"},
		{name: "its bytes, for an editor", path: "/api/v1/documents/7/revisions/3/content", as: "editor", status: 200},
	})
	d.rooms.text = ""
	d.run(t, []scenario{{name: "no text yet", path: "/api/v1/documents/7/revisions/2/text", as: "reader", status: 409, code: "no_text"}})
}

func checkHeaders(t *testing.T, res *http.Response, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if got := res.Header.Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
}

func TestATornDownloadDoesNotLookWhole(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rooms.original = "# 25" // fewer bytes than the revision has
	req, err := http.NewRequestWithContext(t.Context(), "GET", d.url+"/api/v1/documents/7/revisions/2/content", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+d.keys["reader"])
	res, err := d.client.Do(req)
	if err == nil {
		defer res.Body.Close()
		_, err = res.Body.Read(make([]byte, 8))
		for err == nil {
			_, err = res.Body.Read(make([]byte, 8))
		}
	}
	if err == nil || err.Error() == "EOF" {
		t.Errorf("the client took a part for the whole: %v", err)
	}
}

func TestDecisionsReachTheIntake(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.run(t, []scenario{
		{name: "publish", method: "POST", path: "/api/v1/documents/7/revisions/2/publish", as: "editor", status: 200, holds: []string{`"revision":2`}},
		{name: "withdraw", method: "POST", path: "/api/v1/documents/7/revisions/2/withdraw", as: "editor", status: 200, holds: []string{`"revision":2`}},
		{name: "delete", method: "DELETE", path: "/api/v1/documents/7", as: "editor", status: 204},
	})
	if diff := cmp.Diff([]string{"look", "publish", "look", "withdraw", "delete"}, d.rooms.decisions); diff != "" {
		t.Errorf("decisions (-want +got):\n%s", diff)
	}
	d.rooms.failure = errors.New("boom")
	d.run(t, []scenario{{name: "failing", method: "DELETE", path: "/api/v1/documents/7", as: "editor", status: 500, code: "internal"}})
}
