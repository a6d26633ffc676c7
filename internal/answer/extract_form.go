package answer

import "regexp"

// asksForFigure matches questions for an amount, a number or a date in the languages of the interface.
var asksForFigure = regexp.MustCompile(`(?i)\b(how (many|much|long|often|old|far|late|early|soon)|what (percentage|percent|number|amount|date|time|year|rate|share)|which (date|year)|when|wie ?(viele?|lange|oft|hoch|spät)|wann|combien|quand|cuánt[oa]s?|cuándo|quant[oi]|quando)\b`)

// asksForDatum matches questions that name the figure that they ask for: unlike "how many", its name is a part of
// the answer.
var asksForDatum = regexp.MustCompile(`(?i)\b(what(?:'s| is| was| are| were)|to what|which|wie (?:lautet|ist|hoch)|was ist|welche[rs]?|quel(?:le)?s?(?: est| sont)?|cuál(?:es)?(?: es| son)?)\b[^?.]{0,40}?\b(date|deadline|amount|limit|maximum|minimum|number|rate|percentage|price|cost|fee|datum|frist|betrag|höhe|grenze|anzahl|preis|délai|montant|limite|nombre|prix|taux|fecha|plazo|importe|límite|número|precio|tasa)\b`)

// asksElsewhere is asksForFigure for languages whose words have no ASCII letters at their ends. Evidence was not learned with it.
var asksElsewhere = regexp.MustCompile(`(?i)(?:^|\PL)(?:сколько|когда|как (?:долго|часто)|в каком году|какого числа|كم|متى)(?:\PL|$)|多少|几[个年月天次]|何时|什么时候|哪一?[年天]|多久|多长`)

// asksForAddress matches questions for a web or mail address.
var asksForAddress = regexp.MustCompile(`(?i)\b(?:which|what|welche[rsnm]?|wie lautet|quel(?:le)?|cuál|qué)\b[^?.]{0,40}?\b(?:web ?(?:site|address|page)|url|link|e-?mail|mailbox|webseite|webadresse|internetadresse|site (?:web|internet)|courriel|(?:página|dirección|sitio) web|correo)\b`)

var (
	hasDigit = regexp.MustCompile(`\d`)
	// hasAddress matches web and mail addresses.
	hasAddress = regexp.MustCompile(`(?i)https?://|\bwww\.|[\w.+-]+@[\w-]+\.\w|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|gov|edu|io|eu|de|at|ch|fr|es|uk|intern|internal|local|corp)\b`)
)

// wanted tells of a sentence whether it has the form of an answer to the question: a figure where the question asks for a
// number, an amount or a date, an address where it asks for one. Other questions take any form.
func wanted(question string) func(extract) bool {
	switch {
	case asksForAddress.MatchString(question):
		return func(e extract) bool { return hasAddress.MatchString(e.text) }
	case asksForFigure.MatchString(question), asksForDatum.MatchString(question), asksElsewhere.MatchString(question):
		return hasFigure
	}
	return func(extract) bool { return true }
}

// hasFigure reports whether a sentence has a figure apart from its number in a list.
func hasFigure(e extract) bool { return hasDigit.MatchString(listMark.ReplaceAllString(e.text, "")) }
