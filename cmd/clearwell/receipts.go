package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"clearwell/internal/fault"
	"clearwell/internal/journal"
	"clearwell/internal/library"
)

type receiptsCommand struct {
	ID       string `arg:"" optional:"" help:"Show what the answer of this id stood on."`
	Outdated bool   `help:"List answers that cite what was superseded, withdrawn or erased since, or has expired."`
	Days     int    `help:"Only answers of the last so many days." default:"30" placeholder:"N"`
	Limit    int    `help:"Answers wanted, 1–1,000." default:"100" placeholder:"N"`
	JSON     bool   `help:"Print JSON." name:"json"`
}

// Run shows one receipt, or lists those of outdated answers, newest first.
func (c *receiptsCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	if c.Days < 1 || c.Days > 36500 {
		return fault.Newf(fault.Invalid, "invalid_days", "--days %d is no span of time; write a number from 1 to 36500.", c.Days)
	}
	if c.Outdated == (c.ID != "") {
		return fault.Newf(fault.Invalid, "missing_answer", "Give the id of one answer, or --outdated to list those that no longer hold.")
	}
	db, err := openDatabase(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer db.Close()
	found, err := c.find(ctx, journal.New(db.Pool))
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, map[string]any{"receipts": receiptsJSON(found)})
	}
	if len(found) == 0 {
		fmt.Printf("No answer of the last %d days is outdated.\n", c.Days)
		return nil
	}
	return printReceipts(ctx, os.Stdout, library.New(db.Pool), found)
}

func (c *receiptsCommand) find(ctx context.Context, jour *journal.Journal) ([]journal.Receipt, error) {
	if c.Outdated {
		return jour.Outdated(ctx, time.Now().AddDate(0, 0, -c.Days), c.Limit)
	}
	one, err := jour.Receipt(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	return []journal.Receipt{one}, nil
}

func printReceipts(ctx context.Context, w io.Writer, lib *library.Store, receipts []journal.Receipt) error {
	for _, r := range receipts {
		fmt.Fprintf(w, "%s  %s  %s\n  %s\n", r.At.Local().Format(time.DateTime), r.AnswerID, shorten(r.Question, 100), shorten(r.Answer, 200))
		for _, c := range r.Citations {
			key, err := keyOf(ctx, lib, c.DocumentID)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "  [%d] %s, revision %d: %q\n", c.N, key, c.Revision, shorten(c.Quote, 120))
		}
		for _, o := range r.Outdated {
			key, err := keyOf(ctx, lib, o.DocumentID)
			if err != nil {
				return err
			}
			ended := ""
			if o.EndedAt != nil {
				ended = " on " + o.EndedAt.Format(time.DateOnly)
			}
			fmt.Fprintf(w, "  outdated: [%d] %s, revision %d, %s%s\n", o.N, key, o.Revision, o.EndedBy, ended)
		}
		fmt.Fprintln(w)
	}
	return nil
}

// keyOf names a document, also one that is gone.
func keyOf(ctx context.Context, lib *library.Store, documentID int64) (string, error) {
	doc, err := lib.Document(ctx, documentID)
	if fault.KindOf(err) == fault.NotFound {
		return fmt.Sprintf("document %d", documentID), nil
	}
	return doc.Key, err
}

type outdatedShape struct {
	N          int        `json:"n"`
	DocumentID string     `json:"document_id"`
	Revision   int        `json:"revision"`
	EndedAt    *time.Time `json:"ended_at"`
	EndedBy    string     `json:"ended_by"`
}

type citedShape struct {
	N          int    `json:"n"`
	DocumentID string `json:"document_id"`
	Revision   int    `json:"revision"`
	Quote      string `json:"quote"`
	Former     bool   `json:"former"`
}

type receiptShape struct {
	AnswerID     string          `json:"answer_id"`
	At           time.Time       `json:"at"`
	AskedBy      string          `json:"asked_by"`
	Question     string          `json:"question"`
	Answer       string          `json:"answer"`
	AsOf         time.Time       `json:"as_of"`
	AskedAsOf    *time.Time      `json:"asked_as_of"`
	AskedKnownAt *time.Time      `json:"asked_known_at"`
	Model        string          `json:"model"`
	PromptSHA256 string          `json:"prompt_sha256"`
	Citations    []citedShape    `json:"citations"`
	Outdated     []outdatedShape `json:"outdated"`
}

func receiptsJSON(receipts []journal.Receipt) []receiptShape {
	out := make([]receiptShape, len(receipts))
	for i, r := range receipts {
		out[i] = receiptShape{r.AnswerID, r.At, r.Actor, r.Question, r.Answer, r.AsOf, r.AskedAsOf, r.AskedKnownAt, r.Model,
			hex.EncodeToString(r.PromptSHA256), make([]citedShape, len(r.Citations)), make([]outdatedShape, len(r.Outdated))}
		for j, c := range r.Citations {
			out[i].Citations[j] = citedShape{c.N, fmt.Sprint(c.DocumentID), c.Revision, c.Quote, c.IsFormer}
		}
		for j, o := range r.Outdated {
			out[i].Outdated[j] = outdatedShape{o.N, fmt.Sprint(o.DocumentID), o.Revision, o.EndedAt, o.EndedBy}
		}
	}
	return out
}
