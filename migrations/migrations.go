// Package migrations holds the schema as forward-only goose migrations.
// It does not run them: postgres.Migrate does.
package migrations

import "embed"

// Files are the migrations, one SQL file each, in the root of the file system.
//
//go:embed *.sql
var Files embed.FS
