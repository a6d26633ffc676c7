package likeness_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"clearwell/internal/likeness"
)

// prose makes n words of a vocabulary of its own.
func prose(seed uint64, n int) []string {
	random := rand.New(rand.NewPCG(seed, 7))
	words := make([]string, n)
	for i := range words {
		words[i] = fmt.Sprintf("w%d", random.IntN(5000))
	}
	return words
}

// edited replaces every nth word.
func edited(words []string, nth int) []string {
	out := append([]string{}, words...)
	for i := 0; i < len(out); i += nth {
		out[i] = fmt.Sprintf("new%d", i)
	}
	return out
}

func text(words []string) string { return strings.Join(words, " ") }

func shared(a, b likeness.Signature, space int64) int {
	n := 0
	inB := b.Bands(space)
	for i, band := range a.Bands(space) {
		if band == inB[i] {
			n++
		}
	}
	return n
}

func TestNearDuplicatesShareBands(t *testing.T) {
	t.Parallel()
	missed := 0
	for seed := range uint64(100) {
		words := prose(seed, 400)
		if shared(likeness.Sign(text(words)), likeness.Sign(text(edited(words, 12))), 1) == 0 { // resemblance about .6
			missed++
		}
	}
	if missed > 1 {
		t.Errorf("near-duplicates are found again with .995 and more, missed %d of 100", missed)
	}
}

func TestOtherTextsShareNone(t *testing.T) {
	t.Parallel()
	words := likeness.Sign(text(prose(1, 400)))
	for seed := range uint64(200) {
		if n := shared(words, likeness.Sign(text(prose(seed+2, 400))), 1); n != 0 {
			t.Errorf("unlike texts share %d bands", n)
		}
	}
	if shared(words, words, 1) != len(words.Bands(1)) {
		t.Error("a text shares all bands with itself")
	}
	a, b := words.Bands(1), words.Bands(2)
	for i := range a {
		if a[i] == b[i] {
			t.Error("the same text in another space shares no band")
		}
	}
}

func TestPlainTextIsEqualAcrossFormats(t *testing.T) {
	t.Parallel()
	markdown := likeness.Sign("Vacation policy\n\n- Full-time: 28 days\n- Part-time: pro rata")
	pdf := likeness.Sign("VACATION POLICY\n\n• Full time: 28 days • Part time: pro rata")
	if markdown.Plain != pdf.Plain {
		t.Error("marks, white space and case don't change what a text says")
	}
	if markdown.Plain == likeness.Sign("Vacation policy. Full-time: 29 days. Part-time: pro rata").Plain {
		t.Error("a figure does")
	}
}

func TestStrengthFollowsTitleAndText(t *testing.T) {
	t.Parallel()
	words := prose(1, 300)
	base := likeness.Subject{Title: "Vacation Policy", FileName: "vacation.md", Text: text(words)}
	with := func(change func(*likeness.Subject)) likeness.Subject {
		s := base
		change(&s)
		return s
	}
	sales, support := base, base
	sales.Scope, support.Scope = map[string]string{"department": "sales"}, map[string]string{"department": "support"}
	tests := map[string]struct {
		a, b     likeness.Subject
		isCommon bool
		want     likeness.Strength
	}{
		"same title, like text":    {a: base, b: with(func(s *likeness.Subject) { s.Title = "Vacation policy 2026"; s.Text = text(edited(words, 20)) }), want: likeness.Strong},
		"same title, other text":   {a: base, b: with(func(s *likeness.Subject) { s.Text = text(prose(2, 300)) }), want: likeness.Possible},
		"other title, like text":   {a: base, b: with(func(s *likeness.Subject) { s.Title = "Leave"; s.Text = text(edited(words, 20)) }), want: likeness.Possible},
		"other title, other text":  {a: base, b: with(func(s *likeness.Subject) { s.Title = "Travel"; s.Text = text(prose(2, 300)); s.FileName = "t.md" }), want: likeness.None},
		"a title that many bear":   {a: base, b: with(func(s *likeness.Subject) { s.Text = text(prose(2, 300)); s.FileName = "b.md" }), isCommon: true, want: likeness.None},
		"part of the other":        {a: base, b: with(func(s *likeness.Subject) { s.Title = "Leave"; s.Text = text(words[:90]) }), want: likeness.Possible},
		"two departments":          {a: sales, b: support, want: likeness.Possible},
		"two folders, two texts":   {a: with(func(s *likeness.Subject) { s.Folder = "hr" }), b: with(func(s *likeness.Subject) { s.Folder = "it"; s.Text = text(prose(2, 300)) }), want: likeness.None},
		"two folders, like texts":  {a: with(func(s *likeness.Subject) { s.Folder = "hr" }), b: with(func(s *likeness.Subject) { s.Folder = "it" }), want: likeness.Possible},
		"a few words under a name": {a: likeness.Subject{Title: "A", Text: "yes"}, b: likeness.Subject{Title: "B", Text: "yes"}, want: likeness.None},
	}
	for name, test := range tests {
		score := likeness.Compare(test.a, test.b)
		if got := score.Strength(test.isCommon); got != test.want {
			t.Errorf("%s: got %v, want %v (%+v)", name, got, test.want, score)
		}
	}
}

func TestShortTextsAreComparedByWords(t *testing.T) {
	t.Parallel()
	old := likeness.Subject{Text: "Employees get 20 days of vacation a year."}
	score := likeness.Compare(old, likeness.Subject{Text: "Employees get 25 days of vacation a year."})
	if !score.IsRelated() || !score.IsShort {
		t.Errorf("one changed word of eight: %+v", score)
	}
	if likeness.Compare(old, likeness.Subject{Text: "Visitors sign in at the desk on the ground floor."}).IsRelated() {
		t.Error("nothing in common")
	}
}
