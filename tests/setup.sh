#!/bin/sh
# Installs, from the distribution's package manager, those of the given programs that are missing.
# Says what to install where it may not do so itself.
set -eu

missing=""
for program in "$@"; do
  command -v "$program" >/dev/null 2>&1 || missing="$missing $program"
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
