# What entering a shell with this Python among its packages leaves behind, as nixpkgs' setup hook
# of Python does: every input with a site-packages folder goes on PYTHONPATH.
addPythonPath() {
  addToSearchPathWithCustomDelimiter : PYTHONPATH "$1/@sitePackages@"
}

toPythonPath() {
  local package result=
  for package in $1; do
    result="$result${result:+:}$package/@sitePackages@"
  done
  echo "$result"
}

if [[ -z ${dontAddPythonPath:-} ]]; then
  addEnvHooks "$hostOffset" addPythonPath
fi

export DETERMINISTIC_BUILD=1
export PYTHONHASHSEED=0
export PYTHONNOUSERSITE=1

sysconfigdataHook() {
  if [[ $1 == '@out@' ]]; then
    export _PYTHON_HOST_PLATFORM='@hostPlatform@'
    export _PYTHON_SYSCONFIGDATA_NAME='@sysconfigdataName@'
  fi
}

addEnvHooks "$hostOffset" sysconfigdataHook
