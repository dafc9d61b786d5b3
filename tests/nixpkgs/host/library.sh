# A native library: the files $sonames in lib, copied from the machine or made as stubs, with the
# headers and pkg-config modules that the machine has.
set -eu
source "$find"
libraries=${lib:-$out}/lib
for output in $outputs; do
  mkdir -p "${!output}"
done
mkdir -p "$libraries"

# The last output holds the shared objects; what takes `dev` needs it, too.
if [[ -n ${dev-} ]]; then
  mkdir -p "$dev/nix-support"
  printf '%s\n' "${libraries%/lib}" >"$dev/nix-support/propagated-build-inputs"
fi

for soname in $sonames; do
  # A row without a number stands for whichever the machine has.
  if path=$(find_library "$soname"); then
    name=$(objdump -p "$path" 2>/dev/null | awk '$1 == "SONAME" { print $2; exit }' || true)
    cp "$path" "$libraries/${name:-$soname}"
    chmod u+w "$libraries/${name:-$soname}"
  elif type -P gcc >/dev/null; then
    name=$soname
    [[ $name == *.so.* ]] || name=$name.0
    printf 'const char %s_is_a_stub[] = "stub";\n' "${pname//[^A-Za-z0-9]/_}" |
      gcc -x c -shared -fPIC "-Wl,-soname,$name" - -o "$libraries/$name"
  else
    echo "warning: this machine has neither $soname nor a compiler for a stub" >&2
    continue
  fi
  link=${soname%%.so*}.so
  if [[ ! -e $libraries/$link ]]; then
    ln -s "${name:-$soname}" "$libraries/$link"
  fi
done

binaries=${bin:-$out}/bin
for name in $programs; do
  if path=$(type -P "$name"); then
    mkdir -p "$binaries"
    ln -s "$path" "$binaries/$name"
  fi
done

[[ -n ${dev-} ]] || exit 0
for header in $headers; do
  for folder in /usr/include /usr/include/*-linux-gnu /usr/local/include; do
    if [[ -e $folder/$header ]]; then
      mkdir -p "$dev/include"
      cp -L "$folder/$header" "$dev/include"
      break
    fi
  done
done
for module in $modules; do
  flags=()
  for soname in $sonames; do
    name=${soname%%.so*}
    flags+=("-l${name#lib}")
  done
  mkdir -p "$dev/lib/pkgconfig"
  version=$(pkg-config --modversion "$module" 2>/dev/null || echo 0)
  cat >"$dev/lib/pkgconfig/$module.pc" <<PC
prefix=${libraries%/lib}
Name: $module
Description: the machine's $module
Version: $version
Libs: -L$libraries ${flags[*]}
Cflags: -I$dev/include
PC
done
