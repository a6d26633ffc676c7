package library

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"clearwell/internal/diff"
)

// twin says why two texts may be two units' documents made from one form. Either one name or number stands for
// another again and again, and little else differs; or it does so once, where the text says for whom it applies.
// It is "" when they don't look so.
func twin(report diff.Report) string {
	times := make(map[[2]string]int)
	differences := 0
	for _, change := range report.Changes {
		differences += countDifferences(change.Words)
		for pair, isScope := range replacements(change.Words) {
			times[pair]++
			if isScope {
				return fmt.Sprintf("%q stands for %q where the text says for whom it applies: it may be another unit's document.", pair[1], pair[0])
			}
		}
	}
	for pair, n := range times {
		if n >= 2 && n*5 >= differences*2 {
			return fmt.Sprintf("%q stands for %q in %d places: it may be another unit's document of the same form.",
				pair[1], pair[0], n)
		}
	}
	return ""
}

// scopeCue matches the words right before a name that say that the document is for it, in the languages that
// dates are read in.
var scopeCue = regexp.MustCompile(`(?i)(?:(?:^|\n)\W*(?:department|division|unit|team|location|site|plant|country|region|entity|company|audience|scope|abteilung|bereich|standort|werk|land|gesellschaft|geltungsbereich|département|service|équipe|pays|société|departamento|equipo|sede|país|empresa)\s*[:|]` +
	`|\bappl(?:y|ies) (?:only )?to\b|\bvalid for\b|\bfor (?:all )?(?:people|employees|staff|members|colleagues) (?:of|in|at)\b|\bg[ie]lt(?:en)? (?:nur )?für\b|\bs.applique(?:nt)? (?:à|aux?)\b|\bse aplican? a\b)[^.\n]{0,40}$`)

func countDifferences(words []diff.Span) int {
	n := 0
	for i, span := range words {
		if span.Op == diff.Removed || span.Op == diff.Added && (i == 0 || words[i-1].Op != diff.Removed) {
			n++
		}
	}
	return n
}

// replacements are the pairs of names, or of numbered things, of which the second stands where the first stood,
// and whether it stands behind words that say for whom the document is. Each counts once a block, since a name
// repeated in a sentence is one choice.
func replacements(words []diff.Span) map[[2]string]bool {
	pairs := make(map[[2]string]bool)
	for i := 0; i+1 < len(words); i++ {
		if words[i].Op != diff.Removed || words[i+1].Op != diff.Added {
			continue
		}
		before, after := "", ""
		if i > 0 && words[i-1].Op == diff.Same {
			before = words[i-1].Text
		}
		if i+2 < len(words) && words[i+2].Op == diff.Same {
			after = words[i+2].Text
		}
		old, new := named(before, words[i].Text, after), named(before, words[i+1].Text, after)
		if old != "" && new != "" {
			pair := [2]string{old, new}
			pairs[pair] = pairs[pair] || scopeCue.MatchString(before)
		}
	}
	return pairs
}

// named is the text as the name of a unit, place or thing could be: up to four words that begin with capitals
// or hold letters and digits, or a number with the word before it ("Plant 3"); else "".
func named(before, text, after string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) })
	if len(words) == 0 || len(words) > 4 {
		return ""
	}
	if len(words) == 1 && isNumber(words[0]) {
		return numbered(before, words[0], after)
	}
	for _, w := range words {
		first := []rune(w)[0]
		hasDigit, hasLetter := strings.ContainsFunc(w, unicode.IsDigit), strings.ContainsFunc(w, unicode.IsLetter)
		isName := unicode.IsUpper(first) || unicode.In(first, unicode.Han, unicode.Katakana)
		if hasDigit && !hasLetter || !hasDigit && !isName {
			return ""
		}
	}
	return strings.Join(words, " ")
}

func isNumber(w string) bool {
	return !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsDigit(r) })
}

// uncounted are words whose numbers are no names: those that count parts of a text or time, and those that stand
// before amounts.
var uncounted = regexp.MustCompile(`(?i)^(?:(?:section|chapter|article|paragraph|clause|annex|appendix|table|figure|page|step|item|note|version|revision|rev|edition|rule|day|month|year|week|quarter|abschnitt|kapitel|artikel|absatz|ziffer|anlage|tabelle|abbildung|seite|schritt|fassung|tag|jahr|chapitre|annexe|tableau|étape|année|capítulo|sección|artículo|anexo|tabla|página|paso|año)s?` +
	`|(?:jan|feb|mar|mär|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec|fév|avr|juin|août|ene|abr|ago|dic)\pL*` +
	`|and|the|for|from|than|least|most|about|over|under|with|until|till|within|after|before|exceed|maximum|minimum|max|min|only|now|was|were|are|gets?|receives?|und|der|die|das|für|von|als|bis|nach|vor|über|unter|mit|mindestens|höchstens|erhalten|des|les|pour|par|que|moins|plus|avec|après|avant|los|las|para|por|más|menos|con|hasta|desde)$`)

var (
	// wordBefore matches the word at the end of a text, with white space behind it.
	wordBefore = regexp.MustCompile(`(\pL{3,})[ \x{00a0}-]+$`)
	// unitBehind matches a word after a number that it may count: "12 days", and not "12 and" or "12 is".
	unitBehind = regexp.MustCompile(`(?i)^[ \x{00a0}]+(?:%|€|\$|£|\pL+)`)
	noUnit     = regexp.MustCompile(`(?i)^[ \x{00a0}]+(?:and|or|is|are|has|have|must|may|shall|will|can|in|on|at|of|for|with|to|from|by|the|who|which|und|oder|ist|sind|muss|darf|im|am|et|ou|est|y|o|es|en|de)\b`)
)

// numbered joins a number with the word before it, if that names a thing. Amounts are followed by what they count.
func numbered(before, number, after string) string {
	found := wordBefore.FindStringSubmatch(before)
	if found == nil || uncounted.MatchString(found[1]) {
		return ""
	}
	if unicode.IsLower([]rune(found[1])[0]) && unitBehind.MatchString(after) && !noUnit.MatchString(after) {
		return ""
	}
	return found[1] + " " + number
}
