#!/usr/bin/env bash
# Runs every check, also after one has failed, and says at the end which did.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failed=()
check() { # NAME COMMAND…
  local name=$1
  shift
  echo "lint: $name"
  "$@" || failed+=("$name")
}

formatted() {
  local files
  files=$(go list -f '{{.Dir}}' ./... | xargs gofmt -l)
  [[ -z $files ]] || { printf 'not formatted (gofmt -w):\n%s\n' "$files"; return 1; }
}

tidy() { go mod tidy -diff; }

# Generates again and compares with what was there, committed or not.
generated() {
  local files=(api/api.gen.go web/src/api.gen.ts) before
  before=$(sha256sum "${files[@]}")
  make --no-print-directory generate >/dev/null || return 1
  [[ $before == "$(sha256sum "${files[@]}")" ]] ||
    { echo "generated code was stale and has been made again; look at it and commit it: ${files[*]}"; return 1; }
}

# Clients use the registries that they are configured with, and nobody else has our folders.
strays() {
  local hosts='pypi\.org|pythonhosted\.org|registry\.npmjs|npmmirror|proxy\.golang\.org|goproxy\.(io|cn)|deb\.debian\.org|repo1?\.maven'
  local paths='(^|[^A-Za-z0-9_.~$})-])/(root|work|tmp|home/[a-z]+)/'
  # /tmp/clearwell-… is where the database's socket lies: a socket's path must be short.
  ! git grep --untracked -nIE "$hosts|$paths" -- ':!tools/lint.sh' | grep -vF '/tmp/clearwell-'
}

# Whatever we depend on by name stands in NOTICE with its licence.
noticed() {
  local name missing=0
  while read -r name; do
    grep -qF -- "$name" NOTICE || { echo "NOTICE doesn't name $name"; missing=1; }
  done < <(
    go list -m -f '{{if not (or .Main .Indirect)}}{{.Path}}{{end}}' all | sed -E 's,^(golang\.org/x/.*),golang.org/x/,; /^github\.com\/riverqueue/d' | grep .
    sed -nE 's/^([a-z][a-z-]*)==([0-9.]+) .*/\1 \2/p' setup/wheels.txt
    python3 -c 'import json; p = json.load(open("web/package.json")); print("\n".join([*p["dependencies"], *p["devDependencies"]]))'
  )
  return $missing
}

shells() {
  local script
  for script in setup/*.sh tools/*.sh .ci/run; do
    bash -n "$script" || return 1
  done
  ! command -v shellcheck >/dev/null || shellcheck -x setup/*.sh tools/*.sh .ci/run
}

check 'gofmt' formatted
check 'go vet' go vet ./...
check 'staticcheck' go tool -modfile=tools/go.mod staticcheck ./...
check 'go.mod is tidy' tidy
check 'generated code is fresh' generated
check 'pages (biome, tsc)' npm --prefix web --silent run lint
check 'NOTICE is complete' noticed
check 'scripts' shells
check 'no registry hosts or machine paths' strays

if ((${#failed[@]})); then
  printf 'lint: FAILED: %s\n' "${failed[@]}" >&2
  exit 1
fi
echo 'lint: all clean.'
