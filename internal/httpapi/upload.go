package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"time"

	"clearwell/api"
	"clearwell/internal/access"
	"clearwell/internal/fault"
	"clearwell/internal/ingest"
)

const (
	maxFieldBytes = 8 << 10
	maxFields     = 32
	// idleLimit is how long an upload may stand still.
	idleLimit = 60 * time.Second
)

// uploadFields are the form's fields beside the file.
const uploadFields = "collection key title effective_from effective_until supersedes amends source path"

// uploadBody refuses what is no upload before a byte of it is read, and gives a stalled one up.
func (s *Server) uploadBody(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
			s.fail(w, r, fault.Newf(fault.Unsupported, "not_multipart", "Send the file as the part `file` of a multipart/form-data body."))
			return
		}
		if principalOf(r.Context()).Role == access.Reader {
			s.fail(w, r, fault.Newf(fault.Forbidden, "may_not_upload", "You may not upload; ask an admin for a key with the editor role."))
			return
		}
		if r.ContentLength > s.MaxUploadBytes+maxFields*maxFieldBytes {
			s.fail(w, r, s.errFileTooLarge())
			return
		}
		control := http.NewResponseController(w)
		r.Body = &movingBody{ReadCloser: r.Body, control: control}
		// The deadline would otherwise end the request's context while the file is being received.
		defer func() { _ = control.SetReadDeadline(time.Time{}) }()
		next(w, r)
	}
}

// movingBody moves its deadline on with every read.
type movingBody struct {
	io.ReadCloser
	control *http.ResponseController
}

// Read implements io.Reader.
func (b *movingBody) Read(p []byte) (int, error) {
	_ = b.control.SetReadDeadline(time.Now().Add(idleLimit)) // not every connection has one
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		_ = b.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

func (s *Server) errFileTooLarge() error {
	return fault.Newf(fault.TooLarge, "file_too_large",
		"The file is larger than %d MiB, the limit of this server; split it or ask an admin to raise the limit.", s.MaxUploadBytes>>20)
}

// UploadDocument takes a file in.
func (s *Server) UploadDocument(ctx context.Context, req api.UploadDocumentRequestObject) (api.UploadDocumentResponseObject, error) {
	who := principalOf(ctx)
	leave, err := s.uploads.enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	form, err := s.readForm(req.Body)
	if err != nil {
		return nil, err
	}
	defer form.close()
	up, err := uploadOf(form)
	if err != nil {
		return nil, err
	}
	rev, unchanged, err := s.Intake.Accept(ctx, who, up)
	if err != nil {
		return nil, err
	}
	receipt := api.UploadReceipt{
		DocumentId: idOf(rev.DocumentID), Revision: rev.Number,
		Status: api.RevisionStatus(rev.Status), StatusUrl: statusURL(rev),
	}
	if unchanged {
		return api.UploadDocument200JSONResponse(receipt), nil
	}
	return api.UploadDocument202JSONResponse(receipt), nil
}

// form is an upload as it came: fields may stand behind the file, so the file waits on disk for them.
type form struct {
	fields    map[string]string
	file      *os.File // nil: none came
	name      string
	mediaType string
}

func (f *form) close() {
	if f.file != nil {
		_ = f.file.Close() // it has no name any more; nothing depends on it
	}
}

func (s *Server) readForm(body *multipart.Reader) (_ *form, err error) {
	f := &form{fields: map[string]string{}}
	defer func() {
		if err != nil {
			f.close()
		}
	}()
	for range maxFields {
		part, err := body.NextRawPart() // raw: no transfer encoding may change the bytes
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return nil, errBrokenForm(err)
		}
		if part.FormName() == "file" {
			err = s.readFile(f, part)
		} else {
			err = readField(f, part)
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, fault.Newf(fault.Invalid, "too_many_fields", "The form has more than %d parts.", maxFields)
}

func errBrokenForm(err error) error {
	return fault.Wrapf(err, fault.Invalid, "malformed_multipart", "The multipart body is broken or was cut off; send it again.")
}

func (s *Server) readFile(f *form, part *multipart.Part) error {
	if f.file != nil {
		return fault.Newf(fault.Invalid, "several_files", "Send one `file` in a request; this one has more.")
	}
	file, err := os.CreateTemp("", "clearwell-form-*")
	if err != nil {
		return fmt.Errorf("make temporary file: %w", err)
	}
	f.file, f.name, f.mediaType = file, part.FileName(), part.Header.Get("Content-Type")
	if err := os.Remove(file.Name()); err != nil {
		return fmt.Errorf("unlink temporary file: %w", err)
	}
	reader := &sourceReader{source: io.LimitReader(part, s.MaxUploadBytes+1)}
	size, err := io.Copy(file, reader)
	if reader.err != nil {
		return errBrokenForm(reader.err)
	}
	if err != nil {
		return fmt.Errorf("keep upload: %w", err)
	}
	if size > s.MaxUploadBytes {
		return s.errFileTooLarge()
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("rewind upload: %w", err)
	}
	return nil
}

// sourceReader remembers a failure of its source, which is the client's, to tell it from one of the disk.
type sourceReader struct {
	source io.Reader
	err    error
}

// Read implements io.Reader.
func (r *sourceReader) Read(p []byte) (int, error) {
	n, err := r.source.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

func readField(f *form, part *multipart.Part) error {
	name := part.FormName()
	if !isUploadField(name) {
		return fault.Newf(fault.Invalid, "unknown_field", "There is no field %q here; send `file` and any of: %s.", name, uploadFields)
	}
	value, err := io.ReadAll(io.LimitReader(part, maxFieldBytes+1))
	if err != nil {
		return errBrokenForm(err)
	}
	if len(value) > maxFieldBytes {
		return fault.Newf(fault.TooLarge, "field_too_large", "The field `%s` is longer than %d bytes.", name, maxFieldBytes)
	}
	f.fields[name] = storable(string(value))
	return nil
}

func isUploadField(name string) bool {
	for _, known := range strings.Fields(uploadFields) {
		if name == known {
			return true
		}
	}
	return false
}

// uploadOf says what the form asks for.
func uploadOf(f *form) (ingest.Upload, error) {
	if f.file == nil {
		return ingest.Upload{}, fault.Newf(fault.Invalid, "missing_file", "Send the file as the part `file` of the form.")
	}
	from, err := parseTime("effective_from", f.fields["effective_from"])
	if err != nil {
		return ingest.Upload{}, err
	}
	until, err := parseTime("effective_until", f.fields["effective_until"])
	if err != nil {
		return ingest.Upload{}, err
	}
	if err := checkDates(from, until); err != nil {
		return ingest.Upload{}, err
	}
	return ingest.Upload{
		Collection: f.fields["collection"], Key: f.fields["key"], Title: f.fields["title"], Name: f.name,
		MediaType: f.mediaType, Source: f.fields["source"], Path: f.fields["path"], Supersedes: f.fields["supersedes"],
		Amends: f.fields["amends"], EffectiveFrom: from, EffectiveUntil: until, Body: f.file,
	}, nil
}
