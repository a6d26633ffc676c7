package answer_test

import (
	"strings"
	"testing"
	"time"

	"clearwell/internal/answer"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/retrieve"
)

// policyAndHandbook disagree; a passage that says nothing on it stands between them.
func policyAndHandbook() found {
	of := func(id int64, title, text string, from time.Time) retrieve.Passage {
		return retrieve.Passage{ChunkID: id, DocumentID: id, Title: title, Revision: 1, EffectiveFrom: from, Text: text, Start: 50, End: 50 + len([]rune(text)),
			Score: 1.3 - float64(id)/10, Cosine: .9, Coverage: .9}
	}
	return found{Coverage: 1, Cosine: .9, Words: []retrieve.Word{{Text: "vacation", IDF: 2}, {Text: "days", IDF: 2}}, Passages: []retrieve.Passage{
		of(1, "Leave policy", "All employees are entitled to 30 vacation days per year.", time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)),
		of(2, "Office rules", "Visitors sign in at the desk.", time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)),
		of(3, "Handbook", "Welcome! Employees get 25 vacation days each year.", time.Date(2025, 5, 2, 0, 0, 0, 0, time.UTC)),
	}}
}

const howMany = "How many vacation days do employees get?"

func TestExtractEndsWithWhatTheSourcesDisagreeOn(t *testing.T) {
	t.Parallel()
	got := ask(t, newService(t, policyAndHandbook(), nil), howMany)
	checkCitations(t, got)
	line := got.text[strings.LastIndex(got.text, "\n")+1:]
	if want := "The sources disagree: 25 vacation days [1] (Handbook, since 2 May 2025) and 30 vacation days [2] (Leave policy, since 1 March 2026)."; line != want {
		t.Errorf("want %q\n got %q", want, line)
	}
	if len(got.done.Conflicts) != 1 || len(got.done.Conflicts[0].Values) != 2 {
		t.Fatalf("the answer has the disagreement in parts, got %+v", got.done.Conflicts)
	}
	for _, v := range got.done.Conflicts[0].Values {
		if got.done.Passages[v.Citation.N-1].ChunkID != v.Citation.Passage.ChunkID {
			t.Errorf("%q is numbered %d, which is another passage", v.Text, v.Citation.N)
		}
	}
}

func TestModelThatSaysOneValueIsCompletedByTheOther(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		says    string
		hasLine bool
	}{
		"one value":                              {"Employees get 30 vacation days per year [1].", true},
		"both values":                            {"Employees are entitled to 30 vacation days per year [1], but employees get 25 vacation days each year [3].", true},
		"values without documents, as one range": {"Employees get between 25 vacation days and 30 vacation days per year [1][3].", true},
		"both values, documents and dates": {"Employees are entitled to 30 vacation days per year by the Leave policy, since 1 March 2026 [1], but employees get 25 vacation days each year " +
			"by the Handbook, since 2025-05-02 [3].", false},
	} {
		s, server := serving(t, policyAndHandbook(), answer.Config{}, inferencetest.Completion{Pieces: []string{c.says}})
		got := ask(t, s, howMany)
		checkCitations(t, got)
		if hasLine := strings.Contains(got.text, "The sources disagree: 30 vacation days [1]"); hasLine != c.hasLine {
			t.Errorf("%s: line %v, got %q", name, hasLine, got.text)
		}
		prompt := server.ChatRequests()[0].Messages
		if len(got.done.Conflicts) != 1 || !strings.Contains(prompt[0].Content+prompt[len(prompt)-1].Content, "1 and 3") {
			t.Errorf("%s: the model is told which passages disagree, got %+v", name, got.done.Conflicts)
		}
	}
}

func TestAbstentionHasNoDisagreement(t *testing.T) {
	t.Parallel()
	s := chattingOver(t, policyAndHandbook(), "NO_ANSWER")
	if got := ask(t, s, howMany); !got.done.Abstained || len(got.done.Conflicts) != 0 || strings.Contains(got.text, "disagree") {
		t.Errorf("got %+v", got.done)
	}
}

func TestAnAmendmentDoesNotDisagreeWithWhatItAmends(t *testing.T) {
	t.Parallel()
	amended := policyAndHandbook()
	amended.Passages[2].AmendedBy = []int64{1}
	if got := ask(t, newService(t, amended, nil), howMany); len(got.done.Conflicts) != 0 {
		t.Errorf("got %+v", got.done.Conflicts)
	}
}

func TestOneDocumentDoesNotDisagreeWithItself(t *testing.T) {
	t.Parallel()
	one := policyAndHandbook()
	one.Passages[2].DocumentID = 1
	if got := ask(t, newService(t, one, nil), howMany); len(got.done.Conflicts) != 0 {
		t.Errorf("got %+v", got.done.Conflicts)
	}
}

func TestDisagreementIsToldInTheLanguageOfTheQuestion(t *testing.T) {
	t.Parallel()
	for question, c := range map[string]struct{ first, second, want string }{
		"Wie viele Urlaubstage haben Mitarbeiter?": {"Alle Mitarbeiter haben 30 Urlaubstage.", "Mitarbeiter erhalten 25 Urlaubstage im Jahr.",
			"Die Quellen widersprechen sich: 30 Urlaubstage [1] (Leave policy, seit dem 1. März 2026) und 25 Urlaubstage [2] (Handbook, seit dem 2. Mai 2025)."},
		"Combien de jours de congé ont les salariés ?": {"Les salariés ont 30 jours de congé.", "Les salariés ont droit à 25 jours de congé par an.",
			"Les sources se contredisent : 30 jours [1] (Leave policy, depuis le 1er mars 2026) et 25 jours [2] (Handbook, depuis le 2 mai 2025)."},
		"¿Cuántos días de vacaciones tienen los empleados?": {"Los empleados tienen 30 días de vacaciones.", "Los empleados tienen derecho a 25 días de vacaciones al año.",
			"Las fuentes se contradicen: 30 días [1] (Leave policy, desde el 1 de marzo de 2026) y 25 días [2] (Handbook, desde el 2 de mayo de 2025)."},
	} {
		over := policyAndHandbook()
		for i, text := range map[int]string{0: c.first, 2: c.second} {
			over.Passages[i].Text, over.Passages[i].End = text, over.Passages[i].Start+len([]rune(text))
		}
		if got := ask(t, newService(t, over, nil), question); !strings.HasSuffix(got.text, c.want) {
			t.Errorf("want %q\n got %q", c.want, got.text)
		}
	}
}
