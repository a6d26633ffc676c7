package answer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"clearwell/internal/analysis"
)

// valueKind is what the answer to a question is by its form.
type valueKind int

const (
	anyValue   valueKind = iota // not told by the question
	dateValue                   // a day, a month or a year
	countValue                  // a number, with what it counts or measures
	nameValue                   // somebody, by name
	placeValue                  // where, by name
	classValue                  // what kind of thing, by its definition
)

// inquiry is what a question asks, about what.
type inquiry struct {
	question string
	kind     valueKind
	language analysis.Language
	entity   []string        // words of the names that it asks about, in small letters, each once; empty: no name
	relation []string        // its other content words, in small letters
	event    map[string]bool // words of the event whose time is asked
	counted  string          // the noun behind "how many"
}

// askingForms tell the kind of the answer; the first that matches decides.
var askingForms = []struct {
	kind valueKind
	expr *regexp.Regexp
}{
	{dateValue, asWords(`when|(?:what|which) (?:\pL+ )?(?:year|date|day|month)|(?:birth|death|release|launch|due|effective|start|end|expiry)[ -]?date|date of|year of|deadline|what year|wann|welche[mnrs]? (?:jahr|tag|datum|monat)|stichtag|datum|quand|quelle (?:date|année)|quel (?:jour|mois)|cuándo|qué (?:año|fecha|día|mes)|fecha|date limite`)},
	{countValue, asWords(`how (?:many|much|long|old|far|often|high|tall|large|big)|(?:what|which)(?: \pL+){0,4} (?:percentage|percent|share|rate|number|amount|price|cost|fee|limit|maximum|minimum|allowance|budget|age|size|height|length|weight|distance|population|capacity|salary|notice period|period)|population|median age|engine size|number of|amount of|wie ?(?:viele?|lange?|oft|hoch|alt|weit|groß|schwer|teuer)|wieviele?|einwohnerzahl|anzahl|betrag|höhe|preis|frist|combien|quel(?:le)?s?(?: est| sont)?(?: le| la| l['’])? ?(?:pourcentage|montant|nombre|prix|taux|délai|âge|durée|somme|limite|taille|population)|cuánt[oa]s?|(?:qué|cuál)(?: es)?(?: el| la)? (?:porcentaje|importe|número|precio|plazo|límite|edad|población)`)},
	{nameValue, regexp.MustCompile(`^(?:\PL*)(?i:who|whom|whose|wer|wem|wen|wessen|qui|(?:(?:a|de|por|con|para) )?quién(?:es)?)[^\pL]|[^\pL](?:by|of|from|for|with) wh(?:om|ich|ose)[^\pL]|[^\pL](?:par|de|à|pour|avec) qui[^\pL]|[^\pL](?:von|bei|mit|für) wem[^\pL]`)},
	{placeValue, asWords(`where|(?:which|what) (?:city|town|village|state|country|county|province|region|district|place|location|continent)|in which|region of|location of|wo|in welche[mnrs]?|welche[rs]? (?:stadt|land|ort|region|bundesland)|où|quel(?:le)? (?:ville|pays|région|lieu|état)|dónde|qué (?:ciudad|país|región|lugar|estado)`)},
	{classValue, asWords(`what|which|welche[mnrs]?|was für|quel(?:le)?s?|qué|cuál`)},
}

// kindAsked is the kind of a question's answer; the words that tell it are left out of rest.
func kindAsked(question string) (kind valueKind, rest string) {
	for _, form := range askingForms {
		if at := form.expr.FindStringIndex(question); at != nil {
			if form.kind == countValue {
				return form.kind, question
			}
			return form.kind, question[:at[0]] + " " + question[at[1]:]
		}
	}
	return anyValue, question
}

// countedNoun is what a question counts: "how many working days".
var countedNoun = regexp.MustCompile(`(?i)\b(?:how many|wie ?viele|wieviele|combien (?:de |d['’])|cuánt[oa]s)\s*((?:\pL|-)+(?:\s+\pL+)?)`)

var quotedName = regexp.MustCompile(`["“„«]([^"“”„«»]{2,80})["”“»]`)

func newInquiry(question string) inquiry {
	q := inquiry{question: question, language: interfaceLanguage(question)}
	var rest string
	q.kind, rest = kindAsked(question)
	names := q.namesIn(question)
	q.entity = q.distinctWords(names)
	for _, w := range lowerWords(rest) {
		isNamed := slices.Contains(q.entity, w) || slices.Contains(q.entity, strings.TrimSuffix(w, "s"))
		if !isNamed && len(w) > 1 && !functionWords[q.language][w] && !askedGenerally[w] && !slices.Contains(q.relation, w) {
			q.relation = append(q.relation, w)
		}
	}
	if q.kind == dateValue {
		q.event = eventOf(question)
	}
	if m := countedNoun.FindStringSubmatch(question); m != nil {
		q.counted = strings.ToLower(m[1])
	}
	return q
}

// unsaid counts the words of the question, beside the names, that neither the sentence has nor what it stands under or
// the passage begins with. Words for works and their makers, for places and for what any question may add count as said.
func (c claimer) unsaid(s readSentence, in reading) int {
	around := slices.Concat(in.around, in.sentences[0].words)
	n := 0
	for _, r := range c.relation {
		isIt := func(w textWord) bool { return isLike(w.lower, r) }
		isGeneral := works[r] || makers[r] || situated[r] || addedGenerally[r] || inhabitants[r] || c.event[r]
		if !isGeneral && !slices.ContainsFunc(s.words, isIt) && !slices.ContainsFunc(around, isIt) {
			n++
		}
	}
	return n
}

// askedGenerally are words of a question that say nothing of what is asked.
var askedGenerally = wordSet(`according laut gemäß zufolge selon según est-elle est-il sont-ils sont-elles a-t-il a-t-elle
	ont-ils ont-elles été fue ha sido wurde worden called named known take took taken place happen happened refer refers belong belongs associated part
	how many much quel quelle quels quelles combien cuánto cuánta cuántos cuántas cuál cuáles qué wie viele wieviel wieviele welche welcher welches welchem welchen
	heißt genannt findet statt gehört appelle appelé lieu appartient llama llamado lugar pertenece`)

// namesIn are the proper names of a question: what stands in quotation marks; otherwise what has a capital, or begins
// the question with a number (221B Baker Street). In German every noun has a capital: there, two words in a row or a
// code make a name.
func (q inquiry) namesIn(question string) string {
	var names []string
	rest := quotedName.ReplaceAllStringFunc(question, func(m string) string {
		names = append(names, m)
		return " "
	})
	if len(names) > 0 {
		return strings.Join(names, " ")
	}
	words := wordsIn(rest)
	isName := func(i int) bool {
		w := words[i]
		first := []rune(w.text)[0]
		hasNumber := strings.ContainsFunc(w.text, unicode.IsDigit)
		if i == 0 { // a capital begins every question
			isFollowed := len(words) > 1 && unicode.IsUpper([]rune(words[1].text)[0]) && !functionWords[q.language][w.lower]
			return isCodeLike(w.text) || isFollowed && !askedGenerally[w.lower]
		}
		return unicode.IsUpper(first) || hasNumber && i == 1
	}
	for i, w := range words {
		if !isName(i) || i == 0 && askingForms[len(askingForms)-1].expr.MatchString(w.text) {
			continue
		}
		if q.language == "de" && !(i > 0 && isName(i-1) || i+1 < len(words) && isName(i+1) || isCodeLike(w.text)) {
			continue
		}
		names = append(names, w.text)
	}
	return strings.Join(names, " ")
}

// isCodeLike reports whether a word is written as no common noun is: with a digit, or in capitals.
func isCodeLike(word string) bool {
	return strings.ContainsFunc(word, unicode.IsDigit) || len(word) > 1 && strings.ToUpper(word) == word
}

func (q inquiry) distinctWords(text string) []string {
	var all []string
	for _, w := range wordsIn(text) {
		if !slices.Contains(all, w.lower) && !functionWords[q.language][w.lower] && (len([]rune(w.lower)) > 1 || hasDigit.MatchString(w.lower)) {
			all = append(all, w.lower)
		}
	}
	return all
}
