#!/usr/bin/env bash
# Runs every fuzz test of the tree for FUZZTIME (default 10s each) and fails at the end if one did.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

count=0 failed=()
while IFS=: read -r file line; do
  name=${line#func } name=${name%%(*}
  package=./$(dirname "$file")
  count=$((count + 1))
  go test -run '^$' -fuzz "^$name\$" -fuzztime "${FUZZTIME:-10s}" "$package" || failed+=("$package.$name")
done < <(git grep --untracked -E '^func Fuzz[A-Za-z0-9_]*\(' -- '*_test.go')

((count > 0)) || { echo 'There is no fuzz test.' >&2; exit 1; }
if ((${#failed[@]})); then
  printf 'FAILED: %s\n' "${failed[@]}" >&2
  exit 1
fi
echo "$count fuzz tests, no failure."
