package eval

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
)

// readLines decodes a file of one JSON object a line.
func readLines[T any](path string) ([]T, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open question set: %w", err)
	}
	defer file.Close()
	var all []T
	dec := json.NewDecoder(bufio.NewReader(file))
	for {
		var v T
		err := dec.Decode(&v)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read line %d of %s: %w", len(all)+1, path, err)
		}
		all = append(all, v)
	}
}

// readQrels reads query_id, corpus_id, relevance, tab-separated with a header line (BEIR's format).
func readQrels(path string) (map[string]map[string]int, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open relevance judgements: %w", err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comma = '\t'
	r.LazyQuotes = true
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read relevance judgements: %w", err)
	}
	qrels := make(map[string]map[string]int)
	for i, row := range rows {
		if len(row) < 3 {
			return nil, fmt.Errorf("line %d of %s has %d columns instead of 3", i+1, path, len(row))
		}
		relevance, err := strconv.Atoi(row[2])
		if err != nil {
			if i == 0 {
				continue // the header
			}
			return nil, fmt.Errorf("line %d of %s: %w", i+1, path, err)
		}
		if qrels[row[0]] == nil {
			qrels[row[0]] = make(map[string]int)
		}
		qrels[row[0]][row[1]] = relevance
	}
	return qrels, nil
}
