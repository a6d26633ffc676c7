package figure

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A date's reading is as long as what it names: "2026-03-01", "2026-03", or "--03-01" without a year.
// A clock time's is "T14:30".

// dateForm is one way to write a date or a time; read gets the groups, and returns no reading if the words
// only look like one.
type dateForm struct {
	expr *regexp.Regexp
	read func(m []string) []string
}

const (
	ordinalMark = `\s?(?:st|nd|rd|th|er|º|°|ª|\.)?`
	ofMonth     = `(?:\s|-)*(?:of\s+|de\s+|del\s+)?`
	monthWord   = `(\pL{3,10})\.?`
)

// dateForms in the order in which they are tried: what says more stands first.
var dateForms = []dateForm{
	{regexp.MustCompile(`(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日号號일]`), func(m []string) []string { return fullDate(m[1], m[2], m[3]) }},
	{regexp.MustCompile(`(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]`), func(m []string) []string { return monthOfYear(m[1], m[2]) }},
	{regexp.MustCompile(`(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日号號일]`), func(m []string) []string { return dayOfMonth(m[1], m[2]) }},
	{regexp.MustCompile(`(\d{1,2})\s?[月월]`), func(m []string) []string { return []string{"m" + m[1]} }},
	{regexp.MustCompile(`\b(\d{4})([-/.])(\d{1,2})[-/.](\d{1,2})\b`), func(m []string) []string { return fullDate(m[1], m[3], m[4]) }},
	{regexp.MustCompile(`\b(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})\b`), numericDate},
	{regexp.MustCompile(`(?i)\b(\d{1,2})` + ordinalMark + ofMonth + monthWord + `,?` + ofMonth + `(\d{4})\b`), func(m []string) []string {
		return fullDate(m[3], monthNumber(m[2]), m[1])
	}},
	{regexp.MustCompile(`(?i)` + monthWord + `\s+(\d{1,2})` + ordinalMark + `,?\s+(?:de\s+)?(\d{4})\b`), func(m []string) []string {
		return fullDate(m[3], monthNumber(m[1]), m[2])
	}},
	{regexp.MustCompile(`\b(\d{1,2})\.(0[1-9]|1[0-2])\.(?:\s|$)`), dayAndMonth},
	{regexp.MustCompile(`(?i)\b(?:am|zum|bis|vom|ab|den|seit)\s+(\d{1,2})\.(\d{1,2})\.(?:\D|$)`), dayAndMonth},
	{regexp.MustCompile(`(?i)\b(?:le|au|du|el|al|del)\s+(\d{1,2})/(\d{1,2})\b`), func(m []string) []string { return dayOfMonth(m[2], m[1]) }},
	{regexp.MustCompile(`(?i)` + monthWord + `,?` + ofMonth + `(\d{4})\b`), func(m []string) []string { return monthOfYear(m[2], monthNumber(m[1])) }},
	{regexp.MustCompile(`(?i)\b(\d{1,2})` + ordinalMark + ofMonth + monthWord), func(m []string) []string { return dayOfMonth(monthNumber(m[2]), m[1]) }},
	{regexp.MustCompile(`(?i)` + monthWord + `\s+(\d{1,2})(?:st|nd|rd|th)?\b`), func(m []string) []string { return dayOfMonth(monthNumber(m[1]), m[2]) }},
	{regexp.MustCompile(`(?i)\b(\d{1,2})[:.](\d{2})\s?([ap])\.?m\b\.?`), func(m []string) []string { return clock(m[1], m[2], m[3]) }},
	{regexp.MustCompile(`(?i)\b(\d{1,2})\s?([ap])\.?m\b\.?`), func(m []string) []string { return clock(m[1], "00", m[2]) }},
	{regexp.MustCompile(`(?i)\b(\d{1,2})[:.](\d{2})\s?(?:uhr|h)\b`), func(m []string) []string { return clock(m[1], m[2], "-") }},
	{regexp.MustCompile(`(?i)\b(\d{1,2})\s?uhr\b`), func(m []string) []string { return clock(m[1], "00", "-") }},
	{regexp.MustCompile(`(?i)\b(\d{1,2})h(\d{2})\b`), func(m []string) []string { return clock(m[1], m[2], "-") }},
	{regexp.MustCompile(`\b(\d{1,2}):(\d{2})\b`), func(m []string) []string { return clock(m[1], m[2], "") }},
}

// monthNumber is "0" for what is no month: then there is no date.
func monthNumber(name string) string {
	return strconv.Itoa(monthNumbers[strings.ToLower(name)])
}

func fullDate(year, month, day string) []string {
	y, m, d := Whole(year), Whole(month), Whole(day)
	if y < 100 {
		y += 2000
	}
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return nil
	}
	return []string{fmt.Sprintf("%04d-%02d-%02d", y, m, d)}
}

// numericDate reads 01.03.2026 and 3/1/2026. With dots the day comes first wherever dates are written so; with
// strokes either may be meant.
func numericDate(m []string) []string {
	readings := fullDate(m[4], m[3], m[1])
	if m[2] != "." && m[1] != m[3] {
		readings = append(readings, fullDate(m[4], m[1], m[3])...)
	}
	return readings
}

func monthOfYear(year, month string) []string {
	if m := Whole(month); m > 0 {
		return []string{fmt.Sprintf("%04d-%02d", Whole(year), m)}
	}
	return nil
}

func dayOfMonth(month, day string) []string {
	m, d := Whole(month), Whole(day)
	if m < 1 || d < 1 || d > 31 {
		return nil
	}
	return []string{fmt.Sprintf("--%02d-%02d", m, d)}
}

// dayAndMonth reads 31.03. with its last dot, which may also be the number 31.03 that ends a sentence.
func dayAndMonth(m []string) []string {
	if readings := dayOfMonth(m[2], m[1]); readings != nil {
		return append(readings, valueOf(m[1]+"."+m[2])...)
	}
	return nil
}

// clock reads a time of day; half is "a", "p", "-" for 24 hours, or "" where nothing says which.
func clock(hour, minute, half string) []string {
	h, m := Whole(hour), Whole(minute)
	if h > 24 || m > 59 {
		return nil
	}
	switch {
	case strings.EqualFold(half, "p") && h < 12:
		h += 12
	case strings.EqualFold(half, "a") && h == 12:
		h = 0
	}
	readings := []string{fmt.Sprintf("T%d:%02d", h, m)}
	if half == "" && h < 12 {
		readings = append(readings, fmt.Sprintf("T%d:%02d", h+12, m))
	}
	return readings
}

// IsDate reports whether a reading is a date: a day, with its year or without, or a month of a year.
func IsDate(reading string) bool {
	return strings.HasPrefix(reading, "--") || len(reading) >= len("2026-03") && reading[4] == '-' && reading[0] != '#'
}

// Whole is the whole number that digits 0 to 9 write, 0 for what is none.
func Whole(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}
