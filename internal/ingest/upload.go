package ingest

import (
	"io"
	"time"
)

// Upload is a file that someone hands in, with what they say about it.
type Upload struct {
	Collection string // "" means "default"
	Key        string // "" means: found by source and path, by what the file says, or a new document
	Path       string // below Source, with slashes; "" means the file's name
	Title      string // "" means: the document's own title
	Name       string // the file's name, for its extension and for people
	MediaType  string // as declared, may be ""
	Source     string // where it came from: a folder or URL. With Path it tells one file from another
	Supersedes string // keys or ids of documents that it replaces, separated by commas
	Amends     string // keys or ids of documents that it changes in part
	// EffectiveFrom and EffectiveUntil are what the uploader says; zero: look into the document.
	EffectiveFrom  time.Time
	EffectiveUntil time.Time
	Body           io.Reader
}
