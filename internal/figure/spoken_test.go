package figure

import (
	"slices"
	"strings"
	"testing"

	"clearwell/internal/analysis"
)

func TestNumberWordsAreSummedUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		language   analysis.Language
		text, want string
	}{
		{"en", "twenty-nine, twenty nine, two dozen, two hundred, one hundred and fifty, two million, two and a half, a thirty-five-day stay", "29 29 24 200 150 2000000 2.5 35"},
		{"en", "between three hundred and four hundred, one and two, two three, four-eyes, tenfold", "300 400 1 2 2 3 10"},
		{"de", "dreissig, zweihundert, fünfhundertzehn, zweitausend, siebenundzwanzigtausend, zwei Millionen, ein Dutzend, dreimonatig, anderthalb, zweieinhalb", "30 200 510 2000 27000 2000000 12 3 1.5 2.5"},
		{"fr", "vingt-et-un, soixante-quinze, quatre-vingts, quatre-vingt-cinq, quatre-vingt-dix-sept, deux cents, trois mille", "21 75 80 85 97 200 3000"},
		{"es", "veintiséis, treinta y cinco, doscientos, quinientos mil", "26 35 200 500000"},
		{"", "двадцать восемь, тридцать, пятьсот тысяч", "28 30 500000"},
		{"", "ثلاثين يوما، خمسة وعشرون يوما", "30 25"},
		{"", "二十八天，三百五十，两年，万一，十分，二〇二六年", "28 350 2 2026"},
	} {
		var got []string
		found := In(Readable(c.text), c.language)
		slices.SortFunc(found, func(a, b Figure) int { return a.At - b.At })
		for _, f := range found {
			if !f.isOne {
				got = append(got, f.Readings[0])
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: want %s, got %s", c.text, c.want, strings.Join(got, " "))
		}
	}
}
