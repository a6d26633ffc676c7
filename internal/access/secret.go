package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// What a secret is for stands in front of it, so that one that leaked is recognised.
const (
	keyPrefix     = "cw_"
	linkPrefix    = "cwl_"
	sessionPrefix = "cws_"
)

// newSecret returns 256 random bits in letters that need no escaping in URLs, headers and shells.
func newSecret(prefix string) string {
	var bits [32]byte
	_, _ = rand.Read(bits[:]) // never fails: it ends the program instead
	return prefix + base64.RawURLEncoding.EncodeToString(bits[:])
}

// hashOf is what is stored of a secret.
func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
