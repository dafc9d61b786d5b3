# The versions of attributes of the top level, each the first that exists of its possible paths. One
# that is not there, or throws, has none. Licences are not looked at by the way.
{
  nixpkgs,
  system,
  paths,
}:
let
  inherit (builtins)
    filter
    head
    isAttrs
    isString
    parseDrvName
    tail
    tryEval
    ;

  pkgs = import nixpkgs {
    inherit system;
    config = {
      allowUnfree = true;
    };
  };

  find =
    set: path:
    if path == [ ] then
      set
    else if isAttrs set && set ? ${head path} then
      find set.${head path} (tail path)
    else
      null;

  versionOf =
    drv: if isAttrs drv then drv.version or (parseDrvName (drv.name or "")).version else null;

  try =
    path:
    let
      result = tryEval (versionOf (find pkgs path));
    in
    if result.success && isString result.value then result.value else null;

  first =
    found:
    let
      versions = filter isString found;
    in
    if versions == [ ] then null else head versions;
in
map (alternatives: first (map try alternatives)) paths
