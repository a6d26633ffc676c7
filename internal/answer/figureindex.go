package answer

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"clearwell/internal/analysis"
	"clearwell/internal/retrieve"
)

// figureIndex is what figures a passage holds.
type figureIndex struct {
	readings map[string][]string // of each figure; the units that a number stands with
	units    map[string]bool     // that stand anywhere, as in the head of a table
	isOther  bool                // the passage is in a language whose units nobody here knows
}

// indexFigures reads the figures of a passage, its title, headings and dates in force included.
func indexFigures(p retrieve.Passage, text string, language analysis.Language) figureIndex {
	x := figureIndex{readings: make(map[string][]string), units: make(map[string]bool)}
	if numberWords[language] == nil {
		x.isOther, language = language != "", "en"
	}
	for _, f := range figuresIn(text, language) {
		x.add(f)
	}
	x.addPairs(text)
	for _, at := range []*time.Time{&p.EffectiveFrom, p.EffectiveUntil, dayBefore(p.EffectiveUntil)} {
		if at != nil && !at.IsZero() {
			x.addDate(at.UTC().Format(time.DateOnly))
		}
	}
	return x
}

// dayBefore is the last day of what ends at a day's first moment.
func dayBefore(until *time.Time) *time.Time {
	if until == nil {
		return nil
	}
	last := until.Add(-time.Nanosecond)
	return &last
}

func (x figureIndex) add(f figure) {
	for _, reading := range f.readings {
		x.readings[reading] = append(x.readings[reading], f.unit)
		if isDate(reading) {
			x.addDate(reading)
		}
		if strings.HasPrefix(reading, "--") {
			x.readings[reading] = append(x.readings[reading], bareDay)
		}
	}
	if strings.HasPrefix(f.readings[0], "#") && !strings.Contains(f.text, "@") {
		for _, part := range numberForm.FindAllString(f.text, -1) { // SPARK-43242 as 43242
			for _, value := range valueOf(part) {
				x.readings[value] = append(x.readings[value], "")
			}
		}
	}
}

// addDate adds a date with what it says of month and year.
func (x figureIndex) addDate(date string) {
	names := []string{date}
	switch {
	case strings.HasPrefix(date, "--"):
		names = append(names, "m"+strings.TrimPrefix(date[2:4], "0"))
	case len(date) >= len("2026-03"):
		names = append(names, date[:4], date[:7], "m"+strings.TrimPrefix(date[5:7], "0"), "--"+date[5:])
	}
	for _, name := range names {
		x.readings[name] = append(x.readings[name], "")
	}
}

func isDate(reading string) bool {
	return strings.HasPrefix(reading, "--") || len(reading) >= len("2026-03") && reading[4] == '-' && reading[0] != '#'
}

// addPairs adds the units that stand anywhere, and words with the number behind them: ISO 27001 is ISO-27001, too.
func (x figureIndex) addPairs(text string) {
	words := strings.FieldsFunc(text, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '%' && c != '.' && c != ',' && !unicode.Is(unicode.Sc, c)
	})
	for i, word := range words {
		word = strings.ToLower(strings.Trim(word, ".,"))
		if unit := unitOf(strings.Trim(word, "0123456789.,")); unit != "" {
			x.units[unit] = true
		}
		if i > 0 && isNumber(word) && strings.IndexFunc(words[i-1], unicode.IsDigit) < 0 {
			code := "#" + codeFolded(words[i-1]+word)
			x.readings[code] = append(x.readings[code], "")
		}
	}
}

// holds reports whether a figure of a statement stands in the passage. A number that measures something must
// stand there with the same unit, or, as in a table, without one beside it but with that unit anywhere.
func (x figureIndex) holds(f figure) bool {
	return slices.ContainsFunc(f.readings, func(reading string) bool {
		if isDate(reading) {
			return x.holdsDate(reading)
		}
		for _, unit := range x.readings[reading] {
			if f.unit == "" || unit == f.unit || unit == "" && (x.isOther || x.units[f.unit]) {
				return true
			}
		}
		return false
	})
}

// holdsAnyUnit is holds without a look at units: whoever asks knows that the passage has the figure as it is meant.
func (x figureIndex) holdsAnyUnit(f figure) bool {
	f.unit = ""
	return x.holds(f)
}

// holdsDate accepts a day of a year also where the passage writes it without the year, and names the year elsewhere.
func (x figureIndex) holdsDate(date string) bool {
	if len(x.readings[date]) > 0 {
		return true
	}
	return len(date) == len(time.DateOnly) && len(x.readings[date[:4]]) > 0 && x.holdsBareDay("--"+date[5:])
}

// holdsBareDay reports whether a day stands there without a year.
func (x figureIndex) holdsBareDay(day string) bool {
	return slices.Contains(x.readings[day], bareDay)
}

// bareDay is the unit under which a day without a year is indexed.
const bareDay = "bare"
