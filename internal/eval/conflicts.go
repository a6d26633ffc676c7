package eval

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"clearwell/internal/access"
	"clearwell/internal/answer"
	"clearwell/internal/fault"
	"clearwell/internal/ingest"
	"clearwell/internal/journal"
	"clearwell/internal/retrieve"
)

// ConflictsSet is questions with documents of their own: JSON lines {id, question, documents [{doc, type: correct,
// misinfo or noise, answer, text}], gold_answers, wrong_answers, has_conflict}.
type ConflictsSet struct {
	Cases string
	Half  Half // of the cases
}

// ConflictsReport is what the answers to the cases came to.
type ConflictsReport struct {
	Questions   int       `json:"questions"`
	Conflicting int       `json:"conflicting"`
	Refused     []string  `json:"refused"` // documents that were not published, with the reason
	Shown       Interval  `json:"shown"`   // answers that show a disagreement, of the conflicting cases
	Falsely     Interval  `json:"falsely_shown"`
	Exact       Interval  `json:"exact_match"` // the answer holds every gold answer and no wrong one
	Citations   Citations `json:"citations"`
	LoadSeconds float64   `json:"load_seconds"`
	// Outcomes are the cases in the order of the file.
	Outcomes []ConflictOutcome `json:"outcomes"`
	Run      Run               `json:"run"`
}

// ConflictOutcome is one case's.
type ConflictOutcome struct {
	ID          string     `json:"id"`
	Type        string     `json:"type"`
	Question    string     `json:"question"`
	HasConflict bool       `json:"has_conflict"`
	Shown       bool       `json:"shown"`
	Values      [][]string `json:"values"`       // of each disagreement that is shown
	ValuesRight bool       `json:"values_right"` // two of them are different answers of the case's documents
	Exact       bool       `json:"exact_match"`
	Abstained   bool       `json:"abstained"`
	Answer      string     `json:"answer"`
	Citations   int        `json:"citations"`
	AllValid    bool       `json:"citations_valid"`
}

type conflictEntry struct {
	ID        string `json:"id"`
	Question  string `json:"question"`
	Documents []struct {
		Doc    int    `json:"doc"`
		Type   string `json:"type"`
		Answer string `json:"answer"`
		Text   string `json:"text"`
	} `json:"documents"`
	Gold        []string `json:"gold_answers"`
	Wrong       []string `json:"wrong_answers"`
	HasConflict bool     `json:"has_conflict"`

	collection string // of its documents
}

var conflictMetrics = []Metric{{Name: "right"}, {Name: "shown"}, {Name: "falsely shown", LowerIsBetter: true}, {Name: "values right"},
	{Name: "exact match"}, {Name: "abstained", LowerIsBetter: true}, {Name: "citations valid"}}

// Fingerprint is the SHA-256 of the cases.
func (set ConflictsSet) Fingerprint() (string, error) { return fingerprint([]string{set.Cases}) }

// Conflicts gives each case its documents as the context of its question and asks, without a chat model. The documents
// of a case are a collection of their own; all of them are the context, whatever a search would think of them.
func Conflicts(ctx context.Context, s Subject, set ConflictsSet, settings Settings) (ConflictsReport, error) {
	hash, err := set.Fingerprint()
	if err != nil {
		return ConflictsReport{}, err
	}
	cases, err := readLines[conflictEntry](set.Cases)
	if err != nil {
		return ConflictsReport{}, err
	}
	if cases = halfOf(set.Half, cases); len(cases) == 0 {
		return ConflictsReport{}, fault.Newf(fault.Invalid, "no_questions", "There is no question in %q: give one JSON object a line.", set.Cases)
	}
	for i := range cases {
		cases[i].collection = fmt.Sprintf("case-%d", i+1)
	}
	service, err := s.fromGiven()
	if err != nil {
		return ConflictsReport{}, err
	}
	s.Answers = service
	report := ConflictsReport{Questions: len(cases)}
	started := time.Now()
	if report.Refused, err = s.load(ctx, conflictUploads(cases)); err != nil {
		return ConflictsReport{}, err
	}
	report.LoadSeconds = time.Since(started).Seconds()
	checker := newCitationChecker(s.Library)
	for _, c := range cases {
		out, err := s.tryConflict(ctx, c, checker, &report.Citations)
		if err != nil {
			return ConflictsReport{}, fmt.Errorf("question %s: %w", c.ID, err)
		}
		report.Outcomes = append(report.Outcomes, out)
	}
	report.sum()
	settings.Half, settings.Answerer = cmp.Or(set.Half, All), Extractive
	report.Run = newRun(OfConflicts, hash, settings, conflictMetrics, report.runOutcomes())
	return report, nil
}

func conflictUploads(cases []conflictEntry) []ingest.Upload {
	var all []ingest.Upload
	for _, c := range cases {
		for _, d := range c.Documents {
			key := fmt.Sprintf("%s-%d", c.ID, d.Doc)
			up := upload(key, "", key+".txt", d.Text)
			up.Collection = c.collection
			all = append(all, up)
		}
	}
	return all
}

// given is a search that finds all passages of a collection.
type given struct{ *retrieve.Searcher }

// Search returns up to a hundred passages, ranked as usual.
func (g given) Search(ctx context.Context, who access.Principal, q retrieve.Query) (retrieve.Result, error) {
	q.Limit = 100
	return g.Searcher.Search(ctx, who, q)
}

// forgetful records nothing: a measurement leaves no receipts.
type forgetful struct{}

// Answered does nothing.
func (forgetful) Answered(context.Context, journal.Receipt) error { return nil }

// fromGiven is the answer room over given documents, without a chat model; nothing is too little evidence.
func (s Subject) fromGiven() (*answer.Service, error) {
	always := answer.Evidence{Coverage: answer.Spread{Mean: -1e6, Deviation: 1}}
	config := answer.Config{Passages: 100, Evidence: always}
	return answer.New(given{s.Searcher}, s.Embedder, nil, forgetful{}, nil, config, slog.New(slog.DiscardHandler))
}

func (s Subject) tryConflict(ctx context.Context, c conflictEntry, checker *citationChecker, count *Citations) (ConflictOutcome, error) {
	out := ConflictOutcome{ID: c.ID, Type: c.kind(), Question: c.Question, HasConflict: c.HasConflict}
	a, err := s.ask(ctx, c.Question, c.collection)
	if err != nil {
		return out, err
	}
	out.Answer, out.Abstained, out.Shown = a.Text, a.Abstained, len(a.Conflicts) > 0
	for _, conflict := range a.Conflicts {
		var values []string
		for _, v := range conflict.Values {
			values = append(values, v.Text)
		}
		out.Values = append(out.Values, values)
		out.ValuesRight = out.ValuesRight || c.known(values) > 1
	}
	isWrong := func(wrong string) bool { return says(a.Text, wrong) }
	isMissing := func(gold string) bool { return !says(a.Text, gold) }
	out.Exact = !a.Abstained && !slices.ContainsFunc(c.Gold, isMissing) && !slices.ContainsFunc(c.Wrong, isWrong)
	out.Citations, out.AllValid, err = checker.check(ctx, c.ID, a, count)
	return out, err
}

// kind says what disagrees: misinformation with the truth, several valid answers with each other, or both.
func (c conflictEntry) kind() string {
	hasMisinformation := false
	for _, d := range c.Documents {
		hasMisinformation = hasMisinformation || d.Type == "misinfo"
	}
	switch {
	case !c.HasConflict:
		return "none"
	case hasMisinformation && len(c.Gold) > 1:
		return "both"
	case hasMisinformation:
		return "misinformation"
	}
	return "ambiguity"
}

// known counts the different answers of the case's documents that the values name.
func (c conflictEntry) known(values []string) int {
	var answers []string
	for _, a := range slices.Concat(c.Gold, c.Wrong) {
		isNamed := slices.ContainsFunc(values, func(v string) bool { return says(v, a) || says(a, v) })
		if isNamed && !slices.Contains(answers, words(a)) {
			answers = append(answers, words(a))
		}
	}
	return len(answers)
}

func (r *ConflictsReport) sum() {
	shown, falsely, exact := 0, 0, 0
	for _, o := range r.Outcomes {
		r.Conflicting += int(one(o.HasConflict))
		shown += int(one(o.HasConflict && o.Shown))
		falsely += int(one(!o.HasConflict && o.Shown))
		exact += int(one(o.Exact))
	}
	r.Shown, r.Falsely, r.Exact = Share(shown, r.Conflicting), Share(falsely, r.Questions-r.Conflicting), Share(exact, r.Questions)
}

func (r *ConflictsReport) runOutcomes() []Outcome {
	var all []Outcome
	for _, o := range r.Outcomes {
		values := map[string]float64{"right": one(o.Shown == o.HasConflict), "exact match": one(o.Exact), "abstained": one(o.Abstained)}
		if o.HasConflict {
			values["shown"] = one(o.Shown)
		} else {
			values["falsely shown"] = one(o.Shown)
		}
		if o.HasConflict && o.Shown {
			values["values right"] = one(o.ValuesRight)
		}
		if o.Citations > 0 {
			values["citations valid"] = one(o.AllValid)
		}
		all = append(all, Outcome{Part: "cases", Type: o.Type, ID: o.ID, Question: o.Question, Values: values})
	}
	return all
}
