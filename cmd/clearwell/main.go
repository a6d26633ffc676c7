// Command clearwell is the whole of Clearwell: the service, and the commands that stand beside it.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"clearwell/internal/fault"
)

// version is set by the build.
var version = "dev"

// commands is the command line. One file per command.
type commands struct {
	Config config `embed:""`

	Serve       serveCommand       `cmd:"" help:"Run the service: API, web pages and workers."`
	Ingest      ingestCommand      `cmd:"" help:"Bring files and folders into the library and wait until they are published."`
	Ask         askCommand         `cmd:"" help:"Ask a question and print the cited answer."`
	Search      searchCommand      `cmd:"" help:"Print the passages that a question finds."`
	Documents   documentsCommand   `cmd:"" help:"List documents; show one with its history and what changed; roll back; take out."`
	Review      reviewCommand      `cmd:"" help:"List what waits for a decision, look at it, decide."`
	Collections collectionsCommand `cmd:"" help:"Show and change how collections treat what arrives."`
	Receipts    receiptsCommand    `cmd:"" help:"List answers that cite what no longer applies."`
	Key         keyCommand         `cmd:"" help:"Make, list and revoke API keys."`
	Migrate     migrateCommand     `cmd:"" help:"Bring the database schema up to date."`
	Eval        evalCommand        `cmd:"" help:"Measure retrieval and answers on question sets."`
	Bench       benchCommand       `cmd:"" help:"Measure speed as ratios: against the bare embedder, raw SQL, an idle service."`
	Doctor      doctorCommand      `cmd:"" help:"Check what Clearwell needs on this machine."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

// run parses and runs one command and returns the exit code: 0 done, 1 failed, 2 called wrongly.
func run(ctx context.Context, args []string) int {
	var cli commands
	parser, err := kong.New(&cli, kong.Name("clearwell"), kong.UsageOnError(), kong.DefaultEnvars("CLEARWELL"),
		kong.Description("Answers from what is in force: a version-aware knowledge service."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		fmt.Fprintln(os.Stderr, "clearwell:", err)
		return 2
	}
	kctx, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "clearwell: %v. See clearwell --help.\n", err)
		return 2
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: cli.Config.LogLevel}))
	err = kctx.Run(&cli.Config, log)
	return report(err, log)
}

// report prints a failure once: the sentence for people, the details at debug level.
func report(err error, log *slog.Logger) int {
	if err == nil {
		return 0
	}
	if errors.Is(err, errSilent) {
		return 1
	}
	if fault.KindOf(err) == fault.Internal {
		fmt.Fprintln(os.Stderr, "clearwell:", err)
		return 1
	}
	fmt.Fprintf(os.Stderr, "clearwell: %s (%s)\n", fault.MessageOf(err), fault.CodeOf(err))
	log.Debug("command failed", "error", err)
	return 1
}

// errSilent ends a command with exit code 1 that has said all itself.
var errSilent = errors.New("failed")

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run() error {
	fmt.Println("clearwell", version)
	return nil
}
