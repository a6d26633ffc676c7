package analysis

import (
	"slices"
	"unicode"

	"github.com/abadojack/whatlanggo"
)

const (
	// sampled is how many bytes are looked at, from the beginning and from the middle each.
	sampled = 6000
	// longEnough is the number of letters from which trigrams tell all languages apart; a shorter text
	// is taken for one of those that can be stemmed, or for none.
	longEnough = 200
)

// Detect returns the language of a text: by its script where that decides, else by its trigrams. It chooses
// among the given languages and falls back to the first of them when unsure; without any it chooses
// among all it knows and returns "" when unsure.
func Detect(text string, among ...Language) Language {
	fallback := Language("")
	if len(among) > 0 {
		fallback = among[0]
	}
	script, letters := dominantScript(sample(text))
	if script == nil {
		return fallback
	}
	found := script.language
	if found == "" {
		found = byTrigrams(sample(text), script, letters, among)
	}
	if found == "" || len(among) > 0 && !slices.Contains(among, found) {
		return fallback
	}
	return found
}

// IsSameScript reports whether two texts are written in the same script, going by most of their letters. A text without
// letters is in any.
func IsSameScript(a, b string) bool {
	scriptOfA, _ := dominantScript(sample(a))
	scriptOfB, _ := dominantScript(sample(b))
	return scriptOfA == nil || scriptOfB == nil || scriptOfA.table == scriptOfB.table
}

// sample bounds the work on long texts; what stands at the beginning alone may be boilerplate.
func sample(text string) string {
	if len(text) <= 2*sampled {
		return text
	}
	middle := len(text) / 2
	return text[:sampled] + text[middle:middle+sampled]
}

// writing is a script and, where one language alone is written in it, or chiefly, that language.
type writing struct {
	table    *unicode.RangeTable
	language Language
	among    []whatlanggo.Lang // otherwise: the languages whose trigrams are compared
}

// writings lists the scripts; kana stand before Han, since Japanese has both.
func writings() []writing {
	return []writing{
		{unicode.Latin, "", latinLanguages()},
		{unicode.Cyrillic, "", []whatlanggo.Lang{whatlanggo.Rus, whatlanggo.Ukr, whatlanggo.Bel, whatlanggo.Bul, whatlanggo.Srp, whatlanggo.Mkd}},
		{unicode.Arabic, "", []whatlanggo.Lang{whatlanggo.Arb, whatlanggo.Pes, whatlanggo.Urd}},
		{unicode.Devanagari, "", []whatlanggo.Lang{whatlanggo.Hin, whatlanggo.Mar, whatlanggo.Nep}},
		{unicode.Hiragana, "ja", nil}, {unicode.Katakana, "ja", nil}, {unicode.Han, "zh", nil}, {unicode.Hangul, "ko", nil},
		{unicode.Thai, "th", nil}, {unicode.Hebrew, "he", nil}, {unicode.Greek, "el", nil}, {unicode.Tamil, "ta", nil},
		{unicode.Armenian, "hy", nil}, {unicode.Georgian, "ka", nil}, {unicode.Bengali, "bn", nil}, {unicode.Telugu, "te", nil},
		{unicode.Kannada, "kn", nil}, {unicode.Malayalam, "ml", nil}, {unicode.Gujarati, "gu", nil}, {unicode.Gurmukhi, "pa", nil},
		{unicode.Oriya, "or", nil}, {unicode.Sinhala, "si", nil}, {unicode.Khmer, "km", nil}, {unicode.Lao, "lo", nil},
		{unicode.Myanmar, "my", nil}, {unicode.Ethiopic, "am", nil},
	}
}

// stemmedLatin are the languages of the Latin script that have a stemmer, likely ones first.
func stemmedLatin() []whatlanggo.Lang {
	return []whatlanggo.Lang{whatlanggo.Eng, whatlanggo.Deu, whatlanggo.Fra, whatlanggo.Spa, whatlanggo.Por, whatlanggo.Ita,
		whatlanggo.Nld, whatlanggo.Swe, whatlanggo.Dan, whatlanggo.Nob, whatlanggo.Fin, whatlanggo.Ron, whatlanggo.Hun, whatlanggo.Tur}
}

func latinLanguages() []whatlanggo.Lang {
	return append(stemmedLatin(), whatlanggo.Pol, whatlanggo.Ces, whatlanggo.Hrv, whatlanggo.Slv, whatlanggo.Lit, whatlanggo.Lav,
		whatlanggo.Est, whatlanggo.Vie, whatlanggo.Ind, whatlanggo.Tgl, whatlanggo.Afr, whatlanggo.Azj, whatlanggo.Epo)
}

// dominantScript returns the script of most letters and how many letters of it there are, nil if there is none.
func dominantScript(text string) (*writing, int) {
	all := writings()
	counts := make([]int, len(all))
	kana, han := 0, 0
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		for i := range all {
			if unicode.Is(all[i].table, r) {
				counts[i]++
				break
			}
		}
	}
	for i := range all {
		switch all[i].table {
		case unicode.Hiragana, unicode.Katakana:
			kana += counts[i]
			counts[i] = 0
		case unicode.Han:
			han = i
		}
	}
	// A character of Han or kana says as much as several Latin letters, hence the factor; a tenth of kana
	// is more than Chinese ever has and less than any Japanese text.
	isJapanese := kana*10 > counts[han]+kana
	counts[han] = 3 * (counts[han] + kana)
	best := slices.Index(counts, slices.Max(counts))
	if counts[best] == 0 {
		return nil, 0
	}
	found := all[best]
	if best == han && isJapanese {
		found.language = "ja"
	}
	return &found, counts[best]
}

// byTrigrams compares trigrams with those of the languages, "" when unsure.
func byTrigrams(text string, script *writing, letters int, among []Language) Language {
	candidates := make(map[whatlanggo.Lang]bool)
	known := script.among
	if len(among) == 0 && letters < longEnough && script.table == unicode.Latin {
		known = stemmedLatin()
	}
	for _, lang := range known {
		if len(among) == 0 || slices.Contains(among, subtag(lang)) {
			candidates[lang] = true
		}
	}
	if len(candidates) == 0 {
		return ""
	}
	info := whatlanggo.DetectWithOptions(text, whatlanggo.Options{Whitelist: candidates})
	if !candidates[info.Lang] || len(candidates) > 1 && !info.IsReliable() {
		return ""
	}
	return subtag(info.Lang)
}

// subtag is the BCP 47 subtag of a language; whatlanggo has the codes of ISO 639-3 only.
func subtag(lang whatlanggo.Lang) Language {
	switch lang {
	case whatlanggo.Arb:
		return "ar"
	case whatlanggo.Nob:
		return "no"
	case whatlanggo.Pes:
		return "fa"
	case whatlanggo.Azj:
		return "az"
	}
	return Language(lang.Iso6391())
}
