package figure

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDateIsReadAsMuchAsItNames(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"on 1 March 2026":            {"2026-03-01"},
		"le 1er mars 2026":           {"2026-03-01"},
		"am 01.03.2026":              {"2026-03-01"},
		"on 3/1/2026":                {"2026-01-03", "2026-03-01"},
		"by March 2026":              {"2026-03"},
		"2026年3月31日":                 {"2026-03-31"},
		"2026年3月":                    {"2026-03"},
		"3月31日":                      {"--03-31"},
		"el 31 de marzo":             {"--03-31"},
		"le 31/03":                   {"--03-31"},
		"bis zum 31.3. im Folgejahr": {"--03-31", "31.3"},
		"in March":                   {"m3"},
		"every Monday":               {"w1"},
		"at noon":                    {"T12:00"},
		"at 5:30 pm":                 {"T17:30"},
		"at 12 am":                   {"T0:00"},
		"at 5:30":                    {"T5:30", "T17:30"},
		"um 9 Uhr":                   {"T9:00"},
		"à 14h30":                    {"T14:30"},
	} {
		found := In(text, "en")
		if len(found) != 1 {
			t.Errorf("%q has one figure, got %+v", text, found)
			continue
		}
		if diff := cmp.Diff(want, found[0].Readings); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
		if first := want[0]; IsDate(first) != (first[0] == '2' || first[0] == '-') {
			t.Errorf("%q: is a date %v", first, IsDate(first))
		}
	}
}
