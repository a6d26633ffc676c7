package answer

import (
	"testing"

	"clearwell/internal/retrieve"
)

func TestCellStandsUnderItsColumnsHead(t *testing.T) {
	t.Parallel()
	const limits = "| Country | Hotel per night | Meals per day |\n|---|---|---|\n| Denmark | 190 | 75 |\n| Norway | 195 | 80 |"
	const service = "| Years of service | Extra days | Days in all |\n|---|---|---|\n| 3 to 7 | 1 | 29 |\n| 8 to 14 | 3 | 31 |"
	for _, c := range []struct {
		passage, claim string
		want           FlagReason
	}{
		{limits, "The hotel limit in Norway is 195 per night.", ""},
		{limits, "The hotel limit in Norway is 80 per night.", FlagUnsupported},
		{limits, "In Norway, a hotel may cost 195 and meals 80.", ""},
		{limits, "In Norway the amounts are 195 and 80.", ""},
		{service, "Between 3 and 7 years of service you get 29 days.", ""},
		{service, "Between 3 and 7 years of service you get 31 days.", FlagUnsupported},
		{service, "With 8 to 14 years of service you get 3 extra days, 31 days in all.", ""},
	} {
		if reason, missing := weighed(t, c.claim, c.passage, c.claim); reason != c.want {
			t.Errorf("%q: want %q, got %q %q", c.claim, c.want, reason, missing)
		}
	}
	for row, isFlagged := range map[string]bool{"| Norway | 195 [1] | 80 |": false, "| Norway | 80 [1] | 195 |": true} {
		v := (&Service{}).newVerifier(t.Context(), "What are the limits in Norway?", []retrieve.Passage{{Title: "Travel", Text: limits}})
		v.check("| Country | Hotel per night | Meals per day |")
		v.check("\n|---|---|---|")
		if d := v.check("\n" + row); (d.reason != "") != isFlagged {
			t.Errorf("%q: want flagged %v, got %q %q", row, isFlagged, d.reason, d.missing)
		}
	}
}

func TestNumberWordsWithAUnitStandWhereTheirPassageSpeaksOfTheSame(t *testing.T) {
	t.Parallel()
	const passage = "At least ten working days of vacation are taken in one piece. Whoever moves house gets leave of twelve days."
	for claim, want := range map[string]FlagReason{
		"At least ten working days of vacation are taken in one piece.":    "",
		"At least twelve working days of vacation are taken in one piece.": FlagUnsupported,
		"Who moves house gets twelve days of leave.":                       "",
	} {
		if reason, missing := weighed(t, claim, passage, claim); reason != want {
			t.Errorf("%q: want %q, got %q %q", claim, want, reason, missing)
		}
	}
}
