package answer

import (
	"testing"
	"time"

	"clearwell/internal/retrieve"
)

// weighed is what a verifier says of a claim that cites one passage.
func weighed(t *testing.T, question, passage, claim string) (FlagReason, string) {
	t.Helper()
	p := retrieve.Passage{Title: "Handbook", Revision: 3, Text: passage, EffectiveFrom: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	v := (&Service{}).newVerifier(t.Context(), question, []retrieve.Passage{p})
	return v.weigh(claim, []int{0}, v.quotes.in(claim))
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
		{"The rule has no figure.", "Revision 3 of the rule has no figure, in force since 1 March 2026."},
		{"Write to help@example.org.", "Write to help@example.org."},
		{"Call once a year.", "Call once a year."},
		{"Rules apply.", "One of the rules apply."},
	} {
		if reason, missing := weighed(t, c.claim, c.passage, c.claim); reason == FlagFigure {
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
		if reason, missing := weighed(t, c.claim, c.passage, c.claim); reason != FlagFigure || missing != c.missing {
			t.Errorf("%q does not stand in %q: want %q missing, got %q %q", c.claim, c.passage, c.missing, reason, missing)
		}
	}
}

func TestQuotationsAreLookedUpWordForWord(t *testing.T) {
	t.Parallel()
	const passage = "Staff may work from “home” on up to three days. The vaca-\ntion policy applies to all well-known cases."
	for quotation, holds := range map[string]bool{
		`"Staff may work from 'home'"`:             true,
		`«staff may   work from home»`:             true,
		`„The vacation policy applies“`:            true,
		`"Staff … up to three days."`:              true,
		`"up to three days … Staff"`:               false,
		`"Staff may work from the office"`:         false,
		`"all well known cases"`:                   true,
		`"art"`:                                    false,
		`"Staff may work from home on three days"`: false,
	} {
		reason, _ := weighed(t, "", passage, "It says "+quotation)
		if (reason != FlagQuote) != holds {
			t.Errorf("%s: want held %v, got %q", quotation, holds, reason)
		}
	}
}

func TestQuotationMayRunOverStatements(t *testing.T) {
	t.Parallel()
	var r quoteReader
	if got := r.in(`It says: “Staff may work.`); len(got) != 1 || got[0] != "Staff may work." {
		t.Errorf("the quotation is open to the end, got %q", got)
	}
	if got := r.in(`They must not.” So be it.`); len(got) != 1 || got[0] != "They must not." {
		t.Errorf("the quotation goes on, got %q", got)
	}
}

func TestFigureStandsWhereItsPassageSpeaksOfTheSame(t *testing.T) {
	t.Parallel()
	const passage = `Trips of more than 500 euros need your manager's approval.
Hotel costs are paid up to the limit of 140 euros per night.
Each parent receives 16 weeks of parental leave at full pay.
For twins the leave is 20 weeks.
These limits apply:
- meals: 60 euros
- gifts: 35 euros

Country | Hotel per night | Meals per day
Denmark | 190 | 75
Norway | 195 | 80`
	for _, c := range []struct {
		question, claim string
		want            FlagReason
	}{
		{"What is the hotel limit?", "The hotel limit is 140 euros per night.", ""},
		{"What is the hotel limit?", "The hotel limit is 500 euros per night.", FlagUnsupported},
		{"Which trips need approval?", "Trips of more than 500 euros need approval.", ""},
		{"How long is parental leave at full pay?", "16 weeks.", ""},
		{"How long is parental leave at full pay?", "20 weeks.", FlagUnsupported},
		{"How much are gifts?", "The limit for gifts is 60 euros.", FlagUnsupported},
		{"What is the hotel limit in Norway?", "The hotel limit in Norway is 195 per night.", ""},
		{"What is the hotel limit in Norway?", "The hotel limit in Norway is 190 per night.", FlagUnsupported},
		{"How much are gifts?", "The limit for gifts is 35 euros.", ""},
	} {
		if reason, _ := weighed(t, c.question, passage, c.claim); reason != c.want {
			t.Errorf("%q to %q: want %q, got %q", c.claim, c.question, c.want, reason)
		}
	}
}

func TestStatementThatLostItsNegationIsUnsupported(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		passage, claim string
		want           FlagReason
	}{
		{"Fines, minibar and upgrades are not paid.", "The minibar is paid.", FlagUnsupported},
		{"Fines, minibar and upgrades are not paid.", "The minibar is not paid.", ""},
		{"Hunde sind in der Kantine nicht erlaubt.", "Hunde sind in der Kantine erlaubt.", FlagUnsupported},
		{"Les chiens ne sont pas admis à la cantine.", "Les chiens sont admis à la cantine.", FlagUnsupported},
		{"Los perros no se admiten en la cantina.", "Los perros se admiten en la cantina.", FlagUnsupported},
		{"Vacation is not paid out, except for days that are left at the end.", "Vacation is paid out for days left at the end.", ""},
		{"Dogs are welcome on floor 3, and not in the workshop.", "Dogs are welcome on floor 3.", ""},
	} {
		if reason, _ := weighed(t, c.claim, c.passage, c.claim); reason != c.want {
			t.Errorf("%q on %q: want %q, got %q", c.claim, c.passage, c.want, reason)
		}
	}
}
