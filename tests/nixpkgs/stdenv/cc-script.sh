# Calls the machine's compiler with the flags that setup hooks gathered.
read -ra compile <<<"${NIX_CFLAGS_COMPILE-}"
link=()
linking=1
for argument in "$@"; do
  case $argument in
    -c | -S | -E | -M | -MM | --version | -v | -dumpversion | -dumpmachine | -print-*) linking= ;;
  esac
done
if [[ -n $linking && $# -gt 0 ]]; then
  read -ra words <<<"${NIX_LDFLAGS-}"
  for ((n = 0; n < ${#words[@]}; n++)); do
    case ${words[n]} in
      -rpath)
        link+=("-Wl,-rpath,${words[n + 1]}")
        n=$((n + 1))
        ;;
      -L/nix/store/*) link+=("${words[n]}" "-Wl,-rpath,${words[n]#-L}") ;;
      -L* | -l*) link+=("${words[n]}") ;;
      *) link+=("-Wl,${words[n]}") ;;
    esac
  done
fi
exec "$real" "$@" ${compile[@]+"${compile[@]}"} ${link[@]+"${link[@]}"}
