# The machine's compiler: $out/bin holds links to it, $lib the runtime libraries of C++ programs.
set -eu
source "$find"
mkdir -p "$out/bin" "$lib/lib"
for name in gcc g++ cpp ld ar as nm objcopy objdump ranlib readelf size strings strip; do
  if path=$(type -P "$name"); then
    ln -s "$path" "$out/bin/$name"
  fi
done
for soname in libstdc++.so.6 libgcc_s.so.1 libgomp.so.1 libatomic.so.1; do
  if path=$(find_library "$soname"); then
    cp "$path" "$lib/lib/$soname"
  fi
done
if [[ ! -e $lib/lib/libstdc++.so.6 ]]; then
  echo "warning: this machine has no libstdc++.so.6" >&2
fi
