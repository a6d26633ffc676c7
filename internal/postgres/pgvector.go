package postgres

import (
	"strconv"
	"strings"
)

// hasIterativeScan says whether a pgvector of this version, such as "0.8.5", has iterative index
// scans, which came with 0.8. An unreadable version counts as too old.
func hasIterativeScan(version string) bool {
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	x, err := strconv.Atoi(major)
	if err != nil {
		return false
	}
	y, err := strconv.Atoi(minor)
	if err != nil {
		return false
	}
	return x > 0 || y >= 8
}
