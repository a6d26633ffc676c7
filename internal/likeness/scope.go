package likeness

import (
	"maps"
	"regexp"
)

// scopeText is how much of a text is looked at for lines that say for whom it applies, in bytes.
const scopeText = 4000

// scopeLine matches such a line. PDFs run lines together, so it may stand within one; of what follows only the
// first word is sure to belong to it.
var scopeLine = regexp.MustCompile(`(?:^|[\n.;|] ?|\s{2,}| )(Department|Division|Business unit|Unit|Team|Location|Site|Plant|Country|Region|Legal entity|Entity|Company|Subsidiary|Audience|Scope|Abteilung|Bereich|Standort|Werk|Land|Gesellschaft|Geltungsbereich|Département|Service|Équipe|Site|Pays|Société|Departamento|Equipo|Sede|País|Empresa)\s*[:|]\s*([\pL\pN]+)`)

// scopePhrase matches a sentence of the same meaning, up to the name: "applies to all people of Sales".
var scopePhrase = regexp.MustCompile(`(?i:\bappl(?:y|ies)\s+(?:only\s+)?to|\bvalid\s+for|\bg[ie]lt(?:en)?\s+(?:nur\s+)?für|\bs.applique(?:nt)?\s+(?:à|aux?)|\bse\s+aplican?\s+a)(?:\s+\pL+){1,4}?\s+(?:of|in|at|von|der|des|de|en|du)\s+(\p{Lu}[\pL\pN]+)`)

// WithScope adds to what a document says of its scope in fields what it says in lines of its text, as
// "Department: Sales"; fields stand above lines.
func WithScope(fields map[string]string, text string) map[string]string {
	scope := make(map[string]string)
	for _, m := range scopeLine.FindAllStringSubmatch(text[:min(len(text), scopeText)], 20) {
		field := tokens(m[1])[0]
		if _, isKnown := scope["line "+field]; !isKnown {
			scope["line "+field] = tokens(m[2])[0]
		}
	}
	if m := scopePhrase.FindStringSubmatch(text[:min(len(text), scopeText)]); m != nil {
		scope["line applies to"] = tokens(m[1])[0]
	}
	maps.Copy(scope, fields)
	return scope
}
