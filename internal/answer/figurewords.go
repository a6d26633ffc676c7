package answer

import (
	"strconv"
	"strings"

	"clearwell/internal/analysis"
)

// spoken are the words for 0 to 20 of a language; then its tens from 20, hundred and thousand.
type spoken struct{ small, tens, hundred, thousand string }

// numberWords says what number a word of a language is, such as fifteen, for numbers up to 100, and 1,000. One is
// an article in most languages and counts as a number only where a passage is read.
var numberWords = map[analysis.Language]map[string]int{
	"en": spell(spoken{"zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
		"twenty thirty forty fifty sixty seventy eighty ninety", "hundred", "thousand"}, func(tens, unit string) string { return tens + "-" + unit }),
	"de": spell(spoken{"null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig",
		"zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig", "hundert", "tausend"}, func(tens, unit string) string { return unit + "und" + tens }),
	"fr": spell(spoken{"zéro une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt",
		"vingt trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix", "cent", "mille"}, func(tens, unit string) string { return tens + "-" + unit }),
	"es": spell(spoken{"cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte",
		"veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa", "cien", "mil"}, func(tens, unit string) string {
		return strings.Replace(tens, "veinte", "veinti", 1) + unit
	}),
}

func spell(s spoken, join func(tens, unit string) string) map[string]int {
	words := map[string]int{s.hundred: 100, s.thousand: 1000}
	small := strings.Fields(s.small)
	for n, word := range small {
		words[word] = n
	}
	for i, tens := range strings.Fields(s.tens) {
		words[tens] = 20 + 10*i
		for unit := 1; unit < 10; unit++ {
			name := strings.TrimSuffix(small[unit], "s")
			if small[unit] != "eins" {
				name = small[unit]
			}
			if compound := join(tens, name); words[compound] == 0 {
				words[compound] = 20 + 10*i + unit
			}
		}
	}
	return words
}

// scales are words that multiply the number before them, by their zeros. A billion is left out: it isn't the
// same everywhere.
var scales = map[string]int{
	"thousand": 3, "tausend": 3, "tsd": 3, "mille": 3, "mil": 3,
	"million": 6, "millions": 6, "millionen": 6, "mio": 6, "mln": 6, "millón": 6, "millones": 6,
}

// units of what is measured, by the words for them in the languages of the interface.
var units = invert(map[string]string{
	"EUR": "€ eur euro euros", "USD": "$ usd us$ dollar dollars dólar dólares", "GBP": "£ gbp pound pounds pfund",
	"CHF": "chf franken", "JPY": "¥ jpy yen",
	"percent": "% percent prozent pct ciento",
	"minute":  "min minute minutes minuten minuto minutos",
	"hour":    "h hr hrs hour hours std stunde stunden heure heures hora horas hourly stündig",
	"day":     "day days tag tage tagen tages jour jours journée día días dia dias tägig tägige tägigen tägiger",
	"week":    "week weeks woche wochen semaine semaines semana semanas wöchig",
	"month":   "month months monat monate monaten monats mois mes meses monatig monatige",
	"year":    "year years jahr jahre jahren jahres an ans année années año años jährig jährige",
	"km":      "km kilometer kilometers kilometre kilometres kilometern kilomètre kilomètres kilómetro kilómetros",
	"mile":    "mile miles meile meilen", "metre": "m meter meters metre metres mètre mètres metro metros",
	"kg": "kg kilogram kilograms kilogramm kilo kilos", "GB": "gb gigabyte gigabytes", "MB": "mb megabyte megabytes",
})

// germanUnits end compounds: Urlaubstage, Kalendermonaten.
var germanUnits = invert(map[string]string{
	"day": "tag tage tagen", "week": "woche wochen", "month": "monat monate monaten", "year": "jahr jahre jahren",
	"hour": "stunde stunden", "minute": "minute minuten",
})

func invert(byUnit map[string]string) map[string]string {
	byWord := make(map[string]string)
	for unit, words := range byUnit {
		for word := range strings.FieldsSeq(words) {
			byWord[word] = unit
		}
	}
	return byWord
}

// unitOf returns what a lower-case word measures, "" if nothing.
func unitOf(word string) string {
	if unit := units[word]; unit != "" {
		return unit
	}
	for _, length := range []int{3, 4, 5, 6, 7} {
		if len(word) >= length+4 {
			if unit := germanUnits[word[len(word)-length:]]; unit != "" {
				return unit
			}
		}
	}
	return ""
}

// endsUnit are words after which a unit belongs to something else: "28 per year" measures no years.
var endsUnit = wordSet(`per a an pro par por je each every al à and und et y or oder ou o to bis in im within of from von de`)

func wordSet(words string) map[string]bool {
	set := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// monthNames by name and by each abbreviation of three letters or more that only one month has.
var monthNames = func() map[string]int {
	names := make(map[string]int)
	for _, p := range []phrases{english, german, french, spanish} {
		for i, name := range p.months {
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
	return names
}()

// namedDays are months and days of the week as words of their own: "m3", "w1". English "may" and "march" are
// left to dates with a figure, and so are abbreviations.
var namedDays = func() map[string]string {
	names := make(map[string]string)
	for _, p := range []phrases{english, german, french, spanish} {
		for i, name := range p.months {
			names[strings.ToLower(name)] = "m" + strconv.Itoa(i+1)
		}
	}
	delete(names, "may")
	delete(names, "march")
	for _, week := range []string{
		"monday tuesday wednesday thursday friday saturday sunday", "montag dienstag mittwoch donnerstag freitag samstag sonntag",
		"lundi mardi mercredi jeudi vendredi samedi dimanche", "lunes martes miércoles jueves viernes sábado domingo",
	} {
		for i, name := range strings.Fields(week) {
			names[name] = "w" + strconv.Itoa(i+1)
		}
	}
	names["sonnabend"] = "w6"
	return names
}()
