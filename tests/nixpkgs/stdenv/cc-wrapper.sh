# Wraps the machine's compiler as nixpkgs' cc-wrapper does: NIX_CFLAGS_COMPILE and NIX_LDFLAGS reach
# every call. On a machine without a compiler this makes a package without programs.
mkdir -p "$out/bin"
for tool in ar as nm objcopy objdump ranlib readelf size strings strip; do
  if [[ -L $unwrapped/bin/$tool ]]; then
    ln -s "$unwrapped/bin/$tool" "$out/bin/$tool"
  fi
done
for tool in gcc g++ cpp; do
  [[ -L $unwrapped/bin/$tool ]] || continue
  {
    printf '#!%s\n' "$SHELL"
    printf 'real=%s\n' "$(readlink "$unwrapped/bin/$tool")"
    cat "$script"
  } >"$out/bin/$tool"
  chmod +x "$out/bin/$tool"
done
if [[ -L $unwrapped/bin/ld ]]; then
  {
    printf '#!%s\n' "$SHELL"
    printf 'exec %s "$@" ${NIX_LDFLAGS-}\n' "$(readlink "$unwrapped/bin/ld")"
  } >"$out/bin/ld"
  chmod +x "$out/bin/ld"
fi
[[ ! -e $out/bin/gcc ]] || ln -s gcc "$out/bin/cc"
[[ ! -e $out/bin/g++ ]] || ln -s g++ "$out/bin/c++"
