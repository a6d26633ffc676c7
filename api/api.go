// Package api is the HTTP contract: openapi.yaml, and the types and routes generated from it.
// It does not answer requests: httpapi does.
package api

import _ "embed"

//go:embed openapi.yaml
var spec []byte

// Spec returns openapi.yaml as it stands in the repository. Callers must not change it.
func Spec() []byte { return spec }
