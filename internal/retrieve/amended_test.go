package retrieve

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// amends says that the last revision put amends the document of that key.
func (s *shelf) amends(t *testing.T, key string) {
	t.Helper()
	s.exec(t, `insert into amendments (revision_id, document_id)
		select r.id, d.id from revisions r, documents d where r.number = $1 and d.key = $2`, s.revision, key)
}

// marks lists what was found, each with what amends it.
func marks(result Result) []string {
	names := make(map[int64]string)
	for _, p := range result.Passages {
		names[p.ChunkID] = p.Text
	}
	var all []string
	for _, p := range result.Passages {
		line := p.Text
		for _, by := range p.AmendedBy {
			line += " < " + names[by]
		}
		all = append(all, line)
	}
	return all
}

func TestAnAmendmentStandsBeforeWhatItAmends(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.put(t, page{key: "travel", text: "flights over six hours may be business class"})
	s.put(t, page{key: "notice", text: "from now on business class needs over ten hours"})
	s.amends(t, "travel")
	s.put(t, page{key: "lunch", text: "flights of stairs lead to lunch"})
	s.count(t)
	want := []string{
		"from now on business class needs over ten hours",
		"flights over six hours may be business class < from now on business class needs over ten hours",
	}
	for _, at := range []time.Time{{}, time.Now()} { // the hot table and history
		result := s.search(t, reader(), Query{Text: "flights over six hours", AsOf: at, Limit: 2})
		if diff := cmp.Diff(want, marks(result)); diff != "" {
			t.Errorf("as of %v (-want +got):\n%s", at, diff)
		}
		if p := result.Passages; p[0].Score < p[1].Score || p[0].Cosine == 0 || p[0].Coverage == 0 {
			t.Errorf("scores %+v", p)
		}
	}
}

func TestAnAmendmentThatNamesASectionAmendsThatSection(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ heading, amendment, amendmentHeading string }{
		"by number":       {"4.2 Rates", "Section 4.2 is replaced: hotels cost 120", "Change"},
		"by paragraph":    {"§ 5 Sätze", "§ 5 gilt nun so: hotels cost 120", "Änderung"},
		"German section":  {"3 Sätze", "In Abschnitt 3 heißt es nun: hotels cost 120", "Änderung"},
		"French article":  {"Article 7", "l'article 7 est remplacé: hotels cost 120", "Avenant"},
		"by its heading":  {"Hotel rates", "hotels cost 120", "hotel rates"},
		"Spanish section": {"4 Tarifas", "el apartado 4 queda así: hotels cost 120", "Cambio"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShelf(t)
			s.put(t, page{key: "travel", text: "hotels cost 100", heading: c.heading})
			// The same words stand nearer to the amendment, in another section of the same document.
			s.exec(t, `insert into chunks (content_id, ordinal, text, context, headings, page, start_offset, end_offset, tokens,
					embedded_sha256, embedding, terms, counts, words)
				select content_id, 1, 'hotels abroad', '', '{9 Abroad}', 1, 20, 33, 1, embedded_sha256, embedding, terms, counts, words
				from chunks`)
			s.exec(t, `insert into passages (publication_id, chunk_id, document_id, collection_id, valid, embedding, terms, weights)
				select p.publication_id, c.id, p.document_id, p.collection_id, p.valid, p.embedding, p.terms, p.weights
				from passages p join chunks c on c.ordinal = 1`)
			s.put(t, page{key: "notice", text: c.amendment, heading: c.amendmentHeading})
			s.amends(t, "travel")
			result := s.search(t, reader(), Query{Text: "what do hotels cost"})
			for _, p := range result.Passages {
				if isAmended := len(p.AmendedBy) > 0; isAmended != (p.Text == "hotels cost 100") {
					t.Errorf("%q amended: %v", p.Text, isAmended)
				}
			}
			if len(result.Passages) != 3 {
				t.Errorf("found %v", marks(result))
			}
		})
	}
}

func TestOnlyReadableAmendmentsInForceCount(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	now := time.Now()
	s.put(t, page{key: "travel", text: "flights over six hours may be business class"})
	s.put(t, page{key: "old", text: "over seven", until: now.Add(-time.Hour), history: true, endedBy: "withdrawn"})
	s.amends(t, "travel")
	s.put(t, page{key: "next", text: "over eight", from: now.AddDate(0, 0, 2)})
	s.amends(t, "travel")
	s.put(t, page{collection: "board", key: "secret", text: "over nine"})
	s.amends(t, "travel")
	for name, c := range map[string]struct {
		q    Query
		who  []string
		want []string
	}{
		"today": {Query{Text: "flights"}, []string{"handbook"}, []string{"flights over six hours may be business class"}},
		"in a week": {Query{Text: "flights", AsOf: now.AddDate(0, 0, 7)}, []string{"handbook"},
			[]string{"over eight", "flights over six hours may be business class < over eight"}},
		"last week": {Query{Text: "flights", AsOf: now.AddDate(0, 0, -7)}, []string{"handbook"},
			[]string{"over seven", "flights over six hours may be business class < over seven"}},
		"who may read the other": {Query{Text: "flights"}, []string{"handbook", "board"},
			[]string{"over nine", "flights over six hours may be business class < over nine"}},
	} {
		if diff := cmp.Diff(c.want, marks(s.search(t, reader(c.who...), c.q))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
