package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"clearwell/internal/access"
	"clearwell/internal/answer"
)

// firstQuestion is asked of the examples, so that whoever starts Clearwell sees the main job done.
const firstQuestion = "How many vacation days do I get?"

// signInLinkLife is long enough for lunch between starting and signing in.
const signInLinkLife = 12 * time.Hour

// greet says where the service is and how to sign in; with --welcome it loads the examples into an
// empty library first, and asks a first question.
func (c *serveCommand) greet(ctx context.Context, a *app, address string) error {
	url := "http://" + strings.Replace(address, "[::]", "localhost", 1)
	if c.Welcome != "" {
		if err := a.loadExamples(ctx, c.Welcome); err != nil {
			return err
		}
		if err := a.demonstrate(ctx); err != nil {
			return err
		}
	}
	token, err := a.access.CreateSignInLink(ctx, access.Admin, signInLinkLife)
	if err != nil {
		return err
	}
	fmt.Printf("Clearwell is running at %s\n\n", url)
	fmt.Printf("  Sign in (works once, for %d hours):\n    %s/sign-in#token=%s\n", int(signInLinkLife.Hours()), url, token)
	if c.Welcome != "" {
		fmt.Printf("\n  Try next, in another terminal:\n"+
			"    bin/clearwell ask %q --as-of 2024-06-01\n"+
			"    bin/clearwell documents hr/vacation-policy\n"+
			"    bin/clearwell ingest your/folder\n"+
			"    bin/clearwell key create --name my-app --role reader\n", firstQuestion)
	}
	fmt.Printf("\n  Ctrl-C stops it, its database too.\n")
	return nil
}

// loadExamples fills an empty library and leaves any other alone.
func (a *app) loadExamples(ctx context.Context, folder string) error {
	isEmpty, err := a.library.IsEmpty(ctx)
	if err != nil || !isEmpty {
		return err
	}
	items, err := readManifest(filepath.Join(folder, "manifest.jsonl"))
	if err != nil {
		return err
	}
	fmt.Printf("Loading %d example files …\n", len(items))
	results, err := a.ingestAll(ctx, items, newProgress(len(items), false))
	if err != nil {
		return err
	}
	for _, r := range results {
		if r.Code != "" {
			fmt.Fprintf(os.Stderr, "%s: %s (%s)\n", r.File, r.Message, r.Code)
		}
	}
	return a.queue.Upkeep(ctx)
}

func (a *app) demonstrate(ctx context.Context) error {
	done, err := a.ask(ctx, answer.Question{Text: firstQuestion})
	if err != nil {
		return err
	}
	fmt.Printf("\n  Q: %s\n\n", firstQuestion)
	var text strings.Builder
	printAnswer(&text, done)
	fmt.Printf("  A: %s\n\n", strings.ReplaceAll(strings.TrimSpace(text.String()), "\n", "\n     "))
	return nil
}
