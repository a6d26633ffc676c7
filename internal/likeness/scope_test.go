package likeness_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/likeness"
)

func TestScopeIsReadFromLinesAndSentences(t *testing.T) {
	t.Parallel()
	tests := map[string]map[string]string{
		"Travel policy\n\nDepartment: Sales\n\nTrains first.":                          {"line department": "sales"},
		"Reiserichtlinie\n\nStandort | Berlin\n\nBahn vor Flug.":                       {"line standort": "berlin"},
		"This policy applies to all people\nof Sales. Trains first.":                   {"line applies to": "sales"},
		"Diese Richtlinie gilt für die Beschäftigten von Berlin.":                      {"line applies to": "berlin"},
		"This policy applies to all employees. Each department has a budget.":          {},
		"The team decides. Travel is booked by the department: ask there.":             {},
		"Contact: Anna Smith. Questions go to the team in Berlin.":                     {},
		"Country: Germany. This policy applies only to the staff of the Munich office": {"line country": "germany"},
	}
	for text, want := range tests {
		if diff := cmp.Diff(want, likeness.WithScope(nil, text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	fields := map[string]string{"department": "support"}
	if got := likeness.WithScope(fields, "Text."); got["department"] != "support" {
		t.Errorf("fields stay, got %v", got)
	}
}
