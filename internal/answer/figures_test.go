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

func TestRevisionOfAPassageAndItsDatesAreKnown(t *testing.T) {
	t.Parallel()
	const passage = "The rule has no figure."
	for claim, want := range map[string]string{
		"Revision 3 of the rule has no figure, in force since 1 March 2026.": "",
		"The rule is revision 7.":                              "7",
		"The rule has no figure, in force since 2 March 2026.": "2 March 2026",
	} {
		if reason, missing := weighed(t, claim, passage, claim); missing != want || (reason == FlagFigure) != (want != "") {
			t.Errorf("%q on %q: want %q missing, got %s %q", claim, passage, want, reason, missing)
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
