package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"

	"clearwell/internal/eval"
)

type evalParseCommand struct {
	Manifest string `help:"Files with what is expected of them, one JSON object a line; files relative to it." required:"" placeholder:"FILE" type:"existingfile"`
	evalFlags
}

// Run parses every file.
func (c *evalParseCommand) Run(ctx context.Context) error {
	set := eval.ParseSet{Manifest: c.Manifest}
	earlier, err := c.earlier(eval.OfParse, set.Fingerprint)
	if err != nil {
		return err
	}
	report, err := eval.Parse(ctx, set, eval.Settings{Version: version})
	if err != nil {
		return err
	}
	if report.Run, err = c.finish(report.Run, earlier); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, report)
	}
	if err := c.print(report); err != nil {
		return err
	}
	return printRun(os.Stdout, report.Run)
}

func (c *evalParseCommand) print(r eval.ParseReport) error {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "file\texpected\tsnippets\tseconds\t")
	for _, f := range r.Results {
		note := f.Because
		if f.Code != "" {
			note = fmt.Sprintf("%s (%s: %s)", note, f.Code, f.Message)
		}
		fmt.Fprintf(table, "%s\t%s\t%d/%d\t%.3f\t%s\n", f.File, f.Expect, f.Snippets-len(f.Missing), f.Snippets, f.Seconds, note)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, f := range r.Results {
		if f.Code == eval.Unsupported {
			continue
		}
		for _, snippet := range f.Missing {
			fmt.Printf("not found in %s: %s\n", f.File, shorten(snippet, 120))
		}
	}
	fmt.Printf("\n%d files, %d as expected (%d of formats that are not read); %d of %d snippets found\n", r.Files, r.AsExpected,
		r.Unsupported, r.Found, r.Snippets)
	return nil
}
