package answer

import "testing"

func TestRowsAreHeldAgainstRowsOfTheirName(t *testing.T) {
	t.Parallel()
	const table = "Years of service | Extra days | Days in total\n0 to 2 | 0 | 28\n3 to 7 | 1 | 29\n8 and more | 3 | 31"
	const prose = "Full-time employees receive 28 days of paid vacation per calendar year. After years of service, extra vacation days are added.\n"
	for _, passage := range []string{table, prose + table} {
		for row, isFlagged := range map[string]bool{
			"| 3 to 7 | 29 [1] |": false, "| 3 to 7 years | 29 days [1] |": false, "| 3 to 7 | 1 | 29 [1] |": false, "3 to 7 | 29 [1]": false, "| 8 and more | 31 [1] |": false,
			"| 3 to 7 | 31 [1] |": true, "| 3 to 7 | 30 [1] |": true, "| 8 and more | 29 [1] |": true, "| 3 to 7 | 29 | 31 [1] |": true,
		} {
			if d := verifierOver(t, "How many vacation days do I get after 5 years?", passage).check(row); (d.reason != "") != isFlagged {
				t.Errorf("%q: want flagged %v, got %q", row, isFlagged, d.reason)
			}
		}
	}
}
