package figure

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"clearwell/internal/analysis"
)

// sum adds number words up in the order in which they are spoken.
type sum struct{ total, current, room, scale int } // what is added to current is below room, what multiplies it below scale

func newSum() sum { return sum{room: 1000, scale: 1 << 62} }

// add takes the next word's value; false if a new number begins with it.
func (s *sum) add(value int, isDozen bool, language analysis.Language) bool {
	unit := s.current % 100
	switch {
	case value >= 1000:
		if value >= s.scale || value >= 1_000_000 && s.current == 0 {
			return false // "millions of" is no number
		}
		s.total += max(s.current, 1) * value
		s.current, s.room, s.scale = 0, 1000, value
	case isDozen && s.current > 0:
		s.current, s.room = s.current*value, 0
	case value == 100 && s.current > 0 && s.current < 100:
		s.current, s.room = s.current*100, 100
	case value == 20 && language == "fr" && unit == 4:
		s.current, s.room = s.current+76, 20 // quatre-vingt
	case value >= 10 && value < 100 && language == "ar" && unit > 0 && unit < 10:
		s.current, s.room = s.current+value, 0 // five and twenty
	case value < s.room && (value > 0 || *s == newSum()):
		s.current += value
		s.room = roomAfter(value, language)
	default:
		return false
	}
	return true
}

// roomAfter is what a word must be below that is added to the one before it: twenty-one, soixante-quinze, dix-sept.
func roomAfter(value int, language analysis.Language) int {
	switch {
	case value >= 100:
		return 100
	case language == "fr" && value == 60:
		return 20
	case value >= 20 && value%10 == 0, language == "fr" && value == 10:
		return 10
	}
	return 0
}

var (
	wordGap = regexp.MustCompile(`^(?:[ \x{a0}]+|-)(?:(?:and|und|y|et|и)[ \x{a0}-])?`)
	andHalf = regexp.MustCompile(`^[ -](?:and a half|et demie?|y medi[oa])(?:\PL|$)`)
)

// spelled reads the number that the words from a byte offset on spell, and where it ends.
func (r *reader) spelled(at int, language analysis.Language) (value string, end int, ok bool) {
	s, end := newSum(), at
	for next, isJoined := at, false; ; ok = true {
		word := firstLetters(r.text[next:])
		n, isDozen, isNumber := wordValue(word, language)
		spoken := scriptLanguage(word, language)
		before := s
		if !isNumber || !s.add(n, isDozen, spoken) {
			break
		}
		after := next + len(word)
		gap := wordGap.FindString(r.text[after:])
		if isJoined { // "one hundred and two hundred" are two numbers
			then, isThen, isNext := wordValue(firstLetters(r.text[after+len(gap):]), language)
			if trial := s; isNext && gap != "" && then >= 100 && !trial.add(then, isThen, spoken) {
				s = before
				break
			}
		}
		end = after
		if gap == "" {
			ok = true
			break
		}
		isJoined = strings.ContainsFunc(gap, unicode.IsLetter)
		next = after + len(gap)
	}
	value = strconv.Itoa(s.total + s.current)
	if half := andHalf.FindString(r.text[end:]); ok && half != "" {
		value, end = value+".5", end+len(strings.TrimRightFunc(half, func(c rune) bool { return !unicode.IsLetter(c) }))
	}
	return value, end, ok
}

func wordValue(word string, language analysis.Language) (value int, isDozen, ok bool) {
	word = strings.ToLower(word)
	if value, ok = numberOf(word, language); ok {
		return value, dozens[word], true
	}
	if zeros := scales[word]; zeros >= 6 {
		value = 1
		for range zeros {
			value *= 10
		}
		return value, false, true
	}
	return 0, false, false
}

// firstLetters is the word that a text begins with.
func firstLetters(text string) string {
	if end := strings.IndexFunc(text, func(c rune) bool { return !unicode.IsLetter(c) }); end >= 0 {
		return text[:end]
	}
	return text
}
