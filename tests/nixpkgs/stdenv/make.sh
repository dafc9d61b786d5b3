# Writes $out/setup: the part that knows store paths, then setup.sh.
set -eu
source "$find"
mkdir -p "$out/nix-support"
{
  printf 'export SHELL=%s\n' "$shell"
  printf 'initialPath="%s"\n' "$initialPath"
  printf 'defaultNativeBuildInputs="%s"\n' "$defaultNativeBuildInputs"
  printf 'defaultBuildInputs=""\n'
  cat "$setup"
} >"$out/setup"
# So that the programs stay alive as long as the stdenv does.
printf '%s\n' "$initialPath $defaultNativeBuildInputs" >"$out/nix-support/propagated-user-env-packages"
