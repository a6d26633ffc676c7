package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"clearwell/internal/answer"
	"clearwell/internal/eval"
	"clearwell/internal/fault"
)

type evalAbstentionCommand struct {
	Set          string            `help:"Folder with corpus.jsonl, queries.jsonl and qrels.tsv; none, and no --corpus: show the calibration of this library." placeholder:"DIR" type:"existingdir"`
	Corpus       string            `help:"Documents, one JSON object a line." placeholder:"FILE" type:"existingfile"`
	Queries      []string          `help:"Questions, one JSON object a line; repeat it for several lists over one corpus." placeholder:"FILE" type:"existingfile" sep:"none"`
	Qrels        []string          `help:"Relevance judgements, tab-separated; one for each --queries, or one for all." placeholder:"FILE" type:"existingfile" sep:"none"`
	RenameJudged map[string]string `help:"Beginnings of judged ids that the corpus has otherwise, to measure across languages: de-=en-." placeholder:"FROM=TO"`
	Calibrate    bool              `help:"Without a set: calibrate this library now."`
	Observed     string            `help:"With a set: keep what was observed, to fit on." placeholder:"FILE" type:"path"`
	Fit          []string          `help:"Learn the general weights from kept observations." placeholder:"FILE" type:"existingfile" sep:"none"`
	HeldBack     float64           `help:"With --fit: the share of answerable questions to give up." default:"0.07"`
	JSON         bool              `help:"Print JSON." name:"json"`
	halfFlag
}

// Run shows the library's calibration, measures a set, or fits.
func (c *evalAbstentionCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	switch {
	case len(c.Fit) > 0:
		return c.fit()
	case c.Set != "" || c.Corpus != "":
		return c.measure(ctx, cfg, log)
	case len(c.Queries)+len(c.Qrels) > 0 || c.Observed != "":
		return fault.Newf(fault.Invalid, "missing_corpus",
			"Questions are measured on documents that are loaded for them: name these with --corpus or --set, or leave --queries, --qrels and --observed out.")
	}
	return onLibrary(ctx, cfg, log, func(r *rooms) error { return c.show(ctx, r) })
}

func (c *evalAbstentionCommand) show(ctx context.Context, r *rooms) error {
	show := r.bar.Present
	if c.Calibrate {
		show = r.bar.Calibrate
	}
	calibration, err := show(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, calibration)
	}
	printCalibration(calibration)
	return nil
}

func (c *evalAbstentionCommand) measure(ctx context.Context, cfg *config, log *slog.Logger) error {
	retrieval := evalRetrievalCommand{Set: c.Set, Corpus: c.Corpus, Queries: c.Queries, Qrels: c.Qrels, RenameJudged: c.RenameJudged, halfFlag: c.halfFlag}
	set, err := retrieval.set()
	if err != nil {
		return err
	}
	return onScratch(ctx, cfg, log, func(r *rooms) error {
		subject := r.subject()
		subject.Upkeep = r.queue.Upkeep // calibrates itself, once
		report, err := eval.Abstention(ctx, subject, r.bar, set)
		if err != nil {
			return err
		}
		if err := c.keep(report.Observed); err != nil {
			return err
		}
		if c.JSON {
			return printJSON(os.Stdout, report)
		}
		printRefused(report.Refused)
		printCalibration(report.Calibration)
		fmt.Println()
		printAbstention(report.Sets)
		for _, set := range report.Sets {
			fmt.Printf("\n%s, by bar", set.Name)
			printCurve(set.Curve)
		}
		return nil
	})
}

// keep writes what was observed, one object a line.
func (c *evalAbstentionCommand) keep(seen []eval.Observation) error {
	if c.Observed == "" {
		return nil
	}
	file, err := os.Create(c.Observed)
	if err != nil {
		return fmt.Errorf("keep observations: %w", err)
	}
	enc := json.NewEncoder(file)
	for _, o := range seen {
		if err := enc.Encode(o); err != nil {
			return errors.Join(fmt.Errorf("keep observations: %w", err), file.Close())
		}
	}
	return file.Close()
}

func (c *evalAbstentionCommand) fit() error {
	var seen []eval.Observation
	for _, name := range c.Fit {
		found, err := readObservations(name)
		if err != nil {
			return err
		}
		seen = append(seen, found...)
	}
	for _, isForeign := range []bool{false, true} {
		fitted, err := eval.Fit(seen, isForeign, c.HeldBack)
		if err != nil {
			return err
		}
		if c.JSON {
			if err := printJSON(os.Stdout, fitted); err != nil {
				return err
			}
			continue
		}
		fmt.Printf("questions in the passages' language: %t\n", !isForeign)
		for i, w := range fitted.Weights {
			fmt.Printf("  %-14s %6.2f\n", answer.MeasureNames[i], w)
		}
		fmt.Printf("  %-14s %6.2f\n\neven half, learned from\n", "bias", fitted.Bias)
		printAbstention(fitted.Fit)
		fmt.Println("\nodd half")
		printAbstention(fitted.Rest)
		fmt.Println()
	}
	return nil
}

func readObservations(name string) ([]eval.Observation, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read observations: %w", err)
	}
	defer file.Close()
	var seen []eval.Observation
	dec := json.NewDecoder(bufio.NewReader(file))
	for dec.More() {
		var o eval.Observation
		if err := dec.Decode(&o); err != nil {
			return nil, fmt.Errorf("read observations of %s: %w", name, err)
		}
		seen = append(seen, o)
	}
	return seen, nil
}

func printCalibration(c answer.Calibration) {
	if c.MadeAt.IsZero() {
		fmt.Printf("%s: not calibrated yet, the defaults serve\n", c.Model)
	} else {
		fmt.Printf("%s: calibrated on %d questions made from %d documents, %s\n", c.Model, c.Questions, c.Documents,
			c.MadeAt.Format(time.RFC3339))
	}
	for _, each := range []struct {
		name string
		answer.Spread
	}{{"coverage", c.Evidence.Coverage}, {"sentence", c.Evidence.Sentence}, {"cosine", c.Evidence.Cosine}, {"lead", c.Evidence.Lead}} {
		fmt.Printf("  %-9s %.3f ± %.3f\n", each.name, each.Mean, each.Deviation)
	}
	printCurve(c.Curve)
}

func printCurve(curve []answer.CurvePoint) {
	if len(curve) == 0 {
		return
	}
	fmt.Printf("\n%6s  %9s  %9s  %9s\n", "bar", "abstained", "held back", "precision")
	for _, p := range curve {
		fmt.Printf("%6.1f  %9.3f  %9.3f  %9.3f\n", p.Bar, p.Abstained, p.HeldBack, p.Precision)
	}
}

func printAbstention(sets []eval.AbstentionSetReport) {
	fmt.Printf("%-28s  %9s  %7s  %6s  %9s  %9s  %9s\n", "questions", "n", "foreign", "AUC", "abstained", "held back", "precision")
	for _, s := range sets {
		fmt.Printf("%-28s  %9d  %7.2f  %6.3f  %9.3f  %9.3f  %9.3f\n", s.Name, s.Questions, s.Foreign, s.AUC, s.Abstained,
			s.HeldBack, s.Precision)
	}
}
