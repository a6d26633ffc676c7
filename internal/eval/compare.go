package eval

import "slices"

// Comparison is how a run differs from an earlier one on the questions that both have.
type Comparison struct {
	Earlier Settings `json:"earlier"`
	Common  int      `json:"common_questions"`
	Only    int      `json:"questions_of_one_run_only"`
	Deltas  []Delta  `json:"deltas"`
	// Better and Worse are the questions whose first metric rose or fell.
	Better []Change `json:"better"`
	Worse  []Change `json:"worse"`
}

// Delta is the difference of a metric, later minus earlier, with the 95 % interval of a paired bootstrap.
type Delta struct {
	Part      string  `json:"part"`
	Type      string  `json:"type"` // "" for all
	Metric    string  `json:"metric"`
	Questions int     `json:"questions"`
	Before    float64 `json:"before"`
	After     float64 `json:"after"`
	Interval          // of After − Before
}

// IsSignificant reports whether the interval leaves zero out.
func (d Delta) IsSignificant() bool { return d.Low > 0 || d.High < 0 }

// Change is a question with another outcome than before.
type Change struct {
	Part     string  `json:"part"`
	Type     string  `json:"type,omitempty"`
	ID       string  `json:"id"`
	Question string  `json:"question,omitempty"`
	Metric   string  `json:"metric"`
	Before   float64 `json:"before"`
	After    float64 `json:"after"`
}

// pair is one question in both runs.
type pair struct{ before, after Outcome }

// Against compares the run with an earlier one of the same set.
func (r Run) Against(earlier Run) Comparison {
	type name struct{ part, id string }
	known := make(map[name]Outcome, len(earlier.Outcomes))
	for _, o := range earlier.Outcomes {
		known[name{o.Part, o.ID}] = o
	}
	var pairs []pair
	for _, o := range r.Outcomes {
		if before, ok := known[name{o.Part, o.ID}]; ok {
			pairs = append(pairs, pair{before, o})
		}
	}
	c := Comparison{Earlier: earlier.Settings, Common: len(pairs), Only: len(r.Outcomes) + len(earlier.Outcomes) - 2*len(pairs),
		Better: []Change{}, Worse: []Change{}}
	for _, part := range r.Parts() {
		types := r.types(part)
		c.addDeltas(r.Metrics, pairs, part, "")
		if len(types) > 1 {
			for _, kind := range types {
				c.addDeltas(r.Metrics, pairs, part, kind)
			}
		}
	}
	for _, p := range pairs {
		c.addChange(r.Metrics[0], p)
	}
	return c
}

func (c *Comparison) addDeltas(metrics []Metric, pairs []pair, part, kind string) {
	for _, m := range metrics {
		var before, after, differences []float64
		for _, p := range pairs {
			old, hadIt := p.before.Values[m.Name]
			now, hasIt := p.after.Values[m.Name]
			if hadIt && hasIt && p.after.Part == part && (kind == "" || p.after.Type == kind) {
				before, after, differences = append(before, old), append(after, now), append(differences, now-old)
			}
		}
		if len(differences) > 0 {
			c.Deltas = append(c.Deltas, Delta{Part: part, Type: kind, Metric: m.Name, Questions: len(differences),
				Before: mean(before), After: mean(after), Interval: pairedBootstrap(differences)})
		}
	}
}

// pairedBootstrap is the interval of the mean difference; where nothing differs there is nothing to draw.
func pairedBootstrap(differences []float64) Interval {
	if !slices.ContainsFunc(differences, func(d float64) bool { return d != 0 }) {
		return Interval{}
	}
	return bootstrap(differences)
}

func (c *Comparison) addChange(m Metric, p pair) {
	old, now := p.before.Values[m.Name], p.after.Values[m.Name]
	if old == now {
		return
	}
	change := Change{Part: p.after.Part, Type: p.after.Type, ID: p.after.ID, Question: p.after.Question, Metric: m.Name, Before: old, After: now}
	if (now > old) != m.LowerIsBetter {
		c.Better = append(c.Better, change)
		return
	}
	c.Worse = append(c.Worse, change)
}
