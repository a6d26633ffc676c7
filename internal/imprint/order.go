package imprint

import (
	"slices"
	"strings"

	"clearwell/internal/analysis"
)

// order says which of day and month comes first in a date written with slashes or hyphens.
type order int

const (
	orderUnknown order = iota
	dayBeforeMonth
	monthBeforeDay
)

// Where both orders are in use, or the month comes first (CLDR's short date patterns). Elsewhere the day does.
var (
	monthFirstRegions = strings.Fields("US AS FM GU MH MP PW UM VI")
	mixedRegions      = strings.Fields("CA PH PR PA BZ GH KE KY TG SA 001 CN HK JP KR MN TW HU LT SE BT KP")
	dayFirstLanguages = strings.Fields("de fr es it nl pt da no nb nn fi pl cs sk sl hr ro el tr ru uk bg ca et lv is id vi")
)

// orderOf takes the locale's order, and the language's where the locale has none. Where the two speak against
// each other, as with a German text in a collection of en-US, nothing is certain.
func orderOf(locale Locale, language analysis.Language) order {
	byLanguage := orderUnknown
	if slices.Contains(dayFirstLanguages, string(language)) {
		byLanguage = dayBeforeMonth
	}
	byLocale := orderOfLocale(string(locale))
	switch {
	case byLocale == orderUnknown:
		return byLanguage
	case byLanguage == orderUnknown, byLanguage == byLocale:
		return byLocale
	}
	return orderUnknown
}

func orderOfLocale(locale string) order {
	parts := strings.Split(strings.ReplaceAll(locale, "_", "-"), "-")
	language := strings.ToLower(parts[0])
	for _, part := range parts[1:] {
		region := strings.ToUpper(part)
		switch {
		case len(region) != 2 && (len(region) != 3 || region[0] > '9'): // a script or variant
		case slices.Contains(monthFirstRegions, region):
			return monthBeforeDay
		case slices.Contains(mixedRegions, region):
			return orderUnknown
		default:
			return dayBeforeMonth
		}
	}
	if slices.Contains(dayFirstLanguages, language) {
		return dayBeforeMonth
	}
	return orderUnknown
}
