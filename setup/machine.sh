# shellcheck shell=bash
# What the scripts of this folder share: where things lie, how they speak, and what is asked of the
# machine. Root on Debian gets a missing package installed; everyone else one sentence with the command.

home=$("$(dirname "${BASH_SOURCE[0]}")/home.sh")
logs=$home/logs
PATH=$home/toolchain/go/bin:$home/toolchain/node/bin:$PATH # there only where the machine had none

say() { printf 'set-up: %s\n' "$*"; }
fail() {
  printf 'set-up: %s.\n' "$*" >&2
  exit 1
}

lacking=()  # what is missing, in words
packages=() # the Debian packages that hold it

lacks() { # WORDS PACKAGE…
  lacking+=("$1")
  shift
  packages+=("$@")
}

supported_machine() {
  local machine libc
  machine="$(uname -s) on $(uname -m)" libc=$(getconf GNU_LIBC_VERSION 2>/dev/null || echo 'another C library')
  [[ $machine == 'Linux on x86_64' ]] ||
    fail "the prepared parts exist for Linux on x86_64, and this is $machine: use such a machine or a container of that kind"
  if [[ $libc != glibc* ]] || ! newer_or_same 2.28 "${libc#glibc }"; then
    fail "the prepared parts need glibc 2.28 or newer (Debian 10, Ubuntu 20.04, RHEL 8), and this system has $libc: use a newer system or the Docker image"
  fi
}

# The converter's libraries are pinned for these versions of Python (model/requirements.txt).
find_python() {
  local candidate
  for candidate in python3 python3.13 python3.12 python3.11; do
    "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || continue
    echo "$candidate"
    return
  done
  return 1
}

need_python() { find_python >/dev/null || lacks 'Python 3.11 to 3.13 with venv' python3 python3-venv; }

# The header shows that the C library's development files are there as well.
need_compiler() {
  echo '#include <stdlib.h>' | "${CC:-gcc}" -E - >/dev/null 2>&1 || lacks 'a C compiler' gcc libc6-dev
}

need_git() { command -v git >/dev/null || lacks 'git' git; }

need_build_tools() {
  need_compiler
  need_git
  need_certificates
}

# Go and npm check the certificates of the hosts that they fetch from with the system's list.
need_certificates() {
  local list
  for list in "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt \
    /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem; do
    [[ -n $list && -e $list ]] && return
  done
  lacks 'the list of certificate authorities' ca-certificates
}

# newer_or_same 1.26 1.26.8
newer_or_same() { printf '%s\n%s\n' "$1" "$2" | sort -C -V; }

has_go() {
  local version
  version=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null) && newer_or_same 1.26 "${version#go}"
}

has_node() {
  local version
  version=$(node --version 2>/dev/null) && command -v npm >/dev/null && newer_or_same 20.19 "${version#v}"
}

# joined A B C prints "A, B, C".
joined() {
  local IFS=,
  local all="$*"
  printf '%s' "${all//,/, }"
}

provide_lacking() {
  ((${#lacking[@]})) || return 0
  local words
  words=$(joined "${lacking[@]}")
  if [[ $EUID -ne 0 ]]; then
    fail "this machine lacks $words; on Debian: sudo apt-get install ${packages[*]}"
  fi
  command -v apt-get >/dev/null ||
    fail "this machine lacks $words, and has no apt-get: install it with the system's own package manager"
  install_packages "${packages[@]}"
}

install_packages() {
  say "installing $* with apt-get"
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } \
    >"$logs/apt.log" 2>&1 </dev/null; then
    fail "apt-get could not install $*; see $logs/apt.log"
  fi
}
