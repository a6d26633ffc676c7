package answer

import (
	"regexp"
	"testing"

	"clearwell/internal/analysis"
	"clearwell/internal/retrieve"
)

func TestPolarityIsComparedInBothDirections(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		passage, says string
		isFlagged     bool
	}{
		{"Part-time employees receive vacation in proportion to their hours.", "Part-time employees do not receive vacation [1].", true},
		{"Employees may buy up to five additional days.", "Employees may not buy additional days [1].", true},
		{"Employees may buy up to five additional days.", "Employees may buy no additional days [1].", true},
		{"Hunde sind im Büro erlaubt.", "Hunde sind im Büro nicht erlaubt [1].", true},
		{"Los perros pueden entrar en la oficina.", "Los perros no pueden entrar en la oficina [1].", true},
		{"The minibar is not paid.", "The minibar is paid [1].", true},
		{"The minibar is not paid.", "No, the minibar is not paid [1].", false},
		{"Employees must apply for the office key first.", "No, employees must apply for the office key first [1].", false},
		{"Unpaid leave is granted after two years.", "Unpaid leave isn't paid leave [1].", false},
		{"Unused vacation days expire in March.", "Vacation days that are not taken expire in March [1].", false},
		{"Vacation days must be used by March, or they expire.", "Vacation days that are not used by March expire [1].", false},
		{"Full-time employees receive vacation. Part-time employees do not.", "Part-time employees do not receive vacation [1].", false},
		{"Employees may buy additional days only in January.", "Employees may not buy additional days in winter [1].", false},
		{"Trips over 100 euros need approval.", "Trips under 100 euros do not need approval [1].", false},
		{"Guests may enter the canteen without a badge.", "Guests do not need a badge to enter the canteen [1].", false},
		{"Smoking is prohibited in the office building.", "Smoking is not allowed in the office building [1].", false},
		{"Employees may not smoke in the office.", "Employees may not smoke in the office [1].", false},
		{"Hunde sind im Büro verboten.", "Hunde sind im Büro nicht erlaubt [1].", false},
	} {
		if d := verifierOver(t, "", c.passage).check(c.says); (d.reason != "") != c.isFlagged {
			t.Errorf("%q on %q: want flagged %v, got %q", c.says, c.passage, c.isFlagged, d.reason)
		}
	}
}

// TestDenialsAreToldFromWhatTheyDeny puts a "not" into sentences, and takes questions with their answers that have one:
// it measures how many of those are held to be turned around, and of these.
func TestDenialsAreToldFromWhatTheyDeny(t *testing.T) {
	t.Parallel()
	verb := regexp.MustCompile(`\b(is|are|was|were|may|can|must|has|have|will|would)\b`)
	paragraphs, _ := readTexts(t, "en")
	over := func(p paragraph) *verifier {
		return (&Service{}).newVerifier(t.Context(), "", []retrieve.Passage{{Title: p.Title, Text: p.Text}})
	}
	var turned, sentences, wrong, denials float64
	for _, p := range paragraphs {
		v := over(p)
		for _, s := range split(p.Text) {
			at := verb.FindStringIndex(s.text)
			if at == nil || isNegated(s.text, "en") {
				continue
			}
			sentences++
			if v.isTurnedAround(s.text[:at[1]]+" not"+s.text[at[1]:], []int{0}) {
				turned++
			}
		}
	}
	for _, language := range []analysis.Language{"en", "de", "es"} {
		paragraphs, questions := readTexts(t, string(language))
		for _, q := range questions {
			if claim := q.Text + " " + q.Answers[0]; isNegated(claim, language) {
				denials++
				if over(paragraphs[q.gold]).isTurnedAround(claim, []int{0}) {
					wrong++
				}
			}
		}
	}
	t.Logf("of %.0f sentences with a not %.3f are found; of %.0f questions with one and their answers %.3f are", sentences, turned/sentences, denials, wrong/denials)
	if wrong/denials > .03 {
		t.Error("too many true denials are held to be turned around")
	}
}
