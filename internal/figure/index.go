package figure

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"clearwell/internal/analysis"
)

// Index is what figures a passage holds. The passage is read when it is first asked for one: most sentences of a passage
// never are. The zero value holds none. It is safe for concurrent use.
type Index struct{ read func() entries }

// entries are an Index that has been read.
type entries struct {
	readings map[string][]spot // of each figure: as what it stands there
	units    map[string]bool   // that stand anywhere, as in the head of a table
	isOther  bool              // the passage is in a language whose units nobody here knows
}

// spot is what a figure of a passage measures, and for what time it is given.
type spot struct{ unit, period string }

// readByScript are languages whose units and numbers are known by their script.
var readByScript = map[analysis.Language]bool{"ru": true, "ar": true, "zh": true, "ja": true, "ko": true}

// NewIndex reads the figures of a passage in a language, "" if that is unknown. The days, in UTC, stand in it too,
// whether its words say them or not; those without a year in the text may be of theirs. A zero day is left out.
func NewIndex(text string, language analysis.Language, days ...time.Time) Index {
	return Index{sync.OnceValue(func() entries { return newEntries(text, language, days) })}
}

func newEntries(text string, language analysis.Language, days []time.Time) entries {
	text = Readable(text)
	x := entries{readings: make(map[string][]spot), units: make(map[string]bool)}
	if numberWords[language] == nil {
		x.isOther, language = language != "" && !readByScript[language], "en"
	}
	figures := In(text, language)
	for _, f := range figures {
		x.add(f)
	}
	x.addPairs(text)
	for _, m := range wordPart.FindAllStringSubmatch(text, -1) { // six-time: of the passage, the number is worth reading
		if value, ok := numberOf(strings.ToLower(m[1]), language); ok && UnitOf(strings.ToLower(m[2])) == "" {
			x.add(Figure{Readings: []string{strconv.Itoa(value)}})
		}
	}
	for _, name := range capitalMonth.FindAllString(text, -1) { // it need not stand behind "in", as in the head of a table
		x.addDate("m" + monthNumber(name))
	}
	var years []string
	for _, at := range days {
		if !at.IsZero() {
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
func (x entries) addYears(text string, figures []Figure, inForce []string) {
	for _, day := range figures {
		if !strings.HasPrefix(day.Readings[0], "--") {
			continue
		}
		years := slices.Clone(inForce)
		for _, f := range figures {
			isNear := f.At <= day.At || !sentenceEnd.MatchString(text[day.At+len(day.Text):f.At])
			if year := f.Readings[0]; isNear && (yearForm.MatchString(year) || IsDate(year) && year[0] != '-') {
				years = append(years, year[:4])
			}
		}
		for _, year := range years {
			x.readings[year+day.Readings[0][1:]] = append(x.readings[year+day.Readings[0][1:]], spot{})
		}
	}
}

func (x entries) add(f Figure) {
	for _, reading := range f.Readings {
		x.readings[reading] = append(x.readings[reading], spot{f.Unit, f.period})
		if IsDate(reading) {
			x.addDate(reading)
		}
		if number, ok := strings.CutPrefix(reading, "-"); ok && isNumber(number) && f.Unit != "celsius" && f.Unit != "fahrenheit" {
			x.readings[number] = append(x.readings[number], spot{f.Unit, f.period}) // rather a dash
		}
		if hour, ok := strings.CutSuffix(strings.TrimPrefix(reading, "T"), ":00"); ok { // "from 9 to 5"
			for _, h := range []int{Whole(hour), (Whole(hour)+11)%12 + 1} {
				x.readings[strconv.Itoa(h)] = append(x.readings[strconv.Itoa(h)], spot{unit: "clock"})
			}
		}
	}
	if strings.HasPrefix(f.Readings[0], "#") && !strings.Contains(f.Text, "@") {
		for _, part := range numberForm.FindAllString(f.Text, -1) { // SPARK-43242 as 43242
			for _, value := range valueOf(part) {
				x.readings[value] = append(x.readings[value], spot{})
			}
		}
	}
}

// addDate adds a date with what it says of month and year.
func (x entries) addDate(date string) {
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

// addPairs adds the units that stand anywhere, and words with the number behind them: ISO 27001 is ISO-27001, too.
func (x entries) addPairs(text string) {
	words := strings.FieldsFunc(text, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '%' && c != '°' && c != '.' && c != ',' && !unicode.Is(unicode.Sc, c)
	})
	for i, word := range words {
		word = strings.ToLower(strings.Trim(word, ".,"))
		if unit := UnitOf(strings.Trim(word, "0123456789.,")); unit != "" {
			x.units[unit] = true
		}
		if i > 0 && isNumber(word) && strings.IndexFunc(words[i-1], unicode.IsDigit) < 0 {
			code := "#" + codeFolded(words[i-1]+word)
			x.readings[code] = append(x.readings[code], spot{})
		}
	}
}

// Holds reports whether a figure of a statement stands in the passage. A number that measures something must
// stand there with the same unit, or the same time in another one, or, as in a table, without one beside it but with that
// unit anywhere; and for the same period, where both say for which.
func (x Index) Holds(f Figure) bool { return x.read != nil && x.read().holds(f) }

func (x entries) holds(f Figure) bool {
	return slices.ContainsFunc(f.Readings, func(reading string) bool {
		isThere := slices.ContainsFunc(x.readings[reading], func(s spot) bool {
			isUnit := f.Unit == "" || s.unit == f.Unit || s.unit == "" && (x.isOther || x.units[f.Unit])
			return isUnit && (f.period == "" || s.period == "" || s.period == f.period)
		})
		return isThere || slices.ContainsFunc(converted(reading, f.Unit), func(other Figure) bool {
			return slices.ContainsFunc(x.readings[other.Readings[0]], func(s spot) bool { return s.unit == other.Unit })
		})
	})
}

// HoldsAnyUnit is Holds without a look at units: whoever asks knows that the passage has the figure as it is meant.
func (x Index) HoldsAnyUnit(f Figure) bool {
	return x.Holds(f) || x.Holds(Figure{Readings: f.Readings})
}
