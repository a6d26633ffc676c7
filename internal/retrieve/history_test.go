package retrieve_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"clearwell/internal/access"
	"clearwell/internal/inference/inferencetest"
	"clearwell/internal/library"
	"clearwell/internal/library/librarytest"
	"clearwell/internal/postgres/pgtest"
	"clearwell/internal/retrieve"
)

const (
	historyDimension = 8
	// shelfSize is how many documents lie in one collection: as many as one search can return, so that what is
	// found is all that was in force.
	shelfSize = 100
	// shelvesPerDatabase fill one database, each a collection of its own.
	shelvesPerDatabase = 5
)

// histories is how many random histories TestSearchAgreesWithOracle writes: CLEARWELL_HISTORIES, or else 1,500.
func histories(t *testing.T) int {
	t.Helper()
	text := os.Getenv("CLEARWELL_HISTORIES")
	if text == "" {
		return 1500
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("CLEARWELL_HISTORIES is %q: give a number", text)
	}
	return n
}

// found is what a search shows of one document.
type found struct {
	Key string
	librarytest.Standing
}

// historyShelf is a collection whose history is written at random.
type historyShelf struct {
	writer   *librarytest.Writer
	searcher *retrieve.Searcher
	name     string
	all      []*librarytest.History
	random   *rand.Rand
	compared *comparisons
}

// comparisons counts what was compared.
type comparisons struct{ facts, searches, standings, inForce atomic.Int64 }

// TestSearchAgreesWithOracle writes random histories of publications, late and scheduled ones, rollbacks and
// withdrawals, and compares what searches find, in both arms and together, now and at random moments of
// either time, with what the rules say.
func TestSearchAgreesWithOracle(t *testing.T) {
	t.Parallel()
	var compared comparisons
	shelves := (histories(t) + shelfSize - 1) / shelfSize
	started := time.Now()
	t.Run("shelves", func(t *testing.T) {
		for first := 0; first < shelves; first += shelvesPerDatabase {
			t.Run(strconv.Itoa(first), func(t *testing.T) {
				t.Parallel()
				pool := pgtest.New(t)
				store := library.New(pool)
				embedder := inferencetest.NewEmbedder(historyDimension)
				if err := store.OpenIndex(t.Context(), embedder.Model()); err != nil {
					t.Fatal(err)
				}
				searcher := retrieve.NewSearcher(pool, embedder, retrieve.Config{})
				for n := first; n < min(first+shelvesPerDatabase, shelves); n++ {
					random := rand.New(rand.NewPCG(uint64(n), 4))
					writer := &librarytest.Writer{Pool: pool, Store: store, Random: random,
						Embed: func(text string) []float32 { return inferencetest.Vector(text, historyDimension) },
						Text: func(h *librarytest.History, number int) string {
							return fmt.Sprintf("The policy %s of %s in its revision %d.", h.Key, h.Collection, number)
						}}
					s := &historyShelf{writer: writer, searcher: searcher, name: fmt.Sprintf("shelf-%d", n), random: random, compared: &compared}
					s.live(t)
				}
			})
		}
	})
	t.Logf("%d histories of %d facts, %d searches, %d standings compared, %d of them in force, in %s", shelves*shelfSize,
		compared.facts.Load(), compared.searches.Load(), compared.standings.Load(), compared.inForce.Load(), time.Since(started).Round(time.Second))
}

// live writes the shelf's histories and looks at the present after each turn, at other moments in the end.
func (s *historyShelf) live(t *testing.T) {
	for i := range shelfSize {
		s.all = append(s.all, &librarytest.History{Collection: s.name, Key: fmt.Sprintf("doc-%02d", i)})
	}
	for range 4 + s.random.IntN(6) {
		if err := s.writer.Turn(t.Context(), s.all); err != nil {
			t.Fatal(err)
		}
		s.compare(t, retrieve.Query{})
	}
	for _, h := range s.all {
		s.compared.facts.Add(int64(len(h.Facts)))
	}
	moments := s.moments()
	for range 40 {
		q := retrieve.Query{AsOf: s.moment(moments)}
		if s.random.IntN(3) > 0 {
			q.KnownAt = s.moment(moments)
		}
		if s.random.IntN(20) == 0 {
			q.AsOf, q.KnownAt = time.Time{}, s.moment(moments)
		}
		s.compare(t, q)
	}
	for _, arm := range []retrieve.Arm{retrieve.Hybrid, retrieve.Dense, retrieve.Lexical} {
		s.compare(t, retrieve.Query{Arm: arm})
	}
}

// moments are all at which anything changes on this shelf.
func (s *historyShelf) moments() []time.Time {
	var moments []time.Time
	for _, h := range s.all {
		for _, f := range h.Facts {
			for _, m := range []time.Time{f.From, f.Until, f.Recorded} {
				if !m.IsZero() {
					moments = append(moments, m)
				}
			}
		}
	}
	return moments
}

// moment is one of them, the last instant before it, or any other.
func (s *historyShelf) moment(moments []time.Time) time.Time {
	m := moments[s.random.IntN(len(moments))]
	switch s.random.IntN(3) {
	case 0:
		return m
	case 1:
		return m.Add(-time.Microsecond)
	}
	return m.Add(time.Duration(s.random.Int64N(int64(40 * 24 * time.Hour)))).Truncate(time.Microsecond)
}

// compare searches and holds what was found against the rules.
func (s *historyShelf) compare(t *testing.T, q retrieve.Query) {
	t.Helper()
	q.Text, q.Collections, q.Limit = "policy revision", []string{s.name}, shelfSize
	if q.Arm == "" {
		q.Arm = []retrieve.Arm{retrieve.Hybrid, retrieve.Dense, retrieve.Lexical}[s.random.IntN(3)]
	}
	result, err := s.searcher.Search(t.Context(), access.System("test"), q)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]found, 0, len(result.Passages))
	for _, p := range result.Passages {
		f := found{p.DocumentKey, librarytest.Standing{Number: p.Revision, From: p.EffectiveFrom}}
		if p.EffectiveUntil != nil {
			f.Until = *p.EffectiveUntil
		}
		got = append(got, f)
	}
	slices.SortFunc(got, func(a, b found) int { return cmp.Compare(a.Key, b.Key) })
	knownAt := q.KnownAt
	if knownAt.IsZero() {
		knownAt = time.Now().Add(time.Hour) // all that was recorded so far
	}
	want := make([]found, 0, len(got))
	for _, h := range s.all {
		if standing := h.Standing(result.AsOf, knownAt); standing.Number > 0 {
			want = append(want, found{h.Key, standing})
		}
	}
	s.compared.searches.Add(1)
	s.compared.standings.Add(int64(len(s.all)))
	s.compared.inForce.Add(int64(len(want)))
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Fatalf("%s arm at %s as known at %s (-rules +search):\n%s%s", q.Arm, result.AsOf, q.KnownAt, diff, s.story(want, got))
	}
}

// story tells the history of the first documents of which rules and search differ.
func (s *historyShelf) story(want, got []found) (story string) {
	shown := 0
	for _, h := range s.all {
		at := func(list []found) (f found) {
			if i := slices.IndexFunc(list, func(f found) bool { return f.Key == h.Key }); i >= 0 {
				f = list[i]
			}
			return f
		}
		if !gocmp.Equal(at(want), at(got)) && shown < 3 {
			shown++
			story += "\n" + h.String()
		}
	}
	return story
}
