package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"clearwell/internal/parse"
)

// policySet is a collection of real policies, with the versions that they had, beside the repository.
const policySet = "../../../shared/data/versioned-policies"

// maxPolicyBytes keeps a scenario short.
const maxPolicyBytes = 20_000

// lineage is a document with what it said over time.
type lineage struct {
	id, title string
	states    [][]parse.Block // without the title
	dates     []time.Time     // of each state, at midnight in UTC
}

// stock is what scenarios are made of.
type stock struct {
	lineages    []lineage
	distractors []rawFile
}

type rawFile struct {
	name string
	body []byte
	text []parse.Block
}

// loadStock reads the real policies. Without them the test is skipped.
func loadStock(t *testing.T) *stock {
	t.Helper()
	manifest, err := os.ReadFile(filepath.Join(policySet, "documents.jsonl"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the collection of real policies is not beside this repository: scenarios stay unchecked here")
	}
	if err != nil {
		t.Fatal(err)
	}
	s := &stock{}
	places := map[string]int{}
	lines := bufio.NewScanner(bytes.NewReader(manifest))
	for lines.Scan() {
		var e versionEntry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		raw := readPolicy(t, e.File)
		date, err := time.Parse(time.DateOnly, e.Effective)
		if err != nil {
			t.Fatal(err)
		}
		if len(raw.body) > maxPolicyBytes {
			continue
		}
		at, ok := places[e.DocID]
		if !ok {
			at = len(s.lineages)
			places[e.DocID] = at
			s.lineages = append(s.lineages, lineage{id: e.DocID, title: e.Title})
		}
		l := &s.lineages[at]
		l.states, l.dates = append(l.states, undated(raw.text)), append(l.dates, date)
	}
	s.loadDistractors(t)
	return s
}

func (s *stock) loadDistractors(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(policySet, "corpus_current"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil || info.Size() < 1500 || info.Size() > 7000 {
			return err
		}
		name, err := filepath.Rel(policySet, path)
		if err != nil {
			return err
		}
		s.distractors = append(s.distractors, readPolicy(t, name))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func readPolicy(t *testing.T, name string) rawFile {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(policySet, name))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := parse.File(t.Context(), parse.Source{Name: name, Body: bytes.NewReader(raw), Size: int64(len(raw))}, parse.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return rawFile{name: filepath.ToSlash(name), body: raw, text: doc.Blocks}
}

// ownDates are lines in which a policy dates itself: scenarios date it otherwise.
var ownDates = regexp.MustCompile(`(?i)^(?:version )?effective date:|^last updated:|^version [\d.]+, updated`)

func undated(blocks []parse.Block) []parse.Block {
	return slices.DeleteFunc(slices.Clone(blocks), func(b parse.Block) bool {
		return ownDates.MatchString(b.Text) && len(b.Text) < 200
	})
}

// grown is a lineage of n states: the real ones, and then edits as people make them.
func (l lineage) grown(rng *rand.Rand, n int) lineage {
	l.states, l.dates = slices.Clone(l.states), slices.Clone(l.dates)
	for len(l.states) < n {
		last := len(l.states) - 1
		l.states = append(l.states, edited(rng, l.states[last]))
		l.dates = append(l.dates, l.dates[last].AddDate(0, 0, 40+rng.IntN(100)))
	}
	l.states, l.dates = l.states[:n], l.dates[:n]
	if over := l.dates[n-1].Sub(lastDate); over > 0 { // all of it before the day on which scenarios end
		for i := range l.dates {
			l.dates[i] = l.dates[i].Add(-over).Truncate(24 * time.Hour)
		}
	}
	return l
}

// lastDate is the latest day on which a state begins to apply, but for those that are to come.
var lastDate = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

var figure = regexp.MustCompile(`\b[1-9]\d{0,2}\b`)

var amendments = []string{
	"Requests that were handed in before this change are decided by the rules that applied until then.",
	"Exceptions need the written consent of the head of the office and end after %d months.",
	"Questions go to the help desk, which answers within %d working days.",
	"Records of each decision are kept for %d years and then destroyed.",
	"Whoever approves a request may not be the one who benefits from it.",
	"A reminder is sent %d days before the period ends.",
}

// edited changes figures in some blocks, takes one out and puts one in.
func edited(rng *rand.Rand, blocks []parse.Block) []parse.Block {
	out := slices.Clone(blocks)
	for range 4 {
		i := rng.IntN(len(out))
		out[i].Text = figure.ReplaceAllStringFunc(out[i].Text, func(s string) string {
			n, _ := strconv.Atoi(s) // digits, by the pattern
			return strconv.Itoa(n + 1 + rng.IntN(9))
		})
	}
	if at := rng.IntN(len(out)); len(out) > 8 && out[at].Kind == parse.Paragraph && len(out[at].Text) < 400 {
		out = slices.Delete(out, at, at+1)
	}
	text := amendments[rng.IntN(len(amendments))]
	if strings.Contains(text, "%d") {
		text = fmt.Sprintf(text, 2+rng.IntN(28))
	}
	at := 1 + rng.IntN(len(out))
	for at < len(out) && out[at-1].Kind == parse.ListItem { // not within a list
		at++
	}
	return slices.Insert(out, at, parse.Block{Kind: parse.Paragraph, Text: text})
}

// named is a lineage of another unit: its name stands where the first one's stood.
func (l lineage) named(replace *strings.Replacer) lineage {
	l.title = replace.Replace(l.title)
	l.states = slices.Clone(l.states)
	for i, blocks := range l.states {
		l.states[i] = slices.Clone(blocks)
		for j := range blocks {
			l.states[i][j].Text = replace.Replace(blocks[j].Text)
		}
	}
	return l
}
