package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/library/librarytest"
	"clearwell/internal/postgres/pgtest"
)

// answeredHistories is how many random histories TestAnswersAgreeWithOracle asks about: a tenth of
// CLEARWELL_HISTORIES, or else 200.
func answeredHistories() int {
	if n, err := strconv.Atoi(os.Getenv("CLEARWELL_HISTORIES")); err == nil && n > 2000 {
		return n / 10
	}
	return 200
}

// historian asks over HTTP about documents whose histories were written at random, each in a collection of its
// own, and compares what it gets with what the rules say.
type historian struct {
	*service
	random                               *rand.Rand
	questions, answered, abstained, seen int
}

// TestAnswersAgreeWithOracle holds every endpoint that answers with text to the rules: searches, answers,
// and the list of documents with what is current.
func TestAnswersAgreeWithOracle(t *testing.T) {
	t.Parallel()
	r := wireOn(t, pgtest.New(t))
	h := &historian{service: desk(t, r), random: rand.New(rand.NewPCG(5, 6))}
	writer := &librarytest.Writer{Pool: r.pool, Store: r.library, Random: h.random,
		Embed: func(text string) []float32 { return inferencetest.Vector(text, r.embedder.Model().Dimension) },
		Text: func(h *librarytest.History, number int) string {
			return fmt.Sprintf("The parking permit costs %d euros a month.", 1000+number)
		}}
	all := make([]*librarytest.History, answeredHistories())
	for i := range all {
		all[i] = &librarytest.History{Collection: fmt.Sprintf("shelf-%d", i), Key: "permit"}
	}
	for range 6 {
		if err := writer.Turn(t.Context(), all); err != nil {
			t.Fatal(err)
		}
	}
	for _, history := range all {
		h.check(history, time.Time{}, time.Time{})
		h.checkList(history)
		h.check(history, h.moment(history), time.Time{})
		h.check(history, h.moment(history), h.moment(history))
		h.check(history, time.Time{}, h.moment(history))
		if t.Failed() {
			return
		}
	}
	t.Logf("%d histories, %d searches and as many questions: %d answered, %d abstained; %d citations and passages compared",
		len(all), h.questions, h.answered, h.abstained, h.seen)
}

// moment is one at which something changes in the history, the last instant before it, or any other.
func (h *historian) moment(history *librarytest.History) time.Time {
	f := history.Facts[h.random.IntN(len(history.Facts))]
	m := []time.Time{f.From, f.Until, f.Recorded}[h.random.IntN(3)]
	if m.IsZero() {
		m = f.Recorded
	}
	switch h.random.IntN(3) {
	case 0:
		return m
	case 1:
		return m.Add(-time.Microsecond)
	}
	return m.Add(time.Duration(h.random.Int64N(int64(40 * 24 * time.Hour)))).Truncate(time.Microsecond)
}

// check searches and asks at a moment, as known at another; zero times are now.
func (h *historian) check(history *librarytest.History, asOf, knownAt time.Time) {
	h.Helper()
	const question = "What does the parking permit cost a month?"
	body := map[string]any{"collections": []string{history.Collection}}
	if !asOf.IsZero() {
		body["as_of"] = asOf.Format(time.RFC3339Nano)
	}
	if !knownAt.IsZero() {
		body["known_at"] = knownAt.Format(time.RFC3339Nano)
	}
	known := knownAt
	if known.IsZero() {
		known = time.Now().Add(time.Hour)
	}
	h.questions++
	h.checkSearch(history, body, question, known)
	h.checkAnswer(history, body, question, known)
}

func (h *historian) checkSearch(history *librarytest.History, body map[string]any, question string, known time.Time) {
	h.Helper()
	var found foundPassages
	body["query"] = question
	h.post("/api/v1/search", body, &found)
	delete(body, "query")
	var got []librarytest.Standing
	for _, p := range found.Passages {
		s := librarytest.Standing{Number: p.Revision, From: p.From}
		if p.Until != nil {
			s.Until = *p.Until
		}
		if p.Collection != history.Collection || p.Key != history.Key {
			h.Errorf("%v finds a passage of %s/%s", body, p.Collection, p.Key)
		}
		got = append(got, s)
		h.seen++
	}
	want := history.Standing(found.AsOf, known)
	if len(got) > 1 || len(got) == 1 && !same(got[0], want) || len(got) == 0 && want.Number != 0 {
		h.Errorf("search %v at %s finds %+v, want %+v\n%s", body, found.AsOf, got, want, history)
	}
}

func (h *historian) checkAnswer(history *librarytest.History, body map[string]any, question string, known time.Time) {
	h.Helper()
	var a answerOverHTTP
	body["question"] = question
	h.post("/api/v1/ask", body, &a)
	delete(body, "question")
	want := history.Standing(a.AsOf, known)
	switch {
	case a.Abstained:
		h.abstained++
	default:
		h.answered++
	}
	if a.Abstained != (want.Number == 0) {
		h.Errorf("question %v at %s is answered with %q (abstained: %v), want revision %d\n%s", body, a.AsOf, a.Answer, a.Abstained, want.Number, history)
	}
	for _, c := range a.Citations {
		h.seen++
		if c.Revision != want.Number {
			h.Errorf("question %v at %s cites revision %d (former: %v), want %d\n%s", body, a.AsOf, c.Revision, c.Former, want.Number, history)
		}
	}
	for _, p := range a.Passages {
		h.seen++
		if p.Revision != want.Number {
			h.Errorf("question %v at %s shows revision %d, want %d\n%s", body, a.AsOf, p.Revision, want.Number, history)
		}
	}
}

// same compares instants, not their zones.
func same(a, b librarytest.Standing) bool {
	return a.Number == b.Number && a.From.Equal(b.From) && a.Until.Equal(b.Until)
}

// checkList compares what the list of documents says is current. The list doesn't say at which moment it was
// read: what begins or ends during the call is passed over.
func (h *historian) checkList(history *librarytest.History) {
	h.Helper()
	before := time.Now()
	var list struct {
		Documents []struct {
			Key     string `json:"key"`
			Current *struct {
				Revision int `json:"revision"`
			} `json:"current"`
		} `json:"documents"`
	}
	h.call("GET", "/api/v1/documents?collection="+history.Collection, "", nil, &list)
	after := time.Now()
	want := history.Standing(before, after).Number
	if len(list.Documents) != 1 {
		h.Fatalf("the list of %s has %d documents", history.Collection, len(list.Documents))
	}
	got := 0
	if current := list.Documents[0].Current; current != nil {
		got = current.Revision
	}
	if got != want && want == history.Standing(after, after).Number {
		h.Errorf("the list says that revision %d is current, want %d\n%s", got, want, history)
	}
}
