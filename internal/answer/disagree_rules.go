package answer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"clearwell/internal/figure"
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

// rules lists what the passages set as the answer, one for each document: the first sentence that sets it.
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

// differentRules has one rule for each value, of those that are for the same.
func (c claimer) differentRules() []valueClaim {
	var different []valueClaim
	rules := c.rules()
	for i, r := range rules {
		isNew := !slices.ContainsFunc(different, func(v valueClaim) bool { return c.agree(v, r.valueClaim) })
		hasOther := slices.ContainsFunc(rules, func(o ruleClaim) bool {
			return o.passage != rules[i].passage && !c.agree(o.valueClaim, r.valueClaim) && c.areComparable(o, r)
		})
		if isNew && hasOther {
			different = append(different, r.valueClaim)
		}
	}
	return different
}

// rulesOf are the sentences of a passage that say all that is asked, with one value of its form.
func (c claimer) rulesOf(i int) []ruleClaim {
	var all []ruleClaim
	for _, s := range c.readings[i].sentences {
		if !c.isAllSaid(s.words, c.readings[i].around) || !says(s.text) || strings.Contains(s.text, "|") {
			continue
		}
		values := c.valuesSet(s)
		if len(values) != 1 {
			continue
		}
		r := ruleClaim{valueClaim: values[0], bound: boundIn(s.text, values[0].at)}
		r.passage, r.sentence = i, s.sentence
		r.hard, r.soft = c.scope(s, r.valueClaim)
		for _, w := range c.readings[i].around {
			if groups[w.lower] {
				r.hard = append(r.hard, w.lower)
			}
		}
		all = append(all, r)
	}
	return all
}

// valuesSet are the figures of a sentence that have the form that is asked for.
func (c claimer) valuesSet(s readSentence) []valueClaim {
	if c.kind == dateValue {
		return datesIn(s.text, c.inquiry)
	}
	var all []valueClaim
	for _, f := range figure.In(s.text, c.language) {
		if !f.IsPlainNumber() || !c.isWantedUnit(s, f) {
			continue
		}
		all = append(all, valueClaim{text: f.Measured(s.text), keys: f.Readings, at: f.At, unit: f.Unit})
	}
	return all
}

// isWantedUnit reports whether a number measures or counts what is asked.
func (c claimer) isWantedUnit(s readSentence, f figure.Figure) bool {
	for word := range strings.FieldsSeq(c.counted) {
		if unit := figure.UnitOf(word); unit != "" {
			return f.Unit == unit
		}
	}
	switch {
	case c.wants(wantsShare):
		return f.Unit == "percent"
	case c.wants(wantsTime):
		return timeUnits[f.Unit]
	case c.counted != "":
		after := s.words[len(wordsBefore(s.words, f.At+len(f.Text))):]
		if len(after) > 0 && after[0].start < f.At+len(f.Text) {
			after = after[1:]
		}
		first := strings.Fields(c.counted)[0]
		return slices.ContainsFunc(after[:min(2, len(after))], func(w textWord) bool { return isSameWord(w.lower, first) })
	}
	return f.Unit != "" && !timeUnits[f.Unit]
}

var (
	wantsShare = asWords(`percent\pL*|share of|prozent\pL*|anteil|pourcentage|porcentaje`)
	wantsTime  = asWords(`how (?:long|soon|often|quickly)|within (?:what|how|which)|what (?:notice|term)|wie (?:lange?|schnell)|frist|notice period|binnen|innerhalb|délai|durée|combien de temps|cuánto tiempo|plazo`)
	timeUnits  = wordSet(`minute hour day week month year`)
)

func (c claimer) wants(form *regexp.Regexp) bool { return form.MatchString(c.question) }

// required are the words of the question that a rule must have: not those of people at large, nor verbs of every rule.
func (c claimer) required() []string {
	var all []string
	for _, w := range slices.Concat(c.entity, c.relation) {
		if !everyone[w] && !ruleVerbs[w] && !figure.IsUnit(w) && !asksItself[w] {
			all = append(all, w)
		}
	}
	return all
}

// isAllSaid reports whether each required word is in the sentence or in what it stands under, most of them in the
// sentence.
func (c claimer) isAllSaid(words, around []textWord) bool {
	required, n := c.required(), 0
	for _, r := range required {
		isIt := func(w textWord) bool { return isLike(w.lower, r) }
		isIn := slices.ContainsFunc(words, isIt)
		if !isIn && !slices.ContainsFunc(around, isIt) {
			return false
		}
		if isIn {
			n++
		}
	}
	return 2*n >= len(required)
}

// behindCondition is how many words behind "if" or "for" belong to it.
const behindCondition = 4

// scope are the words of a sentence that neither the question nor every rule has: hard ones, which limit the rule (what
// stands before the value says whose it is), and others.
func (c claimer) scope(s readSentence, v valueClaim) (hard, soft []string) {
	words, text := s.words, s.text
	conditional := 0
	for i, w := range words {
		conditional--
		if i > 0 && strings.ContainsAny(text[words[i-1].end:w.start], ",;:()") {
			conditional = 0
		}
		if conditions[w.lower] {
			conditional = behindCondition + 1
			continue
		}
		isValue := w.start < v.at+len(v.text) && w.end > v.at
		isAsked := slices.ContainsFunc(slices.Concat(c.entity, c.relation), func(r string) bool { return isLike(w.lower, r) })
		isGeneral := functionWords[c.language][w.lower] || everyone[w.lower] || ruleVerbs[w.lower] || everyRule[w.lower] || figure.UnitOf(w.lower) != ""
		if isValue || isAsked || isGeneral {
			continue
		}
		isName := unicode.IsUpper([]rune(w.text)[0]) && i > 0 && c.language != "de"
		if conditional > 0 || w.start < v.at || groups[w.lower] || isName || hasDigit.MatchString(w.text) || strings.Contains(w.text, "-") {
			hard = append(hard, w.lower)
		} else {
			soft = append(soft, w.lower)
		}
	}
	return hard, soft
}

// areComparable reports whether two rules are for the same.
func (c claimer) areComparable(a, b ruleClaim) bool {
	if a.bound != "" && b.bound != "" && a.bound != b.bound {
		return false
	}
	if areTimes := timeUnits[a.unit] && timeUnits[b.unit]; c.kind == countValue && a.unit != b.unit && !areTimes {
		return false
	}
	if len(lacking(a.hard, b.hard)) > 0 || len(lacking(b.hard, a.hard)) > 0 {
		return false
	}
	return len(lacking(a.soft, b.soft)) <= softDifference && len(lacking(b.soft, a.soft)) <= softDifference &&
		!c.areParallel(c.passages[a.passage].Title, c.passages[b.passage].Title)
}

// lacking are the words that others don't have.
func lacking(words, others []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		return slices.ContainsFunc(others, func(o string) bool { return isSameWord(w, o) })
	})
}

// areParallel reports whether titles name the same for two different things: Leave in France, Leave in Spain.
func (c claimer) areParallel(a, b string) bool {
	distinct := func(title string) []string {
		var all []string
		for _, w := range wordsIn(title) {
			if !functionWords[c.language][w.lower] && !kindsOfDocument[w.lower] && strings.Trim(w.lower, "0123456789.") != "" {
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
	{"least", asWords(`at least|minimum|no less than|more than|mindestens|wenigstens|mehr als|au moins|minimum de|plus de|al menos|como mínimo|mínimo|más de`)},
	{"most", asWords(`at most|up to|maximum|no more than|less than|fewer than|höchstens|maximal|bis zu|weniger als|au plus|au maximum|jusqu'à|moins de|como máximo|máximo|hasta|menos de`)},
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
