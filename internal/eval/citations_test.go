package eval

import (
	"strings"
	"testing"

	"clearwell/internal/answer"
	"clearwell/internal/retrieve"
)

func TestCitationsOfJoinedChunksAreHeldToTheirOwnChunks(t *testing.T) {
	t.Parallel()
	s := newSubject(t)
	if _, err := s.load(t.Context(), mustUploads(t, map[string]string{"a.md": "# Leave\n\n## Vacation days\n\nEmployees get 25 vacation days a year.\n\n" +
		"## Buying days\n\nEmployees may buy 5 more vacation days a year.\n\n## Days left over\n\nOf these vacation days 5 are kept for next year.\n"})); err != nil {
		t.Fatal(err)
	}
	found, err := s.Searcher.Search(t.Context(), evaluator, retrieve.Query{Text: "How many vacation days do employees get a year?"})
	if err != nil || len(found.Passages) != 1 || len(found.Passages[0].Parts) != 3 {
		t.Fatalf("want one passage of three chunks, got %+v, %v", found, err)
	}
	count := func(p retrieve.Passage) Citations {
		var a answer.Answer
		for _, quote := range []string{"25 vacation days", "Buying days", "5 more vacation days", "5 are kept"} {
			start := p.Start + strings.Index(p.Text, quote)
			a.Citations = append(a.Citations, answer.Citation{N: 1, Passage: p, Quote: quote, Start: start, End: start + len(quote)})
		}
		var count Citations
		if _, _, err := newCitationChecker(s.Library).check(t.Context(), "q", a, &count); err != nil {
			t.Fatal(err)
		}
		return count
	}
	p := found.Passages[0]
	if c := count(p); c.Valid != 4 || c.Placed != 4 {
		t.Errorf("all four stand where they say, got %+v", c)
	}
	p.Parts = nil // as if all of it stood where the best chunk stands
	if c := count(p); c.Valid >= 3 || c.Verbatim != 4 || len(c.Faults) != 4-c.Valid {
		t.Errorf("words of another section were held to be valid, got %+v", c)
	}
}
