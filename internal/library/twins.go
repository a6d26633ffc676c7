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
func twin(report diff.Report, oldText, newText string) string {
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
		if n < 2 || isAmount(pair, newText) {
			continue
		}
		if n*5 >= differences*2 || isThroughout(pair, oldText, newText) {
			return fmt.Sprintf("%q stands for %q in %d places: it may be another unit's document of the same form.",
				pair[1], pair[0], n)
		}
	}
	return ""
}

// isThroughout reports whether neither text has the other's name: it was exchanged everywhere.
func isThroughout(pair [2]string, oldText, newText string) bool {
	return !strings.Contains(newText, pair[0]) && !strings.Contains(oldText, pair[1])
}

// isAmount reports whether a pair is more likely an amount behind a verb, as "receive 20", than a thing with a
// number, as "team 4": the word stands elsewhere without a number, too.
func isAmount(pair [2]string, newText string) bool {
	words := strings.Fields(pair[1])
	if len(words) != 2 || !isNumber(words[1]) || unicode.IsUpper([]rune(words[0])[0]) {
		return false
	}
	return strings.Count(newText, words[0]+" ") > strings.Count(newText, pair[1])
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
		before := ""
		if i > 0 && words[i-1].Op == diff.Same {
			before = words[i-1].Text
		}
		old, new := named(before, words[i].Text), named(before, words[i+1].Text)
		if old != "" && new != "" {
			pair := [2]string{old, new}
			pairs[pair] = pairs[pair] || scopeCue.MatchString(before)
		}
	}
	return pairs
}

// named is the text as the name of a unit, place or thing could be: up to four words that begin with capitals
// or hold letters and digits, or a number with the word before it ("Plant 3"); else "".
func named(before, text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) })
	if len(words) == 0 || len(words) > 4 {
		return ""
	}
	if len(words) == 1 && isNumber(words[0]) {
		return numbered(before, words[0])
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

// wordBefore matches the word at the end of a text, with white space behind it.
var wordBefore = regexp.MustCompile(`(\pL{3,})[ \x{00a0}-]+$`)

// numbered joins a number with the word before it, if that can name a thing.
func numbered(before, number string) string {
	found := wordBefore.FindStringSubmatch(before)
	if found == nil || uncounted.MatchString(found[1]) {
		return ""
	}
	return found[1] + " " + number
}
