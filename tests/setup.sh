#!/bin/sh
# Installs, from the distribution's package manager, those of the given programs, libraries
# (`libGL.so.1`), modules of pkg-config (`zlib.pc`) and headers of Python that are missing. Says what to install where it
# may not do so itself.
set -eu

present() {
  case "$1" in
    lib*.so*) PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -q "$1" ;;
    Python.h) "${PYTHON:-python3}" -c '
import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))' ;;
    *.pc) pkg-config --exists "${1%.pc}" 2>/dev/null ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

missing=""
for program in "$@"; do
  present "$program" || missing="$missing $program"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root=""
elif sudo -n true 2>/dev/null; then
  as_root="sudo"
else
  echo "error: missing:$missing" >&2
  echo "hint: install them, for instance \`sudo apt-get install nix-bin direnv git gcc strace\`" >&2
  exit 1
fi

# What the distributions call a program's package, where it is not the program's own name.
package() {
  case "$1:$2" in
    nix:apt) echo nix-bin ;;
    gcc:apt) echo gcc libc6-dev ;;
    gcc:apk) echo gcc musl-dev ;;
    c++:apt | c++:apk) echo g++ ;;
    c++:dnf) echo gcc-c++ ;;
    c++:pacman) echo gcc ;;
    libGL.so.1:apt) echo libgl1 ;;
    libGL.so.1:dnf) echo mesa-libGL ;;
    libGL.so.1:pacman) echo libglvnd ;;
    libGL.so.1:apk) echo mesa-gl ;;
    libglib-2.0.so.0:apt) echo libglib2.0-0 ;;
    libglib-2.0.so.0:dnf) echo glib2 ;;
    libglib-2.0.so.0:pacman) echo glib2 ;;
    libglib-2.0.so.0:apk) echo glib ;;
    Python.h:apt) echo python3-dev ;;
    Python.h:dnf) echo python3-devel ;;
    Python.h:pacman) echo python ;;
    Python.h:apk) echo python3-dev ;;
    zlib.pc:apt) echo zlib1g-dev ;;
    zlib.pc:dnf) echo zlib-devel ;;
    zlib.pc:pacman) echo zlib ;;
    zlib.pc:apk) echo zlib-dev ;;
    man:apt | man:dnf | man:pacman) echo man-db ;;
    man:apk) echo mandoc ;;
    pg_config:apt) echo libpq-dev ;;
    pg_config:dnf) echo libpq-devel ;;
    pg_config:pacman) echo postgresql-libs ;;
    pg_config:apk) echo libpq-dev ;;
    pkg-config:dnf) echo pkgconf-pkg-config ;;
    pkg-config:pacman | pkg-config:apk) echo pkgconf ;;
    setpriv:*) echo util-linux ;;
    unshare:*) echo util-linux ;;
    *) echo "$1" ;;
  esac
}

packages() {
  for program in $missing; do
    package "$program" "$1"
  done
}

echo "installing:$missing" >&2
if command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  $as_root apt-get update -qq
  # shellcheck disable=SC2046 # one word a package
  $as_root apt-get install -y -qq --no-install-recommends $(packages apt) >/dev/null
elif command -v dnf >/dev/null 2>&1; then
  # shellcheck disable=SC2046
  $as_root dnf install -y -q $(packages dnf)
elif command -v pacman >/dev/null 2>&1; then
  # shellcheck disable=SC2046
  $as_root pacman -Sy --noconfirm --needed $(packages pacman)
elif command -v apk >/dev/null 2>&1; then
  # shellcheck disable=SC2046
  $as_root apk add --quiet $(packages apk)
else
  echo "error: missing:$missing, and no package manager that is known here" >&2
  echo "hint: Nix is at https://nixos.org/download" >&2
  exit 1
fi
