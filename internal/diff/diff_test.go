package diff_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/diff"
)

// blocks makes blocks of lines: "# " is a heading, "- " a list item, anything else a paragraph.
func blocks(lines ...string) []diff.Block {
	var out []diff.Block
	at := 0
	for _, line := range lines {
		b := diff.Block{Kind: "paragraph", Start: at, End: at + len([]rune(line)), Text: line}
		if strings.HasPrefix(line, "#") {
			b.Kind, b.Level = "heading", strings.Index(line, " ")
		} else if strings.HasPrefix(line, "- ") {
			b.Kind = "list_item"
		}
		out = append(out, b)
		at = b.End + 2
	}
	return out
}

// told writes a report in short: operation, old words, new words.
func told(r diff.Report) []string {
	out := []string{}
	for _, c := range r.Changes {
		line := string(c.Op)
		if c.Moved && c.Op != diff.Moved {
			line = "moved and " + line
		}
		if c.Op == diff.Changed {
			for _, s := range c.Words {
				switch s.Op {
				case diff.Removed:
					line += " -" + strings.TrimSpace(s.Text)
				case diff.Added:
					line += " +" + strings.TrimSpace(s.Text)
				}
			}
		} else if c.New != nil {
			line += ": " + c.New.Text
		} else {
			line += ": " + c.Old.Text
		}
		out = append(out, line)
	}
	return out
}

func TestCompareTellsWhatAPersonWouldTell(t *testing.T) {
	t.Parallel()
	old := []string{"# Vacation", "Full-time employees get 20 days of vacation a year.", "Unused days expire on 31 March.",
		"# Sick leave", "Call your manager before nine.", "- Bring a note after 3 days.", "- Keep the note for a year."}
	with := func(change func([]string) []string) []string { return change(append([]string{}, old...)) }
	tests := map[string]struct {
		new  []string
		want []string
	}{
		"nothing": {old, []string{}},
		"a figure": {with(func(l []string) []string {
			l[1] = "Full-time employees get 1,500.5 days of vacation a year."
			return l
		}), []string{"changed -20 +1,500.5"}},
		"a heading: what stands below it is the same": {with(func(l []string) []string { l[0] = "# Paid vacation"; return l }),
			[]string{"changed -Vacation +Paid vacation"}},
		"an item in the middle": {with(func(l []string) []string {
			return append(l[:5:5], "- Tell the front desk.", l[5], l[6])
		}), []string{"added: - Tell the front desk."}},
		"a paragraph taken out": {with(func(l []string) []string { return append(l[:2:2], l[3:]...) }),
			[]string{"removed: Unused days expire on 31 March."}},
		"a paragraph put in another's place": {with(func(l []string) []string {
			l[4] = "Illness is reported through the portal only."
			return l
		}), []string{"removed: Call your manager before nine.", "added: Illness is reported through the portal only."}},
		"a section moved": {append(append([]string{}, old[3:]...), old[:3]...),
			[]string{"moved: # Vacation", "moved: Full-time employees get 20 days of vacation a year.", "moved: Unused days expire on 31 March."}},
		"numbers of a list": {append([]string{"1. Ask."}, old...), []string{"added: 1. Ask."}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(test.want, told(diff.Compare(blocks(old...), blocks(test.new...)))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestNumbersOfAListAreNoChange(t *testing.T) {
	t.Parallel()
	r := diff.Compare(blocks("1. First rule.", "2. Second rule."), blocks("1. A rule before.", "2. First rule.", "3. Second rule."))
	if d := cmp.Diff([]string{"added: 1. A rule before."}, told(r)); d != "" {
		t.Error(d)
	}
}

func TestADateAtTheBeginningIsNoNumberOfAList(t *testing.T) {
	t.Parallel()
	for old, new := range map[string]string{"- 31. März ist der Stichtag.": "- 30. März ist der Stichtag.", "A. Smith decides.": "B. Smith decides."} {
		if r := diff.Compare(blocks("Text.", old), blocks("Text.", new)); len(r.Changes) == 0 {
			t.Errorf("%q and %q are different", old, new)
		}
	}
}

func TestTwoCellsAndTwoSentencesAreTwoChanges(t *testing.T) {
	t.Parallel()
	r := diff.Compare(blocks("Country | Days | Weeks\nGermany | 20 | 25"), blocks("Country | Days | Weeks\nGermany | 21 | 26"))
	if d := cmp.Diff([]string{"changed -20 +21 -25 +26"}, told(r)); d != "" {
		t.Error(d)
	}
	r = diff.Compare(blocks("The limit for all employees is 20. Ask first."), blocks("The limit for all employees is 28. Tell first."))
	if d := cmp.Diff([]string{"changed -20 +28 -Ask +Tell"}, told(r)); d != "" {
		t.Error(d)
	}
}

func TestFewDifferencesInALongTextAreFound(t *testing.T) {
	t.Parallel()
	old := []rune(strings.Repeat("员工每年享有二十天带薪休假其余请假须经主管同意", 160))
	new := append([]rune{}, old...)
	for _, i := range []int{100, 1700, 3000} {
		new[i] = '新'
	}
	r := diff.Compare(blocks(string(old)), blocks(string(new)))
	if len(r.Changes) != 1 || len(r.Changes[0].Words) != 10 && len(r.Changes[0].Words) != 7+3 {
		t.Errorf("three characters differ, got %d spans, similarity %f", len(r.Changes[0].Words), r.Similarity)
	}
	checkSpans(t, r.Changes[0])
}

func TestOneCellOfATable(t *testing.T) {
	t.Parallel()
	old := "Country | Days\nGermany | 20\nFrance | 25"
	r := diff.Compare(blocks(old), blocks(strings.Replace(old, "20", "28", 1)))
	if d := cmp.Diff([]string{"changed -20 +28"}, told(r)); d != "" {
		t.Error(d)
	}
}

func TestScriptsWithoutSpacesAreMarkedByCharacter(t *testing.T) {
	t.Parallel()
	r := diff.Compare(blocks("员工每年享有二十天带薪休假。"), blocks("员工每年享有三十天带薪休假。"))
	if d := cmp.Diff([]string{"changed -二 +三"}, told(r)); d != "" {
		t.Error(d)
	}
}

func TestChangesKnowTheirPlace(t *testing.T) {
	t.Parallel()
	old, new := blocks("# A", "## B", "Text of ten words that is edited in one place."), blocks("# A", "## B", "Text of ten words that is edited in two places.")
	r := diff.Compare(old, new)
	if len(r.Changes) != 1 || strings.Join(r.Changes[0].New.Headings, ">") != "# A>## B" {
		t.Fatalf("got %+v", r.Changes)
	}
	if n := len(r.Overlapping(new[2].Start+3, new[2].Start+4)); n != 1 {
		t.Errorf("the change stands there, got %d", n)
	}
	if n := len(r.Overlapping(new[1].Start, new[1].End)); n != 0 {
		t.Errorf("nothing changed there, got %d", n)
	}
}

// TestSpansAndChangesRebuildBothTexts edits texts at random and puts them together again from the report.
func TestSpansAndChangesRebuildBothTexts(t *testing.T) {
	t.Parallel()
	for seed := range uint64(400) {
		random := rand.New(rand.NewPCG(seed, 1))
		var old []string
		for range 3 + random.IntN(20) {
			old = append(old, sentence(random))
		}
		new := edit(random, old)
		r := diff.Compare(blocks(old...), blocks(new...))
		var gone, come int
		for _, c := range r.Changes {
			if c.Old != nil {
				gone++
			}
			if c.New != nil {
				come++
			}
			if c.Op == diff.Changed {
				checkSpans(t, c)
			}
		}
		if r.Unchanged+gone != len(old) || r.Unchanged+come != len(new) {
			t.Errorf("seed %d: each block is told of once: %d unchanged, %d old of %d, %d new of %d", seed, r.Unchanged, gone, len(old), come, len(new))
		}
		if r.Similarity < 0 || r.Similarity > 1 {
			t.Errorf("seed %d: similarity %f", seed, r.Similarity)
		}
	}
}

func checkSpans(t *testing.T, c diff.Change) {
	t.Helper()
	var old, new strings.Builder
	for _, s := range c.Words {
		if s.Op != diff.Added {
			old.WriteString(s.Text)
		}
		if s.Op != diff.Removed {
			new.WriteString(s.Text)
		}
	}
	if old.String() != c.Old.Text || new.String() != c.New.Text {
		t.Errorf("spans give %q and %q of %q and %q", old.String(), new.String(), c.Old.Text, c.New.Text)
	}
}

func sentence(random *rand.Rand) string {
	words := make([]string, 4+random.IntN(12))
	for i := range words {
		words[i] = fmt.Sprintf("w%d", random.IntN(60))
	}
	return strings.Join(words, " ")
}

func edit(random *rand.Rand, lines []string) []string {
	out := append([]string{}, lines...)
	for range random.IntN(6) {
		i := random.IntN(len(out))
		switch random.IntN(4) {
		case 0:
			out[i] = strings.Replace(out[i], "w", "changed", 1+random.IntN(2))
		case 1:
			out = append(out[:i:i], append([]string{sentence(random)}, out[i:]...)...)
		case 2:
			if len(out) > 1 {
				out = append(out[:i:i], out[i+1:]...)
			}
		case 3:
			j := random.IntN(len(out))
			out[i], out[j] = out[j], out[i]
		}
	}
	return out
}

func TestTextsWithNothingInCommonEnd(t *testing.T) {
	t.Parallel()
	lines := func(prefix string) []string {
		out := make([]string, 20_000)
		for i := range out {
			out[i] = fmt.Sprintf("the %s%d of the %s%d and the rest", prefix, i%900, prefix, i)
		}
		return out
	}
	r := diff.Compare(blocks(lines("a")...), blocks(lines("b")...))
	if len(r.Changes) == 0 || r.Unchanged != 0 {
		t.Errorf("got %d changes, %d unchanged", len(r.Changes), r.Unchanged)
	}
}

func TestCutFindsParagraphs(t *testing.T) {
	t.Parallel()
	text := "Überschrift\n\nEin Absatz.\n\nNoch einer."
	runes := []rune(text)
	for _, b := range diff.Cut(text) {
		if string(runes[b.Start:b.End]) != b.Text {
			t.Errorf("offsets give %q, want %q", string(runes[b.Start:b.End]), b.Text)
		}
	}
	for _, text := range []string{text, strings.ReplaceAll(text, "\n", "\r\n"), strings.ReplaceAll(text, "\n\n", "\n  \n")} {
		if n := len(diff.Cut(text)); n != 3 {
			t.Errorf("want 3 blocks of %q, got %d", text, n)
		}
	}
}

func TestRenderIsReadable(t *testing.T) {
	t.Parallel()
	old := blocks("# Vacation", "Employees get 20 days.", "Gone.", "# Sick leave", "Call \x1b[2Jus.")
	new := blocks("# Vacation", "Employees get 28 days.", "# Sick leave", "Call \x1b[2Jus today.", "Come.")
	tests := map[string]struct {
		style diff.Style
		want  string
	}{
		"plain":  {diff.Style{}, "# Vacation\n~ Employees get [-20-]{+28+} days.\n- [-Gone.-]\n\n# Sick leave\n~ Call [2Jus {+today+}.\n+ {+Come.+}\n"},
		"colour": {diff.Style{Colour: true}, "\x1b[31m20\x1b[0m"},
	}
	for name, test := range tests {
		var out strings.Builder
		if err := diff.Render(diff.Compare(old, new), &out, test.style); err != nil {
			t.Fatal(err)
		}
		if name == "plain" && out.String() != test.want || !strings.Contains(out.String(), test.want) {
			t.Errorf("%s:\n%s\nwant\n%s", name, out.String(), test.want)
		}
	}
	var out strings.Builder
	if err := diff.Render(diff.Compare(old, old), &out, diff.Style{}); err != nil || out.String() != "No differences.\n" {
		t.Errorf("got %q %v", out.String(), err)
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("a b c\n\nd e f", "a b d\n\ne f")
	f.Fuzz(func(t *testing.T, old, new string) {
		for _, c := range diff.Compare(diff.Cut(old), diff.Cut(new)).Changes {
			if c.Op == diff.Changed && strings.ToValidUTF8(old, "") == old && strings.ToValidUTF8(new, "") == new {
				checkSpans(t, c)
			}
		}
	})
}
