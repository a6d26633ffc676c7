package parse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"clearwell/internal/fault"
)

// The media types that File reads.
const (
	MediaMarkdown = "text/markdown"
	MediaText     = "text/plain"
	MediaHTML     = "text/html"
	MediaDOCX     = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	MediaPDF      = "application/pdf"
)

// File parses src into blocks of text. The format is what the bytes say, whatever the name says.
//
// Every refusal is a *fault.Error: Invalid with the code empty_file, no_text, needs_ocr, password_protected or
// damaged_file; Unsupported with unsupported_media_type; TooLarge with file_too_large, too_much_text, too_many_pages,
// zip_bomb or parse_timeout. A cancelled ctx gives its own error.
//
// A time-out returns at once. The parser's goroutine then ends at its next look at the clock, for which
// src.Body must stay safe to call (after Close it may answer with an error).
func File(ctx context.Context, src Source, limits Limits) (Document, error) {
	limits = limits.withDefaults()
	if src.Size <= 0 {
		return Document{}, fault.Newf(fault.Invalid, "empty_file", "The file is empty: upload it again with its content.")
	}
	if src.Size > limits.Bytes {
		return Document{}, fault.Newf(fault.TooLarge, "file_too_large",
			"The file has %d MiB, and the limit is %d MiB: split it.", src.Size>>20, limits.Bytes>>20)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limits.Timeout, errTimeout)
	defer cancel()

	type result struct {
		doc Document
		err error
	}
	done := make(chan result, 1)
	go func() {
		doc, err := parseRecovering(ctx, src, limits)
		done <- result{doc, err}
	}()
	select {
	case r := <-done:
		if r.err != nil && ctx.Err() != nil {
			return Document{}, stopped(ctx)
		}
		return r.doc, r.err
	case <-ctx.Done():
		return Document{}, stopped(ctx)
	}
}

var errTimeout = errors.New("parse: out of time")

// stopped says why ctx ended: our own deadline is the file's fault, anything else the caller's wish.
func stopped(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), errTimeout) {
		return fault.Newf(fault.TooLarge, "parse_timeout",
			"Reading the file took too long: split it, or save it again in a simpler form.")
	}
	return fmt.Errorf("parse file: %w", ctx.Err())
}

// parseRecovering turns a panic in a parser into damaged_file: content must never take the process down.
func parseRecovering(ctx context.Context, src Source, limits Limits) (doc Document, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			doc, err = Document{}, damaged(fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
		}
	}()
	src.Body = &stoppableBody{ctx: ctx, body: src.Body, size: src.Size}
	format, err := sniff(src)
	if err != nil {
		return Document{}, err
	}
	out := &builder{ctx: ctx, maxBytes: limits.Text}
	switch format {
	case MediaPDF:
		doc, err = parsePDF(ctx, src, limits, out)
	case MediaDOCX:
		doc, err = parseDOCX(ctx, src, limits, out)
	default:
		doc, err = parseTextual(ctx, format, src, limits, out)
	}
	if err != nil {
		return Document{}, err
	}
	doc.MediaType = format
	return out.finish(doc)
}

// parseTextual reads the formats whose bytes are characters.
func parseTextual(ctx context.Context, format string, src Source, limits Limits, out *builder) (Document, error) {
	// Markup makes a page several times as long as its text; beyond that the size alone says enough.
	maxBytes := int64(limits.Text)
	if format == MediaHTML {
		maxBytes *= 3
	}
	if src.Size > maxBytes {
		return Document{}, tooMuchText(limits.Text)
	}
	raw := make([]byte, src.Size)
	if _, err := io.ReadFull(io.NewSectionReader(src.Body, 0, src.Size), raw); err != nil {
		return Document{}, fmt.Errorf("read file: %w", err)
	}
	text := decodeText(raw, format == MediaHTML)
	if len(text) > 2*int(maxBytes) { // one byte of an old encoding takes up to three in UTF-8
		return Document{}, tooMuchText(limits.Text)
	}
	switch format {
	case MediaHTML:
		return parseHTML(ctx, text, out)
	case MediaMarkdown:
		return parseMarkdown(ctx, text, out)
	default:
		return parseText(text, out)
	}
}

func damaged(cause error) error {
	return fault.Wrapf(cause, fault.Invalid, "damaged_file",
		"The file is damaged or incomplete: open it in the program it comes from, save it again and upload that copy.")
}

func passwordProtected(cause error) error {
	return fault.Wrapf(cause, fault.Invalid, "password_protected",
		"The file is protected with a password: remove the protection and upload it again.")
}

func tooMuchText(maxBytes int) error {
	return fault.Newf(fault.TooLarge, "too_much_text",
		"The file holds more than %d MiB of text: split it into smaller files.", max(1, maxBytes>>20))
}

func (l Limits) withDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 100 << 20
	}
	if l.Text <= 0 {
		l.Text = 20 << 20
	}
	if l.Unzip <= 0 {
		l.Unzip = 200 << 20
	}
	if l.Pages <= 0 {
		l.Pages = 5000
	}
	if l.Timeout <= 0 {
		l.Timeout = 60 * time.Second
	}
	return l
}

// stoppableBody refuses reads after its context has ended, which stops parsers that know no context.
type stoppableBody struct {
	ctx  context.Context // one call's, like an http.Request's
	body io.ReaderAt
	size int64
}

// ReadAt never reads past the size that was declared.
func (s *stoppableBody) ReadAt(p []byte, off int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	if off < 0 || off >= s.size {
		return 0, io.EOF
	}
	if rest := s.size - off; int64(len(p)) > rest {
		n, err := s.body.ReadAt(p[:rest], off)
		if err == nil {
			err = io.EOF
		}
		return n, err
	}
	return s.body.ReadAt(p, off)
}
