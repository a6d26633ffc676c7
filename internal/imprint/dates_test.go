package imprint_test

import (
	"testing"

	"clearwell/internal/analysis"
	"clearwell/internal/imprint"
)

func TestReadEveryFormOfDate(t *testing.T) {
	t.Parallel()
	for date, want := range map[string]string{
		"1 January 2026": "2026-01-01", "01 January 2026": "2026-01-01", "1st January 2026": "2026-01-01", "January 1, 2026": "2026-01-01",
		"January 1st, 2026": "2026-01-01", "Jan 1, 2026": "2026-01-01", "Jan. 1, 2026": "2026-01-01", "1 Sept. 2026": "2026-09-01",
		"the 1st of March, 2026": "2026-03-01", "1st day of March 2026": "2026-03-01", "March 1 2026": "2026-03-01", "1-Mar-2026": "2026-03-01",
		"Monday, 2 March 2026": "2026-03-02", "Monday 2 March 2026": "2026-03-02", "2026-01-01": "2026-01-01", "2026/01/01": "2026-01-01", "2026.1.1": "2026-01-01",
		"01.01.2026": "2026-01-01", "3.4.2026": "2026-04-03", "03. 04. 2026": "2026-04-03", "1. Januar 2026": "2026-01-01", "1. März 2026": "2026-03-01",
		"1. Jänner 2026": "2026-01-01", "15. Dez. 2026": "2026-12-15", "1er janvier 2026": "2026-01-01", "14 février 2026": "2026-02-14", "3 août 2026": "2026-08-03",
		"1 de enero de 2026": "2026-01-01", "15 de septiembre del 2026": "2026-09-15", "1º de mayo de 2026": "2026-05-01", "primero de enero de 2026": "2026-01-01",
		"January 2026": "2026-01-01", "März 2026": "2026-03-01", "mai 2026": "2026-05-01", "enero de 2026": "2026-01-01", "03/2026": "2026-03-01", "2026-03": "2026-03-01",
		"2026-01-01T08:30:00Z": "2026-01-01T08:30:00Z", "2026-01-01T08:30:00+02:00": "2026-01-01T06:30:00Z", "2026-01-01 08:30": "2026-01-01T08:30:00Z",
		"15/04/2026": "2026-04-15", "04/15/2026": "2026-04-15", "05/05/2026": "2026-05-05", "15-04-2026": "2026-04-15", "29 February 2028": "2028-02-29",
		// in more than one way
		"03/04/2026": "? 2026-03-04 2026-04-03", "3-4-2026": "? 2026-03-04 2026-04-03", "3-4-26": "? 2026-03-04 2026-04-03", "01.02.26": "? 2026-02-01", "15 March 26": "? 2026-03-15",
		// in none
		"31 February 2026": "?", "2026-13-01": "?", "2026-02-30": "?", "32.01.2026": "?", "13/13/2026": "?", "0226-03-01": "?", "1 March 0226": "?", "29 February 2026": "?",
		"12026-01-01": "?", "1 March 20226": "?", "01.03.226": "?", "00/00/2026": "?", "1 March 2300": "?",
		// no date at all
		"upon approval": "", "TBD": "", "immediately": "", "see section 4": "", "30 days after signature": "", "on the 1st of the month": "",
	} {
		text := inHead("Effective date: " + date)
		if from, _ := dates(imprint.Read(page(t, text), english, "")); from != want {
			t.Errorf("%q: %q, want %q", date, from, want)
		}
	}
}

func TestNumericDatesFollowLocaleThenLanguage(t *testing.T) {
	t.Parallel()
	const unclear, march, april = "? 2026-03-04 2026-04-03", "2026-03-04", "2026-04-03"
	for _, c := range []struct {
		locale   imprint.Locale
		language analysis.Language
		want     string
	}{
		{"", "", unclear}, {"", "en", unclear}, {"en", "en", unclear}, {"en-US", "en", march}, {"en_US", "en", march}, {"es-US", "en", march},
		{"en-GB", "en", april}, {"en-IE", "en", april}, {"en-AU", "", april}, {"en-IN", "en", april}, {"en-ZA", "en", april}, {"en-CA", "en", unclear},
		{"de", "en", april}, {"de-CH", "de", april}, {"fr-FR", "fr", april}, {"es", "es", april}, {"es-419", "es", april}, {"", "de", april}, {"", "fr", april}, {"", "es", april},
		{"en", "de", april}, {"en-US", "de", unclear}, {"", "ja", unclear}, {"de-Latn-DE", "de", april}, {"zz", "", unclear}, {"--", "", unclear},
	} {
		doc := page(t, inHead("Effective date: 03/04/2026"))
		if from, _ := dates(imprint.Read(doc, c.language, c.locale)); from != c.want {
			t.Errorf("locale %q, language %q: %q, want %q", c.locale, c.language, from, c.want)
		}
	}
}

func TestUntilIsTheMomentAfterWhatIsNamed(t *testing.T) {
	t.Parallel()
	checkDates(t, []dateCase{
		{inHead("Valid until 31 March 2026"), "", "2026-04-01"},
		{inHead("Valid until: 31.12.2026"), "", "2027-01-01"},
		{inHead("Valid until January 2026"), "", "2026-02-01"},
		{inHead("Valid until the end of March 2026"), "", "2026-04-01"},
		{inHead("Valid until the end of 2026"), "", "2027-01-01"},
		{inHead("Valid until 2026-03-31T12:00:00Z"), "", "2026-03-31T12:00:00Z"},
		{inHead("Gültig bis Ende 2026"), "", "2027-01-01"},
		{inHead("This policy is no longer valid as of 1 April 2026."), "", "2026-04-01"},
	})
}
