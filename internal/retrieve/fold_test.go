package retrieve

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const notice = "Every employee who has worked here for a year may take 30 days of leave, in agreement with the team and the manager, " +
	"once in each calendar year of service."

func TestCopiesAreFoldedIntoTheBestOne(t *testing.T) {
	t.Parallel()
	passages := []Passage{
		{DocumentID: 1, ChunkID: 1, Text: notice},
		{DocumentID: 2, ChunkID: 2, DocumentKey: "copy", Title: "Copy", Revision: 3, Text: notice + " "},
		{DocumentID: 3, ChunkID: 3, Text: strings.Replace(notice, "30", "25", 1)},
		{DocumentID: 4, ChunkID: 4, Text: "Something else."},
		{DocumentID: 1, ChunkID: 5, Text: notice},
		{DocumentID: 5, ChunkID: 6, Text: "***"},
		{DocumentID: 6, ChunkID: 7, Text: "—"},
	}
	want := []Passage{passages[0], passages[2], passages[3], passages[5], passages[6]}
	want[0].Copies = []Copy{{DocumentID: 2, DocumentKey: "copy", Title: "Copy", Revision: 3}}
	if diff := cmp.Diff(want, fold(passages), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOnlyTheSameWordsAreFolded(t *testing.T) {
	t.Parallel()
	var long string // of which a word is less than a hundredth
	for i := range 40 {
		long += fmt.Sprintf("Rule %d is for room %d. ", i, i)
	}
	for _, c := range []struct {
		a, b   string
		isSame bool
	}{
		{"Take the *green* form, “please”.", "take  the\ngreen form please", true},
		{"- Don’t smoke (here)!", "Don't smoke here", true},
		{"Es gilt die Hausordnung:", "• Es gilt die Hausordnung", true},
		{"We pay fifteen meals.", "We pay twelve meals.", false},
		{"You may park here.", "You may not park here.", false},
		{"Man darf hier parken.", "Man darf hier nicht parken.", false},
		{"Postoji petnaest obroka.", "Postoji dvanaest obroka.", false},
		{"员工可以携带宠物。", "员工不可以携带宠物。", false},
		{"Exports to Iran, Cuba and Syria need a licence.", "Exports to Iran and Cuba need a licence.", false},
		{"From Monday to Friday.", "From Friday to Monday.", false},
		{"It takes 1.5 days.", "It takes 15 days.", false},
		{"It takes .5 days.", "It takes 5 days.", false},
		{"Store it at -5 °C.", "Store it at 5 °C.", false},
		{"A discount of 10%.", "A discount of 10.", false},
		{"It costs $10.", "It costs €10.", false},
		{"Loads < 5 t.", "Loads > 5 t.", false},
		{"Monday | | 8", "Monday | 8 |", false},
	} {
		got := len(fold([]Passage{{DocumentID: 1, ChunkID: 1, Text: long + c.a}, {DocumentID: 2, ChunkID: 2, Text: long + c.b}})) == 1
		if got != c.isSame {
			t.Errorf("%q and %q: folded %t", c.a, c.b, got)
		}
	}
}

func TestRowsUnderOtherHeadersAreNotFolded(t *testing.T) {
	t.Parallel()
	rows := []Passage{{DocumentID: 1, ChunkID: 1, Context: "Role | Days", Text: "Trainee | 10"}, {DocumentID: 2, ChunkID: 2, Context: "Role | Hours", Text: "Trainee | 10"}}
	if got := fold(rows); len(got) != 2 {
		t.Errorf("10 days and 10 hours became one: %+v", got)
	}
}
