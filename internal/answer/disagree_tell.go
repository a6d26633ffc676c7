package answer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"clearwell/internal/retrieve"
)

// citedIn numbers the values of a disagreement by the passages that the reader sees. Values of passages that the reader
// doesn't see are left out; what is left of one value is no disagreement.
func citedIn(conflicts []Conflict, passages []retrieve.Passage) []Conflict {
	var all []Conflict
	for _, conflict := range conflicts {
		var values []ConflictValue
		for _, v := range conflict.Values {
			at := slices.IndexFunc(passages, func(p retrieve.Passage) bool {
				c := v.Citation.Passage
				return p.ChunkID == c.ChunkID && p.Start == c.Start && v.Citation.End <= p.End
			})
			if at >= 0 {
				v.Citation.N, v.Citation.Passage = at+1, passages[at]
				values = append(values, v)
			}
		}
		slices.SortStableFunc(values, func(a, b ConflictValue) int { return cmp.Compare(a.Citation.N, b.Citation.N) })
		if len(values) > 1 {
			all = append(all, Conflict{Values: values})
		}
	}
	return all
}

// completeConflicts is tellConflicts for a text that may say all the values with their documents and dates by itself, as a
// model is asked to.
func (w *writing) completeConflicts(question string) {
	if slices.ContainsFunc(w.answer.Conflicts, func(c Conflict) bool { return !saysAll(w.text.String(), c) }) {
		w.tellConflicts(question)
	}
}

// tellConflicts says under the answer which values the sources give, each cited.
func (w *writing) tellConflicts(question string) {
	p := phrasesIn(interfaceLanguage(question))
	for _, conflict := range w.answer.Conflicts {
		parts := make([]string, len(conflict.Values))
		for i, v := range conflict.Values {
			parts[i] = p.valueOf(v)
		}
		last := len(parts) - 1
		w.write("\n\n" + fmt.Sprintf(p.disagree, strings.Join(parts[:last], ", ")+" "+p.and+" "+parts[last]))
		for _, v := range conflict.Values {
			if !slices.ContainsFunc(w.answer.Citations, func(c Citation) bool {
				return c.N == v.Citation.N && c.Start == v.Citation.Start && c.End == v.Citation.End
			}) {
				w.add(v.Citation)
			}
		}
	}
}

// saysAll reports whether a text has every value with the mark, the title and the date of its passage.
func saysAll(text string, conflict Conflict) bool {
	said := newQuotable(text)
	return !slices.ContainsFunc(conflict.Values, func(v ConflictValue) bool {
		from := v.Citation.Passage
		return !said.holds(v.Text) || !strings.Contains(text, fmt.Sprintf("[%d]", v.Citation.N)) || !said.holds(from.Title) || !saysDay(said, from.EffectiveFrom)
	})
}

// saysDay reports whether a text has a day, as people write it in one of the languages of answers or as machines do.
func saysDay(said quotable, t time.Time) bool {
	if t.IsZero() || said.holds(t.UTC().Format(time.DateOnly)) || said.holds(t.UTC().Format("January 2, 2006")) {
		return true
	}
	return slices.ContainsFunc([]phrases{english, german, french, spanish}, func(p phrases) bool { return said.holds(p.day(t)) })
}

// valueOf is a value with where it stands: 30 days [1] (Leave policy, since 1 March 2026).
func (p phrases) valueOf(v ConflictValue) string {
	from := v.Citation.Passage
	origin := fromDocument(from.Title)
	if !from.EffectiveFrom.IsZero() {
		since := fmt.Sprintf(p.since, p.day(from.EffectiveFrom))
		if origin != "" {
			since = ", " + since
		}
		origin += since
	}
	text := fmt.Sprintf("%s [%d]", fromDocument(v.Text), v.Citation.N)
	if origin == "" {
		return text
	}
	return text + " (" + origin + ")"
}

// orderedBy are the places of a disagreement's passages as extracts that take part in the order alone.
func orderedBy(conflicts []Conflict, passages []retrieve.Passage) []extract {
	var all []extract
	for _, conflict := range citedIn(conflicts, passages) {
		for _, v := range conflict.Values {
			all = append(all, extract{passage: v.Citation.N - 1})
		}
	}
	return all
}
