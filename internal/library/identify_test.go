package library_test

import (
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"clearwell/internal/diff"
	"clearwell/internal/fault"
	"clearwell/internal/imprint"
	"clearwell/internal/library"
)

// file is a file without a key, as it comes in and as it reads.
type file struct {
	collection, source, path, title, text string
	from                                  string // as the document states it; "" if it doesn't
	facts                                 imprint.Facts
}

// rules is a text of twelve sentences in words of the topic's own; changed ones say something else.
func rules(topic string, changed ...int) string {
	random := rand.New(rand.NewPCG(uint64(crc32.ChecksumIEEE([]byte(topic))), 0))
	sentence := func(n int) string {
		words := make([]string, n)
		for i := range words {
			words[i] = fmt.Sprintf("%s%d", []string{"rule", "amount", "day", "person", "form"}[random.IntN(5)], random.IntN(900))
		}
		return "For employees " + strings.Join(words, " ") + " holds."
	}
	out := make([]string, 12)
	for i := range out {
		out[i] = sentence(14)
	}
	for _, i := range changed {
		out[i] = fmt.Sprintf("From now on %s point %d is handled by the works council alone.", topic, i)
	}
	return strings.Join(out, "\n\n")
}

// hand files a file without a key and identifies it.
func (f *fixture) hand(in file) (library.Revision, library.Verdict) {
	f.Helper()
	a := arrival(in.path, in.title+"\n\n"+in.text+in.from)
	if in.collection != "" {
		a.Collection = in.collection
	}
	a.Source, a.Path, a.IsKeyDerived, a.FileName, a.Title = in.source, in.path, true, in.path, in.title
	rev, outcome := f.receive(a)
	if outcome != library.Added {
		return rev, library.GoOn
	}
	return f.identify(rev, in)
}

func (f *fixture) identify(rev library.Revision, in file) (library.Revision, library.Verdict) {
	f.Helper()
	if in.from != "" {
		in.facts.From = &imprint.Date{At: *day(in.from), Source: imprint.Text, Quote: "Effective " + in.from}
	}
	var verdict library.Verdict
	f.must(f.inTx(func(tx pgx.Tx) (err error) {
		rev, verdict, err = library.Identify(f.Context(), tx, rev, library.Reading{
			Title: in.title, Text: in.text, Blocks: diff.Cut(in.text), Facts: in.facts,
		})
		return err
	}))
	return rev, verdict
}

// publishFile takes a file without a key all the way.
func (f *fixture) publishFile(in file) library.Revision {
	f.Helper()
	rev, verdict := f.hand(in)
	if verdict != library.GoOn {
		f.Fatalf("%s is not published: verdict %d, %s", in.path, verdict, rev.ReasonMessage)
	}
	return f.goOn(rev, in.text)
}

func (f *fixture) goOn(rev library.Revision, text string) library.Revision {
	f.Helper()
	f.stage(rev, text)
	f.publish(rev)
	rev, err := f.store.RevisionByID(f.Context(), rev.ID)
	f.must(err)
	return rev
}

func (f *fixture) openReview() library.Review {
	f.Helper()
	open, err := f.store.Reviews(f.Context(), library.ReviewFilter{Open: true})
	f.must(err)
	if len(open) != 1 {
		f.Fatalf("want one open review, got %d", len(open))
	}
	return open[0]
}

func (f *fixture) decide(d library.Settlement) (library.Revision, bool) {
	f.Helper()
	var rev library.Revision
	var goesOn bool
	w := f.openReview()
	f.must(f.inTx(func(tx pgx.Tx) (err error) {
		rev, goesOn, err = library.Settle(f.Context(), tx, w.ID, "key:1", d)
		return err
	}))
	return rev, goesOn
}

var travel2024 = file{path: "travel_2024.md", title: "Travel policy 2024", text: rules("travel"), from: "2024-01-01"}

func TestRenamedNextStateSupersedesByItself(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	old := f.publishFile(travel2024)
	next := f.publishFile(file{path: "Travel Policy_FINAL v2 (1).docx", title: "Travel policy", text: rules("travel", 3), from: "2025-01-01"})
	if next.DocumentID != old.DocumentID || next.Number != 2 || next.IdentifiedBy != library.ByLikeness || !next.InForce {
		t.Errorf("title and text agree and both are dated: %+v", next)
	}
	if !strings.Contains(string(next.Identity), "Title and text agree") {
		t.Errorf("the evidence is kept: %s", next.Identity)
	}
	late := f.publishFile(file{path: "old travel policy.pdf", title: "Travel Policy", text: rules("travel", 5), from: "2023-01-01"})
	if late.DocumentID != old.DocumentID || late.InForce || late.EffectiveUntil == nil || !late.EffectiveUntil.Equal(*day("2024-01-01")) {
		t.Errorf("a late one is filed at its place: %+v", late)
	}
}

func TestStatusURLOfAMovedRevisionGoesOnWorking(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.publishFile(travel2024)
	a := arrival("trip.md", "x")
	a.IsKeyDerived, a.Path = true, "trip.md"
	provisional, _ := f.receive(a)
	moved, _ := f.identify(provisional, file{title: "Travel policy 2025", text: rules("travel", 3), from: "2025-01-01"})
	if moved.DocumentID == provisional.DocumentID {
		t.Fatalf("want it in the travel policy, got %+v", moved)
	}
	found, err := f.store.Revision(t.Context(), provisional.DocumentID, provisional.Number)
	f.must(err)
	document, err := f.store.Document(t.Context(), provisional.DocumentID)
	f.must(err)
	if found.ID != moved.ID || document.ID != moved.DocumentID {
		t.Errorf("want revision %d of document %d, got %d of %d", moved.ID, moved.DocumentID, found.ID, document.ID)
	}
}

func TestWhatIsNotCertainIsHeldAndTheOldGoesOnAnswering(t *testing.T) {
	t.Parallel()
	undated, sameDay := travel2024, travel2024
	undated.path, undated.title, undated.text, undated.from = "travel.docx", "Travel policy", rules("travel", 3), ""
	sameDay.path, sameDay.text = "travel b.md", rules("travel", 3)
	tests := map[string]file{
		"no date and no version":       undated,
		"the same day, another text":   sameDay,
		"the same title, another text": {path: "t.md", title: "Travel policy", text: rules("catering"), from: "2025-01-01"},
		"another title, a like text":   {path: "trips.md", title: "Business trips", text: rules("travel", 3), from: "2025-01-01"},
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			old := f.publishFile(travel2024)
			held, verdict := f.hand(in)
			if verdict != library.IsHeld || held.Status != library.Held || held.ReasonCode != "uncertain_identity" {
				t.Fatalf("want it held, got verdict %d, %+v", verdict, held)
			}
			w := f.openReview()
			if len(w.Candidates) != 1 || w.Candidates[0].DocumentID != old.DocumentID || len(w.Candidates[0].Reasons) == 0 {
				t.Errorf("the review names the document and says why: %+v", w.Candidates)
			}
			change, err := f.store.ReviewChange(t.Context(), w, 0)
			f.must(err)
			if len(change.Report.Changes) == 0 || change.From.ID != old.ID {
				t.Errorf("the review shows what differs: %+v", change)
			}
			if now, err := f.store.RevisionByID(t.Context(), old.ID); err != nil || !now.InForce {
				t.Errorf("the old one goes on answering: %+v %v", now, err)
			}
		})
	}
}

func TestUnitsOfOneFormAreNotMerged(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	berlin := strings.ReplaceAll(rules("travel"), "employees", "employees of Berlin")
	f.publishFile(file{path: "a.md", title: "Travel policy", text: berlin, from: "2024-01-01"})
	held, verdict := f.hand(file{path: "b.md", title: "Travel policy", text: strings.ReplaceAll(berlin, "Berlin", "Munich"), from: "2025-01-01"})
	if verdict != library.IsHeld || !strings.Contains(held.ReasonMessage, "Munich") {
		t.Errorf("one name stands for another everywhere: verdict %d, %q", verdict, held.ReasonMessage)
	}
}

func TestUnitsThatAPersonToldApartStayApart(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	unit := func(name string, changed ...int) string {
		return strings.ReplaceAll(rules("travel", changed...), "employees", "employees of "+name)
	}
	berlin := f.publishFile(file{path: "a.md", title: "Travel policy", text: unit("Berlin"), from: "2024-01-01"})
	munich := file{path: "b.md", title: "Travel policy", text: unit("Munich"), from: "2024-02-01"}
	f.hand(munich)
	rev, _ := f.decide(library.Settlement{Decision: library.NewDocument})
	rev, _ = f.identify(rev, munich)
	rev = f.goOn(rev, munich.text)
	for i, next := range []struct {
		unit string
		of   library.Revision
	}{{"Munich", rev}, {"Berlin", berlin}} {
		got := f.publishFile(file{path: fmt.Sprintf("next%d.md", i), title: "Travel policy 2025", text: unit(next.unit, 4), from: "2025-01-01"})
		if got.DocumentID != next.of.DocumentID || got.IdentifiedBy != library.ByLikeness {
			t.Errorf("the next state of %s's document finds it: %+v", next.unit, got)
		}
	}
}

func TestSameTextUnderAnotherNameIsNoSecondCopy(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	old := f.publishFile(travel2024)
	again := strings.ReplaceAll(travel2024.text, "\n\n", " \n ")
	duplicate, verdict := f.hand(file{path: "archive/Copy of travel.pdf", title: "TRAVEL POLICY", text: again})
	if verdict != library.IsCopy || duplicate.Status != library.Duplicate {
		t.Fatalf("want a duplicate, got verdict %d, %+v", verdict, duplicate)
	}
	if diff := cmp.Diff(&library.RevisionRef{DocumentID: old.DocumentID, Number: old.Number}, duplicate.DuplicateOf); diff != "" {
		t.Error(diff)
	}
	elsewhere := f.publishFile(file{collection: "sales", path: "travel.md", title: "Travel policy", text: travel2024.text})
	if elsewhere.DocumentID == old.DocumentID || !elsewhere.InForce {
		t.Errorf("other readers have their own copy: %+v", elsewhere)
	}
}

func TestSameTextDatedAnewAppliesAgain(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	old := f.publishFile(travel2024)
	f.publishFile(file{path: "travel_2025.md", title: "Travel policy", text: rules("travel", 3), from: "2025-01-01"})
	back := f.publishFile(file{path: "travel_2026.md", title: "Travel policy", text: travel2024.text, from: "2026-01-01"})
	if back.DocumentID != old.DocumentID || !back.InForce || back.IdentifiedBy != library.BySameText {
		t.Errorf("the old rule is in force again: %+v", back)
	}
}

func TestDateThatTheUploaderGivesIsNotLostOnACopy(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	old := f.publishFile(file{path: "travel.md", title: "Travel policy", text: rules("travel")})
	a := dated("travel.pdf", "the same in other bytes", "2024-01-01")
	a.IsKeyDerived, a.Path, a.Title = true, "travel.pdf", "Travel policy"
	rev, _ := f.receive(a)
	rev, verdict := f.identify(rev, file{title: "Travel policy", text: rules("travel")})
	if verdict != library.GoOn || rev.DocumentID != old.DocumentID {
		t.Fatalf("got verdict %d %+v", verdict, rev)
	}
	if rev = f.goOn(rev, rules("travel")); !rev.EffectiveFrom.Equal(*day("2024-01-01")) || rev.EffectiveUntil == nil {
		t.Errorf("the text is known to have applied since then: %+v", rev)
	}
}

func TestNameAloneDoesNotReplace(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.publishFile(file{path: "policy.md", title: "Travel", text: rules("travel")})
	if rev := f.publishFile(file{path: "policy.md", title: "Travel", text: rules("travel", 2)}); rev.Number != 2 || rev.IdentifiedBy != library.ByName {
		t.Errorf("the same name and a like text are the next state: %+v", rev)
	}
	held, verdict := f.hand(file{path: "policy.md", title: "Catering", text: rules("catering")})
	if verdict != library.IsHeld || held.ReasonCode != "unlike_text" {
		t.Fatalf("want it held, got verdict %d %+v", verdict, held)
	}
	rev, _ := f.decide(library.Settlement{Decision: library.NewDocument})
	if rev.DocumentKey != "policy (2).md" || rev.Number != 1 {
		t.Errorf("a document of its own has a key of its own: %+v", rev)
	}
}

func TestSamePathOfTheSameSourceDecides(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	old := f.publishFile(file{source: "/srv/hr", path: "a/policy.md", title: "Travel", text: rules("travel")})
	next := f.publishFile(file{source: "/srv/hr", path: "a/policy.md", title: "Anything", text: rules("catering")})
	if next.DocumentID != old.DocumentID || next.IdentifiedBy != library.BySource {
		t.Errorf("got %+v", next)
	}
}

func TestIDsInTheDocumentDecide(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ids := imprint.Facts{IDs: []string{"HR-POL-007"}}
	old := f.publishFile(file{path: "a.md", title: "Travel", text: rules("travel"), facts: ids})
	next := f.publishFile(file{path: "b.md", title: "Business trips", text: rules("catering"), facts: ids})
	if next.DocumentID != old.DocumentID || next.IdentifiedBy != library.ByDocumentID {
		t.Errorf("got %+v", next)
	}
	named := f.publishFile(file{path: "c.md", title: "Trips", text: rules("trips"), facts: imprint.Facts{Supersedes: []string{"hr-pol-007"}}})
	if named.DocumentID != old.DocumentID || named.IdentifiedBy != library.BySupersedes {
		t.Errorf("got %+v", named)
	}
}

func TestFilesThatArriveTogetherSeeEachOther(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	first, verdict := f.hand(travel2024)
	second, waits := f.hand(file{path: "travel_2025.md", title: "Travel policy", text: rules("travel", 3), from: "2025-01-01"})
	if verdict != library.GoOn || waits != library.Wait {
		t.Fatalf("the second waits until the first has been read: %d %d", verdict, waits)
	}
	f.goOn(first, travel2024.text)
	second, verdict = f.identify(second, file{title: "Travel policy", text: rules("travel", 3), from: "2025-01-01"})
	if verdict != library.GoOn || second.DocumentID != first.DocumentID {
		t.Errorf("got verdict %d %+v", verdict, second)
	}
}

func TestCollectionsChooseWhatHappensWithoutAPerson(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.publishFile(travel2024)
	set := func(s library.Settings) error {
		return f.inTx(func(tx pgx.Tx) error { return library.SetSettings(t.Context(), tx, s) })
	}
	f.must(set(library.Settings{Collection: "default", OnCertain: "hold", OnUncertain: "publish_as_new", Locale: "en-GB"}))
	if _, verdict := f.hand(file{path: "t5.md", title: "Travel policy", text: rules("travel", 3), from: "2025-01-01"}); verdict != library.IsHeld {
		t.Errorf("on_certain hold asks, got %d", verdict)
	}
	if rev := f.publishFile(file{path: "t6.md", title: "Travel policy", text: rules("travel", 4)}); rev.IdentifiedBy != library.AsNew {
		t.Errorf("on_uncertain publish_as_new publishes, got %+v", rev)
	}
	if err := set(library.Settings{Collection: "default", OnCertain: "guess", OnUncertain: "hold"}); fault.CodeOf(err) != "invalid_settings" {
		t.Errorf("got %v", err)
	}
	if err := set(library.Settings{Collection: "none", OnCertain: "hold", OnUncertain: "hold"}); fault.CodeOf(err) != "unknown_collection" {
		t.Errorf("got %v", err)
	}
}

func TestUndatedPredecessorMakesTheOrderAPersonsMatter(t *testing.T) {
	t.Parallel()
	undated := file{path: "policy.md", title: "Travel", text: rules("travel")}
	dated := file{path: "policy.md", title: "Travel", text: rules("travel", 2), from: "2025-01-01"}
	t.Run("newer", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		f.publishFile(undated)
		if held, verdict := f.hand(dated); verdict != library.IsHeld || held.ReasonCode != "unclear_order" {
			t.Fatalf("got verdict %d %+v", verdict, held)
		}
		rev, _ := f.decide(library.Settlement{Decision: library.PublishIt})
		rev, _ = f.identify(rev, dated)
		if rev = f.goOn(rev, dated.text); !rev.InForce {
			t.Errorf("got %+v", rev)
		}
	})
	t.Run("older", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		f.publishFile(undated)
		f.hand(dated)
		rev, _ := f.decide(library.Settlement{Decision: library.FileIntoHistory})
		rev, _ = f.identify(rev, dated)
		if rev = f.goOn(rev, dated.text); rev.InForce || !rev.EffectiveFrom.Equal(*day("2025-01-01")) {
			t.Errorf("got %+v", rev)
		}
	})
}

func TestTimeOfAFileIsNotHeldAgainstTheKey(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bring(arrival("policy", "You get 20 days."))
	rev, _ := f.receive(arrival("policy", "You get 25 days."))
	old := imprint.Facts{From: &imprint.Date{At: *day("2013-12-23"), Source: imprint.FileProperties, Quote: "modified"}}
	rev, verdict := f.identify(rev, file{title: "Policy", text: "You get 25 days.", facts: old})
	if verdict != library.GoOn || rev.EffectiveBy != library.UploadTime {
		t.Fatalf("got verdict %d %+v", verdict, rev)
	}
	if rev = f.goOn(rev, "You get 25 days."); !rev.InForce {
		t.Errorf("what was sent last under the key applies: %+v", rev)
	}
}

func TestUnclearAndImpossibleDates(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	readings := []time.Time{*day("2026-03-04"), *day("2026-04-03")}
	held, verdict := f.hand(file{path: "a.md", title: "A", text: rules("a"),
		facts: imprint.Facts{Unclear: &imprint.Unclear{Field: "effective_from", Quote: "03/04/2026", Readings: readings}}})
	if verdict != library.IsHeld || held.ReasonCode != "unclear_date" || !strings.Contains(held.ReasonMessage, "4 March 2026 or 3 April 2026") {
		t.Fatalf("got verdict %d %q", verdict, held.ReasonMessage)
	}
	rev, goesOn := f.decide(library.Settlement{Decision: library.PublishIt, EffectiveFrom: &readings[1]})
	if !goesOn || rev.EffectiveBy != library.Explicit || !rev.EffectiveFrom.Equal(readings[1]) {
		t.Errorf("got %v %+v", goesOn, rev)
	}
	over, verdict := f.hand(file{path: "b.md", title: "B", text: rules("b"),
		facts: imprint.Facts{Until: &imprint.Date{At: *day("2020-01-01"), Source: imprint.Text, Quote: "valid until 31 December 2019"}}})
	if verdict != library.IsHeld || over.ReasonCode != "already_expired" {
		t.Errorf("got verdict %d %+v", verdict, over)
	}
	a := arrival("c.md", "c")
	c, _ := f.receive(a)
	err := f.inTx(func(tx pgx.Tx) error {
		_, _, err := library.Identify(t.Context(), tx, c, library.Reading{Text: rules("c"), Facts: imprint.Facts{
			From: &imprint.Date{At: *day("2026-02-01")}, Until: &imprint.Date{At: *day("2026-01-01")}}})
		return err
	})
	if fault.CodeOf(err) != "invalid_dates" {
		t.Errorf("an end before the beginning is refused, got %v", err)
	}
}
