package figure

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"clearwell/internal/analysis"
)

// namedMonths are the languages whose months are known by name, in the order in which abbreviations are read.
var namedMonths = []analysis.Language{"en", "de", "fr", "es"}

// MonthNames are the names of the months from January on, as a sentence of the language writes them; "" in languages
// other than English, German, French and Spanish.
func MonthNames(language analysis.Language) [12]string {
	switch language {
	case "en":
		return [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
			"November", "December"}
	case "de":
		return [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
			"November", "Dezember"}
	case "fr":
		return [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
			"novembre", "décembre"}
	case "es":
		return [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
			"noviembre", "diciembre"}
	}
	return [12]string{}
}

// monthNumbers by name and by each abbreviation of three letters or more that only one month has.
var monthNumbers = func() map[string]int {
	names := make(map[string]int)
	for _, language := range namedMonths {
		for i, name := range MonthNames(language) {
			runes := []rune(strings.ToLower(name))
			for length := 3; length <= len(runes); length++ {
				word := string(runes[:length])
				if other, ok := names[word]; ok && other != i+1 {
					names[word] = 0
					continue
				}
				names[word] = i + 1
			}
		}
	}
	for i, forms := range foreignMonths() {
		for _, form := range forms {
			names[form] = i + 1
		}
	}
	return names
}()

// Month is the number of a month, 1 to 12, by its name in small letters in whatever language is known, whole or of three
// letters and more; 0 for what names none, or more than one.
func Month(word string) int { return monthNumbers[word] }

// foreignMonths are the forms of the months in languages that answers have no words of their own in.
func foreignMonths() [12][]string {
	var all [12][]string
	for i, stem := range strings.Fields("январ феврал март апрел ма июн июл август сентябр октябр ноябр декабр") {
		endings := "ь я е ю ём"
		switch stem {
		case "март", "август":
			endings, all[i] = "а е у ом", []string{stem}
		case "ма":
			endings = "й я е ю ем"
		}
		for ending := range strings.FieldsSeq(endings) {
			all[i] = append(all[i], stem+ending)
		}
	}
	for i, name := range strings.Fields("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر") {
		all[i] = append(all[i], name)
	}
	for i, name := range strings.Fields("- شباط آذار نيسان أيار حزيران تموز آب أيلول") {
		all[i] = append(all[i], name)
	}
	return all
}

// namedDays are months and days of the week as words of their own: "m3", "w1". English "May" and "March" need
// a word before them that a month follows (beforeMonth); abbreviations are left to dates with a figure.
var namedDays = func() map[string]string {
	names := make(map[string]string)
	for _, language := range namedMonths {
		for i, name := range MonthNames(language) {
			names[strings.ToLower(name)] = "m" + strconv.Itoa(i+1)
		}
	}
	for i, forms := range foreignMonths() {
		for _, form := range forms {
			names[form] = "m" + strconv.Itoa(i+1)
		}
	}
	delete(names, "may")
	delete(names, "march")
	delete(names, "مارس") // practised
	for _, week := range []string{
		"monday tuesday wednesday thursday friday saturday sunday", "montag dienstag mittwoch donnerstag freitag samstag sonntag",
		"lundi mardi mercredi jeudi vendredi samedi dimanche", "lunes martes miércoles jueves viernes sábado domingo",
	} {
		for i, name := range strings.Fields(week) {
			names[name] = "w" + strconv.Itoa(i+1)
		}
	}
	names["sonnabend"] = "w6"
	for word, time := range map[string]string{"noon": "T12:00", "midday": "T12:00", "mediodía": "T12:00", "midnight": "T0:00", "mitternacht": "T0:00", "minuit": "T0:00", "medianoche": "T0:00"} {
		names[word] = time
	}
	return names
}()

// beforeMonth tells the month of May from what may be.
var beforeMonth = regexp.MustCompile(`(?i)\b(?:in|until|till|by|of|from|since|to|before|after|through|during|each|every|early|mid|late|end|and|or)[ -]$`)

// ordinals by their English and German words: the days of a month.
var ordinals = func() map[string]int {
	all := make(map[string]int)
	for i, word := range strings.Fields("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth") {
		all[word] = i + 1
		if i < 9 {
			all["twenty-"+word] = i + 21
		}
	}
	all["thirtieth"], all["thirty-first"] = 30, 31
	for i, stem := range strings.Fields("ers zwei drit vier fünf sechs sieb ach neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn") {
		all[stem+"ten"], all[stem+"te"] = i+1, i+1
	}
	for word, n := range numberWords["de"] {
		if n >= 20 && n < 32 {
			all[word+"sten"], all[word+"ste"] = n, n
		}
	}
	return all
}()

// dayMonths are the months whose days are read in words.
func dayMonths() []string {
	english, german := MonthNames("en"), MonthNames("de")
	return slices.Concat(english[:], german[:])
}

// ordinalDate is a day of a month in words: tenth of March, dritten März.
var ordinalDate = regexp.MustCompile(`([\pL]+(?:-[\pL]+)?)\s+(?:of\s+)?((?:` + strings.Join(dayMonths(), "|") + `)(?:\PL|$))`)
