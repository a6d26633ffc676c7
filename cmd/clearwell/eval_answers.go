package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"clearwell/internal/eval"
)

type evalAnswersCommand struct {
	Set       string `help:"Questions, one JSON object a line: id, question, answers (null: there is none), document, type." required:"" placeholder:"FILE" type:"existingfile"`
	Corpus    string `help:"Documents, one JSON object a line, in BEIR's format; without any, this library is asked." placeholder:"FILE" type:"existingfile"`
	Documents string `help:"Documents, as the files of a folder; without any, this library is asked." placeholder:"DIR" type:"existingdir"`
	All       bool   `help:"Print every question, not only the misses."`
	halfFlag
	evalFlags
}

// Run loads the documents into a scratch database, or takes this library, and asks every question.
func (c *evalAnswersCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	set := eval.AnswersSet{Questions: c.Set, Corpus: eval.Corpus{Entries: c.Corpus, Folder: c.Documents}, Half: eval.Half(c.Half)}
	earlier, err := c.earlier(eval.OfAnswers, set.Fingerprint)
	if err != nil {
		return err
	}
	on := onScratch
	if set.AsksLibrary() {
		on = onLibrary
	}
	return on(ctx, cfg, log, func(r *rooms) error {
		report, err := eval.Answers(ctx, r.subject(), set, r.settings(cfg))
		if err != nil {
			return err
		}
		if report.Run, err = c.finish(report.Run, earlier); err != nil {
			return err
		}
		if c.JSON {
			return printJSON(os.Stdout, report)
		}
		c.print(report, set.AsksLibrary())
		return printRun(os.Stdout, report.Run)
	})
}

func (c *evalAnswersCommand) print(r eval.AnswersReport, isLibrary bool) {
	for _, o := range r.Outcomes {
		isMiss := o.IsAnswerable != o.Recalled || !o.IsAnswerable && !o.Abstained || !o.AllValid
		if c.All || isMiss {
			fmt.Printf("%s %s answerable %-5t abstained %-5t recalled %-5t  %s\n    %s\n", o.ID, o.Type, o.IsAnswerable, o.Abstained,
				o.Recalled, o.Question, shorten(o.Answer, 240))
		}
	}
	printRefused(r.Refused)
	documents := fmt.Sprintf("%d documents loaded in %.0f s", r.Documents, r.LoadSeconds)
	if isLibrary {
		documents = fmt.Sprintf("documents in force in this library: %d", r.Documents)
	}
	fmt.Printf("\n%s; %d questions, %d answerable\n", documents, r.Questions, r.Answerable)
	fmt.Printf("answer-string recall %s\n", shareOf(r.Recalled, r.Answerable))
	fmt.Printf("abstention precision %s   recall %s\n", shareOf(r.RightlySo, r.Abstained), shareOf(r.RightlySo, r.Questions-r.Answerable))
	printCitations(r.Citations)
	fmt.Printf("disagreements shown %d\n", r.Conflicts)
	if r.Run.Settings.Answerer != eval.Extractive {
		fmt.Printf("model's answers: shown unmarked %d, with %d marked statements %d, replaced by extracts %d; citations dropped %d, links and tags removed %d\n",
			r.Unmarked, r.Flagged, r.FlaggedIn, r.Replaced, r.Dropped, r.Removed)
	}
	fmt.Printf("answers took p50 %.0f ms, p95 %.0f ms\n", r.P50Millis, r.P95Millis)
}
