package answer

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"clearwell/internal/analysis"
)

var wordForm = regexp.MustCompile(`\pL+`)

// words reads number words, and names of months, days and times, in what isn't taken.
func (r *figureReader) words(language analysis.Language) {
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
func (r *figureReader) numberWord(s string, at int, language analysis.Language) (figure, bool) {
	word := strings.ToLower(s)
	isPart := func(end int) bool {
		rest, isHyphen := strings.CutPrefix(r.text[end:], "-")
		first := firstLetters(rest)
		return isHyphen && first != "" && unitOf(strings.ToLower(first)) == ""
	}
	if before, isHyphen := strings.CutSuffix(r.text[:at], "-"); isHyphen && strings.TrimRightFunc(before, unicode.IsLetter) != before {
		return figure{}, false
	}
	if value, end, ok := r.spelled(at, language); ok {
		f := figure{readings: []string{value}, unit: r.unit(at, end), period: r.period(end), isWord: true, isOne: articles[word] && value == "1", end: end}
		isUnsure := unicode.Is(unicode.Arabic, []rune(word)[0]) && f.unit == "" // without vowels "six" may be another word
		return f, !isPart(end) && !isUnsure
	}
	end := at + len(s)
	if halves[language][word] && !isPart(end) {
		return figure{readings: []string{"0.5", "50"}, unit: r.unitAfter(end + len(anArticle.FindString(r.text[end:]))), isWord: true}, true
	}
	if n := multiples[word]; n > 0 && !isPart(end) {
		return figure{readings: []string{strconv.Itoa(n), strconv.Itoa(100 * n)}, isWord: true}, true
	}
	if articles[word] {
		if unit := unitOf(strings.ToLower(firstLetters(strings.TrimLeft(r.text[end:], " ")))); unit != "" {
			return figure{readings: []string{"1"}, unit: unit, isWord: true, isOne: true}, true
		}
	}
	return compoundOf(word, language)
}

var anArticle = regexp.MustCompile(`^ (?:an?|the|of|eine?[nmrs]?|der?s?) `)

// compoundOf reads a number with its unit in one word: dreimonatig, tenfold, anderthalb.
func compoundOf(word string, language analysis.Language) (figure, bool) {
	if language == "de" && strings.HasPrefix(word, "anderthalb") {
		return figure{readings: []string{"1.5"}, isWord: true}, true
	}
	for _, tail := range []string{"fold", "fach", "einhalb"} {
		head, ok := strings.CutSuffix(word, tail)
		if value, isNumber := numberOf(head, language); ok && isNumber {
			f := figure{readings: []string{strconv.Itoa(value)}, isWord: true}
			if tail == "einhalb" {
				f.readings[0] += ".5"
			}
			return f, true
		}
	}
	for _, stem := range []string{"stünd", "täg", "wöch", "monat", "jähr"} {
		if head, _, ok := strings.Cut(word, stem+"ig"); ok && language == "de" {
			value, isNumber := numberOf(head, language)
			return figure{readings: []string{strconv.Itoa(value)}, unit: adjectiveUnits[stem], isWord: true}, isNumber
		}
	}
	return figure{}, false
}

// name reads the name of a month, day or time.
func (r *figureReader) name(s string, at int, language analysis.Language) (figure, bool) {
	word := strings.ToLower(s)
	if (s == "May" || s == "March") && language == "en" && beforeMonth.MatchString(r.text[:at]) {
		return figure{readings: []string{"m" + strconv.Itoa(monthNames[word])}}, true
	}
	for _, name := range []string{word, strings.TrimSuffix(word, "s")} {
		if day, ok := namedDays[name]; ok {
			return figure{readings: []string{day}}, true
		}
	}
	return figure{}, false
}
