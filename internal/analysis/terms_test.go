package analysis

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func words(text string, language Language) []string {
	var found []string
	for _, word := range Question(text, language) {
		found = append(found, word.Word)
	}
	return found
}

func TestQuestionKeepsCodesWholeAndInParts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"SPARK-43242":               {"spark-43242", "spark", "43242"},
		"ERR_FS_FILE_TOO_LARGE?":    {"err_fs_file_too_large", "err", "fs", "file", "too", "large"},
		"§ 4.2, §4.2":               {"§4.2", "4.2", "4", "2"},
		"v3.2.1.":                   {"3.2.1", "v3.2.1", "v3", "2", "1"},
		"(config.yaml)":             {"config.yaml", "config", "yaml"},
		"jo@example.com":            {"jo@example.com", "jo", "example.com", "example", "com"},
		"api/v1/users.md":           {"api/v1/users.md", "api", "v1", "users.md", "users", "md"},
		"maxRetryCount GmbH iPhone": {"maxretrycount", "max", "retry", "count", "gmbh", "iphone"},
		"C++ or C#":                 {"c", "c++", "or", "c#"},
		"R&D":                       {"r&d", "r", "d"},
		"well-known and/or":         {"well", "known", "and", "or"},
		"e-mail":                    {"email", "e", "mail"},
		"U.S. law":                  {"us", "law"},
	} {
		if diff := cmp.Diff(want, words(text, "en")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestQuestionReadsNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"1,500 1500":    {"1500"},
		"1.500.000":     {"1500000"},
		"1.500":         {"1500", "1.500"},
		"$25, 25%":      {"25"},
		"2,5":           {"2.5", "2", "5"},
		"10:30":         {"10:30", "10", "30"},
		"٢٥ ２５":         {"25"},
		"days² policy¹": {"days", "policy"},
		"2026-01-31":    {"2026-01-31", "2026", "01", "31"},
		"1, 2,a":        {"1", "2", "a"},
	} {
		if diff := cmp.Diff(want, words(text, "en")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestQuestionFollowsApostropheCustoms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text     string
		language Language
		want     []string
	}{
		{"The company’s don't O'Brien", "en", []string{"the", "company", "dont", "obrien"}},
		{"l'avion d’affaires", "fr", []string{"l", "avion", "d", "affaires"}},
		{"Ankara'da İSTANBUL", "tr", []string{"ankara", "istanbul"}},
		{"об'єкт", "uk", []string{"обєкт"}},
	} {
		if diff := cmp.Diff(c.want, words(c.text, c.language)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestQuestionCutsUnspacedScriptsIntoPairs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"年假政策":         {"年", "假", "政", "策", "年假", "假政", "政策"},
		"茶":            {"茶"},
		"用iPhone 15手机": {"用", "iphone", "15", "手", "机", "手机"},
		"データベース":       {"デー", "ータ", "タベ", "ベー", "ース"},
		"휴가는 며칠":       {"휴가", "가는", "며칠"},
		"กี่วัน":       {"กี่วั", "วัน"},
	} {
		if diff := cmp.Diff(want, words(text, "")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestSpellingsOfOneWordMeet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		language Language
		a, b     string
		isExact  bool // the exact terms are the same too
	}{
		{"case", "de", "STRASSE", "straße", true},
		{"full width and ligature", "en", "ｆｉｌｅ", "ﬁle", true},
		{"composed and decomposed", "fr", "caf\u00e9", "cafe\u0301", true},
		{"soft hyphen", "de", "Ur\u00adlaub", "Urlaub", true},
		{"alef and ya", "ar", "إلى", "الي", true},
		{"vowel signs and tatweel", "ar", "كِتَابـــ", "كتاب", true},
		{"yo", "ru", "отчёт", "отчет", true},
		{"accent left out", "es", "política", "politica", false},
		{"inflected", "de", "Urlaubstage", "Urlaubstagen", false},
		{"plural", "en", "policies", "policy", false},
		{"cases", "ru", "отпуска", "отпуск", false},
	} {
		a, b := Question(c.a, c.language), Question(c.b, c.language)
		if len(a) != 1 || len(b) != 1 {
			t.Errorf("%s: %v and %v are not one word each", c.name, a, b)
			continue
		}
		if a[0].Stem != b[0].Stem || (a[0].Exact == b[0].Exact) != c.isExact {
			t.Errorf("%s: %v and %v", c.name, a[0], b[0])
		}
	}
}

func TestTermsLiveInTheirHalves(t *testing.T) {
	t.Parallel()
	for _, word := range Question("reimbursed ERR_42 年假 ΕΛΛΑΔΑ", "en") {
		if word.Exact < 1 || word.Exact > half {
			t.Errorf("%s: exact term %d", word.Word, word.Exact)
		}
		isStem := word.Stem > half && word.Stem <= 2*half
		if isStem == (word.Stem == word.Exact) {
			t.Errorf("%s: stem term %d", word.Word, word.Stem)
		}
	}
}

// Terms are stored with every passage, so a change of the hash would make an index useless in silence.
func TestTermsAreStable(t *testing.T) {
	t.Parallel()
	want := []QueryWord{{Word: "policies", Exact: 168790754, Stem: 564799656}}
	if diff := cmp.Diff(want, Question("Policies", "en")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPassageCountsWordsAndStems(t *testing.T) {
	t.Parallel()
	bag := Passage("Days off: 25 days, SPARK-1", "en")
	if bag.Length != 6 { // the whole code stands beside its parts and is not counted
		t.Errorf("length %d", bag.Length)
	}
	if !slices.IsSorted(bag.IDs) || len(bag.IDs) != len(bag.Counts) {
		t.Errorf("terms not in order: %v %v", bag.IDs, bag.Counts)
	}
	for text, want := range map[string]float32{"days": 2, "day": 0, "25": 1, "spark-1": 1} {
		if got := bag.count(exactTerm(text)); got != want {
			t.Errorf("%s occurs %v times, want %v", text, got, want)
		}
	}
	if got := bag.count(stemTerm("day")); got != 2 {
		t.Errorf("stem occurs %v times", got)
	}
}

func (b Bag) count(term int32) float32 {
	if i, ok := slices.BinarySearch(b.IDs, term); ok {
		return b.Counts[i]
	}
	return 0
}

func TestPassageOfNothingIsEmpty(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " \n", "?!—…", "\x00\xff\xfe"} {
		bag := Passage(text, "en")
		if bag.IDs == nil || len(bag.IDs) != 0 || bag.Length != 0 {
			t.Errorf("%q: %+v", text, bag)
		}
	}
}

func TestPassageSurvivesHugeWords(t *testing.T) {
	t.Parallel()
	for _, text := range []string{strings.Repeat("a", 1<<20), strings.Repeat("a-", 1<<19), strings.Repeat("年", 1<<18),
		strings.Repeat("\u0301", 1<<18), strings.Repeat("aB", 1<<18), strings.Repeat("'", 1<<20) + "x"} {
		Passage(text, "hu")
	}
}

func FuzzQuestionWordsAreInPassage(f *testing.F) {
	for _, seed := range []string{"25 days' leave", "ERR_FS", "§4.2", "年假 policy", "Ǆ İ ß ﬁ", "a..b--c", "1,,5", "C++x"} {
		f.Add(seed, "en")
		f.Add(seed, "tr")
	}
	f.Fuzz(func(t *testing.T, text, language string) {
		if !utf8.ValidString(text) {
			t.Skip()
		}
		bag := Passage(text, Language(language))
		for _, word := range Question(text, Language(language)) {
			if bag.count(word.Exact) == 0 || bag.count(word.Stem) == 0 {
				t.Errorf("%q: the passage lacks %+v", text, word)
			}
		}
	})
}
