package answer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"clearwell/internal/analysis"
	"clearwell/internal/retrieve"
)

// figureIndex is what figures a passage holds.
type figureIndex struct {
	readings map[string][]spot // of each figure: as what it stands there
	units    map[string]bool   // that stand anywhere, as in the head of a table
	isOther  bool              // the passage is in a language whose units nobody here knows
}

// spot is what a figure of a passage measures, and for what time it is given.
type spot struct{ unit, period string }

// readByScript are languages whose units and numbers are known by their script.
var readByScript = map[analysis.Language]bool{"ru": true, "ar": true, "zh": true, "ja": true, "ko": true}

// indexFigures reads the figures of a passage, its title, headings and dates in force included.
func indexFigures(p retrieve.Passage, text string, language analysis.Language) figureIndex {
	text = readable(text)
	x := figureIndex{readings: make(map[string][]spot), units: make(map[string]bool)}
	if numberWords[language] == nil {
		x.isOther, language = language != "" && !readByScript[language], "en"
	}
	figures := figuresIn(text, language)
	for _, f := range figures {
		x.add(f)
	}
	x.addPairs(text)
	for _, m := range wordPart.FindAllStringSubmatch(text, -1) { // six-time: of the passage, the number is worth reading
		if value, ok := numberOf(strings.ToLower(m[1]), language); ok && unitOf(strings.ToLower(m[2])) == "" {
			x.add(figure{readings: []string{strconv.Itoa(value)}})
		}
	}
	for _, name := range capitalMonth.FindAllString(text, -1) { // it need not stand behind "in", as in the head of a table
		x.addDate("m" + monthNumber(name))
	}
	var years []string
	for _, at := range []*time.Time{&p.EffectiveFrom, p.EffectiveUntil, dayBefore(p.EffectiveUntil)} {
		if at != nil && !at.IsZero() {
			x.addDate(at.UTC().Format(time.DateOnly))
			years = append(years, at.UTC().Format("2006"))
		}
	}
	x.addYears(text, figures, years)
	return x
}

var (
	capitalMonth = regexp.MustCompile(`\b(?:March|May)\b`)
	wordPart     = regexp.MustCompile(`(\pL+)-(\pL+)`)
	sentenceEnd  = regexp.MustCompile(`[.!?]\s+\p{Lu}|\n`)
)

// addYears adds to days without a year the years that they may be of: those in force, named before them, or later in
// the same sentence.
func (x figureIndex) addYears(text string, figures []figure, inForce []string) {
	for _, day := range figures {
		if !strings.HasPrefix(day.readings[0], "--") {
			continue
		}
		years := slices.Clone(inForce)
		for _, f := range figures {
			isNear := f.at <= day.at || !sentenceEnd.MatchString(text[day.at+len(day.text):f.at])
			if year := f.readings[0]; isNear && (yearForm.MatchString(year) || isDate(year) && year[0] != '-') {
				years = append(years, year[:4])
			}
		}
		for _, year := range years {
			x.readings[year+day.readings[0][1:]] = append(x.readings[year+day.readings[0][1:]], spot{})
		}
	}
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
		x.readings[reading] = append(x.readings[reading], spot{f.unit, f.period})
		if isDate(reading) {
			x.addDate(reading)
		}
		if number, ok := strings.CutPrefix(reading, "-"); ok && isNumber(number) && f.unit != "celsius" && f.unit != "fahrenheit" {
			x.readings[number] = append(x.readings[number], spot{f.unit, f.period}) // rather a dash
		}
		if hour, ok := strings.CutSuffix(strings.TrimPrefix(reading, "T"), ":00"); ok { // "from 9 to 5"
			for _, h := range []int{whole(hour), (whole(hour)+11)%12 + 1} {
				x.readings[strconv.Itoa(h)] = append(x.readings[strconv.Itoa(h)], spot{unit: "clock"})
			}
		}
	}
	if strings.HasPrefix(f.readings[0], "#") && !strings.Contains(f.text, "@") {
		for _, part := range numberForm.FindAllString(f.text, -1) { // SPARK-43242 as 43242
			for _, value := range valueOf(part) {
				x.readings[value] = append(x.readings[value], spot{})
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
		x.readings[name] = append(x.readings[name], spot{})
	}
}

func isDate(reading string) bool {
	return strings.HasPrefix(reading, "--") || len(reading) >= len("2026-03") && reading[4] == '-' && reading[0] != '#'
}

// addPairs adds the units that stand anywhere, and words with the number behind them: ISO 27001 is ISO-27001, too.
func (x figureIndex) addPairs(text string) {
	words := strings.FieldsFunc(text, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '%' && c != '°' && c != '.' && c != ',' && !unicode.Is(unicode.Sc, c)
	})
	for i, word := range words {
		word = strings.ToLower(strings.Trim(word, ".,"))
		if unit := unitOf(strings.Trim(word, "0123456789.,")); unit != "" {
			x.units[unit] = true
		}
		if i > 0 && isNumber(word) && strings.IndexFunc(words[i-1], unicode.IsDigit) < 0 {
			code := "#" + codeFolded(words[i-1]+word)
			x.readings[code] = append(x.readings[code], spot{})
		}
	}
}

// holds reports whether a figure of a statement stands in the passage. A number that measures something must
// stand there with the same unit, or the same time in another one, or, as in a table, without one beside it but with that
// unit anywhere; and for the same period, where both say for which.
func (x figureIndex) holds(f figure) bool {
	return slices.ContainsFunc(f.readings, func(reading string) bool {
		isThere := slices.ContainsFunc(x.readings[reading], func(s spot) bool {
			isUnit := f.unit == "" || s.unit == f.unit || s.unit == "" && (x.isOther || x.units[f.unit])
			return isUnit && (f.period == "" || s.period == "" || s.period == f.period)
		})
		return isThere || slices.ContainsFunc(converted(reading, f.unit), func(other figure) bool {
			return slices.ContainsFunc(x.readings[other.readings[0]], func(s spot) bool { return s.unit == other.unit })
		})
	})
}

// holdsAnyUnit is holds without a look at units: whoever asks knows that the passage has the figure as it is meant.
func (x figureIndex) holdsAnyUnit(f figure) bool {
	return x.holds(f) || x.holds(figure{readings: f.readings})
}
