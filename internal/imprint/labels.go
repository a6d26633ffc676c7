package imprint

import (
	"regexp"
	"slices"
	"strings"

	"clearwell/internal/parse"
)

// rows are the cells of a table block.
func rows(block string) [][]string {
	var all [][]string
	for line := range strings.SplitSeq(block, "\n") {
		cells := strings.Split(line, "|")
		for i := range cells {
			cells[i] = strings.Trim(cells[i], " *_")
		}
		all = append(all, cells)
		if len(all) == maxRows {
			break
		}
	}
	return all
}

// maxRows bounds the work on one table; labels and revisions fit into that.
const maxRows = 200

// table reads a table of labels ("Effective date | 1 March 2024"), also with the labels in a header over one row.
func (r *reader) table(b located) []statement {
	if !b.place.isOpen() {
		return nil
	}
	cells := rows(b.Text)
	var found []statement
	for _, row := range cells {
		for i := 0; i+1 < len(row); i += 2 {
			found = append(found, r.pair(row[i], row[i+1])...)
		}
	}
	if found != nil || len(cells) != 2 {
		return found
	}
	for i := range min(len(cells[0]), len(cells[1])) {
		found = append(found, r.pair(cells[0][i], cells[1][i])...)
	}
	return found
}

// pair reads a label and its value.
func (r *reader) pair(label, value string) []statement {
	field := labelKind(label)
	if field == "" || value == "" {
		return nil
	}
	quote := shorten(label + " | " + value)
	p, ok := r.period(value, &cue{field: field})
	switch {
	case !ok && !looksDated(value):
		return nil
	case !ok:
		return []statement{{field, when{}, ofDocument, quote}}
	}
	found := []statement{{field, p.first, ofDocument, quote}}
	if p.last != nil && field == fromField {
		found = append(found, statement{untilField, *p.last, ofDocument, quote})
	}
	return found
}

// labelKind is the field that a label is for, "" if for none.
func labelKind(label string) string {
	label = strings.TrimRight(shorten(label), " :：")
	if len(label) > 100 || label == "" {
		return ""
	}
	for i := range cues {
		c := &cues[i]
		if c.around != nil || c.isVerb {
			continue
		}
		at := c.expr.FindStringSubmatchIndex(label)
		if at != nil && at[3] == len(label) && ownLead.MatchString(label[:at[2]]) {
			return c.field
		}
	}
	return ""
}

// bareDate reads a date that is all that a section about validity says: "Effective date" above "1 March 2024".
func (r *reader) bareDate(b located) []statement {
	field := labelKind(b.place.heading)
	if !b.place.isValidity || field == "" || b.Kind == parse.Heading {
		return nil
	}
	p, ok := r.period(b.Text, &cue{field: field})
	if !ok || strings.Trim(b.Text[p.length:], " .*_)") != "" {
		return nil
	}
	quote := shorten(b.place.heading + ": " + b.Text)
	found := []statement{{field, p.first, ofDocument, quote}}
	if p.last != nil {
		found = append(found, statement{untilField, *p.last, ofDocument, quote})
	}
	return found
}

const versionValue = `([vV]?\d{1,4}(?:[.-]\d{1,4}){0,4}[a-z]?)`

var (
	versionLabel = regexp.MustCompile(`(?i)(?:^|[(|,–—•·]\s*)(?:(?:document|policy|current|dokument(?:en)?)[\s-]*)?(?:version|versión|fassung|ausgabe|revision|révision|revisión|rev\.?|ver\.?|issue|edition|édition|edición)(?:\s+(?:no|nr|number|nummer|n°|num|núm)\.?)?\s*[:.]?\s*` + versionValue + `\s*(?:$|\.(?:\s|$)|[,;)|(–—-])`)
	versionMeta  = regexp.MustCompile(`(?:^|\s)(?:Version|Versión|Fassung|Revision|Révision|Revisión|Rev\.?)(?:\s+(?:[Nn]o|[Nn]r|[Nn]umber)\.?)?\s*:\s*` + versionValue + `(?:\s+\p{Lu}|\s*$)`)
	versionShort = regexp.MustCompile(`(?:^|[\s(,|–-])[vV](\d{1,3}(?:\.\d{1,3}){1,3}|\d{1,3})\s*(?:$|[),|–])`)
	versionKey   = regexp.MustCompile(`(?i)^(?:document|policy|current|dokument(?:en)?)?[\s-]*(?:version|versión|fassung|ausgabe|revision|révision|revisión|rev\.?|ver\.?|issue|edition|édition|edición)(?:[\s-]*(?:no|nr|number|nummer|n°|num|núm)\.?)?:?$`)
	versionCell  = regexp.MustCompile(`^(?:(?i:version|rev\.?|v\.?)\s*)?` + versionValue + `$`)
)

// label is the version that the text gives the document, "" if none.
func (r *reader) label(blocks []located) string {
	for _, b := range blocks {
		if !b.place.isOpen() && !b.place.isTitle {
			continue
		}
		if b.Kind == parse.Table {
			if version := versionInTable(b.Text); version != "" {
				return version
			}
			continue
		}
		for _, expr := range []*regexp.Regexp{versionLabel, versionMeta} {
			if expr == versionMeta && !metadata.MatchString(b.Text) {
				continue
			}
			for text := range sentences(b.Text) {
				at := expr.FindStringSubmatchIndex(text)
				if at == nil || at[0] > 0 && expr == versionLabel && !b.place.isTitle || replacing.MatchString(text) {
					continue // "the GPL, version 2" is another thing's
				}
				return strings.TrimLeft(text[at[2]:at[3]], "vV")
			}
		}
		if m := versionShort.FindStringSubmatch(b.Text); m != nil && b.place.isTitle && len(b.Text) < 120 {
			return m[1]
		}
	}
	return ""
}

func versionInTable(block string) string {
	for _, row := range rows(block) {
		for i := 0; i+1 < len(row); i += 2 {
			m := versionCell.FindStringSubmatch(row[i+1])
			if m != nil && versionKey.MatchString(row[i]) {
				return strings.TrimLeft(m[1], "vV")
			}
		}
	}
	return ""
}

// replacing are the verbs by which a document takes the place of an earlier one.
var (
	replacing   = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:supersed(?:es?|ing)|replac(?:es?|ing)|ersetzt|ersetzen|löst|remplac(?:e|ent)|annul(?:e|ent)\s+et\s+remplac\pL*|abroge(?:nt)?|sustituyen?|reemplazan?|derogan?)(?:[^\pL]|$)`)
	boilerplate = regexp.MustCompile(`(?i)(?:prior|previous|contemporaneous|any\s+other).{0,60}(?:understandings?|communications?|negotiations?|representations?|discussions?)|entire\s+agreement`)
	earlier     = regexp.MustCompile(`(?i)polic|version|procedure|handbook|guideline|document|edition|manual|agreement|richtlinie|regelung|fassung|vereinbarung|anweisung|ordnung|politique|charte|règlement|procédure|accord|guide|política|versión|procedimiento|reglamento|manual|norma|acuerdo|terms|rules|notice|bisherige|all\s+(?:prior|previous|earlier)|\d`)
)

// replacingHints are parts of those verbs: a quick look that spares most text the slow one.
var replacingHints = strings.Fields("supersed replac ersetz löst rempla annul abrog sustitu reempla derog")

// hints reports whether text has one of the parts of words.
func hints(text string, parts []string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

// replaces is the sentence that says that this document takes the place of an earlier one.
func (r *reader) replaces(blocks []located) string {
	for _, b := range blocks {
		if b.place.isExample || b.Kind == parse.Heading || b.place.isHistory {
			continue
		}
		if b.Kind == parse.Table && b.place.isOpen() {
			if quote := replacesInTable(b.Text); quote != "" {
				return quote
			}
		}
		if b.Kind == parse.Table || !hints(b.Text, replacingHints) {
			continue
		}
		for text := range sentences(b.Text) {
			if r.isReplacing(text, b.place) {
				return shorten(text)
			}
		}
	}
	return ""
}

func (r *reader) isReplacing(text string, p place) bool {
	at := replacing.FindStringIndex(text)
	if at == nil || boilerplate.MatchString(text) || !earlier.MatchString(text[at[1]:]) {
		return false
	}
	before := text[:at[0]]
	switch stanceOf(before, true) {
	case document:
		return true
	case generic, noOne:
		return p.isOpen()
	}
	// "Effective 1 March 2024, replaces …", "Esta política entra en vigor el … y sustituye …"
	s := sentence{reader: r, text: text[:at[0]] + ".", place: p}
	s.scan()
	return len(s.found) > 0
}

var replacesKey = regexp.MustCompile(`(?i)^(?:supersedes|replaces|ersetzt|remplace|annule\s+et\s+remplace|sustituye(?:\s+a)?|reemplaza(?:\s+a)?)\s*:?$`)

func replacesInTable(block string) string {
	for _, row := range rows(block) {
		for i := 0; i+1 < len(row); i += 2 {
			if replacesKey.MatchString(row[i]) && !isPlaceholder(row[i+1]) {
				return shorten(row[i] + " | " + row[i+1])
			}
		}
	}
	return ""
}
