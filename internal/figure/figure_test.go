package figure

import (
	"testing"
	"time"

	"clearwell/internal/analysis"
)

// firstMissing is the first figure of a claim that a passage in force since 1 March 2026 doesn't hold, "" if it holds all.
func firstMissing(passage, claim string) string {
	language := analysis.Detect(passage, "en", "de", "fr", "es")
	x := NewIndex(passage, language, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	for _, f := range In(Readable(claim), language) {
		if !f.IsUncounted() && !x.Holds(f) {
			return f.Text
		}
	}
	return ""
}

func TestFiguresAreOneFigureInEachNotation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ passage, claim string }{
		{"The budget is 1,500 euros a year.", "The budget is 1500 EUR a year."},
		{"Das Budget beträgt 1.500 € im Jahr.", "Das Budget beträgt € 1500 im Jahr."},
		{"Le budget est de 1 500 € par an.", "Le budget est de 1500 € par an."},
		{"The budget is CHF 1'500.00.", "The budget is 1,500 CHF."},
		{"The budget is 1.5 million euros.", "The budget is 1,500,000 euros."},
		{"Employees get fifteen days of vacation.", "Employees get 15 days of vacation."},
		{"Employees get 21 days of vacation.", "Employees get twenty-one days of vacation."},
		{"Beschäftigte haben 28 Tage Urlaub.", "Beschäftigte haben achtundzwanzig Tage Urlaub."},
		{"Les employés ont droit à vingt-cinq jours.", "Les employés ont droit à 25 jours."},
		{"Los empleados tienen veintidós días. Son 22 días.", "Los empleados tienen 22 días."},
		{"Interest is 5 percent.", "Interest is 5 %."},
		{"The rule applies from 1 March 2026.", "The rule applies from 2026-03-01."},
		{"Die Regel gilt ab dem 01.03.2026.", "Die Regel gilt ab dem 1. März 2026."},
		{"La règle vaut dès le 1er mars 2026.", "La règle vaut dès le 01/03/2026."},
		{"La norma vale desde el 1 de marzo de 2026.", "La norma vale desde el 2026-03-01."},
		{"The rule applies from March 1, 2027.", "The rule applies from March 2027."},
		{"Every 31 December the days expire.", "The days expire on December 31."},
		{"The desk opens at 5:30 pm.", "The desk opens at 17:30."},
		{"The desk opens at 9 am.", "The desk opens at 9:00."},
		{"Es gilt ISO 27001.", "Es gilt ISO-27001."},
		{"See ticket SPARK-43242.", "See ticket 43242."},
		{"| Hotel (EUR) | 180 |", "The hotel limit is EUR 180."},
		{"There is a 30-day notice.", "The notice is 30 days."},
		{"Urlaub: 28 Urlaubstage.", "28 Tage Urlaub."},
		{"Write to help@example.org.", "Write to help@example.org."},
		{"Call once a year.", "Call once a year."},
		{"Rules apply.", "One of the rules apply."},
	} {
		if missing := firstMissing(c.passage, c.claim); missing != "" {
			t.Errorf("%q stands in %q, missing %q", c.claim, c.passage, missing)
		}
	}
}

func TestFiguresThatStandNowhereAreMissing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ passage, claim, missing string }{
		{"The budget is 1,500 euros.", "The budget is 1,600 euros.", "1,600"},
		{"The budget is 1,500 euros.", "The budget is 1.5 euros.", "1.5"},
		{"The budget is 25 euros.", "The budget is 25 days.", "25"},
		{"The budget is 25 USD.", "The budget is 25 EUR.", "25"},
		{"Interest is 5 %.", "Interest is 5 years.", "5"},
		{"Employees get fifteen days.", "Employees get sixteen days.", "sixteen"},
		{"Employees get 15 days.", "Employees get fifty days.", "fifty"},
		{"The rule applies from 1 March 2026.", "The rule applies from 2 March 2026.", "2 March 2026"},
		{"The rule applies from 1 May 2027.", "The rule applies from 2027-05-02.", "2027-05-02"},
		{"The rule applies from 1 May 2025 on.", "It applies from 1 May 2027.", "1 May 2027"},
		{"The days expire in June.", "The days expire in August.", "August"},
		{"Visitors come on Mondays.", "Visitors come on Tuesdays.", "Tuesdays"},
		{"The desk opens at 5:30 pm.", "The desk opens at 5:30 am.", "5:30 am"},
		{"Es gilt ISO 27001.", "Es gilt ISO-27002.", "ISO-27002"},
		{"See form A4.", "See form B4.", "B4"},
		{"The rule has no figure.", "The rule is revision 7.", "7"},
		{"Chapter 12 has 500 words.", "Chapter 12 has 12500 words.", "12500"},
		{"Write to help@example.org.", "Write to evil@example.org.", "evil@example.org"},
		{"Employees call once a year.", "Employees call 11 times a year.", "11"},
	} {
		if missing := firstMissing(c.passage, c.claim); missing != c.missing {
			t.Errorf("%q does not stand in %q: want %q missing, got %q", c.claim, c.passage, c.missing, missing)
		}
	}
}
