package figure

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"clearwell/internal/analysis"
)

// scales are words that multiply the number before them, by their zeros. A billion isn't the same everywhere: longScales
// has the other one.
var (
	scales = map[string]int{
		"hundred": 2, "thousand": 3, "tausend": 3, "tsd": 3, "mille": 3, "mil": 3, "тысяча": 3, "тысячи": 3, "тысяч": 3, "тыс": 3, "ألف": 3, "آلاف": 3,
		"million": 6, "millions": 6, "millionen": 6, "mio": 6, "mln": 6, "millón": 6, "millones": 6, "миллион": 6, "миллиона": 6, "миллионов": 6, "млн": 6,
		"مليون": 6, "billion": 9, "billions": 9, "bn": 9, "milliarde": 9, "milliarden": 9, "mrd": 9, "milliard": 9, "milliards": 9, "миллиард": 9, "миллиарда": 9,
		"миллиардов": 9, "млрд": 9, "trillion": 12, "trillions": 12, "billionen": 12, "billón": 12,
	}
	longScales = map[string]int{"billion": 12, "trillion": 18}
	// scaleMarks stand right behind the digits, as in 1.5k; m only of money.
	scaleMarks = map[string]int{"k": 3, "tsd": 3, "mn": 6, "mio": 6, "m": 6, "bn": 9, "mrd": 9}
	hanScale   = regexp.MustCompile(`^(千万|百万|十万|[千万萬만亿億억])`)
	hanZeros   = map[string]int{"千万": 7, "百万": 6, "十万": 5, "千": 3, "万": 4, "萬": 4, "만": 4, "亿": 8, "億": 8, "억": 8}
)

// units of what is measured, by the words for them.
var units = invert(map[string]string{
	"EUR": "€ eur euro euros евро يورو", "USD": "$ usd us$ dollar dollars dólar dólares доллар доллара долларов دولار دولارا", "GBP": "£ gbp pound pounds pfund",
	"CHF": "chf franken", "JPY": "¥ jpy yen", "RUB": "₽ rub ruble rubles rouble roubles rubel рубль рубля рублей", "INR": "₹ inr rs rupee rupees",
	"CNY": "cny rmb yuan", "PLN": "pln zloty złoty", "SEK": "sek", "NOK": "nok", "DKK": "dkk", "cent": "cent cents ct centimes céntimos",
	"percent": "% percent prozent pct ciento процент процента процентов", "point": "percentage prozentpunkte prozentpunkten pp",
	"celsius": "°c ℃ celsius", "fahrenheit": "°f ℉ fahrenheit",
	"millisecond": "ms millisecond milliseconds millisekunden", "second": "sec secs second seconds sekunde sekunden seconde secondes segundo segundos секунда секунды секунд",
	"minute":  "min mins minute minutes minuten minuto minutos минута минуты минут دقيقة دقائق",
	"hour":    "h hr hrs hour hours std stunde stunden heure heures hora horas hourly час часа часов часах ساعة ساعات",
	"day":     "day days tag tage tagen tages jour jours journée día días dia dias день дня дней днях يوم يوما أيام",
	"week":    "week weeks wk wks woche wochen semaine semaines semana semanas неделя недели недель неделю أسبوع أسبوعا أسابيع",
	"month":   "month months monat monate monaten monats mois mes meses месяц месяца месяцев месяцах شهر شهرا أشهر شهور",
	"quarter": "quarter quarters quartal quartale quartalen trimestre trimestres квартал квартала кварталов",
	"year":    "year years jahr jahre jahren jahres an ans année années año años год года году годы годов годах лет سنة سنوات عام",
	"km":      "km kilometer kilometers kilometre kilometres kilometern kilomètre kilomètres kilómetro kilómetros км",
	"mile":    "mile miles meile meilen", "metre": "m meter meters metre metres mètre mètres metro metros", "cm": "cm", "mm": "mm", "foot": "ft feet",
	"kg": "kg kilogram kilograms kilogramm kilo kilos кг", "gram": "gram grams gramm grammes", "mg": "mg", "litre": "litre litres liter liters litros", "ml": "ml",
	"KB": "kb kilobyte kilobytes", "MB": "mb megabyte megabytes", "GB": "gb gigabyte gigabytes", "TB": "tb terabyte terabytes", "PB": "pb petabyte petabytes",
	"kW": "kw", "kWh": "kwh", "MW": "mw", "MWh": "mwh",
})

// germanUnits end compounds (Urlaubstage, Kalendermonaten), but for some words of other languages.
var (
	germanUnits = invert(map[string]string{
		"day": "tag tage tagen", "week": "woche wochen", "month": "monat monate monaten", "year": "jahr jahre jahren",
		"hour": "stunde stunden", "minute": "minute minuten",
	})
	notGerman = wordSet(`percentage pourcentage advantage shortage heritage vintage cottage hostage voltage montage sabotage davantage avantage partage`)
	// germanAdjective is dreimonatig without its number.
	germanAdjective = regexp.MustCompile(`^(stünd|täg|wöch|monat|jähr)ige?[nrsm]?$`)
	adjectiveUnits  = map[string]string{"stünd": "hour", "täg": "day", "wöch": "week", "monat": "month", "jähr": "year"}
)

// unspacedUnits begin what follows a number in scripts without spaces.
var unspacedUnits = regexp.MustCompile(`^(?:(天|日|일)|(周|週|星期|주)|(个月|個月|か月|ヶ月|개월)|(年|년)|(小时|小時|時間|시간)|(分钟|分鐘|分|분)|(秒|초)|(欧元|歐元|ユーロ|유로)|(美元|ドル|달러)|(円)|(元|人民币)|(卢布|ルーブル)|(季度|四半期|분기))`)

var unspacedNames = []string{"day", "week", "month", "year", "hour", "minute", "second", "EUR", "USD", "JPY", "CNY", "RUB", "quarter"}

func invert(byUnit map[string]string) map[string]string {
	byWord := make(map[string]string)
	for unit, words := range byUnit {
		for word := range strings.FieldsSeq(words) {
			byWord[word] = unit
		}
	}
	return byWord
}

// UnitOf returns what a lower-case word or sign measures: a currency by its ISO code ("EUR"), others by their English name
// ("day", "percent") or sign ("kg", "GB"); "" if nothing.
func UnitOf(word string) string {
	if unit := units[word]; unit != "" {
		return unit
	}
	if m := unspacedUnits.FindStringSubmatchIndex(word); m != nil {
		for i, unit := range unspacedNames {
			if m[2*i+2] >= 0 {
				return unit
			}
		}
	}
	if m := germanAdjective.FindStringSubmatch(word); m != nil {
		return adjectiveUnits[m[1]]
	}
	for _, length := range []int{3, 4, 5, 6, 7} {
		if len(word) >= length+4 && !notGerman[word] {
			if unit := germanUnits[word[len(word)-length:]]; unit != "" {
				return unit
			}
		}
	}
	return ""
}

// IsUnit reports whether a lower-case word says by itself what is measured, compounds of German apart.
func IsUnit(word string) bool { return units[word] != "" }

// IsPart reports whether a lower-case word without digits can be a part of a figure: a number word of the language, a
// month, a unit, or a scale such as "million".
func IsPart(word string, language analysis.Language) bool {
	_, isNumberWord := numberWords[language][word]
	return isNumberWord || Month(word) > 0 || UnitOf(word) != "" || scales[word] > 0
}

// isMoney tells units that may stand before their amount.
func isMoney(unit string) bool { return len(unit) == 3 && unit == strings.ToUpper(unit) }

// endsUnit are words after which a unit belongs to something else: "28 per year" measures no years.
var endsUnit = wordSet(`per a an pro par por je each every al à and und et y or oder ou o to bis in im within of from von de в и`)

// wholes have parts: a year is twelve months.
var wholes = []struct {
	unit, part string
	count      float64
}{
	{"year", "month", 12}, {"year", "quarter", 4}, {"quarter", "month", 3}, {"week", "day", 7}, {"day", "hour", 24}, {"hour", "minute", 60}, {"minute", "second", 60},
	{"second", "millisecond", 1000}, {"km", "metre", 1000}, {"metre", "cm", 100}, {"kg", "gram", 1000}, {"EUR", "cent", 100}, {"USD", "cent", 100},
}

// converted is a number of a unit in the units next to it.
func converted(value, unit string) []Figure {
	number, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return nil
	}
	var all []Figure
	for _, w := range wholes {
		switch unit {
		case w.unit:
			all = append(all, Figure{Readings: []string{strconv.FormatFloat(number*w.count, 'f', -1, 64)}, Unit: w.part})
		case w.part:
			all = append(all, Figure{Readings: []string{strconv.FormatFloat(number/w.count, 'f', -1, 64)}, Unit: w.unit})
		}
	}
	return all
}

var (
	perWords = wordSet(`per a an each every pro je jede jeden jeder jedes im par chaque por al cada в /`)
	// perAdverbs say a period in one word.
	perAdverbs = invert(map[string]string{
		"year": "annually yearly jährlich annuellement anual anuales anualmente ежегодно سنويا", "month": "monthly monatlich mensuel mensual mensuales ежемесячно شهريا",
		"week": "weekly wöchentlich hebdomadaire semanal еженедельно", "day": "daily täglich quotidien diario ежедневно", "quarter": "quarterly vierteljährlich",
	})
	periods   = wordSet(`hour day week month quarter year`)
	perTokens = regexp.MustCompile(`\pL+|/|[^\pL\s*_-]`)
)

// farPeriod is how many words behind a number its period may stand.
const farPeriod = 7

// period is what a number is for: 500 euros a year. It is looked for up to the next mark or number, and its article is
// taken, which counts nothing.
func (r *reader) period(end int) string {
	rest := r.text[end:]
	spans := perTokens.FindAllStringIndex(rest[:min(len(rest), 150)], farPeriod)
	for i, span := range spans {
		token := strings.ToLower(rest[span[0]:span[1]])
		if unit := perAdverbs[token]; unit != "" {
			return unit
		}
		if perWords[token] {
			for _, next := range spans[i+1 : min(i+3, len(spans))] {
				if unit := UnitOf(strings.ToLower(rest[next[0]:next[1]])); periods[unit] {
					r.isTaken[end+span[0]] = true
					return unit
				}
			}
		} else if c := []rune(token)[0]; !unicode.IsLetter(c) && c != '%' && !unicode.Is(unicode.Sc, c) {
			return ""
		}
	}
	return ""
}

// wordSet has the words of a list with spaces between them.
func wordSet(words string) map[string]bool {
	set := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}
