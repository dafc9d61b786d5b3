# Makes the Python of each tool that uv has installed a root of Nix's garbage collector
tools=${UV_TOOL_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/uv/tools}
roots=${XDG_STATE_HOME:-$HOME/.local/state}/nixpy/uv-tools
store=${NIX_STORE_DIR:-/nix/store}

for root in "$roots"/*; do
  [[ ! -L $root || -d $tools/${root##*/} ]] || rm -- "$root"
done
for python in "$tools"/*/bin/python; do
  target=$(realpath -e -- "$python" 2>/dev/null) || continue
  [[ $target == "$store"/* ]] || continue
  path=${target#"$store/"}
  tool=${python%/bin/python}
  mkdir -p -- "$roots"
  nix-store --realise "$store/${path%%/*}" --add-root "$roots/${tool##*/}" --indirect >/dev/null ||
    echo "nixpy: the Python of \`${tool##*/}\` is not kept from garbage collection" >&2
done
