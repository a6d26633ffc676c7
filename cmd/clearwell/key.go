package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"clearwell/internal/access"
)

type keyCommand struct {
	Create keyCreateCommand `cmd:"" help:"Make an API key and print it, once."`
	List   keyListCommand   `cmd:"" help:"List keys."`
	Revoke keyRevokeCommand `cmd:"" help:"Revoke a key, at once."`
}

type keyCreateCommand struct {
	Name       string   `help:"What the key is for." required:""`
	Role       string   `help:"reader (ask, search), editor (also upload) or admin (all)." default:"reader" enum:"reader,editor,admin"`
	Collection []string `help:"Limit to collections; unset: all." placeholder:"NAME"`
	JSON       bool     `help:"Print JSON." name:"json"`
}

// Run makes a key. It works beside a running service on the same data.
func (c *keyCreateCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	db, err := openDatabase(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer db.Close()
	secret, err := access.New(db.Pool).CreateKey(ctx, c.Name, access.Role(c.Role), c.Collection)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, map[string]string{"key": secret})
	}
	fmt.Println(secret)
	fmt.Fprintln(os.Stderr, "Keep it: it is shown only this once.")
	return nil
}

type keyListCommand struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// Run lists all keys, revoked ones too.
func (c *keyListCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	db, err := openDatabase(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer db.Close()
	keys, err := access.New(db.Pool).ListKeys(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(os.Stdout, map[string]any{"keys": keysJSON(keys)})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tROLE\tCOLLECTIONS\tCREATED\tLAST USED\tREVOKED")
	for _, k := range keys {
		collections := "all"
		if k.Collections != nil {
			collections = strings.Join(k.Collections, ", ")
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, k.Role, collections,
			k.CreatedAt.Format(time.DateOnly), dayOr(k.LastUsedAt, "never"), dayOr(k.RevokedAt, ""))
	}
	return w.Flush()
}

func keysJSON(keys []access.Key) []any {
	out := make([]any, len(keys))
	for i, k := range keys {
		out[i] = struct {
			ID          int64      `json:"id"`
			Name        string     `json:"name"`
			Role        string     `json:"role"`
			Collections []string   `json:"collections"`
			CreatedAt   time.Time  `json:"created_at"`
			LastUsedAt  *time.Time `json:"last_used_at"`
			RevokedAt   *time.Time `json:"revoked_at"`
		}{k.ID, k.Name, string(k.Role), k.Collections, k.CreatedAt, k.LastUsedAt, k.RevokedAt}
	}
	return out
}

func dayOr(t *time.Time, none string) string {
	if t == nil {
		return none
	}
	return t.Format(time.DateOnly)
}

type keyRevokeCommand struct {
	ID int64 `arg:"" help:"The key's id, as the list shows it."`
}

// Run revokes a key and all its sessions.
func (c *keyRevokeCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	db, err := openDatabase(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer db.Close()
	return access.New(db.Pool).RevokeKey(ctx, c.ID)
}

type migrateCommand struct{}

// Run migrates and says so.
func (migrateCommand) Run(ctx context.Context, cfg *config, log *slog.Logger) error {
	db, err := openDatabase(ctx, cfg, log)
	if err != nil {
		return err
	}
	fmt.Println("The schema is up to date.")
	return db.Close()
}
