package retrieve

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
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

func TestCopiesAreFoldedUnlessTheirFiguresDiffer(t *testing.T) {
	t.Parallel()
	text := "Every employee who has worked here for a year may take " + "30" + " days of leave, in agreement with the team and the manager, once in each calendar year of service."
	passages := []Passage{
		{DocumentID: 1, ChunkID: 1, Text: text},
		{DocumentID: 2, ChunkID: 2, DocumentKey: "copy", Title: "Copy", Revision: 3, Text: text + " "},
		{DocumentID: 3, ChunkID: 3, Text: strings.Replace(text, "30", "25", 1)},
		{DocumentID: 4, ChunkID: 4, Text: "Something else."},
		{DocumentID: 1, ChunkID: 5, Text: text},
	}
	want := []Passage{passages[0], passages[2], passages[3]}
	want[0].Copies = []Copy{{DocumentID: 2, DocumentKey: "copy", Title: "Copy", Revision: 3}}
	if diff := cmp.Diff(want, fold(passages), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
