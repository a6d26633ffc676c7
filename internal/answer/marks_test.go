package answer

import (
	"log/slog"
	"strings"
	"testing"
	"unicode/utf8"

	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/retrieve"
)

// toldBy is what a reader gets of a model's text, which comes character by character; "" where nothing is shown.
func toldBy(t *testing.T, question, says string, texts ...string) Answer {
	t.Helper()
	var passages []retrieve.Passage
	for i, text := range texts {
		passages = append(passages, retrieve.Passage{Title: "Handbook", ChunkID: int64(i + 1), Revision: 1, Page: 4, Text: text})
	}
	tell := func(pieces ...string) Answer {
		w := &writing{yield: func(Event, error) bool { return true }}
		s := &Service{embedder: inferencetest.NewEmbedder(64), log: slog.New(slog.DiscardHandler)}
		c := newCiter(s.newVerifier(t.Context(), question, passages), newFence(), w)
		for _, piece := range pieces {
			if !c.add(piece) {
				break
			}
		}
		c.finish()
		if c.isUnanswered {
			w.answer.Abstained = true
		}
		return w.answer
	}
	slow, fast := tell(strings.Split(says, "")...), tell(says)
	if slow.Text != fast.Text {
		t.Errorf("character by character it is %q\n at once %q", slow.Text, fast.Text)
	}
	return slow
}

const (
	vacationRule = "Full-time employees get 28 vacation days a year. Unused vacation days expire in March."
	howManyDays  = "How many vacation days do I get?"
)

func TestMarksAreReadInEachSpelling(t *testing.T) {
	t.Parallel()
	const says, alike, other = "You get 28 vacation days a year", "Full-time employees get 28 vacation days. Desk booking is open.", "Visitors park in the yard."
	for written, want := range map[string]struct {
		text    string
		dropped int
	}{
		" [1].": {" [1].", 0}, " [1 and 2].": {" [1][2].", 0}, " [1 & 2].": {" [1][2].", 0}, " [1, 2].": {" [1][2].", 0}, " [1 und 2].": {" [1][2].", 0},
		" [1-2].": {" [1][2].", 0}, " [1–3].": {" [1][2].", 1}, " [1-9].": {" [1][2].", 2}, " [Source 1].": {" [1].", 0}, " [Source 1: Handbook].": {" [1].", 0},
		" [1: Handbook].": {" [1].", 0}, " [passage 1, revision 1].": {" [1].", 0}, " [1, p. 4].": {" [1].", 0}, " [Sources 1, 2].": {" [1][2].", 0}, " [source 1, source 2].": {" [1][2].", 0},
		" (passage 1).": {" [1].", 0}, " (source 1: Handbook).": {" [1].", 0}, " (see passage 1).": {" [1].", 0}, ` \[1\].`: {" [1].", 0}, " [[1]].": {" [1].", 0}, " 【1†source】.": {" [1].", 0},
		" ([1]).": {" [1].", 0}, " (see [1]).": {" [1].", 0}, " **[1]**.": {" [1].", 0}, ". [1]": {". [1]", 0}, ". ([1])": {". [1]", 0}, ". **[1]**": {". [1]", 0}, ". *[1]*": {". [1]", 0},
		". (Source: [1])": {". [1]", 0}, ". Source: [1]": {". [1]", 0}, ". **Source:** [1]": {". [1]", 0}, ". (Sources: [1], [2])": {". [1][2]", 0}, ".\n\nSource: [1]": {".\n\n[1]", 0},
		".\n\nSources:\n- [1]": {".\n\n[1]", 0}, ".\n\nSources:\n- [1]\n- [2]": {".\n\n[1]\n- [2]", 0}, " ［1］.": {" [1].", 0}, " &#91;1&#93;.": {" [1].", 0},
		" [1][9].": {" [1].", 1}, " [1][９].": {" [1].", 1}, " [1]［９］.": {" [1].", 1}, " [1]⁷.": {" [1].", 1}, " [1]¹².": {" [1].", 1}, " [1][⁷].": {" [1].", 1}, " [1][⑦].": {" [1].", 1}, " [1][٧].": {" [1].", 1}, " [1][VII].": {" [1].", 1},
		" [1][[7]].": {" [1].", 1}, ` [1]\[7\].`: {" [1].", 1}, " [1] &#91;7&#93;.": {" [1].", 1}, " [1 and 7].": {" [1].", 1}, " [1] (passage 7).": {" [1].", 1}, ". [1] (Source: [7])": {". [1]", 1},
		" [1] ([7]).": {" [1].", 1}, " [1][Source 7: Handbook].": {" [1].", 1}, " [1] **[7]**.": {" [1].", 1}, " [1]\n\nSources:\n- [7]": {" [1]", 1},
	} {
		a := toldBy(t, howManyDays, says+written, vacationRule, alike, other)
		if a.Text != says+want.text || a.Dropped != want.dropped || len(a.Flags) > 0 {
			t.Errorf("%q: want %q, %d dropped\n got %q, %d dropped, %v", written, want.text, want.dropped, a.Text, a.Dropped, a.Flags)
		}
	}
}

func TestLinksAndFalseNoticesAreTakenOutAndCounted(t *testing.T) {
	t.Parallel()
	const says = "You get 28 vacation days a year and unused vacation days expire in March for full-time employees [1]"
	for written, removed := range map[string]int{
		"(javascript&colon;alert(1)).": 1, "(/api/logout).": 1, "(#1).": 1, "(evil.example).": 1, " ![x]<b></b>(/api/logout).": 3, " [x]<b></b>(javascript&colon;steal).": 3,
		" [vacation [days]](https&colon;//evil.example).": 1, " ![vacation [days] a year](/api/x).": 1, ` ![vacation [days]](/\evil.example/a).`: 2, " ![vacation [days]](&sol;/evil.example).": 1,
		" evil.example:8080/?q=28": 1, ".\n\n[1]: https&#58;//evil.example": 1, " [x](\n/api/logout).": 1, ".\n\n[e]: /api/logout": 1, " ![days].": 1,
		" [not in the sources].": 1, ". [Not in the sources.]": 1, ". [nicht in den Quellen]": 1, ". [The rest was left out: the sources don't support it.]": 1, ". &#91;not in the sources]": 1,
	} {
		a := toldBy(t, howManyDays, says+written, vacationRule)
		if a.Removed < removed || strings.Contains(a.Text, "](") || strings.Contains(a.Text, "]:") || strings.Contains(a.Text, "![") || strings.Contains(a.Text, "evil.example:") {
			t.Errorf("%q: %d removed in %q", written, a.Removed, a.Text)
		}
		if notices := strings.Count(strings.ToLower(a.Text), "sources"); notices > len(a.Flags) {
			t.Errorf("%q passes for a check's own words: %q", written, a.Text)
		}
	}
}

func TestNoAnswerIsUnderstoodInEachSpelling(t *testing.T) {
	t.Parallel()
	for says, want := range map[string]bool{
		"NO_ANSWER": true, `NO\_ANSWER`: true, "No_Answer": true, "NO ANSWER": true, "`NO_ANSWER`": true, "**NO ANSWER**": true, "no answer.": true, `NO\_ANSWER You get 99 days.`: true,
		"You get 28 vacation days a year [1]. There is no answer needed [1].": false,
	} {
		if a := toldBy(t, howManyDays, says, vacationRule); a.Abstained != want {
			t.Errorf("%q: want %v, got %q", says, want, a.Text)
		}
	}
}

func TestLongStatementsLoseNoText(t *testing.T) {
	t.Parallel()
	for _, says := range []string{strings.Repeat("年假", 2500) + "。第二句话在这里。", strings.Repeat("x", 9000) + ". And one more.", " \n" + strings.Repeat("ß", 4500) + " end."} {
		all := statementsOf(strings.Split(says, "")...)
		if got := strings.Join(all, ""); strings.Join(strings.Fields(got), "") != strings.Join(strings.Fields(says), "") || !utf8.ValidString(got) || len(all) > 5 {
			t.Errorf("%d statements of %d bytes hold %d", len(all), len(says), len(got))
		}
	}
}

func TestFlagOfARowEndsBeforeItsNote(t *testing.T) {
	t.Parallel()
	a := toldBy(t, howManyDays, "| What | Days |\n|---|---|\n| vacation days | 28 [1] |\n| vacation days | 30 [1] |\n", vacationRule)
	if len(a.Flags) != 1 {
		t.Fatalf("got %q, %v", a.Text, a.Flags)
	}
	f, text := a.Flags[0], []rune(a.Text)
	if f.Statement != "| vacation days | 30" || string(text[f.Start:f.End]) != f.Statement || string(text[f.End:]) != " [not in the sources] |" {
		t.Errorf("got %q, then %q", f.Statement, string(text[f.End:]))
	}
}
