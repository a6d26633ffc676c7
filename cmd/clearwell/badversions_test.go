package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestImpossibleVersionsAreRefusedAndChangeNothing sends dates and relations that can't be to a running service.
func TestImpossibleVersionsAreRefusedAndChangeNothing(t *testing.T) {
	t.Parallel()
	s := newService(t)
	publish := func(body string, fields ...string) uploaded {
		_, up := s.upload("policy.md", body, fields...)
		if rev := s.awaitEnd(up); rev.Status != published {
			t.Fatalf("not published: %+v", rev)
		}
		return up
	}
	publish(policyText, "key", "policy")
	publish("# Meals\n\nMeals are paid up to 30 euros.\n", "key", "meals", "effective_from", "2024-01-01")
	publish("# Travel\n\nMeals on travel are paid up to 40 euros.\n", "key", "travel", "effective_from", "2025-01-01", "supersedes", "meals")
	publish("# Sales\n\nSales has its own rules.\n", "key", "far", "collection", "sales")
	gone := publish("# Gone\n\nThis one is erased.\n", "key", "gone")
	if status := s.call(http.MethodDelete, "/api/v1/documents/"+gone.DocumentID, "", nil, nil); status != http.StatusNoContent {
		t.Fatalf("erase: status %d", status)
	}
	for _, c := range []struct {
		why, code string
		fields    []string
	}{
		{"an end before the beginning", "invalid_dates", []string{"key", "x", "effective_from", "2026-02-01", "effective_until", "2026-01-01"}},
		{"the year 0226", "invalid_date", []string{"key", "x", "effective_from", "0226-01-01"}},
		{"supersedes what is not there", "unknown_superseded", []string{"key", "x", "supersedes", "nothing"}},
		{"supersedes what others read", "unknown_superseded", []string{"key", "x", "supersedes", "far"}},
		{"supersedes what was erased", "unknown_superseded", []string{"key", "x", "supersedes", "gone"}},
		{"supersedes an erased document's id", "unknown_superseded", []string{"supersedes", gone.DocumentID}},
		{"supersedes itself", "supersession_cycle", []string{"key", "travel", "supersedes", "travel"}},
		{"a cycle", "supersession_cycle", []string{"key", "meals", "supersedes", "travel"}},
		{"amends what is not there", "unknown_amended", []string{"key", "x", "amends", "nothing"}},
	} {
		before := s.standings()
		status, up := s.send("x.md", strings.NewReader("# New\n\n"+c.why+".\n"), c.fields...)
		if status != http.StatusBadRequest || up.Code != c.code {
			t.Errorf("%s: want 400 %s, got %d %s", c.why, c.code, status, up.Code)
		}
		checkSentence(t, up.Detail)
		if after := s.standings(); after != before {
			t.Errorf("%s: something changed: %s, then %s", c.why, before, after)
		}
		s.checkStillAnswering()
	}
	for _, c := range []struct{ why, body, code string }{
		{"an end before the beginning", "---\neffective_from: 2026-02-01\neffective_until: 2026-01-01\n---\n" + policyText, "invalid_dates"},
		{"the year 0226", "---\neffective_date: 0226-01-01\n---\n" + policyText, "unclear_date"},
		{"supersedes nothing", "---\nsupersedes: travel-2019\n---\n" + policyText, "unknown_superseded"},
	} {
		_, up := s.upload("policy.md", strings.Replace(c.body, "20 vacation", "99 vacation", 1), "key", "policy")
		code, sentence := s.awaitFailure(up)
		if code != c.code {
			t.Errorf("%s in the document: want %s, got %s", c.why, c.code, code)
		}
		checkSentence(t, sentence)
		s.checkStillAnswering()
	}
}

// standings counts what a refused upload might have left behind.
func (s *service) standings() string {
	s.Helper()
	return fmt.Sprint(s.query(`select count(*) from documents`), s.query(`select count(*) from revisions`),
		s.query(`select count(*) from publications`), s.query(`select count(*) from supersessions`), s.query(`select count(*) from originals`))
}
