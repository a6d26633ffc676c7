package answer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A question without a name ("how many vacation days do we get?") is answered by rules, and rules differ by whom and
// what they are for. Here two values disagree only where both sentences say all that is asked, and neither says for
// whom, when or under which condition unless the other says the same.

// ruleClaim is a value that a rule sets, with the words that limit the rule.
type ruleClaim struct {
	valueClaim
	bound string   // "least", "most" or ""
	hard  []string // words of conditions, groups of people, places, other figures
	soft  []string // other words that the question doesn't have
}

// softDifference is how many words two rules may each have that the other one lacks.
const softDifference = 3

// rules lists what the passages set as the answer, one for each document: the first sentence that sets it. A document
// with two rules of different scope can't be compared.
func (c claimer) rules() []ruleClaim {
	if c.kind != dateValue && c.kind != countValue || len(c.required()) == 0 {
		return nil
	}
	var all []ruleClaim
	for i, p := range c.passages {
		if len(p.AmendedBy) > 0 || slices.ContainsFunc(all, func(r ruleClaim) bool { return c.isOneSource(r.passage, i) }) {
			continue
		}
		if found := c.rulesOf(i); len(found) > 0 {
			all = append(all, found[0])
		}
	}
	return all
}

func (c claimer) rulesOf(i int) []ruleClaim {
	p := c.passages[i]
	var all []ruleClaim
	surrounding := p.Title + "\n" + strings.Join(p.Headings, "\n")
	for _, s := range split(p.Text) {
		if !says(s.text) || strings.Contains(s.text, "|") {
			continue
		}
		values := c.valuesSet(s)
		if len(values) != 1 || !c.isAllSaid(s.text, surrounding, values[0]) {
			continue
		}
		r := ruleClaim{valueClaim: values[0], bound: boundIn(s.text, values[0].strength)}
		r.passage, r.sentence = i, s
		r.hard, r.soft = c.scope(s.text, r.valueClaim)
		for _, w := range wordsIn(strings.Join(p.Headings, "\n") + "\n" + p.Title) {
			if groups[w.lower] {
				r.hard = append(r.hard, w.lower)
			}
		}
		all = append(all, r)
	}
	return all
}

// valuesSet are the figures of a sentence that have the form that is asked for; their offset is their strength.
func (c claimer) valuesSet(s sentence) []valueClaim {
	if c.kind == dateValue {
		return datesIn(s.text, c.inquiry)
	}
	var all []valueClaim
	for _, f := range figuresIn(s.text, c.language) {
		if !isPlainNumber(f) || !c.isWantedUnit(s.text, f) {
			continue
		}
		all = append(all, valueClaim{text: measured(s.text, f), keys: f.readings, unit: f.unit, strength: f.at})
	}
	return all
}

// isWantedUnit reports whether a number measures or counts what is asked.
func (c claimer) isWantedUnit(text string, f figure) bool {
	for word := range strings.FieldsSeq(c.counted) {
		if unit := unitOf(word); unit != "" {
			return f.unit == unit
		}
	}
	switch {
	case c.wants(wantsShare):
		return f.unit == "percent"
	case c.wants(wantsTime):
		return timeUnits[f.unit]
	case c.counted != "":
		after := wordsIn(firstRunes(text[min(len(text), f.at+len(f.text)):], 40))
		first := strings.Fields(c.counted)[0]
		return slices.ContainsFunc(after[:min(2, len(after))], func(w textWord) bool { return isSameWord(w.lower, first) })
	}
	return f.unit != "" && !timeUnits[f.unit]
}

var (
	wantsShare = regexp.MustCompile(`(?i)\b(?:percent\pL*|share of|prozent\pL*|anteil|pourcentage|porcentaje)\b`)
	wantsTime  = regexp.MustCompile(`(?i)\b(?:how (?:long|soon|often|quickly)|within (?:what|how|which)|what (?:notice|term)|wie (?:lange|schnell)|frist|binnen|innerhalb|délai|durée|combien de temps|cuánto tiempo|plazo)\b`)
	timeUnits  = wordSet(`minute hour day week month year`)
)

func (c claimer) wants(form *regexp.Regexp) bool { return form.MatchString(c.question) }

// required are the words of the question that a rule must have: not those of people at large, nor verbs of every rule.
func (c claimer) required() []string {
	var all []string
	for _, w := range slices.Concat(c.entity, c.relation) {
		if !everyone[w] && !ruleVerbs[w] && unitOf(w) == "" && !asksItself[w] {
			all = append(all, w)
		}
	}
	return all
}

// isAllSaid reports whether each required word is in the sentence or in what it stands under, most of them in the
// sentence.
func (c claimer) isAllSaid(text, surrounding string, v valueClaim) bool {
	required := c.required()
	in, around := wordsIn(text), wordsIn(surrounding)
	n := 0
	for _, r := range required {
		isIn := slices.ContainsFunc(in, func(w textWord) bool { return isLike(w.lower, r) })
		if !isIn && !slices.ContainsFunc(around, func(w textWord) bool { return isLike(w.lower, r) }) {
			return false
		}
		if isIn {
			n++
		}
	}
	return 2*n >= len(required)
}

// isLike is isSameWord, or the one is a part of the other: Urlaub, Urlaubstage.
func isLike(a, b string) bool {
	const shortestPart = 5
	return isSameWord(a, b) || len(b) >= shortestPart && strings.Contains(a, b) || len(a) >= shortestPart && strings.Contains(b, a)
}

// scope are the words of a sentence that neither the question nor every rule has.
func (c claimer) scope(text string, v valueClaim) (hard, soft []string) {
	words := wordsIn(text)
	behindCondition := 0
	for i, w := range words {
		behindCondition--
		if i > 0 && strings.ContainsAny(text[words[i-1].end:w.start], ",;:()") {
			behindCondition = 0
		}
		if conditions[w.lower] {
			behindCondition = 4
			continue
		}
		isValue := w.start < v.strength+len(v.text) && w.end > v.strength
		isAsked := slices.ContainsFunc(slices.Concat(c.entity, c.relation), func(r string) bool { return isLike(w.lower, r) })
		if isValue || isAsked || functionWords[c.language][w.lower] || everyone[w.lower] || ruleVerbs[w.lower] || everyRule[w.lower] || unitOf(w.lower) != "" {
			continue
		}
		isName := unicode.IsUpper([]rune(w.text)[0]) && i > 0 && c.language != "de"
		if behindCondition > 0 || groups[w.lower] || isName || hasDigit.MatchString(w.text) || strings.Contains(w.text, "-") {
			hard = append(hard, w.lower)
		} else {
			soft = append(soft, w.lower)
		}
	}
	return hard, soft
}

// areComparable reports whether two rules are for the same.
func (c claimer) areComparable(a, b ruleClaim) bool {
	if a.bound != "" && b.bound != "" && a.bound != b.bound || c.kind == countValue && a.unit != b.unit {
		return false
	}
	if len(lacking(a.hard, b.hard)) > 0 || len(lacking(b.hard, a.hard)) > 0 {
		return false
	}
	return len(lacking(a.soft, b.soft)) <= softDifference && len(lacking(b.soft, a.soft)) <= softDifference &&
		!areParallel(c.passages[a.passage].Title, c.passages[b.passage].Title)
}

// lacking are the words that others don't have.
func lacking(words, others []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		return slices.ContainsFunc(others, func(o string) bool { return isSameWord(w, o) })
	})
}

// areParallel reports whether titles name the same for two different things: Leave in France, Leave in Spain.
func areParallel(a, b string) bool {
	distinct := func(title string) []string {
		var all []string
		for _, w := range wordsIn(title) {
			if !functionWords["en"][w.lower] && !kindsOfDocument[w.lower] && !hasDigit.MatchString(w.lower) {
				all = append(all, w.lower)
			}
		}
		return all
	}
	wa, wb := distinct(a), distinct(b)
	onlyA, onlyB := lacking(wa, wb), lacking(wb, wa)
	return len(onlyA) < len(wa) && len(onlyA) > 0 && len(onlyB) > 0
}

// bounds are words before a value that make it the least or the most.
var bounds = []struct {
	name string
	expr *regexp.Regexp
}{
	{"least", regexp.MustCompile(`(?i)\b(?:at least|minimum|no less than|more than|mindestens|wenigstens|mehr als|au moins|minimum de|plus de|al menos|como mínimo|mínimo|más de)\b`)},
	{"most", regexp.MustCompile(`(?i)\b(?:at most|up to|maximum|no more than|less than|fewer than|höchstens|maximal|bis zu|weniger als|au plus|au maximum|jusqu'à|moins de|como máximo|máximo|hasta|menos de)\b`)},
}

func boundIn(text string, at int) string {
	before := text[max(0, at-30):at]
	for _, b := range bounds {
		if b.expr.MatchString(before) {
			return b.name
		}
	}
	return ""
}

// measured is a number as the text writes it, with what it measures.
func measured(text string, f figure) string {
	end := f.at + len(f.text)
	if f.unit == "" || end > len(text) || unitOf(strings.ToLower(strings.TrimLeft(f.text, "0123456789.,- "))) != "" {
		return f.text
	}
	at := end
	for range 3 {
		word, length := nextWord(text[at:])
		if word == "" {
			break
		}
		at += length
		if unitOf(word) == f.unit {
			return text[f.at:at]
		}
	}
	before := strings.TrimRight(text[:f.at], " \u00a0")
	cut := strings.LastIndexFunc(before, func(r rune) bool { return unicode.IsSpace(r) || r == '(' }) + 1
	if unitOf(strings.ToLower(before[cut:])) == f.unit {
		return text[cut:end]
	}
	return f.text
}
