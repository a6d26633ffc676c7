package figure

import (
	"testing"

	"clearwell/internal/analysis"
)

func TestNumberIsToldFromDateYearAndCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, measured                     string
		isPlainNumber, isYear, isUncounted bool
	}{
		{"It lasts 28 days.", "28 days", true, false, false},
		{"It lasts 28 working days.", "28 working days", true, false, false},
		{"It costs EUR 50.", "EUR 50", true, false, false},
		{"It costs 50EUR.", "50EUR", true, false, false},
		{"They won twice.", "twice", true, false, false},
		{"In 2026 it began.", "2026", true, true, false},
		{"It has 2,026 pages.", "2,026", true, false, false},
		{"It lasts 2026 days.", "2026 days", true, false, false},
		{"One of them is enough.", "One", false, false, true},
		{"It takes one day.", "one day", false, false, false},
		{"It began on 1 March 2026.", "1 March 2026", false, false, false},
		{"See ISO-27001.", "ISO-27001", false, false, false},
	} {
		found := In(c.text, "en")
		if len(found) != 1 {
			t.Errorf("%q has one figure, got %+v", c.text, found)
			continue
		}
		f := found[0]
		if got := f.Measured(c.text); got != c.measured {
			t.Errorf("%q: want %q, got %q", c.text, c.measured, got)
		}
		if f.IsPlainNumber() != c.isPlainNumber || f.IsYear() != c.isYear || f.IsUncounted() != c.isUncounted {
			t.Errorf("%q: got number %v, year %v, uncounted %v", c.text, f.IsPlainNumber(), f.IsYear(), f.IsUncounted())
		}
	}
}

func TestWordsOfFiguresAreKnown(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]struct {
		language       analysis.Language
		month, number  int
		unit           string
		isUnit, isPart bool
	}{
		"march": {"en", 3, 0, "", false, true}, "sept": {"en", 9, 0, "", false, true}, "мая": {"ru", 5, 0, "", false, true},
		"ju": {"en", 0, 0, "", false, false}, "twelve": {"en", 0, 12, "", false, true}, "zwölf": {"en", 0, 0, "", false, false},
		"null": {"de", 0, 0, "", false, true}, "million": {"en", 0, 0, "", false, true}, "euros": {"en", 0, 0, "EUR", true, true},
		"urlaubstage": {"de", 0, 0, "day", false, true}, "dreimonatig": {"de", 0, 0, "", false, false}, "monatige": {"de", 0, 0, "month", false, true},
		"日": {"ja", 0, 0, "day", false, true}, "percentage": {"en", 0, 0, "point", true, true}, "cottage": {"en", 0, 0, "", false, false},
	} {
		if got := Month(word); got != want.month {
			t.Errorf("%q is month %d, got %d", word, want.month, got)
		}
		if got := NumberWord(word, want.language); got != want.number {
			t.Errorf("%q is %d, got %d", word, want.number, got)
		}
		if UnitOf(word) != want.unit || IsUnit(word) != want.isUnit || IsPart(word, want.language) != want.isPart {
			t.Errorf("%q: got unit %q, %v, part %v", word, UnitOf(word), IsUnit(word), IsPart(word, want.language))
		}
	}
	if Whole("0042") != 42 || Whole("4.2") != 0 {
		t.Errorf("0042 is 42 and 4.2 no whole number, got %d and %d", Whole("0042"), Whole("4.2"))
	}
}

func TestMonthsAreWrittenAsTheirLanguageDoes(t *testing.T) {
	t.Parallel()
	for language, want := range map[analysis.Language]string{"en": "March", "de": "März", "fr": "mars", "es": "marzo", "ru": ""} {
		if got := MonthNames(language)[2]; got != want {
			t.Errorf("in %q: want %q, got %q", language, want, got)
		}
	}
}

func TestUnitMustAgreeButWhereNobodyLooks(t *testing.T) {
	t.Parallel()
	x := NewIndex("The budget is 25 USD, for 48 hours.", "en")
	for claim, want := range map[string]struct{ holds, holdsAnyUnit bool }{
		"25 USD": {true, true}, "25 EUR": {false, true}, "26 USD": {false, false}, "2 days": {true, true}, "3 days": {false, false},
	} {
		f := In(claim, "en")[0]
		if x.Holds(f) != want.holds || x.HoldsAnyUnit(f) != want.holdsAnyUnit {
			t.Errorf("%q: want %+v, got %v and %v", claim, want, x.Holds(f), x.HoldsAnyUnit(f))
		}
	}
}
