#!/usr/bin/env bash
# Prints the folder that set-up fills, shared by all clones of one user.
# The rule is the one of internal/home, which a test compares with this script.
set -euo pipefail
if [[ -n ${CLEARWELL_HOME:-} ]]; then
  printf '%s\n' "$CLEARWELL_HOME"
elif [[ $EUID -eq 0 ]]; then
  echo /var/lib/clearwell
else
  printf '%s/clearwell\n' "${XDG_DATA_HOME:-$HOME/.local/share}"
fi
