package imprint

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// rank says how much a statement weighs against others; the highest that there is decides.
type rank int

const (
	ofTable    rank = iota + 1 // the date of a revision table's row
	ofLine                     // "Effective 1 January 2026", on its own
	ofDocument                 // a label, or a sentence about this document
)

// statement is one date about validity that the text gives.
type statement struct {
	field string
	when  when
	rank  rank
	quote string
}

// sentence is scanned for cues. ends are where the statements found have ended: what "and" adds to one counts too.
type sentence struct {
	*reader
	text     string
	previous string // the sentence before it in its block
	place    place
	isMeta   bool // the block is a run of labels: "Owner: HR Effective date: …"
	found    []statement
	ends     []int
}

// prose finds the statements about validity in a block of running text.
func (r *reader) prose(block string, p place) []statement {
	var all []statement
	isMeta, previous := metadata.MatchString(block), ""
	for text := range sentences(block) {
		before := previous
		previous = text
		mayCount := p.isOpen() || p.isTitle || hints(text, ownHints) || pronouns.MatchString(text)
		if !mayCount || !hasFigures(text, p) || !hints(text, cueHints) {
			continue
		}
		if r.scans++; r.scans > maxScans && !p.isTail {
			break
		}
		s := sentence{reader: r, text: text, previous: before, place: p, isMeta: isMeta}
		s.scan()
		all = append(all, s.found...)
	}
	return all
}

// beginsOwn reports whether the sentence begins with "This policy".
func beginsOwn(text string) bool {
	at := ownSubject.FindStringIndex(text[:min(len(text), 100)])
	return at != nil && at[0] == 0
}

// ownHints are parts of the words by which a document speaks of itself, see own.
var ownHints = strings.Fields("this these present our dies vorlieg cet ce est présent")

// cueHints are parts of the words of all cues.
var cueHints = strings.Fields(`effect effic efect effet efic valid válid valab force operation appl aplic gilt gelt galt gült kraft wirk wirks anwend
	anzuwend verbind binding vigueur vigor vigen expir end commenc begin start lapse termin term period período laufzeit befrist läuft
	dauer vence venc caduc finaliz rige regir surt cess cease longer fin plazo supersed replac ersetz rempla sustitu`)

var pronouns = regexp.MustCompile(`(?i)^(?:it|they|sie|er|es|elle|il|elles|ils|entra|entrará)\s`)

// hasFigures reports whether there may be a date: two figures in a row, or in a label one ("Effective: 1 March").
func hasFigures(text string, p place) bool {
	run, least := 0, 2
	if p.isOpen() {
		least = 1
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			run = 0
			continue
		}
		if run++; run >= least {
			return true
		}
	}
	return false
}

var metadata = regexp.MustCompile(`^(?:[-*•]\s+)?\pL[\pL .'’/-]{0,40}:\s`)

// scan tries every cue at every place, then sentences that begin with the date.
func (s *sentence) scan() {
	for i := range cues {
		for _, at := range cues[i].expr.FindAllStringSubmatchIndex(s.text, maxCues) {
			s.try(&cues[i], at[2], at[3])
		}
	}
	s.leading()
}

// maxCues bounds the work on one sentence, maxScans that on one document: so many sentences with a figure and a
// word of validity stand in price lists, not in what says when it applies.
const (
	maxCues  = 20
	maxScans = 500
)

// try reads what follows the cue at [start, end) and files it if it is about this document.
func (s *sentence) try(c *cue, start, end int) {
	rest := s.text[end:]
	label := colon.FindString(rest)
	if c.isNoun && label == "" {
		m := isWords.FindStringSubmatch(rest)
		if m == nil || !isOwnNoun(m[1]) {
			return // "The effective date of the merger is …"
		}
		label = m[0]
	}
	isLabel := strings.ContainsAny(label, ":：=")
	from := end + len(label)
	period, ok := s.period(s.text[from:], c)
	if !ok {
		if isLabel && c.around == nil && looksDated(s.text[from:]) {
			s.file(c, start, len(s.text), isLabel, when{}, nil)
		}
		return
	}
	tail := s.text[from+period.length:]
	if c.around != nil {
		m := c.around.FindString(tail)
		if m == "" {
			return
		}
		period.length += len(m)
	}
	if !c.dayItself || len(period.first.starts) == 0 {
		s.file(c, start, from+period.length, isLabel, period.first, period.last)
		return
	}
	period.first.ends = period.first.starts
	s.file(c, start, from+period.length, isLabel, period.first, nil)
}

// file keeps what the cue says if it is about this document, in the place where it stands.
func (s *sentence) file(c *cue, start, end int, isLabel bool, first when, last *when) {
	r, ok := s.weigh(c, start, end, isLabel)
	if !ok {
		return
	}
	quote := quoteOf(s.text, start, end)
	s.found = append(s.found, statement{c.field, first, r, quote})
	if last != nil && c.field == fromField {
		s.found = append(s.found, statement{untilField, *last, r, quote})
	}
	if second, ok := s.second(c, end); ok { // for some from then, for others from another day
		s.found = append(s.found, statement{c.field, second, r, quote})
	}
	s.ends = append(s.ends, end)
}

// second reads the other date of "on 1 March 2024 for office staff and on 1 May 2024 for drivers".
func (s *sentence) second(c *cue, end int) (when, bool) {
	m := forOthers.FindString(s.text[end:])
	if m == "" || c.field != fromField {
		return when{}, false
	}
	return s.calendar.read(s.text[end+len(m):])
}

var forOthers = regexp.MustCompile(`(?i)^\s+(?:for|für|pour|para|in|at)\s[^.;:()\d]{2,60}?,?\s(?:and|und|et|y)\s+(?:(?:on|from|as\s+of|ab(?:\s+dem)?|am|zum|à\s+(?:compter|partir)\s+du|le|desde\s+el|el|a\s+partir\s+del)\s+)?`)

// weigh decides whether the statement at [start, end) is about this document, and how much it counts.
func (s *sentence) weigh(c *cue, start, end int, isLabel bool) (rank, bool) {
	before, tail := s.text[:start], s.text[end:]
	if negated.MatchString(before) && !strings.HasPrefix(strings.ToLower(s.text[start:]), "no longer") {
		return 0, false
	}
	if len(s.found) > 0 && addition.MatchString(s.between(start)) {
		return s.found[len(s.found)-1].rank, true
	}
	if isLabel || c.isNoun {
		return ofDocument, s.place.isOpen() && s.isOwnLabel(before, start)
	}
	switch stanceOf(before, c.isVerb) {
	case document:
		return ofDocument, !s.place.isExample
	case generic:
		return ofDocument, s.place.isValidity || s.place.isOpen() && s.isCalled(before)
	case pronoun:
		return ofDocument, s.place.isValidity || !s.place.isExample && beginsOwn(s.previous)
	case noOne:
		return s.place.rankOfLine(), s.place.isOpen() && (closes.MatchString(tail) || s.isMeta)
	}
	isNamed := s.place.isTitle && titleLead.MatchString(before) && !replacing.MatchString(before) || s.isTitle(before)
	isAfterLabel := versionLead.MatchString(before) || versionEnd.MatchString(before) || s.isMeta && s.isOwnLabel(before, start)
	return ofLine, s.place.isOpen() && (isNamed || isAfterLabel) && closes.MatchString(tail)
}

// between is the text from the end of the last statement of the sentence to start.
func (s *sentence) between(start int) string {
	for i := len(s.ends) - 1; i >= 0; i-- {
		if s.ends[i] <= start {
			return s.text[s.ends[i]:start]
		}
	}
	return "."
}

var (
	negated  = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:not|never|nicht|ne|n['’]\pL+|no)(?:\s+\pL+){0,3}\s*$`)
	addition = regexp.MustCompile(`(?i)^\s*,?\s*(?:and|und|et|y|but)?(?:\s+(?:is|are|it|ist|bleibt|est|es|remains?|shall|will))*\s*$`)
	// What may follow a date without making it another thing's: the end, a version, what is replaced, approval.
	closes      = regexp.MustCompile(`(?i)^\s*(?:\([^()]{0,60}\)\s*)?[.,;:)\]"”»|·•–—-]*\s*(?:$|[(\[]|(?:at|um|à|a\s+las)\s+\d|until\s|bis\s|(?:version|fassung|versión|rev(?:ision)?|v\d|page|seite|approved|supersed|replac|ersetz|remplac|sustituy|and\s+(?:supersed|replac)|und\s+ersetz|et\s+(?:remplac|annul)|y\s+sustituy|owner|document)\pL*|(?:this|diese[rs]?|la\s+présente|esta|este)\s+` + nouns + `(?:[^\pL]|$))`)
	titleLead   = regexp.MustCompile(`^[^.;:!?]{2,90}[(–—,:|-]\s*$`)
	versionLead = regexp.MustCompile(`(?i)^(?:version|versión|fassung|revision|révision|revisión|rev\.?|issue|edition|ausgabe|édition|v)\s*:?\s*[\w.-]{1,12}(?:\s+(?:vom|of|dated|du|de|del)\s+[^,]{4,24})?[\s,|(–—-]*$|^(?:stand|as\s+of|date|datum|fecha)\s*:?\s*[^:]{4,24}[,|(–—-]\s*$`)
	versionEnd  = regexp.MustCompile(`(?i)^(?:[\pL\pN-]+\s+){0,5}?` + nouns + `[\s,|(–—-]+(?:version|versión|fassung|revision|rev\.?|v)\s*[\d.]{1,8}[\s,|(–—-]*$`)
	badLead     = regexp.MustCompile(`(?i)(?:original|originally|initial|first|previous|prior|former|old|next|last|ursprünglich\pL*|erst\pL*|früher\pL*|vorherig\pL*|alt\pL*|initiale?|précédente?|première|ancienne|anterior|inicial|primera)\s*$`)
	ownLead     = regexp.MustCompile(`(?i)^[\s\-–*•·|"“„>(]*(?:the\s+|die\s+|das\s+|la\s+|le\s+|el\s+)?(?:(?:policy|procedure|document|agreement|contract|version|revision|current|new|handbook|sop|terms|dokument|richtlinie|aktuelle)\s+){0,2}$`)
)

// isOwnLabel reports whether nothing before the label makes it another thing's: "Coverage effective date:" is.
func (s *sentence) isOwnLabel(before string, start int) bool {
	if badLead.MatchString(before) {
		return false
	}
	if ownLead.MatchString(before) || versionLead.MatchString(before) {
		return true
	}
	first, _ := utf8.DecodeRuneInString(s.text[start:])
	return s.isMeta && unicode.IsUpper(first)
}

// isCalled reports whether "The policy" is what the document's title calls it.
func (s *sentence) isCalled(subject string) bool {
	m := bareSubject.FindStringSubmatch(stripped(subject))
	if m == nil {
		return false
	}
	noun := strings.ToLower(m[1])
	for _, word := range tokens(strings.ToLower(s.doc.Title)) {
		if word == noun || strings.HasSuffix(word, noun) {
			return true
		}
	}
	return strings.Contains(noun, " ") && strings.Contains(titleWords(s.doc.Title), noun)
}

// isTitle reports whether the words are the document's title.
func (s *sentence) isTitle(before string) bool {
	title, words := titleWords(s.doc.Title), titleWords(before)
	return len(words) >= 4 && (words == title || strings.TrimSuffix(words, " is") == title)
}

// leading reads sentences that begin with the date: "From 1 January 2026 this policy applies".
func (s *sentence) leading() {
	m := leadCue.FindString(s.text)
	if m == "" || s.place.isExample {
		return
	}
	c := &cue{field: fromField}
	found, ok := s.period(s.text[len(m):], c)
	if !ok {
		return
	}
	end := len(m) + found.length
	tail := ownApplies.FindString(s.text[end:])
	if tail == "" || hypothetical.MatchString(tail) || isPart(ownSubject.FindString(tail)) {
		return
	}
	quote := quoteOf(s.text, 0, end+len(tail))
	field := fromField
	if strings.Contains(strings.ToLower(tail), "er kraft") { // "außer Kraft"
		field, found.last = untilField, nil
	}
	s.found = append(s.found, statement{field, found.first, ofDocument, quote})
	if found.last != nil {
		s.found = append(s.found, statement{untilField, *found.last, ofDocument, quote})
	}
}

var (
	leadCue    = regexp.MustCompile(`(?i)^(?:[-*•]\s+)?(?:with\s+effect\s+from|effective(?:\s+(?:from|as\s+of))?|(?:as\s+)?from|as\s+of|starting(?:\s+on)?|beginning(?:\s+on)?|on|ab(?:\s+dem)?|am|zum|seit(?:\s+dem)?|vom|mit\s+wirkung\s+(?:vom|zum)|(?:à|a)\s+(?:compter|partir)\s+du|depuis\s+le|du|le|a\s+partir\s+del?|desde\s+el|del|el)\s`)
	ownApplies = regexp.MustCompile(`(?i)^,?\s*(?:` + own + `\s+(?:[\pL-]+\s+){0,3}?` + nouns + `\s+(?:(?:will|shall|is)\s+)?(?:appl(?:y|ies)|takes?\s+effect|comes?\s+into\s+(?:force|effect)|enters?\s+into\s+force|replaces?|supersedes?|in\s+(?:force|effect)|effective|valid|s['’]applique|entre\s+en\s+vigueur|est\s+(?:applicable|en\s+vigueur|valable)|remplace|se\s+aplica|entra(?:rá)?\s+en\s+vigor|está\s+(?:vigente|en\s+vigor)|sustituye)|(?:gilt|gelten)\s+` + own + `\s+(?:[\pL-]+\s+){0,3}?` + nouns + `|(?:tritt|treten)\s+` + own + `\s+(?:[\pL-]+\s+){0,3}?` + nouns + `\s+(?:in|außer|ausser)\s+kraft|ist\s+` + own + `\s+` + nouns + `\s+(?:gültig|anzuwenden|in\s+kraft)|ersetzt\s+` + own + `\s+` + nouns + `|(?:entre\s+en\s+vigueur|s['’]applique|entra\s+en\s+vigor|se\s+aplica)\s+` + own + `\s+(?:[\pL-]+\s+){0,2}?` + nouns + `)(?:[^\pL]|$)`)
)
