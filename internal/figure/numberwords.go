package figure

import (
	"maps"
	"strings"
	"unicode"
	"unicode/utf8"

	"clearwell/internal/analysis"
)

// spoken are the words for 0 to 20 of a language; then its tens from 20, hundred and thousand; and others with their values.
type spoken struct{ small, tens, hundred, thousand, more string }

// numberWords says what number a word of a language is. Longer numbers are summed up of them (sum).
var numberWords = map[analysis.Language]map[string]int{
	"en": spell(spoken{"zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
		"twenty thirty forty fifty sixty seventy eighty ninety", "hundred", "thousand", "12 dozen 12 dozens"}, func(tens, unit string) string { return tens + "-" + unit }),
	"de": spell(spoken{"null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig",
		"zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig", "hundert", "tausend", "12 dutzend"}, func(tens, unit string) string { return unit + "und" + tens }),
	"fr": spell(spoken{"zéro une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt",
		"vingt trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix", "cent", "mille",
		"1 un 20 vingts 100 cents 12 douzaine 15 quinzaine 20 vingtaine 30 trentaine 100 centaine"}, func(tens, unit string) string { return tens + "-" + unit }),
	"es": spell(spoken{"cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte",
		"veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa", "cien", "mil",
		`100 ciento 200 doscientos 300 trescientos 400 cuatrocientos 500 quinientos 600 seiscientos 700 setecientos 800 ochocientos 900 novecientos
		200 doscientas 300 trescientas 400 cuatrocientas 500 quinientas 600 seiscientas 700 setecientas 800 ochocientas 900 novecientas
		1 un 1 una 21 veintiún 21 veintiuna 12 docena 15 quincena`}, func(tens, unit string) string { return strings.Replace(tens, "veinte", "veinti", 1) + unit }),
	// Of Russian and Arabic each form stands for itself.
	"ru": valued(`0 ноль 1 один 1 одна 1 одно 1 одного 1 одной 2 два 2 две 2 двух 3 три 3 трёх 4 четыре 4 четырёх 5 пять 5 пяти 6 шесть 6 шести 7 семь 7 семи
		8 восемь 8 восьми 9 девять 9 девяти 10 десять 10 десяти 11 одиннадцать 12 двенадцать 13 тринадцать 14 четырнадцать 15 пятнадцать 16 шестнадцать
		17 семнадцать 18 восемнадцать 19 девятнадцать 12 двенадцати 14 четырнадцати 15 пятнадцати 20 двадцать 20 двадцати 30 тридцать 30 тридцати 40 сорок
		40 сорока 50 пятьдесят 50 пятидесяти 60 шестьдесят 60 шестидесяти 70 семьдесят 80 восемьдесят 90 девяносто 100 сто 100 ста 200 двести 300 триста
		400 четыреста 500 пятьсот 600 шестьсот 700 семьсот 800 восемьсот 900 девятьсот 1000 тысяча 1000 тысячи 1000 тысяч 12 дюжина`),
	"ar": valued(`1 واحد 1 واحدة 2 اثنان 2 اثنين 2 اثنتان 3 ثلاثة 3 ثلاث 4 أربعة 4 أربع 5 خمسة 5 خمس 6 ستة 6 ست 7 سبعة 7 سبع 8 ثمانية 8 ثماني 8 ثمان
		9 تسعة 9 تسع 10 عشرة 10 عشر 20 عشرون 20 عشرين 30 ثلاثون 30 ثلاثين 40 أربعون 40 أربعين 50 خمسون 50 خمسين 60 ستون 60 ستين 70 سبعون 70 سبعين
		80 ثمانون 80 ثمانين 90 تسعون 90 تسعين 100 مائة 100 مئة 200 مائتان 200 مئتان 200 مئتين 1000 ألف 1000 آلاف`),
}

func valued(more string) map[string]int {
	words, fields := make(map[string]int), strings.Fields(more)
	for i := 0; i+1 < len(fields); i += 2 {
		words[fields[i+1]] = Whole(fields[i])
	}
	return words
}

func spell(s spoken, join func(tens, unit string) string) map[string]int {
	words := valued(s.more)
	words[s.hundred], words[s.thousand] = 100, 1000
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
	for word, n := range maps.Clone(words) {
		words[withoutAcute.Replace(word)] = n
	}
	return words
}

var withoutAcute = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u")

var (
	// articles are one, and more often no number. Dozens multiply the number before them.
	articles = wordSet(`a an ein eine einen einem einer eines un une una uno`)
	dozens   = wordSet(`dozen dozens dutzend docenas`)
	// halves are .5, or 50 percent; multiples 2, or 200 percent.
	halves    = map[analysis.Language]map[string]bool{"en": wordSet(`half`), "de": wordSet(`halb halbe halben halber halbes hälfte`), "fr": wordSet(`moitié`), "es": wordSet(`mitad`)}
	multiples = map[string]int{"twice": 2, "double": 2, "thrice": 3, "triple": 3, "doppelt": 2, "doppelte": 2, "doppelten": 2, "zweimal": 2, "dreimal": 3, "doble": 2}
)

// scriptLanguage is the language whose number words those of a script are read as, else the text's own.
func scriptLanguage(word string, language analysis.Language) analysis.Language {
	switch first, _ := utf8.DecodeRuneInString(word); {
	case unicode.Is(unicode.Cyrillic, first):
		return "ru"
	case unicode.Is(unicode.Arabic, first):
		return "ar"
	}
	return language
}

// NumberWord is the number that one word of a language in small letters says, such as "twelve"; 0 for what says none, and
// for longer numbers, which are summed up of others.
func NumberWord(word string, language analysis.Language) int { return numberWords[language][word] }

// numberOf is the number that a word in small letters spells, German compounds with hundreds and thousands included.
func numberOf(word string, language analysis.Language) (value int, ok bool) {
	words := numberWords[scriptLanguage(word, language)]
	if value, ok = words[word]; ok {
		return value, true
	}
	if value, ok = words[withoutAcute.Replace(word)]; ok && language == "es" {
		return value, true
	}
	if word, ok = strings.CutPrefix(word, "و"); ok { // and
		value, ok = words[word]
		return value, ok
	}
	if language != "de" {
		return 0, false
	}
	word = strings.ReplaceAll(word, "dreissig", "dreißig")
	for _, scale := range []struct {
		name  string
		value int
	}{{"tausend", 1000}, {"hundert", 100}} {
		if head, tail, isCut := strings.Cut(word, scale.name); isCut {
			many, isMany := numberOf(head, language)
			rest, isRest := numberOf(strings.TrimPrefix(tail, "und"), language)
			if head == "" || head == "ein" {
				many, isMany = 1, true
			}
			return many*scale.value + rest, isMany && (isRest || tail == "")
		}
	}
	value, ok = words[word]
	return value, ok
}
