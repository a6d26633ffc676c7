package answer

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clearwell/internal/retrieve"
)

// leaveInParts is a passage of three chunks, found for its second one.
func leaveInParts() retrieve.Passage {
	text := "This is for all.\n\nEntitlement\n\nYou get 28 days.\n\nCarry-over\n\nFive days carry over."
	at := func(words string) int { return 100 + strings.Index(text, words) }
	trail := func(heading string) []string { return []string{"Leave", heading} }
	return retrieve.Passage{
		ChunkID: 2, Title: "Leave", Page: 2, Headings: trail("Entitlement"), Text: text, Start: 100, End: 100 + len(text),
		Parts: []retrieve.Part{
			{Start: 100, Place: retrieve.Place{Page: 1, Headings: trail("Scope")}},
			{Start: at("\n\nEntitlement"), Place: retrieve.Place{Page: 2, Headings: trail("Entitlement")}},
			{Start: at("\n\nCarry-over"), Place: retrieve.Place{Page: 3, Headings: trail("Carry-over")}},
		},
	}
}

func TestACitationStandsWhereItsQuoteStands(t *testing.T) {
	t.Parallel()
	p := leaveInParts()
	for quote, want := range map[string]retrieve.Place{
		"This is for all.":      {Page: 1, Headings: []string{"Leave", "Scope"}},
		"Entitlement":           {Page: 2, Headings: []string{"Leave", "Entitlement"}},
		"You get 28 days.":      {Page: 2, Headings: []string{"Leave", "Entitlement"}},
		"Five days carry over.": {Page: 3, Headings: []string{"Leave", "Carry-over"}},
	} {
		start := strings.Index(p.Text, quote)
		c := citation(1, p, start, start+len(quote))
		kept, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var read Citation
		if err := json.Unmarshal(kept, &read); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]Citation{"as made": c, "as read from a conversation": read} {
			if diff := cmp.Diff(want, c.Place()); diff != "" {
				t.Errorf("%q %s (-want +got):\n%s", quote, name, diff)
			}
		}
	}
	var old Citation
	if err := json.Unmarshal([]byte(`{"Start": 3, "Passage": {"Page": 4, "Headings": ["Leave"], "Start": 3, "End": 10}}`), &old); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(retrieve.Place{Page: 4, Headings: []string{"Leave"}}, old.Place()); diff != "" {
		t.Errorf("kept before passages had parts (-want +got):\n%s", diff)
	}
}

func TestAPromptNamesAllPagesOfAPassageAndTheHeadingAboveItsBeginning(t *testing.T) {
	t.Parallel()
	whole, shortened := leaveInParts(), leaveInParts()
	shortened.End = shortened.Parts[1].Start
	single := retrieve.Passage{Page: 7, Headings: []string{"Leave"}}
	for want, p := range map[string]retrieve.Passage{
		"pages 1–3, Leave > Scope": whole, "page 1, Leave > Scope": shortened, "page 7, Leave": single, "page 7": {Page: 7}, "": {},
	} {
		if got := place(p); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}

func TestStatementsMayNameThePagesThatTheyStandOn(t *testing.T) {
	t.Parallel()
	v := (&Service{}).newVerifier(t.Context(), "How many days do I get?", []retrieve.Passage{leaveInParts()})
	for claim, isTrue := range map[string]bool{
		"On page 1 it says that you get 28 days.": true, "On page 3 it says that you get 28 days.": true,
		"On pages 2–3 it says that you get 28 days.": true, "On page 4 it says that you get 28 days.": false,
		"On pages 2–4 it says that you get 28 days.": false,
	} {
		if missing, ok := v.missingFigure(claim, []int{0}); ok != isTrue {
			t.Errorf("%q: missing %q", claim, missing)
		}
	}
}
