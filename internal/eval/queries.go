package eval

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"clearwell/internal/ingest"
)

// QueryFile is questions with their relevance judgements, in BEIR's formats.
type QueryFile struct{ Name, Queries, Qrels string }

type queryEntry struct {
	ID   string `json:"id"`
	BEIR string `json:"_id"`
	Text string `json:"text"`
}

// query is a question with the documents that it must find.
type query struct {
	id, kind, text string
	relevant       map[string]int
}

// querySet is a list of questions of one name.
type querySet struct {
	name        string
	collections []string // that are searched; empty: all
	queries     []query
}

// name is that of a list of questions: given, or the folder's where all files bear the same name.
func (set RetrievalSet) name(i int) string {
	q := set.Queries[i]
	stem := strings.TrimSuffix(filepath.Base(q.Queries), filepath.Ext(q.Queries))
	if q.Name == "" && stem == "queries" {
		stem = filepath.Base(filepath.Dir(q.Queries))
	}
	name := cmp.Or(q.Name, stem)
	for j := range i {
		if set.name(j) == name {
			return fmt.Sprintf("%s %d", name, i+1)
		}
	}
	return name
}

// areIn reports whether a document that a query judges is among the uploads, or nothing is judged at all.
func areIn(queries []query, uploads []ingest.Upload) bool {
	keys := make(map[string]bool, len(uploads))
	for _, up := range uploads {
		keys[up.Key] = true
	}
	for _, q := range queries {
		for key := range q.relevant {
			if keys[key] {
				return true
			}
		}
	}
	return len(queries) == 0
}

// translated are the judged documents as the corpus calls them.
func translated(judged map[string]int, names map[string]string) map[string]int {
	relevant := make(map[string]int, len(judged))
	for id, relevance := range judged {
		for from, to := range names {
			if rest, ok := strings.CutPrefix(id, from); ok {
				id = to + rest
				break
			}
		}
		relevant[id] = relevance
	}
	return relevant
}

// read gives the questions that have a judgement.
func (f QueryFile) read(names map[string]string) ([]query, error) {
	entries, err := readLines[queryEntry](f.Queries)
	if err != nil {
		return nil, err
	}
	qrels, err := readQrels(f.Qrels)
	if err != nil {
		return nil, err
	}
	var queries []query
	for _, e := range entries {
		if judged, ok := qrels[e.ID+e.BEIR]; ok {
			queries = append(queries, query{id: e.ID + e.BEIR, text: e.Text, relevant: translated(judged, names)})
		}
	}
	return queries, nil
}
