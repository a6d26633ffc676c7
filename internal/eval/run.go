package eval

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"clearwell/internal/fault"
)

// Kind says what was measured.
type Kind string

// The kinds of measurement.
const (
	OfRetrieval Kind = "retrieval"
	OfVersions  Kind = "versions"
	OfAnswers   Kind = "answers"
	OfConflicts Kind = "conflicts"
	OfParse     Kind = "parse"
)

// Extractive is the answerer without a chat model.
const Extractive = "extractive"

// Settings are what a run was made with.
type Settings struct {
	Version    string   `json:"version"`              // of the program
	Model      string   `json:"model,omitempty"`      // that embeds
	Dimensions int      `json:"dimensions,omitempty"` // of its vectors
	Answerer   string   `json:"answerer,omitempty"`   // the chat model, or Extractive
	Reranker   string   `json:"reranker,omitempty"`   // "" without one
	Half       Half     `json:"half,omitempty"`
	Seed       uint64   `json:"seed,omitempty"`
	Without    []string `json:"without,omitempty"`  // parts of the search that were left out
	Exponent   float64  `json:"exponent,omitempty"` // of the lexical score; 0: the usual one
}

// Metric is a figure that questions have a value of. The first of a run decides whether a question got better.
type Metric struct {
	Name          string `json:"name"`
	LowerIsBetter bool   `json:"lower_is_better,omitempty"`
}

// Outcome is what became of one question.
type Outcome struct {
	Part     string `json:"part"` // what is never counted together: an arm of a question set
	Type     string `json:"type,omitempty"`
	ID       string `json:"id"` // unique in its part
	Question string `json:"question,omitempty"`
	// Values by metric; a metric that doesn't apply to the question is missing.
	Values map[string]float64 `json:"values"`
}

// Figure is a mean over the questions of a part, or of one type of it, with its 95 % interval: Wilson's for shares,
// a bootstrap's for means.
type Figure struct {
	Part      string `json:"part"`
	Type      string `json:"type"` // "" for all
	Metric    string `json:"metric"`
	Questions int    `json:"questions"`
	Interval
}

// Run is a measurement, question by question, in the form in which it is stored and compared.
type Run struct {
	Kind      Kind      `json:"kind"`
	SetSHA256 string    `json:"set_sha256"` // of all files of the set, in hexadecimal
	Settings  Settings  `json:"settings"`
	At        time.Time `json:"at"`
	Metrics   []Metric  `json:"metrics"`
	Figures   []Figure  `json:"figures"`
	Outcomes  []Outcome `json:"outcomes,omitempty"`
	// Comparison with an earlier run, for print; it is not stored.
	Comparison *Comparison `json:"comparison,omitempty"`
}

// newRun sums the outcomes up.
func newRun(kind Kind, set string, settings Settings, metrics []Metric, outcomes []Outcome) Run {
	r := Run{Kind: kind, SetSHA256: set, Settings: settings, At: time.Now().UTC().Truncate(time.Second),
		Metrics: metrics, Outcomes: outcomes}
	for _, part := range r.Parts() {
		types := r.types(part)
		r.addFigures(part, "")
		if len(types) > 1 {
			for _, kind := range types {
				r.addFigures(part, kind)
			}
		}
	}
	return r
}

// Parts are the run's parts in the order of their first question.
func (r Run) Parts() []string {
	var parts []string
	for _, o := range r.Outcomes {
		if !slices.Contains(parts, o.Part) {
			parts = append(parts, o.Part)
		}
	}
	return parts
}

func (r Run) types(part string) []string {
	var types []string
	for _, o := range r.Outcomes {
		if o.Part == part && !slices.Contains(types, o.Type) {
			types = append(types, o.Type)
		}
	}
	slices.Sort(types)
	return types
}

// addFigures adds a figure of each metric that a question of the part, and type unless it is "", has a value of.
func (r *Run) addFigures(part, kind string) {
	for _, m := range r.Metrics {
		var values []float64
		for _, o := range r.Outcomes {
			if value, ok := o.Values[m.Name]; ok && o.Part == part && (kind == "" || o.Type == kind) {
				values = append(values, value)
			}
		}
		if len(values) > 0 {
			r.Figures = append(r.Figures, Figure{Part: part, Type: kind, Metric: m.Name, Questions: len(values), Interval: intervalOf(values)})
		}
	}
}

// Figure is the metric over all questions of the part; false if none has a value.
func (r Run) Figure(part, metric string) (Figure, bool) {
	at := slices.IndexFunc(r.Figures, func(f Figure) bool { return f.Part == part && f.Type == "" && f.Metric == metric })
	if at < 0 {
		return Figure{}, false
	}
	return r.Figures[at], true
}

// Save stores the run as JSON.
func (r Run) Save(path string) error {
	r.Comparison = nil
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("store run: %w", err)
	}
	if err := os.WriteFile(path, append(body, '\n'), 0o600); err != nil {
		return fault.Wrapf(err, fault.Invalid, "unwritable_run", "The run can't be written to %q: choose another --save.", path)
	}
	return nil
}

// ReadRun reads a stored run that shall be compared with one of the same kind over the set with this SHA-256.
// Errors: fault.Invalid with unreadable_run, other_kind or other_set.
func ReadRun(path string, kind Kind, set string) (Run, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return Run{}, unreadable(err, path)
	}
	var r Run
	if err := json.Unmarshal(body, &r); err != nil {
		return Run{}, unreadable(err, path)
	}
	switch {
	case len(r.Outcomes) == 0 || r.SetSHA256 == "":
		return Run{}, unreadable(nil, path)
	case r.Kind != kind:
		return Run{}, fault.Newf(fault.Invalid, "other_kind",
			"The run in %q measured %s and this one measures %s: name a run of the same command.", path, cmp.Or(r.Kind, "nothing"), kind)
	case r.SetSHA256 != set:
		return Run{}, fault.Newf(fault.Invalid, "other_set",
			"The run in %q was made on another question set (SHA-256 %.12s… instead of %.12s…): figures of two sets can't be compared.",
			path, r.SetSHA256, set)
	}
	return r, nil
}

func unreadable(cause error, path string) error {
	return fault.Wrapf(cause, fault.Invalid, "unreadable_run", "There is no stored run in %q: name a file that --save wrote.", path)
}
