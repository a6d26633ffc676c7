package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestScheduledRevisionTakesOverByTheClock publishes a revision that applies from tomorrow and a document that
// ends tomorrow, stops all workers, and moves the database's own clock over that moment: new answers at once,
// and none from what has ended, with no job and no event in between.
func TestScheduledRevisionTakesOverByTheClock(t *testing.T) {
	t.Parallel()
	clock := newMovedClock(t)
	r := wireOn(t, clock.pool)
	if err := r.queue.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := desk(t, r)
	tomorrow := clock.now().Add(24 * time.Hour).UTC().Truncate(time.Second)
	at := tomorrow.Format(time.RFC3339)
	s.published("vacation.md", "# Vacation\n\nEmployees get 20 vacation days a year.\n", "key", "vacation")
	s.published("vacation.md", "# Vacation\n\nEmployees get 25 vacation days a year.\n", "key", "vacation", "effective_from", at)
	s.published("parking.md", "# Parking\n\nThe parking permit costs 30 euros a month.\n", "key", "parking", "effective_until", at)
	if err := r.stopWork(context.Background()); err != nil {
		t.Fatal(err)
	}
	before := s.trace(r)

	const vacation, parking = "How many vacation days do employees get a year?", "What does the parking permit cost a month?"
	clock.move(time.Until(tomorrow.Add(-time.Minute)))
	s.expect("a minute before", vacation, "20 vacation days", "25 vacation days")
	s.expect("a minute before", parking, "30 euros", "")

	clock.move(time.Until(tomorrow))
	if now := clock.now(); now.Before(tomorrow) || now.After(tomorrow.Add(time.Minute)) {
		t.Fatalf("the database's clock shows %s, want %s", now, tomorrow)
	}
	s.expect("at the moment", vacation, "25 vacation days", "20 vacation days")
	s.expect("at the moment", parking, "", "30 euros")
	if ended := s.answer(parking).Ended; ended == nil || ended.Key != "parking" || ended.By != "expired" || !ended.At.Equal(tomorrow) {
		t.Errorf("want to be told that the permit's rules ended at %s, got %+v", tomorrow, ended)
	}

	clock.move(time.Until(tomorrow) - 2*time.Minute)
	s.expect("the clock set back", vacation, "20 vacation days", "25 vacation days")
	s.expect("the clock set back", parking, "30 euros", "")

	if after := s.trace(r); after != before {
		t.Errorf("something worked in between: %q before, %q after", before, after)
	}
}

// published uploads a file and waits until it is published.
func (s *service) published(name, body string, fields ...string) uploaded {
	s.Helper()
	status, up := s.upload(name, body, fields...)
	if status != http.StatusAccepted {
		s.Fatalf("upload of %s: %d %s", name, status, up.Detail)
	}
	if rev := s.awaitEnd(up); rev.Status != "published" {
		s.Fatalf("%s is %s: %+v", name, rev.Status, rev.Reason)
	}
	return up
}

// trace is all that work leaves behind: how many jobs there are and in which states, and the last event.
func (s *service) trace(r *rooms) (trace string) {
	s.Helper()
	err := r.pool.QueryRow(s.Context(), `
		select (select count(*) || ' jobs, ' || sum(attempt) || ' attempts, the last ended ' || max(finalized_at) || ' ' || string_agg(distinct state::text, ',')
				from river_job)
			|| '; ' || (select count(*) || ' events, the last ' || max(id) from events)`).Scan(&trace)
	if err != nil {
		s.Fatal(err)
	}
	return trace
}

type foundPassages struct {
	AsOf     time.Time `json:"as_of"`
	Passages []struct {
		Key        string     `json:"document_key"`
		Collection string     `json:"collection"`
		Revision   int        `json:"revision"`
		From       time.Time  `json:"effective_from"`
		Until      *time.Time `json:"effective_until"`
		Text       string     `json:"text"`
	} `json:"passages"`
}

type answerOverHTTP struct {
	Answer    string    `json:"answer"`
	Abstained bool      `json:"abstained"`
	AsOf      time.Time `json:"as_of"`
	Citations []struct {
		Key      string `json:"document_key"`
		Revision int    `json:"revision"`
		Quote    string `json:"quote"`
		Former   bool   `json:"former"` // cited for what it said before, and said to be so
	} `json:"citations"`
	Passages []struct {
		Key      string `json:"document_key"`
		Revision int    `json:"revision"`
	} `json:"passages"`
	Ended *struct {
		Key string    `json:"document_key"`
		At  time.Time `json:"at"`
		By  string    `json:"by"`
	} `json:"ended"`
}

func (s *service) search(query map[string]any) (out foundPassages) {
	s.Helper()
	s.post("/api/v1/search", query, &out)
	return out
}

func (s *service) answer(question string) (out answerOverHTTP) {
	s.Helper()
	s.post("/api/v1/ask", map[string]any{"question": question}, &out)
	return out
}

// post sends JSON and expects an answer.
func (s *service) post(path string, body, out any) {
	s.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		s.Fatal(err)
	}
	if status := s.call(http.MethodPost, path, "application/json", bytes.NewReader(text), out); status != http.StatusOK {
		s.Fatalf("%s of %s: status %d", path, text, status)
	}
}

// expect asks and searches: what is found and cited says wanted, and never stale. Nothing wanted means that
// the question has no answer.
func (s *service) expect(when, question, wanted, stale string) {
	s.Helper()
	var texts []string
	for _, p := range s.search(map[string]any{"query": question}).Passages {
		texts = append(texts, p.Text)
	}
	says := func(text string) bool { return wanted != "" && strings.Contains(text, wanted) }
	isStale := func(text string) bool { return stale != "" && strings.Contains(text, stale) }
	if slices.ContainsFunc(texts, isStale) || wanted != "" && !slices.ContainsFunc(texts, says) {
		s.Errorf("%s: %q finds %q, want %q", when, question, texts, wanted)
	}
	a := s.answer(question)
	if a.Abstained != (wanted == "") || wanted != "" && !strings.Contains(a.Answer, wanted) {
		s.Errorf("%s: %q is answered with %q (abstained: %v), want %q", when, question, a.Answer, a.Abstained, wanted)
	}
	for _, c := range a.Citations {
		if isStale(c.Quote) && !c.Former {
			s.Errorf("%s: %q cites %q", when, question, c.Quote)
		}
	}
}
