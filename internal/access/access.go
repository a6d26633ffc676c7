// Package access says who is asking and what they may read or do.
// It does not answer requests and holds no documents.
package access

import "slices"

// Role is what a principal may do; each role may do what the ones before it may.
type Role string

// The roles, weakest first.
const (
	Reader Role = "reader" // ask, search
	Editor Role = "editor" // upload, review
	Admin  Role = "admin"  // everything
)

// Principal is who is asking. Pass it as an argument, never in a context.
type Principal struct {
	ID   string // stable: "key:12", "system"
	Name string
	Role Role
	// Collections are the names that the principal is limited to; nil means all.
	Collections []string
}

// System is Clearwell itself: set-up, jobs and the command line beside the data folder.
func System(name string) Principal {
	return Principal{ID: "system", Name: name, Role: Admin}
}

// MayRead reports whether the principal may read the collection.
func (p Principal) MayRead(collection string) bool {
	return p.Role != "" && (p.Collections == nil || slices.Contains(p.Collections, collection))
}

// MayWrite reports whether the principal may upload to and delete from the collection.
func (p Principal) MayWrite(collection string) bool {
	return (p.Role == Editor || p.Role == Admin) && p.MayRead(collection)
}
