package answer

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMarkAtTheEndOfAParagraphIsCarriedBack(t *testing.T) {
	t.Parallel()
	const a, b = "You get 28 vacation days a year", "Unused vacation days expire in March"
	for says, want := range map[string]string{
		a + ". " + b + ". [1]":            a + ". [1] " + b + ". [1]",
		a + ". " + b + " [1].":            a + ". [1] " + b + " [1].",
		"- " + a + "\n- " + b + "\n\n[1]": "- " + a + " [1]\n- " + b + "\n\n[1]",
		"| What | Days |\n|---|---|\n| vacation | 28 |\n| vacation days a year | 28 [1] |": "| What | Days |\n|---|---|\n| vacation | 28 [1] |\n| vacation days a year | 28 [1] |",
		"You get 99 vacation days a year. " + b + ". [1]":                                  "You get 99 vacation days a year. [not in the sources] " + b + ". [1]",
		`It says "unused days are paid". ` + b + ". [1]":                                   `It says "unused days are paid". [not in the sources] ` + b + ". [1]",
		b + " [1].\n\n" + a + ".\n\n" + b + " [1].":                                        b + " [1].\n\n" + a + ". [not in the sources]\n\n" + b + " [1].",
		a + " [1]. " + b + ".":                                                             a + " [1]. " + b + ". [not in the sources]",
		a + ". Here is more: " + b + " [1].":                                               a + ". [1] Here is more: " + b + " [1].",
	} {
		if got := toldBy(t, howManyDays, says, vacationRule); got.Text != want {
			t.Errorf("%q: want %q\n got %q", says, want, got.Text)
		}
	}
}

// saidBeside lists what is flagged of a text behind a true statement.
func saidBeside(t *testing.T, question, says string, texts ...string) (flagged []string) {
	t.Helper()
	const held = "You get 28 vacation days a year [1]. "
	a := toldBy(t, question, held+says, texts...)
	if !strings.HasPrefix(a.Text, strings.TrimSpace(held)) {
		t.Errorf("%q: got %q", says, a.Text)
	}
	for _, f := range a.Flags {
		flagged = append(flagged, f.Statement)
	}
	if strings.Contains(a.Text, "left out") {
		flagged = append(flagged, "cut")
	}
	return flagged
}

func TestFramesClaimNothing(t *testing.T) {
	t.Parallel()
	const full = "You get 28 vacation days a year [1]."
	for _, says := range []string{
		"Да. ", "Согласно документам:\n\n- ", "Вот ответ: ", "根据文件：\n", "نعم. ", "はい。", "No. ", "What | Days\n---|---\nvacation days | 28 [1]\n\n", "| Item | Value |\n|---|---|\n| vacation days | 28 [1] |\n\n",
		"**Vacation days**\n\n", "### Expiry\n\n", "Next:\n\n- ", "There are three points to note:\n\n- ", "The sources do not say how many days part-time employees get. ", "The policy says nothing about a bonus. ",
	} {
		if a := toldBy(t, howManyDays, says+full, vacationRule); len(a.Flags) > 0 || !strings.HasSuffix(a.Text, full) {
			t.Errorf("%q: got %q", says, a.Text)
		}
	}
	if flagged := saidBeside(t, howManyDays, "The policy says nothing about part-time.", vacationRule); flagged != nil {
		t.Errorf("flagged %q", flagged)
	}
	german := verifierOver(t, "Wie viele Tage Urlaub habe ich im Jahr?", "Vollzeitkräfte haben 28 Tage Urlaub im Jahr.")
	if d := german.check("Die Quellen sagen nichts zu einem Bonus."); d.reason != "" {
		t.Errorf("got %q", d.text)
	}
}

func TestADenialBesideWhatDeniesIsNotFlagged(t *testing.T) {
	t.Parallel()
	const dogs = "Full-time employees get 28 vacation days a year. Dogs are not allowed in the canteen."
	for _, says := range []string{"No, you may not. Dogs are not allowed in the canteen [1].", "Dogs are not allowed in the canteen [1]. No, you may not."} {
		if flagged := saidBeside(t, "May I bring my dog?", says, dogs); flagged != nil {
			t.Errorf("%q: flagged %q", says, flagged)
		}
	}
}

func TestClaimsInTheFormOfFramesAreFlagged(t *testing.T) {
	t.Parallel()
	for _, says := range []string{
		"**Unused vacation days do not expire**", "## Vacation days may not expire in March", "No, you may not.", "No, you may not [1].", "That is not so.",
		"The policy does not mention fees, so dogs may roam.", "The policy does not say that full-time employees get vacation days.", "Dogs | are not allowed in here | ever",
	} {
		if flagged := saidBeside(t, howManyDays, says+"\n\nYou get 28 vacation days a year [1].", vacationRule); len(flagged) != 1 {
			t.Errorf("%q: flagged %q", says, flagged)
		}
	}
}

func TestTermsOfTheQuestionMayBeQuoted(t *testing.T) {
	t.Parallel()
	const rule = "Single workdays between a holiday and a weekend may be taken off with 1 vacation day. Dogs are not allowed in the canteen."
	for says, want := range map[string]FlagReason{
		`A "bridge day", a single workday between a holiday and a weekend, may be taken off [1].`: "",
		`It says that workdays between a holiday and a weekend are "a bridge day for you" [1].`:   FlagQuote,
		`It says "dogs are allowed in the canteen" [1].`:                                          FlagQuote,
	} {
		if d := verifierOver(t, `What is a "bridge day", and does it say "dogs are allowed in the canteen"?`, rule).check(says); d.reason != want {
			t.Errorf("%s: got %q", says, d.reason)
		}
	}
}

func TestStatementsThatWaitForAMarkAreFew(t *testing.T) {
	t.Parallel()
	v := verifierOver(t, howManyDays, vacationRule)
	var shown []string
	w := &writing{yield: func(e Event, _ error) bool {
		if text, ok := e.(Text); ok {
			shown = append(shown, strings.TrimSpace(text.Delta))
		}
		return true
	}}
	c := newCiter(v, newFence(), w)
	c.add("You get 28 vacation days a year [1]. " + strings.Repeat("You get a pony. ", 9))
	if diff := cmp.Diff([]string{"You get 28 vacation days a year [1].", "You get a pony. [not in the sources]", "[The rest was left out: the sources don't support it.]"}, shown); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A short question tells its language by its small words, and a script by itself: such answers are held to their
// figures and their meaning, not to words that the source can't have.
func TestSourceInAnotherLanguageSupportsAStatement(t *testing.T) {
	t.Parallel()
	const german, russian = "Vollzeitkräfte erhalten 28 Urlaubstage im Jahr.", "Штатные сотрудники получают 28 дней отпуска в год."
	for _, c := range []struct {
		question, source, says string
		isRefused              bool // nothing of it is shown
	}{
		{howManyDays, german, "Full-time employees get 28 days of vacation [1].", false},
		{howManyDays, german, "Full-time employees get 30 days of vacation [1].", true},
		{howManyDays, russian, "Full-time employees get 28 days of vacation [1].", false},
		{"Сколько дней отпуска?", vacationRule, "Сотрудники получают 28 дней отпуска в год [1].", false},
		{"Сколько дней отпуска?", vacationRule, "Сотрудники получают 30 дней отпуска в год [1].", true},
		{"Wie viele Urlaubstage bekomme ich?", vacationRule, "Sie bekommen 28 Urlaubstage im Jahr [1].", false},
		{howManyDays, vacationRule, "Managers may bring their own horses to work [1].", true},
	} {
		if a := toldBy(t, c.question, c.says, c.source); (a.Text == "") != c.isRefused {
			t.Errorf("%s over %q: %q, flags %+v", c.says, c.source, a.Text, a.Flags)
		}
	}
}
