#!/usr/bin/env bash
# Lives through a newcomer's first minute: `make run` on a free port and an empty library, a question,
# Ctrl-C; then nothing of the service or its database may be left. Prints how long each step took.
set -euo pipefail
set -m # the service gets a process group of its own, and with it an interrupt that is not ignored
cd "$(dirname "${BASH_SOURCE[0]}")/.."

home=$(setup/home.sh)
mkdir -p "$home"
data=$(mktemp -d "$home/smoke.XXXXXX") # below the home folder, which the database user can traverse
chmod 755 "$data"
log=$data/service.log
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
service=''

finish() {
  [[ -z $service ]] || kill -KILL -- "-$service" 2>/dev/null || true
  rm -rf "$data"
}
trap finish EXIT

fail() {
  printf 'smoke: %s\n' "$*" >&2
  echo '--- the service said:' >&2
  cat "$log" >&2
  exit 1
}

# is_ready asks /readyz for a 200.
is_ready() {
  python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=5)' \
    "http://127.0.0.1:$port/readyz" 2>/dev/null
}

# left prints the processes that still name the data folder.
left() {
  local process
  for process in /proc/[0-9]*; do
    [[ ${process#/proc/} != "$$" ]] || continue
    if tr '\0' ' ' 2>/dev/null <"$process/cmdline" | grep -qF -- "$data/library"; then
      tr '\0' ' ' <"$process/cmdline"
      echo
    fi
  done
}

make --no-print-directory run ARGS="--listen 127.0.0.1:$port --data $data/library" >"$log" 2>&1 </dev/null &
service=$!
until is_ready; do
  kill -0 "$service" 2>/dev/null || fail 'make run ended before the service was ready'
  ((SECONDS < 300)) || fail 'the service was not ready after 300 s'
  sleep 0.2
done
echo "smoke: ready after $SECONDS s"

# The first answer and the sign-in link stand at the end of the greeting.
until grep -q "http://127.0.0.1:$port/" "$log"; do
  kill -0 "$service" 2>/dev/null || fail 'make run ended before it greeted'
  ((SECONDS < 420)) || fail 'no greeting after 420 s'
  sleep 0.2
done
echo "smoke: greeted after $SECONDS s"
cat "$log"
grep -q '^ *\[1\]' "$log" || fail 'the first answer has no citation'

answer=$(bin/clearwell ask 'How many vacation days do I get?' --data "$data/library") || fail 'clearwell ask failed'
printf '%s\n' "$answer"
grep -q '\[1\]' <<<"$answer" || fail 'the answer has no citation'

began=$SECONDS
kill -INT -- "-$service"
while kill -0 "$service" 2>/dev/null; do
  ((SECONDS - began < 30)) || fail 'still there 30 s after Ctrl-C'
  sleep 0.1
done
service=''
remains=$(left)
[[ -z $remains ]] || fail "processes are left after Ctrl-C: $remains"
echo "smoke: stopped by Ctrl-C in $((SECONDS - began)) s, nothing left"
