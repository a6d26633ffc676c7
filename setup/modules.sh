#!/usr/bin/env bash
# Fetches the libraries of the source: Go modules, or with the argument "web" the npm packages.
# Both are pinned by hash in go.sum and package-lock.json; both lie in the client's own cache.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=setup/machine.sh
source "$root/setup/machine.sh"
mkdir -p "$logs"

# attempt WHAT LOG COMMAND… runs the command and turns a failure into one sentence.
attempt() {
  local what=$1 log=$2 client=$3
  shift 2
  "$@" >"$log" 2>&1 </dev/null && return
  if grep -qiE 'checksum mismatch|EINTEGRITY' "$log"; then
    fail "$what arrived with another hash than the pinned one: the download is broken or was changed on the way; run again, and if it stays look at the registry that $client is configured with (its log: $log)"
  fi
  if grep -qiE 'connection refused|ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|no such host|i/o timeout|unreachable|TLS handshake|unexpected EOF' "$log"; then
    fail "$what could not be downloaded, because the registry that $client is configured with did not answer: check the network and its settings, then run again (its log: $log)"
  fi
  fail "$what could not be downloaded; the log says why: $log"
}

if [[ ${1:-} == web ]]; then
  say 'fetching the npm packages of the pages'
  cd "$root/web"
  attempt 'the npm packages' "$logs/npm.log" npm ci --no-audit --no-fund --loglevel=http --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000
else
  say 'fetching the Go modules'
  cd "$root"
  attempt 'the Go modules' "$logs/go.log" go mod download
fi
