package likeness

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Name is a file's name without what changes from one state of a document to the next.
func Name(fileName string) string {
	base := path.Base(strings.ReplaceAll(fileName, `\`, "/"))
	for ext := path.Ext(base); isExtension(ext); ext = path.Ext(base) {
		base = strings.TrimSuffix(base, ext)
	}
	return Title(base)
}

func isExtension(ext string) bool {
	return len(ext) >= 3 && len(ext) <= 6 && !digitsOnly.MatchString(ext[1:])
}

// Title is a title without dates, years, versions and words like "final" or "copy": what two states of one
// document are both called. It is "" when nothing else is there.
func Title(title string) string {
	s := strings.ToLower(strings.NewReplacer("_", " ", "–", "-", "—", "-").Replace(title))
	for _, noise := range titleNoise {
		s = noise.ReplaceAllString(s, " ")
	}
	words := tokens(s)
	for len(words) > 0 && slices.Contains(trailing, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

const months = `(?:jan(?:uary|uar|vier|\.)?|feb(?:ruary|ruar|\.)?|f[ée]vr(?:ier|\.)?|m[aä]r(?:ch|z|s|zo|\.)?|apr(?:il|\.)?|avr(?:il|\.)?|ma[iy]o?|jun[ei]?o?|juin|jul[iy]?o?|juillet|aug(?:ust|\.)?|ao[uû]t|sep(?:t|tember|tembre|tiembre|\.)?|o[ck]t(?:ober|obre|ubre|\.)?|nov(?:ember|embre|iembre|\.)?|de[cz](?:ember|\.)?|d[ée]c(?:embre|\.)?|enero|febrero|abril|agosto|diciembre|mayo)`

const year = `(?:19|20)\d\d`

// titleNoise is taken out wherever it stands, the longer forms first.
var titleNoise = []*regexp.Regexp{
	regexp.MustCompile(`\(\d{1,3}\)\s*$`), // "(1)": a second download
	regexp.MustCompile(`\b` + year + `[-./ ]?(?:0[1-9]|1[0-2])(?:[-./ ]?(?:0[1-9]|[12]\d|3[01]))?\b`),           // 2024-03-01, 20240301
	regexp.MustCompile(`\b\d{1,2}[-./]\d{1,2}[-./](?:` + year + `|\d\d)\b`),                                     // 01.03.2024
	regexp.MustCompile(`\b\d{1,2}(?:st|nd|rd|th|er|\.)? (?:de )?` + months + `\b\.?,? ?(?:de )?` + year + `\b`), // 1 March 2024
	regexp.MustCompile(`\b` + months + ` \d{1,2}(?:st|nd|rd|th)?,? ` + year + `\b`),                             // March 1, 2024
	regexp.MustCompile(`\b` + months + `\b\.?[- ]*(?:de )?` + year + `\b`),                                      // March 2024
	regexp.MustCompile(`\b(?:q[1-4]|h[12])[- ]?` + year + `\b|\b(?:fy|gj)[- ]?(?:` + year + `|\d\d)\b`),         // Q1 2024, FY24
	regexp.MustCompile(`\b` + year + `[-/](?:` + year + `|\d\d)\b|\b` + year + `\b`),                            // 2024/25, 2024
	regexp.MustCompile(`\b(?:version|versión|fassung|revision|révision|revisión|rev|ver|edition|ausgabe|v|r)\.?[- ]?\d+(?:\.\d+)*[a-z]?\b`),
	regexp.MustCompile(`\b(?:copy|copie|kopie|copia) (?:of|de|von) |\b(?:copy|copie|kopie|copia)(?: ?\(?\d+\)?)?\s*$|[- ]+(?:copy|kopie|copie|copia)\b`),
}

// trailing words tell a state, but only at the end: "New hire policy" is not the state of a hire policy.
var trailing = []string{"final", "finale", "finalised", "finalized", "endfassung", "definitive", "definitivo", "définitif",
	"draft", "entwurf", "brouillon", "borrador", "new", "neu", "nouveau", "nuevo", "old", "alt", "ancien", "antiguo",
	"latest", "updated", "aktualisiert", "approved", "signed", "unterschrieben", "clean", "revised"}

var digitsOnly = regexp.MustCompile(`^\d+$`)

// IsGeneric reports whether a normalised title says too little to tell one document from another.
func IsGeneric(title string) bool {
	return len([]rune(title)) < 4 || slices.Contains(generic, title)
}

var generic = []string{"untitled", "unnamed", "document", "dokument", "documento", "readme", "index", "scan", "attachment", "anhang",
	"letter", "brief", "memo", "minutes", "protokoll", "agenda", "overview", "introduction", "policy", "policies", "report", "bericht",
	"form", "formular", "note", "notes", "home", "main", "content", "contents", "file", "presentation", "microsoft word document",
	"ohne titel", "sans titre", "sin título", "table of contents", "faq", "about", "welcome"}

// Label is the place in an order of versions that a name or a title claims. The zero Label claims none.
type Label struct {
	Version []int // 3.2 is {3, 2}
	Date    []int // year, month, day as far as they are given
}

var (
	versionIn = regexp.MustCompile(`(?i)(?:^|[^\pL\d])(?:version|versión|fassung|revision|révision|revisión|rev|ver|v|r)[._ -]?(\d+(?:\.\d+)*)(?:[^\pL\d]|$)`)
	dateIn    = regexp.MustCompile(`(?:^|\D)(` + year + `)(?:[-._ ]?(0[1-9]|1[0-2])(?:[-._ ]?(0[1-9]|[12]\d|3[01]))?)?(?:\D|$)`)
)

// LabelOf reads the label in a file's name or a title.
func LabelOf(name string) Label {
	var l Label
	if ext := path.Ext(name); isExtension(ext) {
		name = strings.TrimSuffix(name, ext)
	}
	if m := versionIn.FindStringSubmatch(name); m != nil {
		l.Version = numbers(strings.Split(m[1], "."))
	}
	if m := dateIn.FindStringSubmatch(name); m != nil { // of a period, its beginning
		l.Date = numbers(m[1:])
	}
	return l
}

// VersionLabel is the label of a version that a document gives itself, as "3.2" or "2024-01".
func VersionLabel(version string) Label {
	var l Label
	if m := regexp.MustCompile(`^\D{0,10}(\d+(?:[.-]\d+)*)`).FindStringSubmatch(version); m != nil {
		l.Version = numbers(regexp.MustCompile(`[.-]`).Split(m[1], -1))
	}
	return l
}

func numbers(parts []string) []int {
	var out []int
	for _, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || len(p) > 9 {
			break
		}
		out = append(out, n)
	}
	return out
}

// Compare says which of two labels is later: below zero when l is earlier, above zero when it is later,
// zero when they don't tell, or tell two things.
func (l Label) Compare(other Label) int {
	byVersion, byDate := 0, 0
	if l.Version != nil && other.Version != nil {
		byVersion = slices.Compare(l.Version, other.Version)
	}
	if l.Date != nil && other.Date != nil {
		n := min(len(l.Date), len(other.Date)) // 2024 and 2024-03 don't tell
		byDate = slices.Compare(l.Date[:n], other.Date[:n])
	}
	if byVersion*byDate < 0 {
		return 0
	}
	if byVersion != 0 {
		return byVersion
	}
	return byDate
}
