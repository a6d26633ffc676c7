package eval

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"clearwell/internal/clean"
	"clearwell/internal/ingest"
	"clearwell/internal/parse"
)

// Corpus is where a set's documents come from; either may be "".
type Corpus struct {
	Entries string // a file in BEIR's format, one JSON object {_id, title, text} a line; the key is the id
	Folder  string // files of any format that the service reads; the key is the path below the folder
}

// document is a text that questions can be made from.
type document struct{ key, title, text string }

type corpusEntry struct {
	ID    string `json:"id"`
	BEIR  string `json:"_id"` // BEIR's own spelling
	Title string `json:"title"`
	Text  string `json:"text"`
}

// uploads are the corpus's documents, to be filed under the collection.
func (c Corpus) uploads(collection string) ([]ingest.Upload, error) {
	var all []ingest.Upload
	if c.Entries != "" {
		entries, err := readLines[corpusEntry](c.Entries)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			all = append(all, upload(e.ID+e.BEIR, e.Title, e.ID+e.BEIR+".txt", e.Text))
		}
	}
	files, err := c.files()
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		up, err := fileUpload(c.Folder, file, file)
		if err != nil {
			return nil, err
		}
		all = append(all, up)
	}
	for i := range all {
		all[i].Collection = collection
	}
	return all, nil
}

// documents are the corpus's texts as the pipeline reads them; files without text are left out.
func (c Corpus) documents(ctx context.Context) ([]document, error) {
	var all []document
	if c.Entries != "" {
		entries, err := readLines[corpusEntry](c.Entries)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			all = append(all, document{e.ID + e.BEIR, e.Title, e.Text})
		}
	}
	files, err := c.files()
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		body, err := os.ReadFile(filepath.Join(c.Folder, name))
		if err != nil {
			return nil, fmt.Errorf("read document: %w", err)
		}
		src := parse.Source{Name: filepath.Base(name), Body: strings.NewReader(string(body)), Size: int64(len(body))}
		if parsed, err := parse.File(ctx, src, parse.Limits{}); err == nil { // loading names those that can't be read
			all = append(all, document{name, parsed.Title, clean.Apply(parsed).Text()})
		}
	}
	return all, ctx.Err()
}

// files are the paths below the folder, sorted; hidden ones are left out.
func (c Corpus) files() ([]string, error) {
	if c.Folder == "" {
		return nil, nil
	}
	var files []string
	err := fs.WalkDir(os.DirFS(c.Folder), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != "." && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.Type().IsRegular():
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list documents: %w", err)
	}
	slices.Sort(files)
	return files, nil
}

// paths are all files that the corpus consists of.
func (c Corpus) paths() ([]string, error) {
	files, err := c.files()
	for i, file := range files {
		files[i] = filepath.Join(c.Folder, file)
	}
	if c.Entries != "" {
		files = append(files, c.Entries)
	}
	return files, err
}
