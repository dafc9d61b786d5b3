# The machine's locales; nixpkgs' package sets LOCALE_ARCHIVE as this does.
set -eu
source "$find"
mkdir -p "$out/lib/locale" "$out/nix-support"
if [[ -e /usr/lib/locale/locale-archive ]]; then
  cp -L /usr/lib/locale/locale-archive "$out/lib/locale/locale-archive"
fi
cat >"$out/nix-support/setup-hook" <<HOOK
if [[ -e $out/lib/locale/locale-archive ]]; then
  export LOCALE_ARCHIVE=$out/lib/locale/locale-archive
fi
HOOK
