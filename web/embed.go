// Package web carries the built pages inside the binary.
// It does not serve them: httpapi does.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files is the built site with index.html in its root. Before `make build` it holds no page at all.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path, so this can't happen
	}
	return files
}
