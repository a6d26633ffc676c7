package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"text/tabwriter"

	"clearwell/internal/access"
	"clearwell/internal/fault"
	"clearwell/internal/library"
)

type collectionsCommand struct {
	List collectionsListCommand `cmd:"" default:"withargs" help:"List the collections with their settings."`
	Set  collectionsSetCommand  `cmd:"" help:"Change how a collection treats what arrives."`
}

type collectionsListCommand struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// Run lists the collections by name.
func (c *collectionsListCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	db, err := openDatabase(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer db.Close()
	lib := library.New(db.Pool)
	names, err := lib.Collections(ctx)
	if err != nil {
		return err
	}
	all := make([]library.Settings, len(names))
	for i, name := range names {
		if all[i], err = lib.Settings(ctx, name); err != nil {
			return err
		}
	}
	return printSettings(all, c.JSON)
}

type collectionsSetCommand struct {
	Name            string  `arg:"" help:"The collection."`
	OnCertain       *string `help:"What a file without a key does that surely continues a document: supersede or hold." placeholder:"WHAT"`
	OnUncertain     *string `help:"What one does that may continue a document: hold or publish_as_new." placeholder:"WHAT"`
	Locale          *string `help:"By which dates like 03/04/2026 are read, such as en-GB; empty: they are held." placeholder:"TAG"`
	KeepHistoryDays *string `help:"Days for which the text of what has ended is kept, or forever." placeholder:"DAYS"`
	JSON            bool    `help:"Print JSON." name:"json"`
}

// Run changes what was given and leaves the rest.
func (c *collectionsSetCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	a, err := openApp(ctx, cfg, false, log)
	if err != nil {
		return err
	}
	defer a.close()
	set, err := a.library.Settings(ctx, c.Name)
	if err != nil {
		return err
	}
	override(&set.OnCertain, c.OnCertain)
	override(&set.OnUncertain, c.OnUncertain)
	override(&set.Locale, c.Locale)
	if c.KeepHistoryDays != nil {
		if set.KeepHistoryDays, err = parseDays(*c.KeepHistoryDays); err != nil {
			return err
		}
	}
	if err := a.intake.Configure(ctx, access.System("cli"), set); err != nil {
		return err
	}
	return printSettings([]library.Settings{set}, c.JSON)
}

// override sets what a flag gives; nil: it wasn't given.
func override(into, flag *string) {
	if flag != nil {
		*into = *flag
	}
}

// forever is how people say that nothing is dropped.
const forever = "forever"

func parseDays(s string) (*int, error) {
	if s == forever {
		return nil, nil
	}
	days, err := strconv.Atoi(s)
	if err != nil || days < 0 {
		return nil, fault.Newf(fault.Invalid, "invalid_days", "%q is no number of days; write a number such as 365, or forever.", s)
	}
	return &days, nil
}

func printSettings(all []library.Settings, asJSON bool) error {
	type shape struct {
		Name            string `json:"name"`
		OnCertain       string `json:"on_certain"`
		OnUncertain     string `json:"on_uncertain"`
		Locale          string `json:"locale"`
		KeepHistoryDays *int   `json:"keep_history_days"`
	}
	if asJSON {
		out := make([]shape, len(all))
		for i, s := range all {
			out[i] = shape{s.Collection, s.OnCertain, s.OnUncertain, s.Locale, s.KeepHistoryDays}
		}
		return printJSON(os.Stdout, map[string]any{"collections": out})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "COLLECTION\tON CERTAIN\tON UNCERTAIN\tLOCALE\tHISTORY DAYS")
	for _, s := range all {
		days := forever
		if s.KeepHistoryDays != nil {
			days = strconv.Itoa(*s.KeepHistoryDays)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.Collection, s.OnCertain, s.OnUncertain, cmp.Or(s.Locale, "none"), days)
	}
	return w.Flush()
}
