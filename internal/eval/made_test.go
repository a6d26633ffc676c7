package eval

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestKnownItemsAreWordsOfTheirDocument(t *testing.T) {
	t.Parallel()
	documents := []document{
		{"en", "", "Short. The committee meets on the second Tuesday of every month in the small hall behind the library. Guests announce themselves at the desk one day before they arrive."},
		{"copy", "", "The committee meets on the second Tuesday of every month in the small hall behind the library."},
		{"zh", "", "委员会在每个月的第二个星期二在图书馆后面的小礼堂举行会议，客人需要提前一天报名。"},
		{"empty", "", "\n"},
	}
	queries := knownItems(documents, 60, 3)
	if len(queries) != 60 {
		t.Fatalf("want 60 questions, got %d", len(queries))
	}
	if diff := cmp.Diff(queries, knownItems(documents, 60, 3), cmp.AllowUnexported(query{})); diff != "" {
		t.Errorf("one seed makes one set:\n%s", diff)
	}
	thinned, shared := 0, 0
	for _, q := range queries {
		for _, d := range documents {
			if q.relevant[d.key] == 0 {
				continue
			}
			for _, word := range strings.Fields(q.text) {
				if d.key != "zh" && !strings.Contains(d.text, word) {
					t.Errorf("%q is no word of %s", word, d.key)
				}
			}
			if !strings.Contains(d.text, q.text) {
				thinned++
			}
		}
		if len(q.relevant) == 2 {
			shared++
		}
	}
	if thinned == 0 || shared == 0 {
		t.Errorf("some words are forgotten (%d) and a copy counts as found, too (%d)", thinned, shared)
	}
	if got := knownItems([]document{{"a", "", "Too short."}}, 5, 1); len(got) != 0 {
		t.Errorf("no sentence is long enough, got %v", got)
	}
}

func TestEveryCodeStandsInItsOwnDocumentAlone(t *testing.T) {
	t.Parallel()
	documents, queries := codeDocuments(250, 1)
	if len(documents) != 250 || len(queries) != 750 {
		t.Fatalf("want 250 documents and 750 questions, got %d and %d", len(documents), len(queries))
	}
	again, _ := codeDocuments(250, 1)
	if diff := cmp.Diff(documents, again, cmp.AllowUnexported(document{})); diff != "" {
		t.Errorf("one seed makes one set:\n%s", diff)
	}
	neighbours := 0
	for i, q := range queries {
		if q.kind != "alone" {
			continue
		}
		own := documents[i/3]
		for _, d := range documents {
			text := d.title + " " + d.text
			holds := strings.Contains(" "+strings.NewReplacer(":", " ", ",", " ", "]", " ", "[", " ").Replace(text)+" ", " "+q.text+" ")
			if holds != (d.key == own.key) {
				t.Errorf("%s in %s (%s): %t", q.text, d.key, own.key, holds)
			}
		}
		if strings.Contains(own.text, "{") || strings.Contains(own.text, "%") && strings.Contains(own.text, "%!") {
			t.Errorf("a blank was not filled: %s", own.text)
		}
		if i+3 < len(queries) && len(queries[i+3].text) == len(q.text) && queries[i+3].text[:len(q.text)-1] == q.text[:len(q.text)-1] {
			neighbours++
		}
	}
	if neighbours < 50 {
		t.Errorf("%d codes differ from the next one in the last sign alone, want 50", neighbours)
	}
}

func TestCodesAreAskedForAsPeopleRetypeThem(t *testing.T) {
	t.Parallel()
	style := codeStyle{questions: []string{"What is %s?"}}
	for code, want := range map[string]string{"SPARK-43242": "SPARK 43242", "ERR_FS_FILE_TOO_LARGE": "ERR FS FILE TOO LARGE", "§ 4.2": "4.2",
		"v2.14.3": "2.14.3", "0x80070005": "80070005"} {
		if got := style.ask(nil, code, "in parts"); got != want {
			t.Errorf("%s in parts: want %q, got %q", code, want, got)
		}
		if got := style.ask(nil, code, "alone"); got != code {
			t.Errorf("%s alone: got %q", code, got)
		}
	}
}
