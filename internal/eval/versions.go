package eval

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/dlclark/regexp2"

	"clearwell/internal/answer"
	"clearwell/internal/clean"
	"clearwell/internal/ingest"
	"clearwell/internal/parse"
	"clearwell/internal/retrieve"
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
	Cases       []CaseReport       `json:"cases"`
}

// CaseReport is one question's outcome.
type CaseReport struct {
	ID        string `json:"id"`
	Type      string `json:"type"`
	Question  string `json:"question"`
	Rank      int    `json:"rank"` // of the passage with the current evidence, from 1; 0: not among ten
	Stale     bool   `json:"stale_passage"`
	Answer    string `json:"answer"`
	Abstained bool   `json:"abstained"`
	Correct   bool   `json:"correct"`
	StaleSaid bool   `json:"stale_answer"`
	Cited     bool   `json:"cited_current"`
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

type caseEntry struct {
	ID       string   `json:"id"`
	Type     string   `json:"type"`
	Question string   `json:"question"`
	Patterns []string `json:"current_patterns"`
	Outdated []struct {
		Pattern string `json:"pattern"`
	} `json:"outdated_answers"`
	DocID    string `json:"doc_id"`
	Evidence string `json:"evidence_current"`
	File     string `json:"current_file"`
}

// versionKey is how a passage tells which file it came from: its document and when it began.
type versionKey struct {
	doc  string
	from int64
}

// Versions loads every version of every document and the distractors, in shuffled order, and asks.
func Versions(ctx context.Context, s Subject, folder string, seed uint64) (VersionsReport, error) {
	versions, err := readLines[versionEntry](filepath.Join(folder, "documents.jsonl"))
	if err != nil {
		return VersionsReport{}, err
	}
	distractors, err := readLines[struct {
		File string `json:"file"`
	}](filepath.Join(folder, "corpus.jsonl"))
	if err != nil {
		return VersionsReport{}, err
	}
	cases, err := readLines[caseEntry](filepath.Join(folder, "cases.jsonl"))
	if err != nil {
		return VersionsReport{}, err
	}
	uploads, known, err := versionUploads(folder, versions)
	if err != nil {
		return VersionsReport{}, err
	}
	for _, d := range distractors {
		up, err := fileUpload(folder, d.File, d.File)
		if err != nil {
			return VersionsReport{}, err
		}
		uploads = append(uploads, up)
	}
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(uploads), func(i, j int) { uploads[i], uploads[j] = uploads[j], uploads[i] })
	report := VersionsReport{Versions: len(versions), Distractors: len(distractors), Questions: len(cases), Current: map[string]float64{"1": 0, "5": 0, "10": 0}}
	started := time.Now()
	if report.Refused, err = s.load(ctx, uploads); err != nil {
		return VersionsReport{}, err
	}
	report.LoadSeconds = time.Since(started).Seconds()
	for _, c := range cases {
		outcome, err := s.tryCase(ctx, c, known)
		if err != nil {
			return VersionsReport{}, fmt.Errorf("question %s: %w", c.ID, err)
		}
		report.count(c, outcome)
	}
	for k := range report.Current {
		report.Current[k] /= max(1, float64(report.Changed))
	}
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

func (s Subject) tryCase(ctx context.Context, c caseEntry, known map[versionKey]versionEntry) (CaseReport, error) {
	out := CaseReport{ID: c.ID, Type: c.Type, Question: c.Question}
	found, err := s.Searcher.Search(ctx, evaluator, retrieve.Query{Text: c.Question})
	if err != nil {
		return out, err
	}
	evidence, err := firstLetters(ctx, c.Evidence, 80)
	if err != nil {
		return out, err
	}
	isStale := func(p retrieve.Passage) bool {
		v, isVersion := known[versionKey{p.DocumentKey, p.EffectiveFrom.Unix()}]
		return isVersion && v.Status != "current"
	}
	for i, p := range found.Passages {
		out.Stale = out.Stale || isStale(p)
		if out.Rank == 0 && evidence != "" && p.DocumentKey == c.DocID && strings.Contains(letters(p.Title+p.Context+p.Text), evidence) {
			out.Rank = i + 1
		}
	}
	a, err := s.ask(ctx, c.Question)
	if err != nil {
		return out, err
	}
	out.Answer, out.Abstained = a.Text, a.Abstained
	isCurrent, isOld, err := judge(c, a.Text)
	if err != nil {
		return out, err
	}
	out.Correct = isCurrent && !isOld && !a.Abstained
	out.StaleSaid = isOld && !isCurrent
	for _, cited := range a.Citations {
		v, isVersion := known[versionKey{cited.Passage.DocumentKey, cited.Passage.EffectiveFrom.Unix()}]
		out.Cited = out.Cited || isVersion && v.File == c.File
		out.Stale = out.Stale || isStale(cited.Passage)
	}
	return out, nil
}

func (s Subject) ask(ctx context.Context, question string) (answer.Answer, error) {
	var done answer.Answer
	for event, err := range s.Answers.Answer(ctx, evaluator, answer.Question{Text: question}) {
		if err != nil {
			return answer.Answer{}, err
		}
		if d, ok := event.(answer.Done); ok {
			done = d.Answer
		}
	}
	return done, nil
}

func judge(c caseEntry, text string) (isCurrent, isOld bool, err error) {
	var outdated []string
	for _, o := range c.Outdated {
		outdated = append(outdated, o.Pattern)
	}
	if isCurrent, err = matchesAny(c.Patterns, text); err != nil {
		return false, false, err
	}
	isOld, err = matchesAny(outdated, text)
	return isCurrent, isOld, err
}

func matchesAny(patterns []string, text string) (bool, error) {
	for _, p := range patterns {
		if p == "" {
			continue
		}
		re, err := regexp2.Compile(p, regexp2.IgnoreCase) // sets use look-ahead, which the standard library lacks
		if err != nil {
			return false, fmt.Errorf("pattern %q: %w", p, err)
		}
		re.MatchTimeout = time.Second
		if matches, err := re.MatchString(text); err != nil || matches {
			return matches, err
		}
	}
	return false, nil
}

// count adds one outcome to the report.
func (r *VersionsReport) count(c caseEntry, out CaseReport) {
	if c.Type == "value_changed" || c.Type == "reverted" {
		r.Changed++
		for _, k := range []int{1, 5, 10} {
			if out.Rank > 0 && out.Rank <= k {
				r.Current[fmt.Sprint(k)]++
			}
		}
	}
	if out.Stale {
		r.StaleAt10++
	}
	if out.StaleSaid {
		r.Stale++
	}
	if slices.Contains([]string{"unanswerable", "withdrawn", "removed_fact"}, c.Type) {
		r.ShouldNot++
		if out.Abstained {
			r.Abstained++
		}
	} else {
		r.Answerable++
		if out.Abstained {
			r.Over++
		}
		if out.Correct {
			r.Correct++
		}
		if out.Cited {
			r.Cited++
		}
	}
	r.Cases = append(r.Cases, out)
}

// firstLetters is the beginning of a piece of Markdown as the pipeline's text would have it, letters and
// digits only, so that neither mark-up nor white space decides whether a passage holds it.
func firstLetters(ctx context.Context, markdown string, n int) (string, error) {
	if strings.TrimSpace(markdown) == "" {
		return "", nil
	}
	body := strings.NewReader(strings.TrimPrefix(markdown, "title: ")) // a line of front matter
	doc, err := parse.File(ctx, parse.Source{Name: "evidence.md", Body: body, Size: body.Size()}, parse.Limits{})
	if err != nil {
		return "", fmt.Errorf("read evidence: %w", err)
	}
	// An item cut out of its list begins to count at 1 again, so its number decides nothing.
	text := []rune(listNumber.ReplaceAllString(strings.Join(strings.Fields(clean.Apply(doc).Text()), " "), ""))
	return letters(string(text[:min(n, len(text))])), nil
}

var listNumber = regexp.MustCompile(`^\d{1,3}[.)] `)

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
