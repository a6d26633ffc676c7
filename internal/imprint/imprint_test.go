package imprint_test

import (
	"strings"
	"testing"
	"time"

	"clearwell/internal/analysis"
	"clearwell/internal/imprint"
	"clearwell/internal/parse"
)

// page parses Markdown as an upload would.
func page(t testing.TB, text string) parse.Document {
	t.Helper()
	doc, err := parse.File(t.Context(), parse.Source{Name: "page.md", Body: strings.NewReader(text), Size: int64(len(text))}, parse.Limits{})
	if err != nil {
		t.Fatalf("parse: %v\n%s", err, text)
	}
	return doc
}

// dates is what a case says: the dates as 2006-01-02 (or RFC 3339), "?" for unclear followed by the readings.
func dates(facts imprint.Facts) (from, until string) {
	show := func(d *imprint.Date, field string) string {
		switch {
		case d != nil:
			return short(d.At)
		case facts.Unclear != nil && facts.Unclear.Field == field:
			readings := []string{"?"}
			for _, at := range facts.Unclear.Readings {
				readings = append(readings, short(at))
			}
			return strings.Join(readings, " ")
		}
		return ""
	}
	return show(facts.From, "effective_from"), show(facts.Until, "effective_until")
}

func short(at time.Time) string {
	return strings.TrimSuffix(at.Format(time.RFC3339), "T00:00:00Z")
}

// dateCase is a text with the dates that it must give.
type dateCase struct{ text, from, until string }

func checkDates(t *testing.T, cases []dateCase) {
	t.Helper()
	for _, c := range cases {
		facts := imprint.Read(page(t, c.text), "", "")
		if from, until := dates(facts); from != c.from || until != c.until {
			t.Errorf("%s\n  from %q until %q, want %q and %q", strings.ReplaceAll(c.text, body, "[…]"), from, until, c.from, c.until)
		}
	}
}

// inHead puts a sentence where documents say since when they apply.
func inHead(sentence string) string { return "# Travel policy\n\n" + sentence + "\n\n" + body }

// inBody puts it far from there.
func inBody(sentence string) string {
	return "# Travel policy\n\n" + body + "\n\n## Booking\n\n" + body + "\n\n## Meals\n\n" + sentence + "\n\n## Hotels\n\n" + body + "\n\n" + body
}

var body = strings.TrimSpace(strings.Repeat("Employees book trains before flights, keep every receipt and hand them in within the month after the trip. ", 6))

const english analysis.Language = "en"
