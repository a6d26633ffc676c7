package ingest

import (
	"io"
	"time"
)

// Upload is a file that someone hands in, with what they say about it.
type Upload struct {
	Collection string // "" means "default"
	Key        string // "" means: the file's name
	Title      string // "" means: the document's own title
	Name       string // the file's name, for its extension and for people
	MediaType  string // as declared, may be ""
	Source     string // where it came from, for people: a path or URL
	// EffectiveFrom and EffectiveUntil are what the uploader says; zero: look into the document.
	EffectiveFrom  time.Time
	EffectiveUntil time.Time
	Body           io.Reader
}
