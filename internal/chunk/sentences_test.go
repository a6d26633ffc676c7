package chunk_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/chunk"
)

// TestSentences writes a bar where a sentence ends.
func TestSentences(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"plain":                     "One here.| Two here!| Three here?| Four",
		"numbers and hosts":         "It costs 3.5 euros at example.org or v1.2.3 today.| Next.",
		"abbreviations":             "Ask Dr. Smith, e.g. on Monday, i.e. soon.| Mr. Jones vs. Acme.| Done.",
		"etc. before a small word":  "Pens, paper etc. are free.| Pens, paper, etc.| All are free.",
		"number":                    "See No. 5 and Art. 12, p. 4.| The answer is no.| We mean it.",
		"initials":                  "J. R. Smith wrote it.| It is good.",
		"dotted":                    "The U.S. Army came at 5 p.m. on Monday.| It left at 6 a.m.| Then it rained.",
		"a number at the end":       "He gets 25.| They get 30.| In 2026.| Later.",
		"small letter after":        "\"Really?\" he asked. and went.| Yes.",
		"ellipsis":                  "Well... maybe.| Wait…| What?",
		"quotes and brackets":       "He said \"Go.\"| (They went.)| “Fine.”| «Bien.»| So it was.",
		"opening marks":             "It ended.| (So they say.)| \"Yes.\"| ¿Qué?| ¡Sí!",
		"German":                    "Das gilt ab dem 1. Januar 2026, z. B. für Teilzeit, d.h. anteilig.| Der 2. Weltkrieg endete am 8. Mai.| Ende.",
		"German abbreviations":      "Vgl. Abs. 3 und ggf. Nr. 7 bzw. Ziff. 2 usw.| Danach gilt § 5.| Ca. 20 Tage.",
		"French":                    "M. Dupont part le 1er mai.| Il revient, cf. art. 5.| Bon.",
		"Spanish":                   "El Sr. García llega.| ¿Cuándo vuelve?| Mañana.",
		"Russian":                   "Отпуск 28 дней, т.е. четыре недели.| См. п. 5.| Всё.",
		"Chinese":                   "年假二十八天。|必须提前申请！|“可以吗？”|可以。",
		"Japanese":                  "有給休暇は二十日です。|「はい。」|以上",
		"Arabic":                    "هل يحق للموظف إجازة؟| نعم، ثمانية وعشرون يوما. |انتهى.",
		"Hindi":                     "अवकाश अट्ठाईस दिन का है।| पहले पूछें।",
		"list items":                "- one. more|\n- Two.|\n3. Three of it.|\n4. Four",
		"a number opens a sentence": "1. Open the door.| Go in.",
		"lines":                     "a | 1|\nb | 2.5|\n\nLast.",
		"several marks":             "What?!| Yes!!!| OK.",
	}
	for name, marked := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "lines" {
				marked = strings.ReplaceAll(marked, " | ", " ¦ ")
			}
			var want []string
			for _, s := range strings.Split(marked, "|") {
				want = append(want, strings.TrimSpace(s))
			}
			text := strings.ReplaceAll(marked, "|", "")
			var got []string
			for _, span := range chunk.Sentences(text) {
				got = append(got, text[span.Start:span.End])
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzSentences(f *testing.F) {
	f.Add("One. Two!\n- three 3.5 z. B. 年假。”")
	f.Add(" . . \xff. \u0301.A")
	f.Add("\u3000\xe3")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, span := range chunk.Sentences(text) {
			if span.Start < last || span.End <= span.Start || span.End > len(text) {
				t.Fatalf("span %v after %d in %q", span, last, text)
			}
			if between := text[last:span.Start]; strings.TrimSpace(between) != "" {
				t.Fatalf("%q stands in no sentence of %q", between, text)
			}
			if s := text[span.Start:span.End]; strings.TrimFunc(s, unicode.IsSpace) != s {
				t.Fatalf("white space around %q", s)
			}
			last = span.End
		}
		if rest := text[last:]; strings.TrimSpace(rest) != "" {
			t.Fatalf("%q stands in no sentence of %q", rest, text)
		}
	})
}
