// Package fault names the kinds of failure and carries the sentence that a user may see.
// It does not log, and it knows nothing of HTTP or of exit codes: the doors map a Kind to those.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what a caller can do about a failure.
type Kind int

// The kinds of failure. The zero value, Internal, is what any unmarked error counts as.
const (
	Internal        Kind = iota // our fault: logged in full, shown as a general sentence
	Invalid                     // the input is wrong and will stay wrong: mend it
	TooLarge                    // the input is over a limit
	Unsupported                 // a media type or a feature that Clearwell does not have
	NotFound                    // no such thing, or none that this principal may know of
	Conflict                    // the state of things forbids it now
	Unauthenticated             // no valid credentials came with the request
	Forbidden                   // known, but not allowed
	Unavailable                 // something we depend on is not answering: try again later
	Busy                        // too much at once: try again soon
)

// Error is a failure with a kind, a stable machine-readable code and a sentence for a person.
type Error struct {
	Kind    Kind
	Code    string // stable, snake_case, documented in docs/errors.md
	Message string // one sentence that says what to do; safe to show
	cause   error
}

// Error returns the message, followed by the cause when there is one.
func (e *Error) Error() string {
	if e.cause == nil {
		return e.Message
	}
	return e.Message + ": " + e.cause.Error()
}

// Unwrap returns the cause, nil if there is none.
func (e *Error) Unwrap() error { return e.cause }

// Newf makes an Error without a cause.
func Newf(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrapf makes an Error around cause. The cause is for logs; only the message is for users.
func Wrapf(cause error, kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...), cause: cause}
}

// KindOf returns the kind of the outermost Error in err's chain, Internal if there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf returns the code of the outermost Error in err's chain, "internal" if there is none.
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return "internal"
}

// MessageOf returns the sentence that a user may see: never the text of an unmarked error.
func MessageOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Message
	}
	return "Something went wrong inside Clearwell. The server's log has the details."
}
