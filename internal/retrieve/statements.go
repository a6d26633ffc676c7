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

// details are the columns of passage_details in the order in which row scans them.
const details = `chunk_id, d.document_id, d.document_key, d.collection, d.title, d.revision,
	d.effective_from, d.effective_until, d.page, d.headings, d.context, d.text, d.start_offset, d.end_offset`

// statement fills in what can't be a parameter: an index is made for one dimension and used only by a
// query that names it.
func statement(sql string, dimension int) string {
	return strings.NewReplacer("{dimension}", strconv.Itoa(dimension), "{details}", details).Replace(sql)
}
