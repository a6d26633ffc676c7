#!/usr/bin/env bash
# Prints the packages whose tests touch Postgres: those that import the room itself or its test cupboard.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
go list -f '{{.ImportPath}} {{join .TestImports " "}} {{join .XTestImports " "}}' ./... |
  awk '/clearwell\/internal\/postgres/ { print $1 }'
