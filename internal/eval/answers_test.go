package eval

import (
	"path/filepath"
	"strings"
	"testing"

	"clearwell/internal/answer"
	"clearwell/internal/fault"
	"clearwell/internal/ingest"
)

func TestAnswersCountsRecallCitationsAndAbstentions(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"documents/leave.md":        "# Leave\n\nEmployees get 25 vacation days a year.\n",
		"documents/hall/hours.md":   "# Hours\n\nThe sports hall closes at 22:00 on weekdays.\n",
		"documents/.hidden/note.md": "# Note\n\nNobody reads this note.\n",
		"questions.jsonl": `{"id": "1", "question": "How many vacation days do employees get a year?", "answers": ["25 days", "25"], "document": "leave.md", "type": "figure"}
{"id": "2", "question": "When does the sports hall close on weekdays?", "answers": ["22:00"], "document": "leave.md", "type": "time"}
{"id": "3", "question": "Zebra guild xylophone meeting?", "answers": null, "type": "none"}`,
	})
	set := AnswersSet{Questions: filepath.Join(dir, "questions.jsonl"), Corpus: Corpus{Folder: filepath.Join(dir, "documents")}}
	report, err := Answers(t.Context(), newSubject(t), set, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if report.Documents != 2 || report.Answerable != 2 || report.Recalled != 2 || report.Abstained != 1 || report.RightlySo != 1 {
		t.Errorf("two are answered and one is not, got %+v", report)
	}
	if c := report.Citations; c.Checked < 2 || c.Valid != c.Checked || len(c.Faults) != 0 {
		t.Errorf("every citation stands in a revision in force, got %+v", c)
	}
	if !report.Outcomes[0].CitesSource || report.Outcomes[1].CitesSource {
		t.Errorf("the first cites the document that the set names, the second does not: %+v", report.Outcomes)
	}
	if f, ok := report.Run.Figure("questions", "cites document"); !ok || f.Questions != 2 || f.Value != .5 {
		t.Errorf("the document is cited by one of two, got %+v", f)
	}
	if _, err := Answers(t.Context(), newSubject(t), AnswersSet{Questions: filepath.Join(dir, "documents/.hidden/none.jsonl")}, Settings{}); err == nil {
		t.Error("a set that isn't there was measured")
	}
}

func TestAnswersWithoutDocumentsAsksTheLibraryThatIsThere(t *testing.T) {
	t.Parallel()
	s := newSubject(t)
	dir := folder(t, map[string]string{
		"none/.hidden.md": "# Hidden\n\nNobody reads this.\n",
		"questions.jsonl": `{"id": "1", "question": "How many vacation days do employees get a year?", "answers": ["25"], "document": "leave.md"}
{"id": "2", "question": "Zebra guild xylophone meeting?", "answers": null}`,
	})
	set := AnswersSet{Questions: filepath.Join(dir, "questions.jsonl")}
	nothing := set
	nothing.Corpus.Folder = filepath.Join(dir, "none")
	for _, empty := range []AnswersSet{set, nothing} {
		if _, err := Answers(t.Context(), s, empty, Settings{}); fault.CodeOf(err) != "no_documents" {
			t.Errorf("nothing was asked of nothing: %v", err)
		}
	}
	if _, err := s.load(t.Context(), mustUploads(t, map[string]string{
		"leave.md": "# Leave\n\nEmployees get 25 vacation days a year.\n", "hall.md": "# Hall\n\nThe sports hall closes at ten.\n",
	})); err != nil {
		t.Fatal(err)
	}
	s.Intake, s.Upkeep = nil, nil // nothing is brought in, and nothing else changed
	report, err := Answers(t.Context(), s, set, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if report.Documents != 2 || report.Recalled != 1 || report.RightlySo != 1 || !report.Outcomes[0].CitesSource {
		t.Errorf("one of two is answered from the library, got %+v", report)
	}
}

func TestCitationCheckerFindsWhatDoesNotHold(t *testing.T) {
	t.Parallel()
	s := newSubject(t)
	ctx := t.Context()
	if _, err := s.load(ctx, mustUploads(t, map[string]string{"a.md": "# Leave\n\nEmployees get 25 vacation days a year.\n"})); err != nil {
		t.Fatal(err)
	}
	a, err := s.ask(ctx, "Employees get vacation days a year?")
	if err != nil || len(a.Citations) != 1 {
		t.Fatalf("want one citation, got %+v, %v", a, err)
	}
	good := a.Citations[0]
	altered, shifted, beyond := good, good, good
	altered.Quote = strings.Replace(good.Quote, "25", "30", 1)
	shifted.Start, shifted.End = good.Start+1, good.End+1
	beyond.End += 10_000
	otherPage, otherHeading := good, good
	otherPage.Passage.Page++
	otherHeading.Passage.Headings = []string{"Leave", "Sickness"}
	conflict := answer.Conflict{Values: []answer.ConflictValue{{Text: "30", Citation: altered}}}
	var count Citations
	_, all, err := newCitationChecker(s.Library).check(ctx, "q",
		answer.Answer{Citations: []answer.Citation{good, shifted, beyond, otherPage, otherHeading}, Conflicts: []answer.Conflict{conflict}}, &count)
	if err != nil {
		t.Fatal(err)
	}
	if all || count.Checked != 6 || count.Valid != 1 || count.InForce != 6 || count.Verbatim != 3 || count.Placed != 4 || len(count.Faults) != 5 {
		t.Errorf("one of six holds, got %+v", count)
	}
	if fault := count.Faults[3]; !strings.Contains(fault, `under ["Leave" "Sickness"], stands on page 0 under ["Leave"]`) {
		t.Errorf("the fault does not say where the quote stands: %s", fault)
	}
	replaced := mustUploads(t, map[string]string{"a.md": "# Leave\n\nEmployees get 27 vacation days a year.\n"})
	if _, err := s.load(ctx, replaced); err != nil {
		t.Fatal(err)
	}
	count = Citations{}
	if _, all, err = newCitationChecker(s.Library).check(ctx, "q", answer.Answer{Citations: []answer.Citation{good}}, &count); err != nil || all || count.Verbatim != 1 || count.InForce != 0 {
		t.Errorf("what was replaced is verbatim and not in force, got %+v, %v", count, err)
	}
	good.IsFormer = true
	count = Citations{}
	if _, all, err = newCitationChecker(s.Library).check(ctx, "q", answer.Answer{Citations: []answer.Citation{good}}, &count); err != nil || !all {
		t.Errorf("as former words they are valid, got %+v, %v", count, err)
	}
	good.Passage.Revision = 9
	if _, _, err = newCitationChecker(s.Library).check(ctx, "q", answer.Answer{Citations: []answer.Citation{good}}, &count); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a revision that never was is an error, got %v", err)
	}
}

func TestSaysFindsWordsAndNotPartsOfThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, want string
		is         bool
	}{
		{"It takes 130 days.", "30", false}, {"It takes (30) days.", "30", true}, {"The Panthers won.", "the panthers", true},
		{"costs $1,500.00", "1500.00", true}, {"rate: 3.5 %", "35", false}, {"rate: 3.5 %", "3.5%", true}, {"Größe: ÉTÉ", "été", true},
		{"委员会在星期二开会。", "星期二", true}, {"anything", "…", false}, {"the end", "end, the", true},
	} {
		if says(c.text, c.want) != c.is {
			t.Errorf("%q says %q: want %t", c.text, c.want, c.is)
		}
	}
}

func TestCausesFollowTheStepsOfAnAnswer(t *testing.T) {
	t.Parallel()
	for ranks, want := range map[[2]int]Cause{
		{1, 0}: ByFusion, {0, 10}: ByFusion, {0, 0}: ByBothArms, {0, 40}: ByLexical, {40, 0}: ByDense, {40, 50}: ByRanking,
	} {
		if got := causeOfRanks(ranks[0], ranks[1]); got != want {
			t.Errorf("places %v: want %s, got %s", ranks, want, got)
		}
	}
	s := newSubject(t)
	if _, err := s.load(t.Context(), mustUploads(t, map[string]string{"a.md": "# Leave\n\nEmployees get 25 vacation days a year.\n"})); err != nil {
		t.Fatal(err)
	}
	c := caseEntry{Type: "value_changed", DocID: "a.md", Question: "vacation days?"}
	for _, try := range []struct {
		evidence string
		kind     string
		out      CaseReport
		want     Cause
	}{
		{letters("25 vacation days"), c.Type, CaseReport{Rank: 1}, BySentence},
		{letters("25 vacation days"), c.Type, CaseReport{Rank: 1, Abstained: true}, ByAbstain},
		{letters("25 vacation days"), c.Type, CaseReport{Rank: 9}, ByFusion},
		{letters("a year. And nowhere else"), c.Type, CaseReport{}, ByChunking},
		{"", c.Type, CaseReport{}, ByUnknown},
		{"", "withdrawn", CaseReport{}, ByAbstain},
	} {
		c.Type = try.kind
		if err := s.explain(t.Context(), c, try.evidence, &try.out); err != nil || try.out.Cause != try.want {
			t.Errorf("want %s, got %+v, %v", try.want, try.out, err)
		}
	}
}

// mustUploads makes uploads out of files, each under its name as key.
func mustUploads(t *testing.T, files map[string]string) []ingest.Upload {
	t.Helper()
	uploads, err := Corpus{Folder: folder(t, files)}.uploads("default")
	if err != nil {
		t.Fatal(err)
	}
	return uploads
}
