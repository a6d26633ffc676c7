package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/access"
	"clearwell/internal/journal"
	"clearwell/internal/library"
)

func TestReviewsAreSeenByWhoMayDecide(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rooms.reviews = heldReviews(d.rooms)
	d.run(t, []scenario{
		{name: "open ones", path: "/api/v1/reviews", as: "editor", status: 200, holds: []string{`"id":"31"`, `"next_cursor":null`}, check: lacks(`"id":"30"`)},
		{name: "all", path: "/api/v1/reviews?open=false", as: "editor", status: 200, holds: []string{`"id":"30"`, `"decision":"publish"`, `"target_document_id":"8"`}},
		{name: "of some collections", path: "/api/v1/reviews?open=false", as: "hr editor", status: 200, holds: []string{`"id":"31"`}, check: lacks(`"id":"30"`)},
		{name: "a page", path: "/api/v1/reviews?open=false&limit=1&cursor=40&collection=hr", as: "editor", status: 200, holds: []string{`"next_cursor":"31"`}},
		{name: "for a reader", path: "/api/v1/reviews", as: "reader", status: 200, holds: []string{`"reviews":[]`}},
		{name: "one", path: "/api/v1/reviews/31", as: "hr editor", status: 200, holds: []string{`"kind":"identity"`, `"reasons":["The titles agree."]`, `"decision":null`}},
		{name: "a wrong limit", path: "/api/v1/reviews?limit=0", as: "editor", status: 400, code: "invalid_limit"},
		{name: "a wrong cursor", path: "/api/v1/reviews?cursor=x", as: "editor", status: 400, code: "invalid_cursor"},
	})
	want := []library.ReviewFilter{
		{Open: true, Limit: 50}, {Limit: 50}, {Limit: 50, Collections: []string{"hr"}}, {Limit: 1, After: 40, Collection: "hr"},
	}
	if diff := cmp.Diff(want, d.rooms.asksReviews); diff != "" {
		t.Errorf("filters (-want +got):\n%s", diff)
	}
	var hidden []scenario
	for who, ids := range map[string][]string{"reader": {"31"}, "hr reader": {"31"}, "hr editor": {"30", "99", "x", "-1", "99999999999999999999"}} {
		for _, id := range ids {
			for _, call := range [][2]string{{"GET", ""}, {"GET", "/diff"}, {"POST", ""}} {
				hidden = append(hidden, scenario{
					name: who + call[0] + call[1] + id, method: call[0], path: "/api/v1/reviews/" + id + call[1], as: who,
					body: text(`{"decision":"reject"}`), status: 404, code: "unknown_review",
					holds: []string{"There is no such review, or it is not yours to see."},
				})
			}
		}
	}
	d.run(t, hidden)
	if len(d.rooms.settlements) != 0 {
		t.Errorf("a review that can't be seen was decided: %+v", d.rooms.settlements)
	}
}

func TestDecisionsAboutReviewsReachTheIntake(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rooms.reviews = heldReviews(d.rooms)
	decide := func(name, body string, status int, code string) scenario {
		return scenario{name: name, method: "POST", path: "/api/v1/reviews/31", as: "hr editor", body: text(body), status: status, code: code}
	}
	d.run(t, []scenario{
		decide("replaces", `{"decision":"replaces","document_id":"7"}`, 200, ""),
		decide("replaces what was moved", `{"decision":"replaces","document_id":"12"}`, 200, ""),
		decide("publish", `{"decision":"publish","effective_from":"2026-03-03","effective_until":"2026-04-01"}`, 200, ""),
		decide("another's document", `{"decision":"replaces","document_id":"8"}`, 404, "unknown_document"),
		decide("a wrong date", `{"decision":"publish","effective_from":"0226-01-01"}`, 400, "invalid_date"),
		decide("another wrong date", `{"decision":"publish","effective_until":"soon"}`, 400, "invalid_date"),
		decide("until before from", `{"decision":"publish","effective_from":"2026-03-03","effective_until":"2026-03-02"}`, 400, "invalid_dates"),
		decide("a misspelt field", `{"decision":"replaces","document":"7"}`, 400, "unknown_field"),
		decide("no decision", `{"document_id":"7"}`, 400, "missing_field"),
	})
	want := []library.Settlement{
		{Decision: library.Replaces, DocumentID: 7}, {Decision: library.Replaces, DocumentID: 7},
		{Decision: library.PublishIt, EffectiveFrom: &march, EffectiveUntil: &april},
	}
	if diff := cmp.Diff(want, d.rooms.settlements); diff != "" {
		t.Errorf("settlements (-want +got):\n%s", diff)
	}
}

func TestADiffShowsWhatTheCallerMayOpen(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rooms.reviews = heldReviews(d.rooms)
	const want = `{"document_id":"7","to_document_id":"7","from":2,"to":3,"from_effective_from":"2026-03-03T00:00:00Z",
		"from_effective_until":null,"to_effective_from":"2026-03-03T00:00:00Z","to_effective_until":null,"similarity":0.75,"unchanged":4,
		"changes":[{"op":"changed","moved":false,"old":{"text":"20 days","headings":["Leave"],"page":2,"start":5,"end":12},
			"new":{"text":"25 days","headings":[],"page":null,"start":6,"end":13},
			"words":[{"op":"removed","text":"20"},{"op":"added","text":"25"},{"op":"same","text":" days"}]},
			{"op":"moved","moved":true,"old":{"text":"a","headings":[],"page":null,"start":0,"end":0},
			"new":{"text":"a","headings":[],"page":null,"start":0,"end":0},"words":[]}]}`
	whole := func(t *testing.T, _ *http.Response, body string) {
		if diff := cmp.Diff(decode(t, want), decode(t, body)); diff != "" {
			t.Errorf("diff (-want +got):\n%s", diff)
		}
	}
	d.run(t, []scenario{
		{name: "against the one before", path: "/api/v1/documents/7/revisions/3/diff", as: "editor", status: 200, check: whole},
		{name: "against one", path: "/api/v1/documents/7/revisions/3/diff?against=2", as: "editor", status: 200, check: whole},
		{name: "where it was first filed", path: "/api/v1/documents/12/revisions/3/diff", as: "editor", status: 200, check: whole},
		{name: "of what was held", path: "/api/v1/documents/7/revisions/3/diff", as: "reader", status: 403, code: "not_published"},
		{name: "against what was held", path: "/api/v1/documents/7/revisions/2/diff?against=3", as: "reader", status: 403, code: "not_published"},
		{name: "unknown", path: "/api/v1/documents/7/revisions/2/diff?against=9", as: "reader", status: 404, code: "unknown_revision"},
		{name: "zero", path: "/api/v1/documents/7/revisions/2/diff?against=0", as: "reader", status: 404, code: "unknown_revision"},
		{name: "a review's", path: "/api/v1/reviews/31/diff", as: "hr editor", status: 200, check: whole},
		{name: "a review's, against one", path: "/api/v1/reviews/31/diff?against=7", as: "hr editor", status: 200, check: whole},
		{name: "a review's, against another's", path: "/api/v1/reviews/31/diff?against=8", as: "hr editor", status: 404, code: "unknown_document"},
	})
	d.rooms.revs[1].Number = 1
	d.run(t, []scenario{{name: "the first", path: "/api/v1/documents/7/revisions/1/diff", as: "reader", status: 409, code: "first_revision"}})
}

func TestAdminsSayHowACollectionTreatsWhatArrives(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const body = `{"on_certain":"hold","on_uncertain":"publish_as_new","locale":"en-GB","keep_history_days":30}`
	put := func(name, collection, as, body string, status int, code string) scenario {
		return scenario{name: name, method: "PUT", path: "/api/v1/collections/" + collection, as: as, body: text(body), status: status, code: code}
	}
	changed := put("an admin", "hr", "hr admin", body, 200, "")
	changed.holds = []string{`"keep_history_days":30`, `"locale":"en-GB"`, `"name":"hr"`}
	d.run(t, []scenario{
		changed,
		put("an editor", "hr", "editor", body, 403, "may_not_configure"),
		put("an admin of others", "legal", "hr admin", body, 403, "may_not_configure"),
		put("a misspelt field", "hr", "admin", `{"on_sure":"hold"}`, 400, "unknown_field"),
		put("a wrong type", "hr", "admin", `{"keep_history_days":"30"}`, 400, "invalid_field"),
		put("only one of them", "hr", "admin", `{"on_certain":"hold"}`, 400, "missing_field"),
		put("no word on history", "hr", "admin", `{"on_certain":"hold","on_uncertain":"publish_as_new","locale":"en-GB"}`, 400, "missing_field"),
		put("a locale of null", "legal", "admin", `{"on_certain":"hold","on_uncertain":"publish_as_new","locale":null,"keep_history_days":null}`, 400, "missing_field"),
		put("history for good", "sales", "admin", `{"on_certain":"hold","on_uncertain":"publish_as_new","locale":"","keep_history_days":null}`, 200, ""),
		{name: "listed for admins", path: "/api/v1/collections", as: "admin", status: 200, holds: []string{
			`"settings":{"keep_history_days":30,"locale":"en-GB","on_certain":"hold","on_uncertain":"publish_as_new"}`,
			`"settings":{"keep_history_days":null,"locale":"","on_certain":"supersede","on_uncertain":"hold"}`,
		}},
		{name: "hidden from readers", path: "/api/v1/collections", as: "reader", status: 200, check: lacks("on_certain")},
	})
}

func TestReceiptsAreForWhoAskedAndForAdmins(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	reader, err := d.access.ByKey(t.Context(), d.keys["reader"])
	if err != nil {
		t.Fatal(err)
	}
	d.rooms.receipts = []journal.Receipt{
		receipt(reader, "0b9f2f0e-6a52-4a6e-9d3c-1d7a3f3d0c11", time.Now()),
		receipt(reader, "0b9f2f0e-6a52-4a6e-9d3c-1d7a3f3d0c12", time.Now().AddDate(0, 0, -40)),
	}
	one := "/api/v1/receipts/0b9f2f0e-6a52-4a6e-9d3c-1d7a3f3d0c11"
	whole := []string{
		`"prompt_sha256":"0a0b"`, `"asked_as_of":"2026-03-03T00:00:00Z"`, `"asked_known_at":null`, `"former":true`,
		`"outdated":[{"document_id":"7","ended_at":"2026-04-01T00:00:00Z","ended_by":"superseded","n":1,"revision":2}]`,
	}
	hidden := []string{"There is no receipt of such an answer, or it is not yours to see."}
	d.run(t, []scenario{
		{name: "who asked", path: one, as: "reader", status: 200, holds: whole},
		{name: "an admin", path: one, as: "admin", status: 200, holds: whole},
		{name: "an admin of some", path: one, as: "hr admin", status: 404, code: "unknown_answer", holds: hidden},
		{name: "another", path: one, as: "editor", status: 404, code: "unknown_answer", holds: hidden},
		{name: "none", path: "/api/v1/receipts/x", as: "admin", status: 404, code: "unknown_answer", holds: hidden},
		{name: "the last days", path: "/api/v1/receipts", as: "admin", status: 200, holds: []string{"3d0c11"}, check: lacks("3d0c12")},
		{name: "more days", path: "/api/v1/receipts?outdated=true&days=50", as: "admin", status: 200, holds: []string{"3d0c11", "3d0c12"}},
		{name: "fewer", path: "/api/v1/receipts?days=50&limit=1", as: "admin", status: 200, check: lacks("3d0c12")},
		{name: "for an editor", path: "/api/v1/receipts", as: "editor", status: 403, code: "may_not_list_receipts"},
		{name: "for an admin of some", path: "/api/v1/receipts", as: "hr admin", status: 403, code: "may_not_list_receipts"},
		{name: "others than outdated", path: "/api/v1/receipts?outdated=false", as: "admin", status: 400, code: "only_outdated"},
		{name: "wrong days", path: "/api/v1/receipts?days=0", as: "admin", status: 400, code: "invalid_days"},
		{name: "wrong limit", path: "/api/v1/receipts?limit=1001", as: "admin", status: 400, code: "invalid_limit"},
	})
}

func receipt(who access.Principal, id string, at time.Time) journal.Receipt {
	return journal.Receipt{
		AnswerID: id, Actor: who.ID, At: at, Question: "How many?", Answer: "25 [1].", AsOf: march, AskedAsOf: &march, Model: "extractive",
		PromptSHA256: []byte{10, 11}, Passages: []journal.ReceiptPassage{{DocumentID: 7, Revision: 2, Score: 1}},
		Citations: []journal.ReceiptCitation{{N: 1, DocumentID: 7, Revision: 2, Quote: "25", IsFormer: true}},
		Outdated:  []journal.OutdatedCitation{{N: 1, DocumentID: 7, Revision: 2, EndedBy: "superseded", EndedAt: &april}},
	}
}
