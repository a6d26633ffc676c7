package retrieve

import (
	_ "embed"
	"strconv"
	"strings"
)

//go:embed hybrid.sql
var hybridSQL string

//go:embed known.sql
var knownSQL string

//go:embed ended.sql
var endedSQL string

//go:embed amended.sql
var amendedSQL string

// details are the columns of passage_details in the order in which row scans them.
const details = `chunk_id, d.document_id, d.document_key, d.collection, d.title, d.revision,
	d.effective_from, d.effective_until, d.page, d.headings, d.context, d.text, d.start_offset, d.end_offset, d.ordinal`

// foundInDetail joins the details to what a statement calls found. The offset keeps the planner from weighing the order of
// their joins with that of all others: it took longer than the joins.
const foundInDetail = `(found f cross join lateral (
	select ` + details + ` from passage_details d where d.publication_id = f.publication_id and d.chunk_id = f.chunk_id
	offset 0) d)`

// section finds the number of a section that a text names, number the one that a heading begins with.
const (
	sectionWords = `section|sec\.|§+|abschnitt|ziffer|punkt|artikel|article|art\.|clause|paragraph|chapter|kapitel|chapitre|point|sección|capítulo|apartado|artículo|punto|cláusula`
	section      = `'(` + sectionWords + `)\s*(\d+(?:\.\d+)*)'`
	number       = `'(?i)^\s*(?:(?:` + sectionWords + `)\s*)?(\d+(?:\.\d+)*)'`
)

// statement fills in what can't be a parameter: an index is made for one dimension and used only by a
// query that names it.
func statement(sql string, dimension int) string {
	return strings.NewReplacer("{dimension}", strconv.Itoa(dimension), "{details}", details, "{found in detail}", foundInDetail, "{section}", section, "{number}", number).Replace(sql)
}
