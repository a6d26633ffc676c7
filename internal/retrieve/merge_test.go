package retrieve

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// cutUp stores a text and returns its paragraphs as passages, numbered from 0.
func cutUp(t *testing.T, s *shelf, key, text string) []Passage {
	t.Helper()
	s.put(t, page{key: key, text: text})
	var document int64
	if err := s.pool.QueryRow(t.Context(), `select id from documents where key = $1`, key).Scan(&document); err != nil {
		t.Fatal(err)
	}
	var all []Passage
	start := 0
	for i, part := range strings.Split(text, "\n\n") {
		length := len([]rune(part))
		all = append(all, Passage{ChunkID: document*100 + int64(i), DocumentID: document, Revision: s.revision, Ordinal: i, Text: part,
			Start: start, End: start + length, Score: 1 - float64(i)/10, EffectiveFrom: time.Unix(0, 0)})
		start += length + 2
	}
	return all
}

func TestNeighboursBecomeOnePassage(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	p := cutUp(t, s, "leave", "Über alles.\n\nSecond part.\n\nThird part.\n\nFourth part.\n\nFifth part.")
	other := cutUp(t, s, "other", "Another text.\n\nIts second part.")
	got, err := s.searcher.join(t.Context(), []Passage{p[1], other[0], p[4], p[0], p[2], p[3]})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, g := range got {
		texts = append(texts, g.Text)
		if length := len([]rune(g.Text)); length != g.End-g.Start {
			t.Errorf("%q has %d characters from %d to %d", g.Text, length, g.Start, g.End)
		}
	}
	// Three at most: the fourth goes to the other neighbour.
	want := []string{"Über alles.\n\nSecond part.\n\nThird part.", "Another text.", "Fourth part.\n\nFifth part."}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got[0].ChunkID != p[1].ChunkID || got[0].Score != p[1].Score {
		t.Errorf("the joined passage is not led by its best part: %+v", got[0])
	}
}

func TestWhatAmendsStaysByItself(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	p := cutUp(t, s, "leave", "First part.\n\nSecond part.\n\nThird part.")
	p[1].AmendedBy = []int64{77}
	got, err := s.searcher.join(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEachPartOfAJoinedPassageKeepsItsPlace(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	p := cutUp(t, s, "leave", "Über alles.\n\nSecond part.\n\nThird part.")
	for i, place := range []Place{{1, []string{"Leave", "Scope"}}, {2, []string{"Leave", "Entitlement"}}, {2, []string{"Leave", "Sickness"}}} {
		p[i].Page, p[i].Headings = place.Page, place.Headings
	}
	got, err := s.searcher.join(t.Context(), []Passage{p[1], p[2], p[0]})
	if err != nil || len(got) != 1 {
		t.Fatalf("want one passage, got %+v, %v", got, err)
	}
	for i := range p {
		want := Place{p[i].Page, p[i].Headings}
		for _, at := range []int{p[i].Start, p[i].End - 1} {
			if diff := cmp.Diff(want, got[0].PlaceAt(at)); diff != "" {
				t.Errorf("part %d at %d (-want +got):\n%s", i, at, diff)
			}
		}
	}
	// Between two chunks stands the heading of the second.
	if diff := cmp.Diff(Place{2, []string{"Leave", "Sickness"}}, got[0].PlaceAt(p[2].Start-1)); diff != "" {
		t.Errorf("before the third part (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{1, 2}, got[0].Pages()); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Leave", "Scope", "Entitlement", "Sickness"}, got[0].Above()); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
}

func TestNeighboursWithOtherCopiesAreNotJoined(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	p := cutUp(t, s, "leave", "First part.\n\nSecond part.\n\nThird part.")
	p[0].Copies = []Copy{{DocumentID: 9, Revision: 1}}
	p[1].Copies = []Copy{{DocumentID: 9, Revision: 1}}
	got, err := s.searcher.join(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Text != "First part.\n\nSecond part." || got[1].Text != "Third part." {
		t.Errorf("the other document says the first two parts and not the third, got %+v", got)
	}
}
