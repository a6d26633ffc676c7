package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"clearwell/internal/eval"
)

// interval is a figure with the bounds of its 95 % interval.
func interval(i eval.Interval) string {
	return fmt.Sprintf("%.3f [%.3f–%.3f]", i.Value, i.Low, i.High)
}

// shareOf is a share with its counts and its interval; no share where there is nothing to share.
func shareOf(n, of int) string {
	if of == 0 {
		return "0 of 0"
	}
	return fmt.Sprintf("%d of %d: %s", n, of, interval(eval.Share(n, of)))
}

// printRun prints a table for each kind of part: a row a part, or a type of its questions, with 95 % intervals.
func printRun(w io.Writer, r eval.Run) error {
	var metrics []string
	for _, m := range r.Metrics {
		if slices.ContainsFunc(r.Figures, func(f eval.Figure) bool { return f.Metric == m.Name }) {
			metrics = append(metrics, m.Name)
		}
	}
	cells := make(map[string]string)
	count := make(map[string]int)
	var rows []string
	for _, f := range r.Figures {
		row := rowName(f.Part, f.Type)
		if !slices.Contains(rows, row) {
			rows = append(rows, row)
		}
		cells[row+"\t"+f.Metric] = interval(f.Interval)
		count[row] = max(count[row], f.Questions)
	}
	fmt.Fprintf(w, "\nwith 95 %% intervals; half: %s\n", cmp.Or(r.Settings.Half, eval.All))
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\tn\t%s\n", strings.Join(metrics, "\t"))
	for _, row := range rows {
		fmt.Fprintf(table, "%s\t%d", row, count[row])
		for _, m := range metrics {
			fmt.Fprintf(table, "\t%s", cmp.Or(cells[row+"\t"+m], "–"))
		}
		fmt.Fprintln(table)
	}
	if err := table.Flush(); err != nil || r.Comparison == nil {
		return err
	}
	return printComparison(w, *r.Comparison)
}

func rowName(part, kind string) string {
	if kind == "" {
		return part
	}
	return "  " + part + ", " + kind
}

// shownChanges is how many questions of each direction are printed; JSON has them all.
const shownChanges = 20

func printComparison(w io.Writer, c eval.Comparison) error {
	fmt.Fprintf(w, "\nagainst %s, on %d common questions (%d of one run only); * the interval leaves zero out\n", madeWith(c.Earlier), c.Common, c.Only)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\tmetric\tn\tbefore\tafter\tdifference")
	for _, d := range c.Deltas {
		if d.Interval == (eval.Interval{}) {
			continue
		}
		star := ""
		if d.IsSignificant() {
			star = " *"
		}
		fmt.Fprintf(table, "%s\t%s\t%d\t%.3f\t%.3f\t%+.3f [%+.3f %+.3f]%s\n", rowName(d.Part, d.Type), d.Metric, d.Questions, d.Before, d.After,
			d.Value, d.Low, d.High, star)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	printChanges(w, "better", c.Better)
	printChanges(w, "worse", c.Worse)
	return nil
}

// madeWith says what a run was made with.
func madeWith(s eval.Settings) string {
	text := "a run of version " + s.Version
	if s.Model != "" {
		text += fmt.Sprintf(" (%s, %d dimensions, %s)", s.Model, s.Dimensions, s.Answerer)
	}
	if s.Reranker != "" {
		text += ", reranked by " + s.Reranker
	}
	if len(s.Without) > 0 {
		text += " without " + strings.Join(s.Without, ", ")
	}
	if s.Exponent != 0 {
		text += fmt.Sprintf(" with exponent %g", s.Exponent)
	}
	return text
}

func printChanges(w io.Writer, title string, changes []eval.Change) {
	fmt.Fprintf(w, "%s: %d questions\n", title, len(changes))
	for _, change := range changes[:min(shownChanges, len(changes))] {
		fmt.Fprintf(w, "  %s %s  %s %.3f → %.3f  %s\n", change.Part, change.ID, change.Metric, change.Before, change.After, shorten(change.Question, 100))
	}
}

func printCitations(c eval.Citations) {
	for _, line := range c.Faults {
		fmt.Println("invalid citation:", line)
	}
	fmt.Printf("citations: in force %d, verbatim %d, placed %d, valid %s\n", c.InForce, c.Verbatim, c.Placed, shareOf(c.Valid, c.Checked))
}
