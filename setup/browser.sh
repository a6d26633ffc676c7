#!/usr/bin/env bash
# Sees to the browser of the browser tests: Debian's chromium.
# Root gets it installed. Without root the sentence says how; with --optional that is no failure,
# unless CLEARWELL_REQUIRE_BROWSER=1 is set, as CI does.
set -euo pipefail

# shellcheck source=setup/machine.sh
source "$(dirname "${BASH_SOURCE[0]}")/machine.sh"

for name in chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$name" >/dev/null && exit 0
done
if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
  mkdir -p "$logs"
  install_packages chromium fonts-dejavu-core
  exit 0
fi
if [[ ${1:-} == --optional && ${CLEARWELL_REQUIRE_BROWSER:-} != 1 ]]; then
  say 'this machine has no Chromium, so the browser tests are SKIPPED; on Debian: sudo apt-get install chromium'
  exit 0
fi
fail 'this machine has no Chromium for the browser tests; on Debian: sudo apt-get install chromium'
