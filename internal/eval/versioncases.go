package eval

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/dlclark/regexp2"

	"clearwell/internal/answer"
	"clearwell/internal/clean"
	"clearwell/internal/parse"
	"clearwell/internal/retrieve"
)

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
	// Citations is how many the answer has; AllValid that each stands in a revision in force, letter by letter.
	Citations int   `json:"citations"`
	AllValid  bool  `json:"citations_valid"`
	Conflicts int   `json:"conflicts"`       // disagreements that the answer shows
	Cause     Cause `json:"cause,omitempty"` // of a wrong answer, or of evidence that is not among the first five
	// ArmRanks are the places of that evidence in each arm alone, from 1; 0: not among a hundred.
	ArmRanks map[retrieve.Arm]int `json:"arm_ranks,omitempty"`
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

// Values of a case. The first decides whether the case got better: a right answer, or none where there is none.
var caseMetrics = []Metric{{Name: "right"}, {Name: "correct"}, {Name: "current@1"}, {Name: "current@5"}, {Name: "current@10"},
	{Name: "stale@10", LowerIsBetter: true}, {Name: "stale said", LowerIsBetter: true}, {Name: "abstained"},
	{Name: "over-abstained", LowerIsBetter: true}, {Name: "cites current"}, {Name: "citations valid"}, {Name: "conflict shown"}}

// isAnswerable reports whether a current document states the answer.
func isAnswerable(kind string) bool {
	return !slices.Contains([]string{"unanswerable", "withdrawn", "removed_fact"}, kind)
}

// hasChanged reports whether the case counts for current@k.
func hasChanged(kind string) bool { return kind == "value_changed" || kind == "reverted" }

// caseTrial asks cases of a loaded library.
type caseTrial struct {
	Subject
	known     map[versionKey]versionEntry
	citations *citationChecker
	counted   *Citations
}

func (t caseTrial) run(ctx context.Context, c caseEntry) (CaseReport, error) {
	out := CaseReport{ID: c.ID, Type: c.Type, Question: c.Question}
	found, err := t.Searcher.Search(ctx, evaluator, retrieve.Query{Text: c.Question})
	if err != nil {
		return out, err
	}
	evidence, err := firstLetters(ctx, c.Evidence, 80)
	if err != nil {
		return out, err
	}
	out.Rank = rankOf(found.Passages, c.DocID, evidence)
	out.Stale = slices.ContainsFunc(found.Passages, t.isStale)
	a, err := t.ask(ctx, c.Question)
	if err != nil {
		return out, err
	}
	if err := t.judgeAnswer(ctx, c, a, &out); err != nil {
		return out, err
	}
	if !out.isRight() || isAnswerable(c.Type) && evidence != "" && (out.Rank == 0 || out.Rank > topRank) {
		err = t.explain(ctx, c, evidence, &out)
	}
	return out, err
}

func (t caseTrial) judgeAnswer(ctx context.Context, c caseEntry, a answer.Answer, out *CaseReport) error {
	out.Answer, out.Abstained, out.Conflicts = a.Text, a.Abstained, len(a.Conflicts)
	isCurrent, isOld, err := judge(c, a.Text)
	if err != nil {
		return err
	}
	out.Correct = isCurrent && !isOld && !a.Abstained
	out.StaleSaid = isOld && !isCurrent
	for _, cited := range a.Citations {
		out.Cited = out.Cited || c.File != "" && t.fileOf(cited.Passage).File == c.File
		out.Stale = out.Stale || t.isStale(cited.Passage)
	}
	out.Citations, out.AllValid, err = t.citations.check(ctx, c.ID, a, t.counted)
	return err
}

// fileOf is the version that a passage stands in; empty for other documents.
func (t caseTrial) fileOf(p retrieve.Passage) versionEntry {
	return t.known[versionKey{p.DocumentKey, p.EffectiveFrom.Unix()}]
}

func (t caseTrial) isStale(p retrieve.Passage) bool {
	v := t.fileOf(p)
	return v.File != "" && v.Status != "current"
}

// isRight reports whether the answer is what the set wants of the case's type.
func (out CaseReport) isRight() bool {
	if !isAnswerable(out.Type) {
		return out.Abstained && !out.StaleSaid
	}
	return out.Correct
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
	if hasChanged(c.Type) {
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
	r.countAnswer(c, out)
	if out.Cause != "" {
		r.Causes[out.Cause]++
	}
	r.Cases = append(r.Cases, out)
}

func (r *VersionsReport) countAnswer(c caseEntry, out CaseReport) {
	if !isAnswerable(c.Type) {
		r.ShouldNot++
		if out.Abstained {
			r.Abstained++
		}
		return
	}
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

// outcomes are the cases as a run stores them.
func (r *VersionsReport) outcomes() []Outcome {
	var all []Outcome
	for _, c := range r.Cases {
		values := map[string]float64{"right": one(c.isRight()), "stale@10": one(c.Stale), "stale said": one(c.StaleSaid), "conflict shown": one(c.Conflicts > 0)}
		if isAnswerable(c.Type) {
			values["correct"], values["over-abstained"], values["cites current"] = one(c.Correct), one(c.Abstained), one(c.Cited)
		} else {
			values["abstained"] = one(c.Abstained)
		}
		if hasChanged(c.Type) {
			for _, k := range []int{1, 5, 10} {
				values[fmt.Sprintf("current@%d", k)] = one(c.Rank > 0 && c.Rank <= k)
			}
		}
		if c.Citations > 0 {
			values["citations valid"] = one(c.AllValid)
		}
		all = append(all, Outcome{Part: "cases", Type: c.Type, ID: c.ID, Question: c.Question, Values: values})
	}
	return all
}

// one is 1 for what is so.
func one(isSo bool) float64 {
	if isSo {
		return 1
	}
	return 0
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
