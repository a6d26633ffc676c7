package answer

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/retrieve"
)

// verifierOver checks answers that stand on passages with these texts.
func verifierOver(t *testing.T, question string, texts ...string) *verifier {
	t.Helper()
	var passages []retrieve.Passage
	for i, text := range texts {
		passages = append(passages, retrieve.Passage{Title: "Handbook", ChunkID: int64(i + 1), Text: text})
	}
	return (&Service{}).newVerifier(t.Context(), question, passages)
}

const canteen = "Dogs are not allowed in the canteen. Staff may work from “home” on up to three days. The screen is 27\" wide. " +
	"Employees' unused days expire in May. Unpaid leave is granted after two years."

func TestInventedQuotationsAreFlaggedInEachKindOfMarks(t *testing.T) {
	t.Parallel()
	for _, form := range []string{
		`"%s"`, `“%s”`, `”%s”`, `„%s“`, `«%s»`, `« %s »`, `»%s«`, `‹%s›`, `›%s‹`, `「%s」`, `『%s』`, `＂%s＂`, `〝%s〞`, `❝%s❞`, `⹂%s“`, `″%s″`,
		`'%s'`, `‘%s’`, `‚%s‘`, `‛%s’`, "`%s`", "``%s''", "``%s´´", `''%s''`, `,,%s''`,
		`""%s""`, `"""%s"""`, `““%s””`, `„“%s“`, `"'%s'"`, `" "%s"`, `"Dogs "%s"`, `28"%s"`, `&quot;%s&quot;`, `&#34;%s&#34;`, `&amp;quot;%s&amp;quot;`,
	} {
		v := verifierOver(t, "What does the policy say about dogs?", canteen)
		statement := fmt.Sprintf("It says "+form+" [1].", "Dogs are not welcome in the canteen")
		if d := v.check(statement); d.reason != FlagQuote {
			t.Errorf("%s: got %q in %q", form, d.reason, d.text)
		}
	}
}

func TestTrueQuotationsAndApostrophesAreNotFlagged(t *testing.T) {
	t.Parallel()
	for _, statement := range []string{
		`It says "Dogs are not allowed in the canteen." [1]`, `It says 'Dogs are not allowed in the canteen' [1].`, `'Dogs are not allowed in the canteen' is what it says [1].`,
		`Staff may "work from “home” on up to three days" [1].`, `Staff may „work from ‚home‘ on up to three days“ [1].`, `Staff may work from "home" on "up to three days" [1].`,
		`Employees' unused days expire in May, so don't wait: the employees' days won't last [1].`, `It says 'employees' unused days expire in May' [1].`,
		`The screen's 27" wide, and "Dogs are not allowed" [1].`, `The screen is 27″ wide, the staff’s dogs aren’t allowed [1].`,
		`It says: "Staff may work … up to three days" [1].`, `It says: "unused days [...] in May" [1].`,
		"It says \"Dogs are not allowed in the can-\nteen\" [1].", "It says \"Dogs are not\nallowed in the canteen\" [1].",
	} {
		v := verifierOver(t, "What does the policy say about dogs?", canteen)
		if d := v.check(statement); d.reason != "" {
			t.Errorf("%s: %s, %q", statement, d.reason, d.missing)
		}
	}
}

func TestQuotationsBeginAndEndWithWords(t *testing.T) {
	t.Parallel()
	for quotation, want := range map[string]bool{
		"Unpaid leave is granted": true, "paid leave is granted": false, "Unpaid leave is grant": false, "non-certified tools may be used": true, "certified tools may be used": false,
		"paid vaca-\ntion per calendar year": true, "paid vacation per calendar year": true, "28天带薪": true, "28일의 유급": true, "item one": true,
		"The fee is 25 euros": false, "The fee is 2.5 euros": true, "15 0 people": false, "150 people": true,
	} {
		q := newQuotable("Unpaid leave is granted. Non-certified tools may be used. 28 days of paid vacation per calen-\ndar year. 每年有28天带薪年假。28일의 유급 휴가. The fee is 2.5 euros for 150 people.\n- item one\n- item two")
		if got := q.holds(quotation); got != want {
			t.Errorf("%q: want %v", quotation, want)
		}
	}
}

func TestAnElisionLeavesOutNoNegation(t *testing.T) {
	t.Parallel()
	for quotation, want := range map[string]bool{
		"Dogs are … allowed in the canteen": false, "Dogs … allowed in the canteen": false, "Dogs are not … in the canteen": true, "Dogs are ... in the yard": true,
		"Dogs … in the yard": true, "Cats don't … here": true, "Cats … here": false, "in the yard … Dogs": false, "餐厅…允许": false, "Dogs [...] welcome": true,
	} {
		q := newQuotable("Dogs are not allowed in the canteen. Dogs are always welcome in the yard. Cats don't live here. 餐厅不允许。")
		if got := q.holds(quotation); got != want {
			t.Errorf("%q: want %v", quotation, want)
		}
	}
}

func TestALineThatIsSetAsAQuotationIsOne(t *testing.T) {
	t.Parallel()
	for statement, want := range map[string]FlagReason{
		"> Dogs are not welcome in the canteen [1].": FlagQuote, "> Dogs are not allowed in the canteen. [1]": "", "> - Dogs are not allowed in the canteen [1]": "",
	} {
		if d := verifierOver(t, "What about dogs?", canteen).check(statement); d.reason != want {
			t.Errorf("%s: %q", statement, d.reason)
		}
	}
}

func TestQuotationRunsOverTheStatementsOfALine(t *testing.T) {
	t.Parallel()
	var r quoteReader
	var got []string
	for _, statement := range []string{`It says “Dogs are in.`, `Cats are out.”`, `No more.`, `He said 'dogs are welcome.`, `Cats, too.'`, `That is all.`} {
		got = append(got, r.in(statement)...)
	}
	if diff := cmp.Diff([]string{"Dogs are in.", "Cats are out.", "dogs are welcome.", "Cats, too."}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
