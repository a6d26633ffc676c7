package imprint

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Years outside these are slips of the pen ("0226"), not dates at which a document applies.
const (
	firstYear = 1900
	lastYear  = 2199
)

// when is a date as written: the moments that it may mean.
type when struct {
	starts []time.Time // first moments, in order; empty when the words make no date
	ends   []time.Time // the moments after the day, month or year named, aligned with starts
	// isCertain is false where the words can be read in more than one way, or in none.
	isCertain bool
	isMonth   bool // no day was named
	length    int  // bytes read
}

// calendar reads dates in the order of day and month that holds for one document.
type calendar struct{ order order }

// dateForm is one way to write a date; build gets the groups of its expression.
type dateForm struct {
	expr  *regexp.Regexp
	build func(c calendar, m []string) when
}

const (
	ordinal    = `\s?(?:st|nd|rd|th|er|re|º|°|ª|\.)?`
	monthWord  = `(\pL{3,10})\.?`
	particle   = `(?:of\s+|de\s+|del\s+|day\s+of\s+)?`
	yearDigits = `['’]?(\d{2,5})`
)

// dateForms in the order in which they are tried: what says more stands first.
var dateForms = []dateForm{
	{regexp.MustCompile(`^(\d{3,5})([-/.])(\d{1,2})([-/.])(\d{1,2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s?(Z|z|[+-]\d{2}:?\d{2})?)?`), yearFirst},
	{regexp.MustCompile(`^(\d{1,2})\s?([./-])\s?(\d{1,2})\s?([./-])\s?(\d{2,5})`), calendar.numeric},
	{regexp.MustCompile(`(?i)^(\d{1,2}|primero|premier)` + ordinal + `[\s-]*` + particle + monthWord + `,?[\s-]*` + particle + yearDigits), dayMonthYear},
	{regexp.MustCompile(`(?i)^` + monthWord + `\s+(\d{1,2})` + ordinal + `(?:,\s*|\s+)(?:de\s+)?` + yearDigits), monthDayYear},
	{regexp.MustCompile(`(?i)^` + monthWord + `,?\s*` + particle + `(\d{4})`), monthYear},
	{regexp.MustCompile(`^(\d{1,2})[/.](\d{4})`), func(_ calendar, m []string) when { return month(number(m[2]), number(m[1])) }},
	{regexp.MustCompile(`^(\d{4})-(\d{1,2})`), func(_ calendar, m []string) when { return month(number(m[1]), number(m[2])) }},
}

// read reads the date at the beginning of s.
func (c calendar) read(s string) (when, bool) {
	s = s[:min(len(s), 80)]
	for _, form := range dateForms {
		at := form.expr.FindStringSubmatchIndex(s)
		if at == nil || goesOn(s[at[1]:]) {
			continue
		}
		groups := make([]string, len(at)/2)
		for i := range groups {
			if at[2*i] >= 0 {
				groups[i] = s[at[2*i]:at[2*i+1]]
			}
		}
		if found := form.build(c, groups); found.length >= 0 {
			found.length = at[1]
			return found, true
		}
	}
	return when{}, false
}

// goesOn reports whether a number or word continues behind what was read.
func goesOn(rest string) bool {
	first, size := utf8.DecodeRuneInString(rest)
	if unicode.IsDigit(first) || unicode.IsLetter(first) {
		return true
	}
	second, _ := utf8.DecodeRuneInString(rest[size:])
	return strings.ContainsRune("-/.", first) && unicode.IsDigit(second)
}

// noForm says that the words fit the expression by accident: "may 12 2024" does, "the 12 2024" doesn't.
func noForm() when { return when{length: -1} }

func yearFirst(_ calendar, m []string) when {
	if m[2] != m[4] {
		return noForm()
	}
	found := day(number(m[1]), number(m[3]), number(m[5]))
	if m[6] == "" || len(found.starts) == 0 {
		return found
	}
	zone := strings.ReplaceAll(strings.ToUpper(m[9]), ":", "")
	if zone == "" {
		zone = "Z"
	}
	clock := m[6] + m[7] + (m[8] + "00")[:2]
	at, err := time.Parse("20060102 150405Z0700", found.starts[0].Format("20060102 ")+clock+zone)
	if err != nil {
		return when{}
	}
	at = at.UTC()
	return when{starts: []time.Time{at}, ends: []time.Time{at}, isCertain: true}
}

// numeric reads 01.02.2026, 1/2/2026 and 1-2-26. With dots the day comes first wherever dates are written so.
func (c calendar) numeric(m []string) when {
	a, b, year := number(m[1]), number(m[3]), number(m[5])
	isShort := len(m[5]) == 2
	switch {
	case m[2] != m[4]:
		return noForm()
	case isShort:
		year += 2000
	}
	dayFirst, monthFirst := day(year, b, a), day(year, a, b)
	found := dayFirst
	switch {
	case a == b || m[2] == "." && b <= 12 || b <= 12 && a > 12:
	case b > 12 && a <= 12:
		found = monthFirst
	case b > 12:
		return when{}
	case c.order == monthBeforeDay:
		found = monthFirst
	case c.order == orderUnknown && len(dayFirst.starts) > 0 && len(monthFirst.starts) > 0:
		found = when{starts: append(dayFirst.starts, monthFirst.starts...), ends: append(dayFirst.ends, monthFirst.ends...)}
		slices.SortFunc(found.starts, time.Time.Compare)
		slices.SortFunc(found.ends, time.Time.Compare)
	}
	found.isCertain = found.isCertain && !isShort
	return found
}

func dayMonthYear(_ calendar, m []string) when {
	d := number(m[1])
	if unicode.IsLetter(rune(m[1][0])) {
		d = 1
	}
	return dayOfNamedMonth(m[3], m[2], d)
}

func monthDayYear(_ calendar, m []string) when { return dayOfNamedMonth(m[3], m[1], number(m[2])) }

func dayOfNamedMonth(year, name string, d int) when {
	m, ok := months[strings.ToLower(name)]
	switch {
	case !ok:
		return noForm()
	case len(year) == 2:
		found := day(2000+number(year), m, d)
		found.isCertain = false
		return found
	}
	return day(number(year), m, d)
}

func monthYear(_ calendar, m []string) when {
	m1, ok := months[strings.ToLower(m[1])]
	if !ok {
		return noForm()
	}
	return month(number(m[2]), m1)
}

// day is a whole day, in UTC; one that doesn't exist, or lies outside of what makes sense, gives no moment.
func day(year, m, d int) when {
	start := time.Date(year, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if year < firstYear || year > lastYear || int(start.Month()) != m || start.Day() != d {
		return when{}
	}
	return when{starts: []time.Time{start}, ends: []time.Time{start.AddDate(0, 0, 1)}, isCertain: true}
}

func month(year, m int) when {
	found := day(year, m, 1)
	found.isMonth = true
	if len(found.starts) > 0 {
		found.ends = []time.Time{found.starts[0].AddDate(0, 1, 0)}
	}
	return found
}

func wholeYear(year int) when {
	found := day(year, 1, 1)
	found.isMonth = true
	if len(found.starts) > 0 {
		found.ends = []time.Time{found.starts[0].AddDate(1, 0, 0)}
	}
	return found
}

// number is 0 for what is no number: no day, month or year that counts.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// months by name and abbreviation in English, German, French and Spanish.
var months = monthNumbers(
	"january jan januar jänner jän janvier janv enero ene",
	"february feb februar février fevrier févr fév febrero",
	"march mar märz maerz mär mrz mars marzo",
	"april apr avril avr abril abr",
	"may mai mayo",
	"june jun juni juin junio",
	"july jul juli juillet juil julio",
	"august aug août aout agosto ago",
	"september sep sept septembre septiembre setiembre",
	"october oct oktober okt octobre octubre",
	"november nov novembre noviembre",
	"december dec dezember dez décembre decembre déc diciembre dic",
)

func monthNumbers(names ...string) map[string]int {
	numbers := map[string]int{}
	for i, list := range names {
		for name := range strings.FieldsSeq(list) {
			numbers[name] = i + 1
		}
	}
	return numbers
}
