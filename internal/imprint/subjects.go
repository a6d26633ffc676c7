package imprint

import (
	"regexp"
	"strings"
	"unicode"
)

// What documents are called. German compounds end in one of its nouns: "Reisekostenrichtlinie".
const (
	enNouns = `polic(?:y|ies)|procedures?|handbook|manual|guide|guidelines?|guidance|agreement|contract|addendum|amendment|appendix|annex|terms\s+and\s+conditions|terms\s+of\s+(?:service|use)|code\s+of\s+conduct|terms|conditions|documents?|version|edition|revision|notice|statement|rules|regulations?|code|standard|directive|instructions?|charter|memo|memorandum|circular|bylaws|order|sop|plan|protocol|schedule|price\s+list`
	deNouns = `\pL*(?:richtlinien?|leitlinien?|regelung(?:en)?|ordnung|satzung|vereinbarung|vertrag|anweisung|handbuch|merkblatt|dokument|fassung|version|verordnung|bedingungen|bestimmungen|hinweise?|erklärung|konzept|leitfaden|regelwerk|regeln|preisliste|ausgabe|policy|standard|plan|statut|verzeichnis|rundschreiben)`
	frNouns = `politiques?|procédures?|charte|règlement|règles|accord|convention|contrat|guide|manuel|document|version|directive|note|conditions|code|instructions?|édition|avenant|notice|déclaration|circulaire|plan|protocole`
	esNouns = `políticas?|procedimientos?|reglamento|reglas|manual|guía|documento|versión|acuerdo|convenio|contrato|directiva|directriz|norma|normativa|instrucci(?:ón|ones)|código|condiciones|términos|edición|protocolo|aviso|circular|plan|anexo|adenda`
	nouns   = `(?:` + enNouns + `|` + deNouns + `|` + frNouns + `|` + esNouns + `)`
	own     = `(?:this|these|the\s+present|our|diese[rsnm]?|(?:die|der|das)\s+vorliegende[rsn]?|vorliegende[rs]?|cette|cet|ces?|(?:la|le|les)\s+présente?s?|est[ae]s?|(?:el|la|los|las)\s+presentes?)`
	article = `(?:the|die|der|das|la|le|les|el|los|las|l['’])`
	clauses = `(?:which|that|who|whose|whom|where|when|how|if|whether|because|after|before|unless|while|not|never|to|cease[sd]?|without|der|den|dessen|deren|welche[rsn]?|dass|wenn|falls|weil|nachdem|bevor|nicht|kein[e]?|qui|que|dont|où|si|lorsque|quand|ne|pas|cuy[oa]|cuando|cual|quien|no)`
	linking = `(?:is|are|was|were|be|been|being|shall|will|has|have|hereby|now|only|also|initially|therefore|remains?|stays?|made|and|ist|sind|war|wird|werden|wurde|bleibt|bleiben|nur|somit|damit|hiermit|und|erst|est|sont|sera|seront|reste|demeure|et|es|son|está|están|estará|será|serán|permanece|y)`
)

var (
	ownSubject = regexp.MustCompile(`(?i)(?:^|[^\pL\pN])` + own + `\s+(?:[\pL\pN&’'/-]+\s+){0,4}?` + nouns +
		`(?:\s+(?:of|and|de|d['’])\s*(?:service|use|conduct|conditions|practice|usage|uso|servicio|conduite|conducta|understanding))*(?:[^\pL\pN]|$)`)
	bareSubject  = regexp.MustCompile(`(?i)^(?:` + article + `\s+)?(` + nouns + `)(?:\s+(?:is|are|ist|sind|est|sont|es|son|wird|shall\s+be|will\s+be))?$`)
	standsIn     = regexp.MustCompile(`(?i)^(?:it|they|sie|er|es|elle|il|elles|ils)(?:\s+` + linking + `)*$`)
	phraseWord   = regexp.MustCompile(`(?i)^(?:` + linking + `)$`)
	clauseWord   = regexp.MustCompile(`(?i)^` + clauses + `$`)
	conjunction  = regexp.MustCompile(`(?i)^(?:and|und|et|y|sowie)$`)
	beginsPhrase = regexp.MustCompile(`(?i)^(?:on|for|of|über|zu[rm]?|für|von|des|der|zum|sur|relative|relatif|pour|de|du|des|sobre|para|del|nr)$`)
	parenthesis  = regexp.MustCompile(`\([^()]{0,80}\)|\[[^\[\]]{0,80}\]`)
	hypothetical = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:if|whether|unless|for\s+example|e\.g|example|sample|suppose|imagine|wenn|falls|sofern|beispiel|z\.\s?b|par\s+exemple|exemple|si|por\s+ejemplo|ejemplo)(?:[^\pL]|$)`)
)

// stance is what the words before a cue make of it.
type stance int

const (
	foreign  stance = iota // something else applies from that date
	noOne                  // no subject: "Effective 1 January 2026"
	generic                // "The policy": this document where it is called so
	pronoun                // "It": this document where the sentence before is about it
	document               // "This policy"
)

// stanceOf says whose validity it is, from the words of the sentence before the cue.
func stanceOf(before string, isVerb bool) stance {
	before = stripped(before)
	switch {
	case strings.Trim(before, " -–—•*·(\"“„«>") == "":
		return noOne
	case hypothetical.MatchString(before), isQuoted(before):
		return foreign
	}
	if found := ownSubject.FindAllStringIndex(before+" ", -1); found != nil {
		first := found[0]
		if !isSubjectPlace(before[:first[0]]) || !links(before[min(first[1], len(before)):], isVerb) {
			return foreign
		}
		if isPart(before[first[0]:min(first[1], len(before))]) {
			return foreign
		}
		return document
	}
	switch {
	case bareSubject.MatchString(before):
		return generic
	case standsIn.MatchString(before):
		return pronoun
	}
	return foreign
}

// isOwnNoun reports whether the words name this document: "this policy", "the policy".
func isOwnNoun(words string) bool {
	words = strings.TrimSpace(words)
	at := ownSubject.FindStringIndex(words)
	return words == "" || bareSubject.MatchString(words) || at != nil && at[0] == 0 && at[1] == len(words)
}

// stripped takes off what stands between a subject and its cue without being a word.
func stripped(before string) string {
	before = strings.TrimSpace(parenthesis.ReplaceAllString(before, " "))
	return strings.TrimRight(before, " ,:(–—-")
}

// isSubjectPlace: a subject stands at the beginning of a sentence or after a few words, no clause.
func isSubjectPlace(lead string) bool {
	words := tokens(noteThat.ReplaceAllString(lead, ""))
	for _, word := range words {
		if clauseWord.MatchString(word) {
			return false
		}
	}
	return len(words) <= 6 && (len(words) == 0 || strings.HasSuffix(strings.TrimSpace(lead), ",") || hasOnly(words, opening))
}

var opening = regexp.MustCompile(`(?i)^(?:the|die|der|das|la|le|el|version|edition|revision|fassung|versión|edición|édition|of|de|del|hereby)$`)

var noteThat = regexp.MustCompile(`(?i)^\s*(?:please\s+)?note\s+that(?:\s|$)`)

// isPart: "this section of the policy" is a part of it.
var partWord = regexp.MustCompile(`(?i)^(?:section|paragraph|clause|chapter|part|article|page|abschnitt|absatz|kapitel|paragraf|artikel|paragraphe|chapitre|sección|apartado|cláusula|artículo|of|in|to|under|for|by|with)$`)

func isPart(subject string) bool {
	words := tokens(subject)
	for i, word := range words[:max(0, len(words)-1)] {
		if partWord.MatchString(word) && !(i > 1 && conductWord.MatchString(words[i+1])) {
			return true
		}
	}
	return false
}

var conductWord = regexp.MustCompile(`(?i)^(?:service|use|conduct|practice|understanding)$`)

// links reports whether the words between subject and cue leave the subject in its place: nothing but verbs
// ("is hereby"), a phrase about what the document is for, or a first predicate that "and" follows.
func links(gap string, isVerb bool) bool {
	words := tokens(gap)
	if len(words) > 30 {
		return false
	}
	for _, word := range words {
		if clauseWord.MatchString(word) && !beginsPhrase.MatchString(word) {
			return false
		}
	}
	if hasOnly(words, phraseWord) {
		return true
	}
	last := len(words)
	for last > 0 && phraseWord.MatchString(words[last-1]) && !conjunction.MatchString(words[last-1]) {
		last--
	}
	hasVerb := last < len(words) || isVerb
	if last > 0 && conjunction.MatchString(words[last-1]) {
		return hasVerb
	}
	return hasVerb && (beginsPhrase.MatchString(words[0]) && last <= 8 || last <= 4 && isAdjectives(words[:last]))
}

// isAdjectives: words after the noun in French and Spanish ("politique générale", "política interna") or a name
// ("Richtlinie HR-12"); a verb among them would be one that we don't know, so they must be few.
func isAdjectives(words []string) bool { return len(words) <= 2 }

func hasOnly(words []string, expr *regexp.Regexp) bool {
	for _, word := range words {
		if !expr.MatchString(word) {
			return false
		}
	}
	return true
}

// isQuoted reports whether the text ends inside quotation marks: what is quoted is an example.
func isQuoted(text string) bool {
	straight := strings.Count(text, `"`)
	opened := strings.Count(text, "“") + strings.Count(text, "„") + strings.Count(text, "«")
	closed := strings.Count(text, "”") + strings.Count(text, "»")
	if strings.Contains(text, "„") { // closed by “ in German
		opened, closed = strings.Count(text, "„"), strings.Count(text, "“")+strings.Count(text, "”")
	}
	return straight%2 == 1 || opened > closed
}

func tokens(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
