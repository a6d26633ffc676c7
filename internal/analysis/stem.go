package analysis

import (
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/irish"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/tamil"
	"github.com/blevesearch/snowballstem/turkish"
)

// longestStemmed is the longest word in bytes that is worth stemming; some stemmers are quadratic.
const longestStemmed = 128

// stemmer returns the Snowball stemmer (snowballstem.org) of a language, nil if there is none.
func stemmer(language Language) func(*snowballstem.Env) bool {
	switch language {
	case "ar":
		return arabic.Stem
	case "da":
		return danish.Stem
	case "nl":
		return dutch.Stem
	case "en":
		return english.Stem
	case "fi":
		return finnish.Stem
	case "fr":
		return french.Stem
	case "de":
		return german.Stem
	case "hu":
		return hungarian.Stem
	case "ga":
		return irish.Stem
	case "it":
		return italian.Stem
	case "no", "nb", "nn":
		return norwegian.Stem
	case "pt":
		return portuguese.Stem
	case "ro":
		return romanian.Stem
	case "ru":
		return russian.Stem
	case "es":
		return spanish.Stem
	case "sv":
		return swedish.Stem
	case "ta":
		return tamil.Stem
	case "tr":
		return turkish.Stem
	}
	return nil
}

// script returns the writing system for which the language's stemmer is made.
func (l Language) script() *unicode.RangeTable {
	switch l {
	case "ar":
		return unicode.Arabic
	case "ru":
		return unicode.Cyrillic
	case "ta":
		return unicode.Tamil
	}
	return unicode.Latin
}

// stem returns the word's stem, the word itself where the language has no stemmer, where the word is of
// another script or where nothing would be left (some Arabic words).
func (a *analyzer) stem(word string) string {
	first, _ := utf8.DecodeRuneInString(word)
	if a.stemmer == nil || len(word) > longestStemmed || !unicode.Is(a.script, first) {
		return word
	}
	a.env.SetCurrent(word)
	a.stemmer(a.env)
	if stem := a.env.Current(); stem != "" {
		return stem
	}
	return word
}

// hasForms reports whether words like this one have a stem apart from themselves in some language. It looks
// at the word only, never at the language, so that question and passage agree: words with a digit and
// words of scripts without stemmers are looked up as they stand.
func hasForms(word string) bool {
	for i, r := range word {
		if i == 0 && !unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Arabic, unicode.Greek, unicode.Tamil) {
			return false
		}
		if unicode.IsDigit(r) {
			return false
		}
	}
	return len(word) <= longestStemmed
}
