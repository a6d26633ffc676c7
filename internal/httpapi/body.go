package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"clearwell/internal/fault"
)

// jsonBody checks the body against T before the generated code decodes it again, because that one takes any
// size, stops at the end of the first value, passes over fields it doesn't know and doesn't miss any.
func jsonBody[T any](s *Server, next http.HandlerFunc) http.HandlerFunc {
	required := requiredFields[T]()
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := readBody(w, r)
		if len(required) == 0 && len(bytes.TrimSpace(body)) == 0 {
			body = []byte("{}") // whoever need say nothing need not say it in JSON
		}
		if err == nil {
			err = decodeJSON(body, new(T), (*json.Decoder).DisallowUnknownFields)
		}
		if err == nil {
			err = checkGiven(body, required)
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next(w, r)
	}
}

// requiredField is a field that openapi.yaml requires.
type requiredField struct {
	name     string
	nullable bool
}

// requiredFields are T's, which is generated: all but those that may be left out of what it writes.
func requiredFields[T any]() []requiredField {
	var all []requiredField
	for field := range reflect.TypeFor[T]().Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !strings.Contains(options, "omitempty") {
			all = append(all, requiredField{name, field.Type.Kind() == reflect.Pointer})
		}
	}
	return all
}

// checkGiven refuses a body, which must be an object, without one of the fields: decoded, what was left out would
// pass for a no, a zero or nothing. Those that are as bad when they are empty have codes of their own.
func checkGiven(body []byte, required []requiredField) error {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(body, &given); err != nil {
		return fmt.Errorf("look for required fields: %w", err)
	}
	for _, field := range required {
		value, isGiven := given[field.name]
		switch {
		case slices.Contains([]string{"question", "query", "token"}, field.name):
		case !isGiven, !field.nullable && string(value) == "null":
			return paramError{field.name, fault.Newf(fault.Invalid, "missing_field",
				"Give `%s`, which can't be left out; see /api/v1/openapi.yaml.", field.name)}
		}
	}
	return nil
}

// readBody reads a body that is small and comes in time.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(requestTimeout)) // not every connection has one
	body, err := io.ReadAll(io.LimitReader(r.Body, maxJSONBytes+1))
	_ = control.SetReadDeadline(time.Time{}) // a deadline that passes later would end the request's context
	if err != nil {
		return nil, fault.Wrapf(err, fault.Invalid, "malformed_body", "The request's body broke off; send it again.")
	}
	if len(body) > maxJSONBytes {
		return nil, fault.Newf(fault.TooLarge, "body_too_large", "The body is larger than %d MiB; send less.", maxJSONBytes>>20)
	}
	return body, nil
}

// decodeJSON reads one JSON object; options are such as (*json.Decoder).DisallowUnknownFields.
func decodeJSON(body []byte, into any, options ...func(*json.Decoder)) error {
	if !json.Valid(body) || bytes.TrimSpace(body)[0] != '{' {
		return fault.Newf(fault.Invalid, "malformed_json", "The body is not a JSON object; send one as /api/v1/openapi.yaml describes.")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	for _, option := range options {
		option(decoder)
	}
	err := decoder.Decode(into)
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return paramError{e.Field, fault.Wrapf(err, fault.Invalid, "invalid_field",
			"The field `%s` can't be a JSON %s; see /api/v1/openapi.yaml.", e.Field, e.Value)}
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok { // encoding/json has no type for it
		return fault.Wrapf(err, fault.Invalid, "unknown_field", "There is no field %s here; see /api/v1/openapi.yaml.", name)
	}
	return fault.Wrapf(err, fault.Invalid, "malformed_json", "The body can't be read as JSON; send it as /api/v1/openapi.yaml describes.")
}

// checkQuestion returns the text as it can be searched and stored: trimmed, without NUL.
func checkQuestion(code, field, text string) (string, error) {
	text = storable(text)
	if text == "" {
		return "", fault.Newf(fault.Invalid, code, "Give a `%s`; it is missing or empty.", field)
	}
	if n := utf8.RuneCountInString(text); n > maxQuestion {
		return "", fault.Newf(fault.Invalid, "question_too_long", "The %s has %d characters and may have %d; shorten it.", field, n, maxQuestion)
	}
	return text, nil
}

// storable is what Postgres takes as text: valid UTF-8 without NUL, here also without space around it.
func storable(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", ""))
}

// parseTime reads an RFC 3339 time, or a date as its first moment in UTC; "" is the zero time.
func parseTime(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		t, err := time.Parse(form, text)
		if err == nil && t.Year() >= 1900 {
			return t.UTC(), nil
		}
	}
	return time.Time{}, paramError{field, fault.Newf(fault.Invalid, "invalid_date",
		"`%s` must be a date such as 2026-03-03 or a time such as 2026-03-03T09:00:00Z, not before 1900.", field)}
}

// checkDates refuses an end that is not later than the beginning; zero times are none.
func checkDates(from, until time.Time) error {
	if !from.IsZero() && !until.IsZero() && !from.Before(until) {
		return fault.Newf(fault.Invalid, "invalid_dates", "`effective_until` must be later than `effective_from`.")
	}
	return nil
}

// valueOf is *p, or the zero value of an optional field that was left out.
func valueOf[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
