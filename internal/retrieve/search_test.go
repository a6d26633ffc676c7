package retrieve

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"clearwell/internal/access"
	"clearwell/internal/analysis"
	"clearwell/internal/fault"
)

func TestSearchShowsOnlyReadableCollections(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.put(t, page{collection: "handbook", key: "a", text: "vacation is twenty days"})
	s.put(t, page{collection: "board", key: "b", text: "vacation of the board is forty days"})
	for name, c := range map[string]struct {
		who    access.Principal
		wanted []string
		keys   []string
	}{
		"all":                         {reader(), nil, []string{"a", "b"}},
		"one of all":                  {reader(), []string{"board"}, []string{"b"}},
		"their own":                   {reader("handbook"), nil, []string{"a"}},
		"another's":                   {reader("handbook"), []string{"board"}, []string{}},
		"no collection at all":        {reader([]string{}...), []string{"nothing\x00"}, []string{}},
		"limited to none":             {access.Principal{Role: access.Admin, Collections: []string{}}, nil, []string{}},
		"nobody":                      {access.Principal{}, nil, []string{}},
		"nobody, naming a collection": {access.Principal{Collections: []string{"board"}}, []string{"board"}, []string{}},
	} {
		for _, at := range []time.Time{{}, time.Now()} { // the hot table and history
			for _, arm := range []Arm{Hybrid, Dense, Lexical} {
				result := s.search(t, c.who, Query{Text: "vacation days", Collections: c.wanted, Arm: arm, AsOf: at})
				found := keys(result)
				if diff := cmp.Diff(c.keys, found, cmpopts.SortSlices(strings.Compare)); diff != "" {
					t.Errorf("%s, %s, as of %v (-want +got):\n%s", name, arm, at, diff)
				}
				if result.AsOf.IsZero() {
					t.Errorf("%s: the moment is missing", name)
				}
			}
		}
	}
}

func TestSearchFindsWhatIsInForceAtTheMoment(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	now := time.Now()
	yesterday, tomorrow := now.AddDate(0, 0, -1), now.AddDate(0, 0, 1)
	s.put(t, page{key: "leave", text: "vacation is 20 days", until: yesterday, history: true})
	s.put(t, page{key: "leave", text: "vacation is 25 days", from: yesterday, until: tomorrow})
	s.put(t, page{key: "leave", text: "vacation is 30 days", from: tomorrow})
	s.count(t)
	for name, c := range map[string]struct {
		asOf time.Time
		want []string
	}{
		"now":       {time.Time{}, []string{"vacation is 25 days"}},
		"last week": {now.AddDate(0, 0, -7), []string{"vacation is 20 days"}},
		"next week": {now.AddDate(0, 0, 7), []string{"vacation is 30 days"}},
		"the edge":  {yesterday, []string{"vacation is 25 days"}},
		"before":    {now.AddDate(-9, 0, 0), nil},
	} {
		result := s.search(t, reader(), Query{Text: "vacation days", AsOf: c.asOf})
		var got []string
		for _, p := range result.Passages {
			got = append(got, p.Text)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if !c.asOf.IsZero() && !result.AsOf.Equal(c.asOf.Truncate(time.Microsecond)) {
			t.Errorf("%s: searched %v", name, result.AsOf)
		}
	}
}

func TestSearchIgnoresEndedPassagesStillInTheHotTable(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.put(t, page{key: "leave", text: "vacation is 20 days", until: time.Now().Add(-time.Second)})
	if got := keys(s.search(t, reader(), Query{Text: "vacation"})); len(got) != 0 {
		t.Errorf("found %v", got)
	}
}

func TestSearchKnowsWhatWasKnown(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	now := time.Now()
	corrected := now.AddDate(0, -1, 0)
	s.put(t, page{key: "leave", text: "vacation is 20 days", replaced: corrected, history: true})
	s.put(t, page{key: "leave", text: "vacation is 25 days", from: now.AddDate(-1, 0, 1), recorded: corrected})
	asOf := now.AddDate(0, -2, 0)
	for text, known := range map[string]time.Time{
		"vacation is 20 days": corrected.Add(-time.Hour),
		"vacation is 25 days": {},
	} {
		result := s.search(t, reader(), Query{Text: "vacation", AsOf: asOf, KnownAt: known})
		if len(result.Passages) != 1 || result.Passages[0].Text != text {
			t.Errorf("known at %v: %+v, want %q", known, result.Passages, text)
		}
	}
}

func TestHistoryScoresLikeThePresent(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.put(t, page{key: "a", text: "vacation is 20 days, and 5 days more after ten years"})
	s.put(t, page{key: "b", text: "sick leave of 3 days needs no certificate"})
	s.put(t, page{key: "c", text: "parking is free"})
	s.count(t)
	present := s.search(t, reader(), Query{Text: "how many vacation days"})
	past := s.search(t, reader(), Query{Text: "how many vacation days", AsOf: time.Now()})
	approximately := cmpopts.EquateApprox(0, 1e-4) // weights are stored as single floats
	if diff := cmp.Diff(present, past, approximately, cmpopts.IgnoreFields(Result{}, "AsOf")); diff != "" {
		t.Errorf("(-present +past):\n%s", diff)
	}
	if len(present.Passages) != 3 || present.Passages[0].DocumentKey != "a" {
		t.Errorf("found %v", keys(present))
	}
}

func TestScoreIsSquaredShareOfBM25PlusCosine(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.put(t, page{key: "a", text: "vacation vacation policy"})
	s.put(t, page{key: "b", text: "parking policy"})
	s.count(t)
	p := s.search(t, reader(), Query{Text: "vacation unheardof"}).Passages[0]
	// "vacation" stands in one of two passages, twice among three words; the other word in none.
	known, unknown := analysis.IDF(2, 1), analysis.IDF(2, 0)
	k1, b := analysis.K1, analysis.B
	bm25 := known * 2 * (k1 + 1) / (2 + k1*(1-b+b*3/100))
	share := bm25 / ((k1 + 1) * (known + unknown))
	if want := share*share + p.Cosine; p.DocumentKey != "a" || math.Abs(p.Score-want) > 1e-4 {
		t.Errorf("%s scores %v, want a with %v", p.DocumentKey, p.Score, want)
	}
	if want := known / (known + unknown); math.Abs(p.Coverage-want) > 1e-9 {
		t.Errorf("coverage %v, want %v", p.Coverage, want)
	}
}

func TestSearchFindsCodesAndStems(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.put(t, page{key: "code", text: "Error ERR_FS_FILE_TOO_LARGE (SPARK-43242): see § 4.2"})
	s.put(t, page{key: "other", text: "Error SPARK-43241: the file was too large, see section 2.4"})
	s.put(t, page{key: "german", language: "de", text: "Beschäftigte erhalten fünfundzwanzig Urlaubstage"})
	s.put(t, page{key: "chinese", language: "zh", text: "员工每年享有二十五天带薪年假"})
	s.count(t)
	for text, want := range map[string]string{
		"SPARK-43242":                  "code",
		"err_fs_file_too_large":        "code",
		"§4.2":                         "code",
		"Urlaubstagen":                 "german", // too short to tell its language but by the library's words
		"Wann erhält man Urlaubstage?": "german",
		"带薪年假有几天":                      "chinese",
	} {
		result := s.search(t, reader(), Query{Text: text, Arm: Lexical})
		if found := keys(result); len(found) == 0 || found[0] != want {
			t.Errorf("%q finds %v, want %s first", text, found, want)
		}
	}
}

func TestUnknownWordsLowerTheScore(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.put(t, page{key: "a", text: "vacation is 20 days"})
	s.count(t)
	plain := s.search(t, reader(), Query{Text: "vacation days", Arm: Lexical})
	mixed := s.search(t, reader(), Query{Text: "vacation days blockchain quantum", Arm: Lexical})
	if plain.Passages[0].Score <= mixed.Passages[0].Score || plain.Coverage != 1 || mixed.Coverage >= 0.7 {
		t.Errorf("score %v and %v, coverage %v and %v", plain.Passages[0].Score, mixed.Passages[0].Score, plain.Coverage, mixed.Coverage)
	}
	if len(mixed.Words) != 4 || mixed.Words[3].IDF <= mixed.Words[0].IDF {
		t.Errorf("words %+v", mixed.Words)
	}
}

func TestSearchWorksBeforeTheFirstCount(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.put(t, page{key: "a", text: "vacation is 20 days"})
	s.put(t, page{key: "b", text: "parking is free"})
	if found := keys(s.search(t, reader(), Query{Text: "is vacation paid", Arm: Lexical})); len(found) == 0 || found[0] != "a" {
		t.Errorf("found %v", found)
	}
}

func TestSearchOfAnEmptyLibraryFindsNothing(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.exec(t, `insert into collections (name) values ('handbook')`)
	for _, text := range []string{"vacation", "???"} {
		result := s.search(t, reader(), Query{Text: text})
		if len(result.Passages) != 0 || result.AsOf.IsZero() || result.Cosine != 0 || result.Coverage != 0 {
			t.Errorf("%q: %+v", text, result)
		}
	}
}

func TestPassageTellsWhereItStands(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	from, until := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)
	s.put(t, page{collection: "hr", key: "leave.md", text: "vacation is 20 days", from: from, until: until})
	result := s.search(t, reader("hr"), Query{Text: "vacation"})
	want := []Passage{{DocumentKey: "leave.md", Collection: "hr", Title: "Title", Revision: 1, EffectiveFrom: from,
		EffectiveUntil: &until, Page: 1, Headings: []string{"Rules"}, Text: "vacation is 20 days", End: 19, Coverage: 1}}
	ignored := cmpopts.IgnoreFields(Passage{}, "ChunkID", "DocumentID", "Score", "Fused", "Cosine")
	if diff := cmp.Diff(want, result.Passages, ignored); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if p := result.Passages[0]; p.ChunkID == 0 || p.DocumentID == 0 || p.Cosine <= 0 || p.Cosine != result.Cosine || p.Fused != p.Score {
		t.Errorf("%+v in %+v", p, result)
	}
}

func TestSearchRefusesBadQueries(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for code, q := range map[string]Query{
		"empty_query":        {Text: " \n"},
		"query_too_long":     {Text: strings.Repeat("é", maxCharacters+1)},
		"limit_out_of_range": {Text: "a", Limit: maxLimit + 1},
		"unknown_arm":        {Text: "a", Arm: "sparse"},
	} {
		_, err := s.searcher.Search(t.Context(), reader(), q)
		if fault.CodeOf(err) != code || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestSearchTakesLongAndBrokenQuestions(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.put(t, page{key: "a", text: "vacation is 20 days"})
	for _, text := range []string{strings.Repeat("a1 b2-c3 ", 440), "vac\x00ation \xff\xfe", strings.Repeat("年", maxCharacters)} {
		s.search(t, reader(), Query{Text: text})
	}
}

func TestEmbedderFailureFailsTheSearch(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.put(t, page{key: "a", text: "vacation is 20 days"})
	broken := fault.Newf(fault.Unavailable, "embedder_down", "The embedding endpoint does not answer.")
	s.embedder.Fail(broken)
	if _, err := s.searcher.Search(t.Context(), reader(), Query{Text: "vacation"}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if found := keys(s.search(t, reader(), Query{Text: "vacation", Arm: Lexical})); len(found) != 1 {
		t.Errorf("the lexical arm needs no embedder, yet found %v", found)
	}
}
