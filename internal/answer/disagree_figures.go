package answer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"clearwell/internal/figure"
)

// How far from the words that it belongs to a value may stand, in bytes, and how near it is surely meant.
const (
	farDate, nearDate     = 90, 25
	farNumber, nearNumber = 40, 16
	farBefore             = 20 // a number before what it counts
)

// lifespan is two dates in brackets behind a name: (15 May 1885 – 8 July 1955), (1880–1946).
var lifespan = regexp.MustCompile(`\(([^()]{0,60}?\b\d{4})\s*[–—-]\s*([^()]{0,40}?\b\d{4})[^()]{0,20}\)`)

// dates of the event that is asked for.
func (c claimer) dates(s readSentence) []valueClaim {
	if !hasDigit.MatchString(s.text) {
		return nil
	}
	if d, ok := c.lifeDate(s); ok {
		return []valueClaim{d}
	}
	isBare := c.event == nil && len(c.relation) == 0 && shareOf(c.entity, s.words) >= 1
	events := c.placesOf(s)
	if !isBare && len(events) == 0 {
		return nil
	}
	dates := datesIn(s.text, c.inquiry)
	if isBare {
		return dates[:min(1, len(dates))]
	}
	var all []valueClaim
	for _, event := range events {
		best, nearest := -1, farDate
		for i, d := range dates {
			if distance, ok := distanceOf(s.text, d, event); ok && distance < nearest {
				best, nearest = i, distance
			}
		}
		if best >= 0 {
			d := dates[best]
			d.strength = 1
			if nearest < nearDate {
				d.strength = 2
			}
			all = append(all, d)
		}
	}
	return all
}

// lifeDate is the date of birth or death of a lifespan behind the name that is asked for.
func (c claimer) lifeDate(s readSentence) (valueClaim, bool) {
	isBirth, isDeath := isSameEvent(c.event, birthWords), isSameEvent(c.event, deathWords)
	if !isBirth && !isDeath {
		return valueClaim{}, false
	}
	m := lifespan.FindStringSubmatchIndex(s.text)
	if m == nil || shareOf(c.entity, wordsBefore(s.words, m[0])) < .5 {
		return valueClaim{}, false
	}
	part := m[2:4]
	if isDeath {
		part = m[4:6]
	}
	dates := datesIn(s.text[part[0]:part[1]], c.inquiry)
	if len(dates) == 0 {
		return valueClaim{}, false
	}
	dates[0].at += part[0]
	dates[0].strength = 3
	return dates[0], true
}

// wordsBefore are the words that end before an offset.
func wordsBefore(words []textWord, at int) []textWord {
	n, _ := slices.BinarySearchFunc(words, at+1, func(w textWord, at int) int { return w.end - at })
	return words[:n]
}

// conjunction stands between two things that a sentence says of one.
var conjunction = asWords(`and|und|et|y|but|aber|mais|pero`)

// distanceOf is how far a value stands behind a word or, counted twice, before it; not ok if the sentence has gone on to
// something else between them.
func distanceOf(text string, v valueClaim, word textWord) (distance int, ok bool) {
	from, to, weight := word.end, v.at, 1
	if v.at < word.start {
		from, to, weight = v.at+len(v.text), word.start, 2
	}
	if from > to || conjunction.MatchString(text[from:to]) {
		return 0, false
	}
	return weight * (to - from), true
}

// placesOf are the words of a sentence that name the event, or what else is asked of what the question names.
func (c claimer) placesOf(s readSentence) []textWord {
	var all []textWord
	for _, w := range s.words {
		isAsked := c.event == nil && slices.ContainsFunc(c.relation, func(r string) bool { return isSameWord(w.lower, r) })
		if c.event[w.lower] || isAsked {
			all = append(all, w)
		}
	}
	return all
}

var decadeForm = regexp.MustCompile(`^#((?:1[0-9]|20)\d)0s$`)

// datesIn are the dates, years and decades of a text, in its order. A decade's key is its first three digits.
func datesIn(text string, q inquiry) []valueClaim {
	var all []valueClaim
	for _, f := range figure.In(text, q.language) {
		var keys []string
		for _, r := range f.Readings {
			switch decade := decadeForm.FindStringSubmatch(r); {
			case figure.IsDate(r) || f.IsYear():
				keys = append(keys, r)
			case decade != nil:
				keys = append(keys, decade[1])
			}
		}
		if len(keys) > 0 {
			all = append(all, valueClaim{text: f.Text, at: f.At, keys: keys})
		}
	}
	slices.SortStableFunc(all, func(a, b valueClaim) int { return a.at - b.at })
	return all
}

// inhabitants name what a population counts.
var inhabitants = wordSet(`population inhabitants residents people persons einwohner einwohnern einwohnerinnen einwohnerzahl bevölkerung habitants habitantes
	población personas`)

// counts are numbers that stand beside what is counted or measured.
func (c claimer) counts(s readSentence) []valueClaim {
	isPopulation := slices.ContainsFunc(append(strings.Fields(c.counted), c.relation...), func(w string) bool { return inhabitants[w] })
	spots := c.placesOf(s)
	if isPopulation {
		spots = slices.DeleteFunc(slices.Clone(s.words), func(w textWord) bool { return !inhabitants[w.lower] })
	}
	if len(spots) == 0 {
		return nil
	}
	var all []valueClaim
	for _, f := range figure.In(s.text, c.language) {
		if !f.IsPlainNumber() || f.IsYear() || isPopulation && (f.Unit != "" || strings.Contains(f.Text, ".")) {
			continue
		}
		nearest := farNumber
		for _, w := range spots {
			if d := f.At - w.end; d >= 0 && d < nearest {
				nearest = d
			}
			if d := w.start - f.At - len(f.Text); d >= 0 && d < min(nearest, farBefore) {
				nearest = d
			}
		}
		if nearest < farNumber {
			v := valueClaim{text: f.Measured(s.text), at: f.At, keys: f.Readings, unit: f.Unit, strength: 1}
			if nearest < nearNumber {
				v.strength = 2
			}
			all = append(all, v)
		}
	}
	return all
}

// inMinutes are units of time; a month is the mean one.
var inMinutes = map[string]float64{"minute": 1, "hour": 60, "day": 1440, "week": 7 * 1440, "month": 43830, "year": 525960}

// sameTime is the ratio of two lengths of time below which they are one, since nobody means a month by the hour.
const sameTime = 1.1

// agreeTimes reports whether two lengths of time in different units are about the same.
func agreeTimes(a, b valueClaim) bool {
	x, errX := strconv.ParseFloat(a.keys[0], 64)
	y, errY := strconv.ParseFloat(b.keys[0], 64)
	x, y = x*inMinutes[a.unit], y*inMinutes[b.unit]
	return errX != nil || errY != nil || x < sameTime*y && y < sameTime*x
}
