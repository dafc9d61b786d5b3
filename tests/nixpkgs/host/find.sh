# shellcheck shell=bash
# Finds the machine's own programs. Sourced by builders, which run without the sandbox but also
# without the user's environment: PATH and HOME say nothing, so the usual places are looked at.

PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin
export PATH

# The home folder of whoever builds: builders get a HOME that does not exist.
home_folder() {
  local user
  user=$(id -un 2>/dev/null) || return 0
  eval "printf '%s' ~$user"
}

# Prints interpreters that might be CPython $1 (such as 3.12), best first. $pythons holds paths
# that options.nix names.
python_candidates() {
  local minor=$1 home root
  home=$(home_folder)
  for root in ${pythons-}; do
    printf '%s\n' "$root"
  done
  printf '%s\n' "/usr/local/bin/python$minor"
  for root in "$home/.pyenv" /opt/pyenv /usr/local/pyenv; do
    # The highest patch level first.
    printf '%s\n' "$root/versions/$minor".*/bin/python"$minor" | sort -rV
  done
  printf '%s\n' "$home"/.local/share/uv/python/cpython-"$minor".*/bin/python"$minor" | sort -rV
  printf '%s\n' /opt/hostedtoolcache/Python/"$minor".*/*/bin/python"$minor" | sort -rV
  printf '%s\n' \
    "$home/.local/share/mise/installs/python/$minor"/bin/python"$minor" \
    "$home/.asdf/installs/python/$minor".*/bin/python"$minor" \
    "/opt/python/$minor"*/bin/python"$minor" \
    "/opt/homebrew/bin/python$minor" \
    "/usr/bin/python$minor"
}

# Prints the machine's CPython $1: one with C headers before one without. Fails with a clear message.
find_python() {
  local minor=$1 candidate fallback=
  while IFS= read -r candidate; do
    [[ -x $candidate && $candidate != /nix/* ]] || continue
    case $("$candidate" -I -S - "$minor" <<'PY' 2>/dev/null
import os, sys, sysconfig
right = "%d.%d" % sys.version_info[:2] == sys.argv[1] and sys.implementation.name == "cpython"
headers = os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h"))
print("unfit" if not right or sys.prefix != sys.base_prefix else "full" if headers else "bare")
PY
) in
      full)
        printf '%s\n' "$candidate"
        return 0
        ;;
      bare) [[ -n $fallback ]] || fallback=$candidate ;;
    esac
  done < <(python_candidates "$minor")
  if [[ -n $fallback ]]; then
    printf '%s\n' "$fallback"
    return 0
  fi
  printf '%s\n' \
    "error: this machine has no CPython $minor for the stand-in of nixpkgs to copy" \
    "hint: install one (apt, pyenv, or \`uv python install $minor\`), or name it in options.nix" >&2
  return 1
}

# Prints any CPython from 3.9 on: for running the stand-in's own builders.
find_any_python() {
  local minor candidate
  for candidate in $(type -P python3); do
    if "$candidate" -I -S -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  for minor in 3.13 3.12 3.11 3.14 3.10 3.15; do
    find_python "$minor" 2>/dev/null && return 0
  done
  printf '%s\n' "error: this machine has no Python 3.9 or later" >&2
  return 1
}

# Prints the machine's shared object with soname $1, or of any number where $1 ends in .so. Fails
# where there is none.
find_library() {
  local soname=$1 found folder
  found=$(gcc -print-file-name="$soname" 2>/dev/null || true)
  if [[ $found == /* && $soname == *.so.* && -e $found ]]; then
    readlink -f "$found"
    return 0
  fi
  for folder in /usr/lib/*-linux-gnu /lib/*-linux-gnu /usr/lib64 /lib64 /usr/lib /lib; do
    for found in "$folder/$soname" "$folder/$soname".*; do
      # A linker script is not a library.
      if [[ -e $found && $(head -c 4 "$found") == $'\x7fELF' ]]; then
        readlink -f "$found"
        return 0
      fi
      [[ $soname != *.so.* ]] || break
    done
  done
  return 1
}
