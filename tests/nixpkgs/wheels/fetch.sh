# Downloads one wheel with pip, as the user has set pip up: this is a fixed-output derivation, so it
# may see the user's PATH, proxy and pip variables, and what comes out is checked by hash.
set -eu
user_path=${PATH-}
source "$find"
host_path=$PATH

pip_python() {
  local candidate
  PATH=$user_path:$host_path
  for candidate in "${STANDIN_PYTHON-}" $(type -aP python3 python) "$(find_any_python)"; do
    if [[ $candidate ]] && "$candidate" -m pip --version >/dev/null 2>&1; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  echo "error: no Python here has pip, which downloads the packages of the stand-in" >&2
  echo "hint: install pip, or run tests/nixpkgs/prefetch.py with a Python that has it" >&2
  return 1
}

# A test whose user has an index of their own says here which one this machine uses.
if [[ -v STANDIN_PIP_INDEX_URL ]]; then
  export PIP_INDEX_URL=$STANDIN_PIP_INDEX_URL
  [[ $PIP_INDEX_URL ]] || unset PIP_INDEX_URL
fi

python=$(pip_python)
PATH=$user_path:$host_path
platforms=()
tags=${file%.whl}
tags=${tags##*-}
if [[ $tags != any ]]; then
  for tag in ${tags//./ }; do
    platforms+=(--platform "$tag")
  done
fi
work=$(mktemp -d)
printf '%s --hash=sha256:%s\n' "$requirement" "$outputHash" >"$work/requirements.txt"
if ! PIP_REQUIRE_VIRTUALENV=0 "$python" -m pip download --quiet --disable-pip-version-check \
  --no-deps --ignore-requires-python --only-binary :all: --python-version "$pythonVersion" "${platforms[@]}" \
  --require-hashes --requirement "$work/requirements.txt" --dest "$work/wheels"; then
  echo "error: cannot download $file" >&2
  echo "hint: with a network, run tests/nixpkgs/prefetch.py once; after that no network is needed" >&2
  exit 1
fi
cp "$work/wheels/$file" "$out"
