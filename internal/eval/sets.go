package eval

import (
	"bufio"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
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

// Half chooses queries by their position in the file, so that figures can be told on those that nothing was tuned on.
type Half string

// The halves. The first query is an odd one.
const (
	All  Half = "all"
	Odd  Half = "odd"
	Even Half = "even"
)

// has reports whether the query at the index, from 0, belongs to the half.
func (h Half) has(index int) bool {
	switch h {
	case Odd:
		return index%2 == 0
	case Even:
		return index%2 == 1
	}
	return true
}

// halfOf keeps the items of the half.
func halfOf[T any](h Half, items []T) []T {
	var kept []T
	for i, item := range items {
		if h.has(i) {
			kept = append(kept, item)
		}
	}
	return kept
}

// fingerprint is the SHA-256 of what a set consists of, in hexadecimal: of the files' content in this order, not of
// where they lie, and of what else shapes the questions.
func fingerprint(files []string, shape ...any) (string, error) {
	hash := sha256.New()
	for _, path := range files {
		file, err := os.Open(path)
		if err != nil {
			return "", fmt.Errorf("read question set: %w", err)
		}
		content := sha256.New()
		_, err = io.Copy(content, file)
		if err := errors.Join(err, file.Close()); err != nil {
			return "", fmt.Errorf("read question set: %w", err)
		}
		fmt.Fprintf(hash, "%x\n", content.Sum(nil))
	}
	fmt.Fprintln(hash, shape...)
	return hex.EncodeToString(hash.Sum(nil)), nil
}
