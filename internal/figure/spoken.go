package figure

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"clearwell/internal/analysis"
)

var wordForm = regexp.MustCompile(`\pL+`)

// words reads number words, and names of months, days and times, in what isn't taken.
func (r *reader) words(language analysis.Language) {
	next := 0
	for _, span := range wordForm.FindAllStringIndex(r.text, -1) {
		if span[0] < next || r.isTaken[span[0]] {
			continue
		}
		word := r.text[span[0]:span[1]]
		f, ok := r.numberWord(word, span[0], language)
		if !ok {
			f, ok = r.name(word, span[0], language)
		}
		if ok {
			next = max(f.end, span[1])
			r.keep(f, span[0], next)
		}
	}
}

// numberWord reads the number that begins with a word: thirty-five, zweihundert, dreitägig, half. One that is a part of
// another word (four-eyes) is none, but before its unit (thirty-day).
func (r *reader) numberWord(s string, at int, language analysis.Language) (Figure, bool) {
	word := strings.ToLower(s)
	isPart := func(end int) bool {
		rest, isHyphen := strings.CutPrefix(r.text[end:], "-")
		first := firstLetters(rest)
		return isHyphen && first != "" && UnitOf(strings.ToLower(first)) == ""
	}
	if before, isHyphen := strings.CutSuffix(r.text[:at], "-"); isHyphen && strings.TrimRightFunc(before, unicode.IsLetter) != before {
		return Figure{}, false
	}
	if value, end, ok := r.spelled(at, language); ok {
		f := Figure{Readings: []string{value}, Unit: r.unit(at, end), period: r.period(end), IsWord: true, isOne: articles[word] && value == "1", end: end}
		isUnsure := unicode.Is(unicode.Arabic, []rune(word)[0]) && f.Unit == "" // without vowels "six" may be another word
		return f, !isPart(end) && !isUnsure
	}
	end := at + len(s)
	if halves[language][word] && !isPart(end) {
		return Figure{Readings: []string{"0.5", "50"}, Unit: r.unitAfter(end + len(anArticle.FindString(r.text[end:]))), IsWord: true}, true
	}
	if n := multiples[word]; n > 0 && !isPart(end) {
		return Figure{Readings: []string{strconv.Itoa(n), strconv.Itoa(100 * n)}, IsWord: true}, true
	}
	if articles[word] {
		if unit := UnitOf(strings.ToLower(firstLetters(strings.TrimLeft(r.text[end:], " ")))); unit != "" {
			return Figure{Readings: []string{"1"}, Unit: unit, IsWord: true, isOne: true}, true
		}
	}
	return compoundOf(word, language)
}

var anArticle = regexp.MustCompile(`^ (?:an?|the|of|eine?[nmrs]?|der?s?) `)

// compoundOf reads a number with its unit in one word: dreimonatig, tenfold, anderthalb.
func compoundOf(word string, language analysis.Language) (Figure, bool) {
	if language == "de" && strings.HasPrefix(word, "anderthalb") {
		return Figure{Readings: []string{"1.5"}, IsWord: true}, true
	}
	for _, tail := range []string{"fold", "fach", "einhalb"} {
		head, ok := strings.CutSuffix(word, tail)
		if value, isNumber := numberOf(head, language); ok && isNumber {
			f := Figure{Readings: []string{strconv.Itoa(value)}, IsWord: true}
			if tail == "einhalb" {
				f.Readings[0] += ".5"
			}
			return f, true
		}
	}
	for _, stem := range []string{"stünd", "täg", "wöch", "monat", "jähr"} {
		if head, _, ok := strings.Cut(word, stem+"ig"); ok && language == "de" {
			value, isNumber := numberOf(head, language)
			return Figure{Readings: []string{strconv.Itoa(value)}, Unit: adjectiveUnits[stem], IsWord: true}, isNumber
		}
	}
	return Figure{}, false
}

// name reads the name of a month, day or time.
func (r *reader) name(s string, at int, language analysis.Language) (Figure, bool) {
	word := strings.ToLower(s)
	if (s == "May" || s == "March") && language == "en" && beforeMonth.MatchString(r.text[:at]) {
		return Figure{Readings: []string{"m" + strconv.Itoa(monthNumbers[word])}}, true
	}
	for _, name := range []string{word, strings.TrimSuffix(word, "s")} {
		if day, ok := namedDays[name]; ok {
			return Figure{Readings: []string{day}}, true
		}
	}
	return Figure{}, false
}
