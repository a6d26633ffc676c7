package eval

import (
	"path/filepath"
	"testing"
)

func TestConflictsGivesEachCaseItsOwnDocuments(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"cases.jsonl": `{"id": "A", "question": "How many vacation days do employees get?", "documents": [{"doc": 0, "type": "correct", "answer": "25", "text": "Employees get 25 vacation days a year."}, {"doc": 1, "type": "noise", "answer": "unknown", "text": "The canteen opens at noon."}], "gold_answers": ["25 vacation days"], "wrong_answers": [], "has_conflict": false}
{"id": "B", "question": "How many vacation days do employees get?", "documents": [{"doc": 0, "type": "correct", "answer": "30", "text": "Employees get 30 vacation days a year."}, {"doc": 1, "type": "misinfo", "answer": "12", "text": "Employees get 12 vacation days a year."}], "gold_answers": ["30"], "wrong_answers": ["12"], "has_conflict": true}`,
	})
	report, err := Conflicts(t.Context(), newSubject(t), ConflictsSet{Cases: filepath.Join(dir, "cases.jsonl")}, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	a, b := report.Outcomes[0], report.Outcomes[1]
	if a.Type != "none" || !a.Exact || a.Shown || a.Abstained {
		t.Errorf("the first case agrees with itself, got %+v", a)
	}
	if b.Type != "misinformation" || says(b.Answer, "25") || b.Exact {
		t.Errorf("the second case has its own documents alone, got %+v", b)
	}
	if report.Conflicting != 1 || report.Citations.Checked == 0 || report.Citations.Valid != report.Citations.Checked {
		t.Errorf("one case has a conflict and all citations hold, got %+v", report)
	}
}

func TestConflictValuesAreHeldToTheAnswersOfTheDocuments(t *testing.T) {
	t.Parallel()
	c := conflictEntry{Gold: []string{"3,559 people", "Mahesh Bhatt"}, Wrong: []string{"10,000 people", "10,000 people"}, HasConflict: true}
	for _, try := range []struct {
		values []string
		want   int
	}{{[]string{"3,559 people", "10,000 people"}, 2}, {[]string{"10,000", "10,000 people"}, 1}, {[]string{"1988", "3559"}, 1}, {nil, 0}} {
		if got := c.known(try.values); got != try.want {
			t.Errorf("%q name %d answers, want %d", try.values, got, try.want)
		}
	}
	if c.kind() != "ambiguity" {
		t.Errorf("several valid answers are an ambiguity, got %s", c.kind())
	}
}
