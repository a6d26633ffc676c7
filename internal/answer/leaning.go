package answer

import (
	"regexp"
	"strings"
	"unicode"

	"clearwell/internal/analysis"
)

// token is a word of a question.
type token struct {
	text     string // as it stands
	lower    string
	isNoun   bool // by its capital, in German
	endsPart bool // a comma, a colon or a dash stands behind it
}

// leansOn reports whether a question can't be understood without the one before it: it begins as one that goes on,
// points to what was said, is only a piece of a sentence, or names too little to be searched for. before is the
// earlier question, which tells the language where this one is too short to.
func leansOn(question, before string) bool {
	language := spokenLanguage(question)
	if len(strings.Fields(question)) < 6 {
		language = spokenLanguage(before + " " + question)
	}
	rules := leaningIn(language)
	text := strings.Trim(strings.ToLower(oneLine(question)), " ¿¡?!.…")
	said := wordsOf(question, language)
	return len(said) > 0 && !courtesy.MatchString(text) && (rules.goesOn(text) || rules.pointsBack(text, said) || rules.isFragment(said) || rules.namesTooLittle(text, said))
}

// courtesy is what asks for nothing, so that it is not taken to ask for the last topic again.
var courtesy = regexp.MustCompile(`^(?:ok(?:ay)?|great|perfect|good|super|thanks?(?: you)?|danke(?: schön| sehr)?|vielen dank|merci(?: beaucoup)?|(?:muchas )?gracias|hello|hi|hallo|bonjour|hola|bye|tschüss)(?:,? (?:a lot|so much|very much|thanks?|danke|merci|gracias|dir|ihnen|everyone))?$`)

// spokenLanguage is the language whose small words a question is made of, which tells more of a short one than its
// letters; where that is undecided, what the letters say.
func spokenLanguage(question string) analysis.Language {
	best, most, isSure := analysis.Language(""), 0, false
	for _, language := range []analysis.Language{"en", "de", "fr", "es"} {
		rules, n := leaningIn(language), 0
		for _, w := range wordsOf(question, language) {
			if !rules.names(w) {
				n++
			}
		}
		if n >= most {
			best, isSure, most = language, n > most, n
		}
	}
	if isSure {
		return best
	}
	return interfaceLanguage(question)
}

// wordsOf splits a question. Scripts without spaces give a word for two characters each, which is near enough.
func wordsOf(question string, language analysis.Language) []token {
	isPart := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '-' && language != "fr" || r == '_'
	}
	var said []token
	var word []rune
	add := func() {
		w := strings.Trim(string(word), "-")
		if w != "" {
			said = append(said, token{text: w, lower: strings.ToLower(w), isNoun: language == "de" && len(said) > 0 && unicode.IsUpper([]rune(w)[0])})
		}
		word = word[:0]
	}
	for _, r := range question {
		switch {
		case !isPart(r):
			add()
			if len(said) > 0 && strings.ContainsRune(",:;–—", r) {
				said[len(said)-1].endsPart = true
			}
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			if word = append(word, r); len(word) == 2 {
				add()
			}
		default:
			word = append(word, r)
		}
	}
	add()
	return said
}

// goesOn reports whether the question begins as one that goes on with another.
func (l *leaning) goesOn(text string) bool {
	for _, opening := range l.openings {
		if rest, ok := strings.CutPrefix(text, opening); ok && (rest == "" || strings.ContainsAny(rest[:1], " ,")) {
			return true
		}
	}
	return false
}

// names reports whether a word says what the question is about.
func (l *leaning) names(w token) bool {
	return !l.isSmall(w) && !l.vague[w.lower]
}

// isSmall reports whether a word holds a question together and says nothing of its topic.
func (l *leaning) isSmall(w token) bool {
	return l.empty[w.lower] || l.verbs[w.lower] || l.asking[w.lower]
}

// topicOf returns the words of a question that say what it is about, as they stand there, but for those whose forms
// are known already; it adds theirs.
func topicOf(question string, known map[string]bool) []string {
	language := spokenLanguage(question)
	var topic []string
	for _, w := range wordsOf(question, language) {
		if form := stub(w.lower); !leaningIn(language).isSmall(w) && !known[form] {
			known[form] = true
			topic = append(topic, w.text)
		}
	}
	return topic
}

// pointsBack reports whether a word means something that was said before the question.
func (l *leaning) pointsBack(text string, said []token) bool {
	if l.backward.MatchString(text) {
		return true
	}
	if l.idle.MatchString(text) {
		return false
	}
	isGeneral := false
	for i, w := range said {
		isGeneral = isGeneral || l.general[w.lower]
		switch {
		case l.pointers[w.lower]:
			return true
		case l.personal[w.lower] && !l.hasMeant(said[:i]):
			return true
		case l.owners[w.lower] && !isGeneral && !l.hasNoun(said[:i]):
			return true
		case l.showing[w.lower] && i+1 < len(said) && !l.present[said[i+1].lower] && !l.isAsked(said, i):
			return true
		}
	}
	return false
}

// isAsked is the "ce" of "est-ce", which shows on nothing.
func (l *leaning) isAsked(said []token, i int) bool {
	return said[i].lower == "ce" && i > 0 && (said[i-1].lower == "est" || said[i-1].lower == "qu")
}

// hasMeant reports whether a pronoun behind these words may mean one of them: a noun stands there, and a new clause
// has begun since.
func (l *leaning) hasMeant(said []token) bool {
	for i, w := range said {
		if i > 0 && (l.clauses[w.lower] || said[i-1].endsPart) && l.hasNoun(said[:i]) {
			return true
		}
	}
	return false
}

// hasNoun reports whether one of the words names something, and isn't what somebody does.
func (l *leaning) hasNoun(said []token) bool {
	for i, w := range said {
		if l.names(w) && (w.isNoun || i == 0 || !l.subjects[said[i-1].lower]) {
			return true
		}
	}
	return false
}

// isFragment reports whether the question is no sentence but a piece of one: "For contractors?"
func (l *leaning) isFragment(said []token) bool {
	if !l.places[said[0].lower] || len(said) > 7 {
		return false
	}
	for _, w := range said {
		if l.asking[w.lower] || l.verbs[w.lower] {
			return false
		}
	}
	return true
}

// Lengths, in letters, from which one word names enough: a German compound is what other languages say in two, and
// a long word behind an article is seldom one of those that could be about anything.
const (
	longCompound = 9
	longNoun     = 10
)

// namesTooLittle reports whether fewer than two words say what the question is about.
func (l *leaning) namesTooLittle(text string, said []token) bool {
	named := 0
	isWhole := false
	for i, w := range said {
		isWhole = isWhole || l.asking[w.lower] || l.verbs[w.lower]
		if !l.names(w) {
			continue
		}
		letters := len([]rune(w.lower))
		named++
		isTopic := i > 0 && l.determiner[said[i-1].lower] && letters >= longNoun
		if isWhole && (w.isNoun && letters >= longCompound || isTopic) {
			named++
		}
	}
	return named == 0 || named == 1 && !l.defines.MatchString(text)
}
