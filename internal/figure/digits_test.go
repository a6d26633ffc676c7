package figure

import "testing"

func TestDigitsOfAllScriptsAreReadable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"٢٨ ２８ २८":                 "28 28 28",
		"³² 𝟛𝟛 ㉞ 28⁰":              " 32 33  34 28 0",
		"28½ and ½":                "28.5 and 0.5",
		"28&#48;":                  "280",
		"2̶9̶":                     "29",
		"2 m²":                     "2 m²",
		"٢٫٥":                      "2.5",
		"5 per cent, 5 por ciento": "5 percent, 5 percent",
		"the tenth of March":       "the 10 March",
		"am dritten März":          "am 3 März",
		"二十八天，两年":                  "28 天, 2 年",
		"每年有28天":                   "每年有 28 天",
		"plain":                    "plain",
	} {
		if got := Readable(text); got != want {
			t.Errorf("%q: want %q, got %q", text, want, got)
		}
	}
}
