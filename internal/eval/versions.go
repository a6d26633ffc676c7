package eval

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"clearwell/internal/ingest"
)

// VersionsReport is what a set of versioned documents came to. Shares are 0–1.
type VersionsReport struct {
	Versions    int                `json:"versions"`
	Distractors int                `json:"distractors"`
	Refused     []string           `json:"refused"` // files that were not published, with the reason
	Questions   int                `json:"questions"`
	LoadSeconds float64            `json:"load_seconds"`
	Changed     int                `json:"changed_questions"` // value_changed and reverted
	Current     map[string]float64 `json:"current"`           // at 1, 5, 10: share of changed questions
	StaleAt10   int                `json:"stale_at_10"`       // questions with a superseded passage among the first ten, or in the answer
	Correct     int                `json:"correct_answers"`   // of the answerable questions
	Answerable  int                `json:"answerable"`
	Stale       int                `json:"stale_answers"`
	Abstained   int                `json:"abstained"` // of those that should
	ShouldNot   int                `json:"unanswerable"`
	Over        int                `json:"over_abstained"` // of the answerable
	Cited       int                `json:"cited_current"`  // answers to answerable questions that cite the current file
	Citations   Citations          `json:"citations"`
	Causes      map[Cause]int      `json:"causes"` // of wrong answers, and of evidence that is not among the first five passages
	Cases       []CaseReport       `json:"cases"`
	Run         Run                `json:"run"`
}

type versionEntry struct {
	DocID      string  `json:"doc_id"`
	Title      string  `json:"title"`
	Version    int     `json:"version"`
	File       string  `json:"file"`
	Effective  string  `json:"effective_date"`
	Superseded *string `json:"superseded_date"`
	Status     string  `json:"status"`
}

// versionKey is how a passage tells which file it came from: its document and when it began.
type versionKey struct {
	doc  string
	from int64
}

// VersionsSet is a folder with documents.jsonl (every version of every document), corpus.jsonl (other documents) and
// cases.jsonl (questions, with what is current and what is outdated).
type VersionsSet struct {
	Folder string
	Seed   uint64 // of the shuffled order of arrival
	Half   Half   // of the cases
}

// versionsContent is what the files say.
type versionsContent struct {
	versions    []versionEntry
	distractors []string
	cases       []caseEntry
}

func (set VersionsSet) read() (c versionsContent, err error) {
	if c.versions, err = readLines[versionEntry](filepath.Join(set.Folder, "documents.jsonl")); err != nil {
		return c, err
	}
	others, err := readLines[struct {
		File string `json:"file"`
	}](filepath.Join(set.Folder, "corpus.jsonl"))
	if err != nil {
		return c, err
	}
	for _, o := range others {
		c.distractors = append(c.distractors, o.File)
	}
	c.cases, err = readLines[caseEntry](filepath.Join(set.Folder, "cases.jsonl"))
	return c, err
}

// Fingerprint is the SHA-256 of the three lists and of all documents.
func (set VersionsSet) Fingerprint() (string, error) {
	content, err := set.read()
	if err != nil {
		return "", err
	}
	files := []string{"documents.jsonl", "corpus.jsonl", "cases.jsonl"}
	for _, v := range content.versions {
		files = append(files, v.File)
	}
	files = append(files, content.distractors...)
	for i, file := range files {
		files[i] = filepath.Join(set.Folder, file)
	}
	return fingerprint(files)
}

// uploads are all files in shuffled order.
func (set VersionsSet) uploads(content versionsContent) ([]ingest.Upload, map[versionKey]versionEntry, error) {
	uploads, known, err := versionUploads(set.Folder, content.versions)
	if err != nil {
		return nil, nil, err
	}
	for _, file := range content.distractors {
		up, err := fileUpload(set.Folder, file, file)
		if err != nil {
			return nil, nil, err
		}
		uploads = append(uploads, up)
	}
	rand.New(rand.NewPCG(set.Seed, 0)).Shuffle(len(uploads), func(i, j int) { uploads[i], uploads[j] = uploads[j], uploads[i] })
	return uploads, known, nil
}

// Versions loads every version of every document and the distractors, in shuffled order, and asks.
func Versions(ctx context.Context, s Subject, set VersionsSet, settings Settings) (VersionsReport, error) {
	hash, err := set.Fingerprint()
	if err != nil {
		return VersionsReport{}, err
	}
	content, err := set.read()
	if err != nil {
		return VersionsReport{}, err
	}
	uploads, known, err := set.uploads(content)
	if err != nil {
		return VersionsReport{}, err
	}
	cases := halfOf(set.Half, content.cases)
	report := VersionsReport{Versions: len(content.versions), Distractors: len(content.distractors), Questions: len(cases),
		Current: map[string]float64{"1": 0, "5": 0, "10": 0}, Causes: make(map[Cause]int)}
	started := time.Now()
	if report.Refused, err = s.load(ctx, uploads); err != nil {
		return VersionsReport{}, err
	}
	report.LoadSeconds = time.Since(started).Seconds()
	trial := caseTrial{Subject: s, known: known, citations: newCitationChecker(s.Library), counted: &report.Citations}
	for _, c := range cases {
		outcome, err := trial.run(ctx, c)
		if err != nil {
			return VersionsReport{}, fmt.Errorf("question %s: %w", c.ID, err)
		}
		report.count(c, outcome)
	}
	for k := range report.Current {
		report.Current[k] /= max(1, float64(report.Changed))
	}
	settings.Half, settings.Seed = cmp.Or(set.Half, All), set.Seed
	report.Run = newRun(OfVersions, hash, settings, caseMetrics, report.outcomes())
	return report, nil
}

func versionUploads(folder string, versions []versionEntry) ([]ingest.Upload, map[versionKey]versionEntry, error) {
	var uploads []ingest.Upload
	known := make(map[versionKey]versionEntry)
	for _, v := range versions {
		up, err := fileUpload(folder, v.File, v.DocID)
		if err != nil {
			return nil, nil, err
		}
		up.Title = v.Title
		from, err := time.Parse(time.DateOnly, v.Effective)
		if err != nil {
			return nil, nil, fmt.Errorf("effective_date of %s: %w", v.File, err)
		}
		// Two versions of one day follow each other by their number.
		up.EffectiveFrom = from.Add(time.Duration(v.Version) * time.Second)
		if v.Status == "withdrawn" && v.Superseded != nil {
			until, err := time.Parse(time.DateOnly, *v.Superseded)
			if err != nil {
				return nil, nil, fmt.Errorf("superseded_date of %s: %w", v.File, err)
			}
			if !until.After(up.EffectiveFrom) { // withdrawn on the day it began
				until = up.EffectiveFrom.Add(time.Second)
			}
			up.EffectiveUntil = until
		}
		uploads = append(uploads, up)
		known[versionKey{v.DocID, up.EffectiveFrom.Unix()}] = v
	}
	return uploads, known, nil
}

func fileUpload(folder, file, key string) (ingest.Upload, error) {
	body, err := os.ReadFile(filepath.Join(folder, file))
	if err != nil {
		return ingest.Upload{}, fmt.Errorf("read document: %w", err)
	}
	return ingest.Upload{Key: key, Name: filepath.Base(file), Source: file, Body: strings.NewReader(string(body))}, nil
}
