package imprint

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// revision is a row of a document's table of revisions.
type revision struct {
	version string
	when    when
	isDated bool
	quote   string
}

// columns of a revision table, -1 where there is none.
type columns struct {
	version, date  int
	isEffective    bool // the date column says when the revision takes effect
	hasDescription bool
}

var (
	dateColumn        = regexp.MustCompile(`(?i)^(?:date|datum|fecha|(?:revision|version|change|approval|issue)\s+date|date\s+of\s+(?:issue|revision|change)|änderungsdatum|date\s+de\s+(?:révision|modification|version)|fecha\s+de\s+(?:revisión|modificación|versión))$`)
	descriptionColumn = regexp.MustCompile(`(?i)^(?:(?:description|summary|reason|nature|details)?(?:\s*(?:of|for|/)\s*)?(?:changes?|revisions?|modifications?|amendments?)|description|summary|comments?|notes?|authors?|approved(?:\s+by)?|editor|status|beschreibung|änderung(?:en)?|autor(?:in)?|bearbeiter(?:in)?|bemerkung(?:en)?|verfasser|freigabe|freigegeben\s+(?:von|durch)|objet|modifications?|auteur|commentaires?|descripción|cambios?|modificaci(?:ón|ones)|comentarios?|motivo)$`)
	numberColumn      = regexp.MustCompile(`(?i)^(?:v\.?|no\.?|nr\.?|n°|#)$`)
	draftRow          = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:draft|entwurf|brouillon|projet|borrador|proposed|unpublished|withdrawn|zurückgezogen|in\s+review)(?:[^\pL]|$)`)
	otherThing        = regexp.MustCompile(`(?i)release\s+notes|change-?\s?log|compatibility|supported\s+versions|roadmap`)
)

// revisionTable reads the table in which a document lists its revisions: the latest row that is no draft.
func (r *reader) revisionTable(b located) (version string, found []statement) {
	cells := rows(b.Text)
	if len(cells) < 2 || b.place.isExample || otherThing.MatchString(r.doc.Title) && !b.place.isHistory {
		return "", nil
	}
	c := headerOf(cells[0])
	isPlain := c.version >= 0 && c.date >= 0 && (b.place.isHistory || b.place.isControl || b.place.isOpen() && c.hasDescription)
	if !isPlain && !(b.place.isHistory && c.date >= 0 && c.hasDescription) {
		return "", nil
	}
	latest, ok := r.latest(cells[1:], c)
	if !ok {
		return "", nil
	}
	weight := ofTable
	if c.isEffective {
		weight = ofLine
	}
	if latest.isDated {
		found = []statement{{fromField, latest.when, weight, latest.quote}}
	}
	return latest.version, found
}

func headerOf(header []string) columns {
	c := columns{version: -1, date: -1}
	for i, name := range header {
		name = strings.TrimRight(name, " :.")
		switch {
		case versionKey.MatchString(name) || numberColumn.MatchString(name):
			if c.version < 0 {
				c.version = i
			}
		case labelKind(name) == fromField:
			c.date, c.isEffective = i, true
		case dateColumn.MatchString(name):
			if c.date < 0 {
				c.date = i
			}
		case descriptionColumn.MatchString(name):
			c.hasDescription = true
		}
	}
	return c
}

// latest is the row of the highest version; where versions can't be compared, of the latest date.
func (r *reader) latest(cells [][]string, c columns) (revision, bool) {
	var all []revision
	isNumbered := true
	for _, row := range cells {
		if len(row) <= max(c.version, c.date) || draftRow.MatchString(strings.Join(row, " ")) {
			continue
		}
		line := revision{quote: shorten(strings.Join(row, " | "))}
		if c.version >= 0 {
			if m := versionCell.FindStringSubmatch(row[c.version]); m != nil {
				line.version = strings.TrimLeft(m[1], "vV")
			}
		}
		if p, ok := r.period(row[c.date], &cue{field: untilField}); ok {
			line.when, line.isDated = p.first, true
		}
		isNumbered = isNumbered && line.version != ""
		if line.version != "" || line.isDated {
			all = append(all, line)
		}
	}
	if len(all) == 0 {
		return revision{}, false
	}
	return slices.MaxFunc(all, func(a, b revision) int {
		if order := compareVersions(a.version, b.version); isNumbered && order != 0 {
			return order
		}
		return compareWhens(a.when, b.when)
	}), true
}

func compareWhens(a, b when) int {
	if len(a.starts) == 0 || len(b.starts) == 0 {
		return len(a.starts) - len(b.starts)
	}
	return a.starts[0].Compare(b.starts[0])
}

// compareVersions compares "3.10" and "3.9" part by part.
func compareVersions(a, b string) int {
	return slices.Compare(versionParts(a), versionParts(b))
}

func versionParts(version string) []int {
	var parts []int
	for _, part := range tokens(version) {
		n, _ := strconv.Atoi(strings.TrimRight(part, "abcdefghijklmnopqrstuvwxyz")) // no number counts as 0
		parts = append(parts, n)
	}
	return parts
}
