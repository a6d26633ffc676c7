package answer

import (
	"regexp"
	"slices"
	"strings"

	"clearwell/internal/retrieve"
)

// valueClaim is a value that a passage gives, and the sentence that it stands in.
type valueClaim struct {
	passage  int
	sentence sentence // code points of the passage's text
	text     string   // the value as it is written
	keys     []string // what it may mean: readings of a figure, or words of a name
	unit     string
	strength int
}

// claimer reads what passages say on a question.
type claimer struct {
	inquiry
	passages []retrieve.Passage
}

// about reports whether the passage has named what is asked for by the end of the sentence.
func (c claimer) about(i int, s sentence) bool {
	p := c.passages[i]
	return shareOf(c.entity, p.Title+"\n"+strings.Join(p.Headings, "\n")+"\n"+firstRunes(p.Text, s.end)) >= 1
}

func firstRunes(text string, n int) string {
	for at := range text {
		if n--; n < 0 {
			return text[:at]
		}
	}
	return text
}

// shareOf is the share of the words that a text has.
func shareOf(words []string, text string) float64 {
	if len(words) == 0 {
		return 1
	}
	has := make(map[string]bool)
	for _, w := range wordsIn(text) {
		has[w.lower] = true
	}
	n := 0
	for _, w := range words {
		if has[w] {
			n++
		}
	}
	return float64(n) / float64(len(words))
}

// of lists what a passage claims, strongest first; empty if it says nothing on the question.
func (c claimer) of(i int) []valueClaim {
	var all []valueClaim
	for _, s := range split(c.passages[i].Text) {
		if !c.about(i, s) {
			continue
		}
		var found []valueClaim
		switch c.kind {
		case dateValue:
			found = c.dates(s)
		case countValue:
			found = c.counts(s)
		case nameValue:
			found = c.names(s)
		case placeValue:
			found = c.places(s)
		case classValue:
			found = c.classes(s)
		}
		for _, f := range found {
			f.passage, f.sentence = i, s
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, func(a, b valueClaim) int { return b.strength - a.strength })
	return all
}

// lifespan is two dates in brackets behind a name: (15 May 1885 – 8 July 1955), (1880–1946).
var lifespan = regexp.MustCompile(`\(([^()]{0,60}?\b\d{4})\s*[–—-]\s*([^()]{0,40}?\b\d{4})[^()]{0,20}\)`)

// dates of the event that is asked for.
func (c claimer) dates(s sentence) []valueClaim {
	var all []valueClaim
	if c.event == birthEvent || c.event == deathEvent {
		if m := lifespan.FindStringSubmatchIndex(s.text); m != nil && shareOf(c.entity, s.text[:m[0]]) >= .5 {
			part := s.text[m[2]:m[3]]
			if c.event == deathEvent {
				part = s.text[m[4]:m[5]]
			}
			if d := datesIn(part, c.inquiry); len(d) > 0 {
				d[0].strength = 3
				return d[:1]
			}
		}
	}
	dates := datesIn(s.text, c.inquiry)
	if c.event == nil && len(c.relation) == 0 && len(dates) > 0 && shareOf(c.entity, s.text) >= 1 {
		dates[0].strength = 1
		return dates[:1]
	}
	event := c.placesOf(s.text)
	if len(dates) == 0 || len(event) == 0 {
		return nil
	}
	for _, at := range event {
		best, nearest := -1, 90
		for i, d := range dates {
			distance := d.strength - at[1] // strength holds the offset until here
			if distance < 0 {
				distance = 2 * (at[0] - d.strength - len(d.text))
			}
			if distance >= 0 && distance < nearest {
				best, nearest = i, distance
			}
		}
		if best >= 0 {
			d := dates[best]
			d.strength = 1
			if nearest < 25 {
				d.strength = 2
			}
			all = append(all, d)
		}
	}
	return all
}

// placesOf are where a text names the event, or what else is asked of the entity.
func (c claimer) placesOf(text string) [][]int {
	if c.event != nil {
		return c.event.FindAllStringIndex(text, -1)
	}
	var all [][]int
	for _, w := range wordsIn(text) {
		for _, r := range c.relation {
			if isSameWord(w.lower, r) {
				all = append(all, []int{w.start, w.end})
			}
		}
	}
	return all
}

// isSameWord compares words without their endings: four letters or more in common, and little behind them.
func isSameWord(a, b string) bool {
	if a == b {
		return true
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n >= 4 && len(a)-n <= 4 && len(b)-n <= 4 && n*10 >= 6*max(len(a), len(b))
}

var (
	yearForm   = regexp.MustCompile(`^(?:1[0-9]|20)\d\d$`)
	decadeForm = regexp.MustCompile(`^#((?:1[0-9]|20)\d)0s$`)
)

// datesIn are the dates and years of a text, in its order, with their offset as strength.
func datesIn(text string, q inquiry) []valueClaim {
	var all []valueClaim
	for _, f := range figuresIn(text, q.language) {
		var keys []string
		for _, r := range f.readings {
			switch {
			case isDate(r) && !strings.HasPrefix(r, "--"):
				keys = append(keys, r)
			case strings.HasPrefix(r, "--"):
				keys = append(keys, r)
			case yearForm.MatchString(r) && f.unit == "" && !strings.ContainsAny(f.text, ".,"):
				keys = append(keys, r)
			case decadeForm.MatchString(r):
				keys = append(keys, decadeForm.FindStringSubmatch(r)[1])
			}
		}
		if len(keys) > 0 {
			all = append(all, valueClaim{text: f.text, keys: keys, strength: f.at})
		}
	}
	slices.SortStableFunc(all, func(a, b valueClaim) int { return a.strength - b.strength })
	return all
}

// inhabitants name what a population counts.
var inhabitants = regexp.MustCompile(`(?i)\b(?:population|inhabitants|residents|people|persons|einwohner\pL*|bevölkerung|habitants|habitantes|población|personas)\b`)

// counts are numbers that stand beside what is counted or measured.
func (c claimer) counts(s sentence) []valueClaim {
	var spots [][]int
	isPopulation := false
	for _, r := range append(slices.Clone(c.relation), strings.Fields(c.counted)...) {
		isPopulation = isPopulation || inhabitants.MatchString(r)
	}
	if isPopulation || len(c.relation) == 0 && c.counted == "" {
		spots = inhabitants.FindAllStringIndex(s.text, -1)
	} else {
		spots = c.placesOf(s.text)
	}
	var all []valueClaim
	for _, f := range figuresIn(s.text, c.language) {
		if !isPlainNumber(f) || yearForm.MatchString(f.readings[0]) && f.unit == "" && !strings.ContainsAny(f.text, ".,") {
			continue
		}
		if isPopulation && (f.unit != "" || strings.Contains(f.text, ".")) {
			continue
		}
		nearest := 40
		for _, at := range spots {
			if d := f.at - at[1]; d >= 0 && d < nearest {
				nearest = d
			}
			if d := at[0] - f.at - len(f.text); d >= 0 && d < min(nearest, 20) {
				nearest = d
			}
		}
		if nearest < 40 {
			v := valueClaim{text: measured(s.text, f), keys: f.readings, unit: f.unit, strength: 1}
			if nearest < 16 {
				v.strength = 2
			}
			all = append(all, v)
		}
	}
	return all
}

func isPlainNumber(f figure) bool {
	return f.readings[0] != "" && f.readings[0][0] >= '0' && f.readings[0][0] <= '9' && !isDate(f.readings[0]) && !(f.isWord && f.readings[0] == "1")
}
