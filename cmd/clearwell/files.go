package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"clearwell/internal/fault"
)

// item is one file to bring in, with what is said about it.
type item struct {
	File           string `json:"file"`
	Key            string `json:"key"` // "": the document is recognised by where the file lies and what it says
	Title          string `json:"title"`
	Collection     string `json:"collection"`
	EffectiveFrom  string `json:"effective_from"`
	EffectiveUntil string `json:"effective_until"`
	Supersedes     string `json:"supersedes"` // keys or ids, separated by commas
	Amends         string `json:"amends"`

	path   string // where to read it
	source string // the folder it comes from, absolute
	below  string // its path below that folder, with slashes
}

// walk lists the files of a folder, hidden ones left out. They have no key: a document shall be known again
// when its file was renamed.
func walk(root string) ([]item, error) {
	source, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", root, err)
	}
	var items []item
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fault.Wrapf(err, fault.NotFound, "unreadable_file",
				"The path %q can't be read (%v): check that it exists and that you may read it.", path, errors.Unwrap(err))
		}
		if path != root && strings.HasPrefix(entry.Name(), ".") {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		below, err := filepath.Rel(root, path)
		if err != nil {
			return fmt.Errorf("find %s below %s: %w", path, root, err)
		}
		if below == "." { // a file that was named itself
			items = append(items, item{File: path, path: path, source: filepath.Dir(source), below: filepath.Base(source)})
			return nil
		}
		items = append(items, item{File: path, path: path, source: source, below: filepath.ToSlash(below)})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", root, err)
	}
	return items, nil
}

// readManifest reads JSON lines of items. A file without a key is known by its name in the manifest.
func readManifest(path string) ([]item, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open manifest: %w", err)
	}
	defer file.Close()
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", path, err)
	}
	var items []item
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var it item
		if err := json.Unmarshal(lines.Bytes(), &it); err != nil || it.File == "" {
			return nil, fault.Newf(fault.Invalid, "bad_manifest", "Line %d of %s is not a JSON object with a file.", n, path)
		}
		it.path = filepath.Join(folder, filepath.FromSlash(it.File))
		it.source, it.below = folder, it.File
		it.Key = cmp.Or(it.Key, it.File)
		items = append(items, it)
	}
	return items, lines.Err()
}
