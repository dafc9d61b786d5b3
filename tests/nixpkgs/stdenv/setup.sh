# shellcheck shell=bash
# Sets up a build or a shell as nixpkgs' stdenv does: the same variables, in the same order of
# search paths, with the setup hooks of every input run. Written anew, far smaller; what it leaves
# out is listed in README.md.

__setup_original_options=$-
set -eu -o pipefail
shopt -s nullglob

: "${outputs:=out}"

# ---- hooks ------------------------------------------------------------------------------------

# Runs the function or the code called $1, then those in the array $1s.
runHook() {
  local name=$1 hook
  shift
  local array="${name%Hook}Hooks[@]"
  if declare -F "$name" >/dev/null; then
    "$name" "$@"
  elif [[ -n ${!name:-} ]]; then
    eval "${!name}"
  fi
  for hook in ${!array+"${!array}"}; do
    if declare -F "$hook" >/dev/null; then
      "$hook" "$@"
    else
      eval "$hook"
    fi
  done
}

# Runs a hook for each input: $1 is the offset of the package that asks, as in nixpkgs.
addEnvHooks() {
  shift
  envHostTargetHooks+=("$@")
}

# ---- helpers ----------------------------------------------------------------------------------

addToSearchPathWithCustomDelimiter() {
  local delimiter=$1 name=$2 folder=$3
  if [[ -d $folder && "${!name:+${delimiter}${!name}${delimiter}}" != *"${delimiter}${folder}${delimiter}"* ]]; then
    export "$name=${!name:+${!name}${delimiter}}$folder"
  fi
}

addToSearchPath() {
  addToSearchPathWithCustomDelimiter : "$@"
}

_addRpathPrefix() {
  if [[ ${NIX_NO_SELF_RPATH:-0} != 1 ]]; then
    export NIX_LDFLAGS="-rpath $1/lib ${NIX_LDFLAGS-}"
  fi
}

substituteInPlace() {
  local file=$1 content
  shift
  content=$(cat "$file" && printf x)
  content=${content%x}
  while (($#)); do
    case $1 in
      --replace | --replace-fail | --replace-warn | --replace-quiet)
        if [[ $1 == --replace-fail && $content != *"$2"* ]]; then
          echo "substituteInPlace: $file does not hold: $2" >&2
          return 1
        fi
        content=${content//"$2"/"$3"}
        shift 3
        ;;
      --subst-var-by)
        content=${content//"@$2@"/"$3"}
        shift 3
        ;;
      --subst-var)
        content=${content//"@$2@"/"${!2}"}
        shift 2
        ;;
      *)
        echo "substituteInPlace: unknown option $1" >&2
        return 1
        ;;
    esac
  done
  printf '%s' "$content" >"$file"
}

# ---- search paths -----------------------------------------------------------------------------

export SOURCE_DATE_EPOCH
: "${SOURCE_DATE_EPOCH:=315532800}"

PATH=
HOST_PATH=
for i in $initialPath; do
  addToSearchPath PATH "$i/bin"
  if [[ -z ${strictDeps-} ]]; then
    addToSearchPath HOST_PATH "$i/bin"
  fi
done
unset i

BASH=$SHELL
export CONFIG_SHELL="$SHELL"
if [[ -z ${shell:-} ]]; then
  export shell="$SHELL"
fi
runHook preHook
runHook addInputsHook

declare -a pkgsBuildHost=() pkgsHostTarget=() envHostTargetHooks=()
declare -a preFixupHooks=() postFixupHooks=() preConfigureHooks=() postUnpackHooks=()

# Adds $2 and what it propagates to the array $1, unless it is there.
findInputs() {
  local array=$1 package=$2 next
  local slice="${array}[*]"
  [[ " ${!slice-} " != *" $package "* ]] || return 0
  if [[ ! -e $package ]]; then
    echo "build input $package does not exist" >&2
    exit 1
  fi
  eval "$array+=(\"\$package\")"
  if [[ -f $package/nix-support/propagated-native-build-inputs ]]; then
    for next in $(<"$package/nix-support/propagated-native-build-inputs"); do
      findInputs pkgsBuildHost "$next"
    done
  fi
  if [[ -f $package/nix-support/propagated-build-inputs ]]; then
    for next in $(<"$package/nix-support/propagated-build-inputs"); do
      findInputs "$array" "$next"
    done
  fi
}

for i in ${nativeBuildInputs-} ${propagatedNativeBuildInputs-}; do findInputs pkgsBuildHost "$i"; done
for i in ${buildInputs-} ${propagatedBuildInputs-}; do findInputs pkgsHostTarget "$i"; done
for i in ${defaultNativeBuildInputs-}; do findInputs pkgsBuildHost "$i"; done
for i in ${defaultBuildInputs-}; do findInputs pkgsHostTarget "$i"; done
unset i

# Puts $1 on the search paths and runs its setup hook. $2 is its offset: -1 runs while building,
# 0 in what is built. Setup hooks read both offsets.
activatePackage() {
  local pkg=$1
  local -r hostOffset=$2 targetOffset=$3
  if [[ -f $pkg ]]; then
    source "$pkg"
  fi
  if [[ -z ${strictDeps-} || $hostOffset -le -1 ]]; then
    addToSearchPath _PATH "$pkg/bin"
  fi
  if ((hostOffset <= -1)); then
    addToSearchPath _XDG_DATA_DIRS "$pkg/share"
  else
    addToSearchPath _HOST_PATH "$pkg/bin"
  fi
  if [[ -f $pkg/nix-support/setup-hook ]]; then
    source "$pkg/nix-support/setup-hook"
  fi
}

for i in ${pkgsBuildHost[@]+"${pkgsBuildHost[@]}"}; do activatePackage "$i" -1 0; done
for i in ${pkgsHostTarget[@]+"${pkgsHostTarget[@]}"}; do activatePackage "$i" 0 1; done
unset i

# Without strictDeps, the hooks of all packages see all packages.
for pkg in ${pkgsBuildHost[@]+"${pkgsBuildHost[@]}"} ${pkgsHostTarget[@]+"${pkgsHostTarget[@]}"}; do
  runHook envHostTargetHook "$pkg"
done
unset pkg

_addRpathPrefix "$out"

export TZ=UTC
: "${prefix:=$out}"

PATH="${_PATH-}${_PATH:+${PATH:+:}}$PATH"
HOST_PATH="${_HOST_PATH-}${_HOST_PATH:+${HOST_PATH:+:}}$HOST_PATH"
export PATH HOST_PATH
export XDG_DATA_DIRS="${_XDG_DATA_DIRS-}${_XDG_DATA_DIRS:+${XDG_DATA_DIRS:+:}}${XDG_DATA_DIRS-}"
unset _PATH _HOST_PATH _XDG_DATA_DIRS

NIX_BUILD_CORES="${NIX_BUILD_CORES:-1}"
if ((NIX_BUILD_CORES <= 0)); then
  NIX_BUILD_CORES=$(nproc 2>/dev/null || echo 1)
fi
export NIX_BUILD_CORES
export NIX_ENFORCE_NO_NATIVE="${NIX_ENFORCE_NO_NATIVE-1}"

if [[ -z ${NIX_SSL_CERT_FILE:-} && ${IN_NIX_SHELL:-} != impure ]]; then
  export NIX_SSL_CERT_FILE=/no-cert-file.crt
fi
if [[ -z ${SSL_CERT_FILE:-} && ${IN_NIX_SHELL:-} != impure ]]; then
  export SSL_CERT_FILE=/no-cert-file.crt
fi

# ---- building ---------------------------------------------------------------------------------

unpackPhase() {
  runHook preUnpack
  local source_path=${src:?}
  if [[ -d $source_path ]]; then
    cp -r --no-preserve=mode "$source_path" source
    sourceRoot=${sourceRoot:-source}
  else
    mkdir source
    tar -xf "$source_path" -C source --strip-components=1
    sourceRoot=${sourceRoot:-source}
  fi
  runHook postUnpack
  cd "$sourceRoot"
}

patchPhase() {
  runHook prePatch
  local file
  for file in ${patches-}; do
    patch -p1 <"$file"
  done
  runHook postPatch
}

configurePhase() {
  runHook preConfigure
  if [[ -x ./configure ]]; then
    # shellcheck disable=SC2086
    ./configure --prefix="$prefix" ${configureFlags-}
  fi
  runHook postConfigure
}

buildPhase() {
  runHook preBuild
  if [[ -e Makefile || -e makefile || -e GNUmakefile ]]; then
    # shellcheck disable=SC2086
    make ${makeFlags-} ${buildFlags-}
  fi
  runHook postBuild
}

checkPhase() {
  runHook preCheck
  make check
  runHook postCheck
}

installPhase() {
  runHook preInstall
  if [[ -e Makefile || -e makefile || -e GNUmakefile ]]; then
    # shellcheck disable=SC2086
    make ${makeFlags-} prefix="$prefix" ${installFlags-} install
  fi
  runHook postInstall
}

# Writes down for later builds what this package brings with it.
fixupPhase() {
  local output
  runHook preFixup
  for output in $outputs; do
    [[ -e ${!output} ]] || mkdir -p "${!output}"
  done
  # Whoever takes the headers gets the library, too.
  local record=${dev:-$out}
  if [[ -d $record ]]; then
    local libraries=${propagatedBuildInputs-}
    if [[ -n ${dev-} ]]; then
      libraries="$libraries ${lib:-$out}"
    fi
    if [[ -n ${libraries// /} ]]; then
      mkdir -p "$record/nix-support"
      printf '%s ' $libraries >"$record/nix-support/propagated-build-inputs"
    fi
    if [[ -n ${propagatedNativeBuildInputs-} ]]; then
      mkdir -p "$record/nix-support"
      printf '%s ' $propagatedNativeBuildInputs >"$record/nix-support/propagated-native-build-inputs"
    fi
    if [[ -n ${setupHook-} ]]; then
      mkdir -p "$record/nix-support"
      cat "$setupHook" >>"$record/nix-support/setup-hook"
    fi
  fi
  runHook postFixup
}

genericBuild() {
  local phase
  if [[ -n ${buildCommandPath-} ]]; then
    source "$buildCommandPath"
    [[ -z ${setupHook-}${propagatedBuildInputs-} ]] || fixupPhase
    return
  fi
  if [[ -n ${buildCommand-} ]]; then
    eval "$buildCommand"
    [[ -z ${setupHook-}${propagatedBuildInputs-} ]] || fixupPhase
    return
  fi
  for phase in ${phases:-unpackPhase patchPhase configurePhase buildPhase ${doCheck:+checkPhase} installPhase fixupPhase}; do
    [[ $phase != unpackPhase || -z ${dontUnpack-} ]] || continue
    [[ $phase != configurePhase || -z ${dontConfigure-} ]] || continue
    [[ $phase != buildPhase || -z ${dontBuild-} ]] || continue
    eval "${!phase:-$phase}"
  done
}

runHook postHook
runHook userHook

# A shell that was entered keeps the options it had.
if [[ $__setup_original_options != *e* ]]; then set +e; fi
if [[ $__setup_original_options != *u* ]]; then set +u; fi
set +o pipefail
