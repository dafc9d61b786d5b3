# The versions of listed packages, and of all that they propagate. A package that another Python has
# not, or that is broken, throws: it then has no version. Licences are not looked at by the way.
# `python` is an attribute, such as "python312"; `paths` has for each package its possible paths.
{
  nixpkgs,
  system,
  python,
  paths,
}:
let
  inherit (builtins)
    deepSeq
    filter
    genericClosure
    head
    isAttrs
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

  first =
    alternatives:
    let
      found = filter (drv: drv != null) (map (find pkgs.${python}.pkgs) alternatives);
    in
    if found == [ ] then null else head found;

  versioned =
    drv:
    let
      parsed = parseDrvName (drv.name or "");
    in
    {
      name = drv.pname or parsed.name;
      version = drv.version or parsed.version;
    };

  try =
    drv:
    let
      result = tryEval (if isAttrs drv then deepSeq (versioned drv) drv else null);
    in
    if result.success then result.value else null;

  isModule = drv: isAttrs (drv.pythonModule or null) && !(drv ? withPackages);

  keyed = drv: {
    key = drv.name or "";
    inherit drv;
  };

  listed = map (alternatives: try (first alternatives)) paths;

  all = genericClosure {
    startSet = map keyed (filter isAttrs listed);
    operator = one: map keyed (filter isModule (one.drv.propagatedBuildInputs or [ ]));
  };
in
{
  listed = map (drv: if drv == null then null else versioned drv) listed;
  all = map (one: versioned one.drv) all;
}
