# Makes a package of the machine's own programs: $out/bin/NAME for each NAME of $programs that the
# machine has. Fails where it has none of them.
set -eu
source "$find"
mkdir -p "$out/bin"
found=
for name in $programs; do
  if path=$(type -P "$name"); then
    ln -s "$path" "$out/bin/$name"
    found=1
  elif [[ -n $placeholder ]]; then
    printf '#!/bin/sh\necho "%s: not on this machine: a placeholder of tests/nixpkgs" >&2\nexit 127\n' \
      "$name" >"$out/bin/$name"
    chmod +x "$out/bin/$name"
    found=1
  fi
done
if [[ -z $found && -z $optional ]]; then
  echo "error: this machine has none of: $programs" >&2
  exit 1
fi
