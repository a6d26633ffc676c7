package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"clearwell/internal/access"
	"clearwell/internal/retrieve"
)

type searchCommand struct {
	Query      string   `arg:"" help:"What to look for."`
	AsOf       string   `help:"Search another moment: a date or an RFC 3339 time." placeholder:"DATE"`
	KnownAt    string   `help:"Search what Clearwell knew then: a date or an RFC 3339 time." placeholder:"DATE"`
	Collection []string `help:"Limit to collections." placeholder:"NAME"`
	Limit      int      `help:"Passages wanted." default:"5"`
	JSON       bool     `help:"Print JSON." name:"json"`
}

// Run searches and prints the passages, best first.
func (c *searchCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	asOf, err := parseMoment(c.AsOf)
	if err != nil {
		return err
	}
	knownAt, err := parseMoment(c.KnownAt)
	if err != nil {
		return err
	}
	a, err := openApp(ctx, cfg, false, log)
	if err != nil {
		return err
	}
	defer a.close()
	found, err := a.searcher.Search(ctx, access.System("cli"), retrieve.Query{
		Text: c.Query, AsOf: asOf, KnownAt: knownAt, Collections: c.Collection, Limit: c.Limit,
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, passagesJSON(found.Passages))
	}
	if len(found.Passages) == 0 {
		fmt.Println("Nothing found.")
	}
	for i, p := range found.Passages {
		fmt.Printf("%d. %s  (%.3f)\n", i+1, sourceLine(p, p.PlaceAt(p.Start)), p.Score)
		fmt.Printf("   %s\n\n", shorten(p.Text, 300))
	}
	return nil
}

func passagesJSON(passages []retrieve.Passage) any {
	type passage struct {
		sourceShape
		Text  string  `json:"text"`
		Start int     `json:"start"`
		End   int     `json:"end"`
		Score float64 `json:"score"`
	}
	out := struct {
		Passages []passage `json:"passages"`
	}{[]passage{}}
	for _, p := range passages {
		out.Passages = append(out.Passages, passage{sourceJSON(p, p.PlaceAt(p.Start)), p.Text, p.Start, p.End, p.Score})
	}
	return out
}

// shorten makes one line of at most n code points.
func shorten(s string, n int) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) <= n {
		return string(runes)
	}
	return string(runes[:n-1]) + "…"
}
