package answer

import "testing"

func TestFollowUpsLeanOnTheQuestionBefore(t *testing.T) {
	t.Parallel()
	for _, d := range known {
		if got := leansOn(d.question, d.before); got != d.leans {
			t.Errorf("%q after %q: leans %t, want %t", d.question, d.before, got, d.leans)
		}
	}
}

// The rule was written before these dialogues were looked at, and is not changed for them.
func TestTheRuleHoldsOnDialoguesItWasNotMadeWith(t *testing.T) {
	t.Parallel()
	found, rewritten, leaning := 0, 0, 0
	for _, d := range unseen {
		got := leansOn(d.question, d.before)
		if got != d.leans {
			t.Logf("%q after %q: leans %t", d.question, d.before, got)
		}
		if got {
			rewritten++
		}
		if d.leans {
			leaning++
		}
		if got && d.leans {
			found++
		}
	}
	precision, recall := float64(found)/float64(rewritten), float64(found)/float64(leaning)
	t.Logf("precision %.3f, recall %.3f", precision, recall)
	if precision < .9 || recall < .9 {
		t.Errorf("precision %.3f and recall %.3f, want .9 each", precision, recall)
	}
}

func TestOtherScriptsStandAloneUnlessTheySayNothing(t *testing.T) {
	t.Parallel()
	for question, leans := range map[string]bool{
		"Сколько дней отпуска у меня есть?": false, "我有多少天年假？": false, "出張の申請はどこでしますか？": false, "为什么？": false, "?": false, "": false,
		"Почему?": true,
	} {
		if got := leansOn(question, "How many vacation days do I get?"); got != leans {
			t.Errorf("%q leans %t, want %t", question, got, leans)
		}
	}
}
