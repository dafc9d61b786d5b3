# Which attributes a nixpkgs has: for each query the first of its paths that exists, and whether it
# evaluates, as an alias of what was removed exists and throws. Names are listed only where one is
# missing. A query has a `set` ("pkgs", or a Python's attribute) and `paths`, each a list of names.
{
  nixpkgs,
  system,
  allowUnfree,
  sets,
  queries,
}:
let
  inherit (builtins)
    all
    attrNames
    concatStringsSep
    filter
    head
    isAttrs
    listToAttrs
    mapAttrs
    tail
    tryEval
    ;

  pkgs = import nixpkgs {
    inherit system;
    config = { inherit allowUnfree; };
    overlays = [ ];
  };

  packages = listToAttrs (
    map (name: {
      inherit name;
      value =
        if name == "pkgs" then
          pkgs
        else if pkgs ? ${name} then
          pkgs.${name}.pkgs
        else
          { };
    }) sets
  );

  has =
    set: path:
    path == [ ]
    || (
      let
        inner = tryEval (isAttrs set && set ? ${head path});
        next = tryEval (isAttrs set.${head path});
      in
      inner.success
      && inner.value
      && (tail path == [ ] || (next.success && next.value && has set.${head path} (tail path)))
    );

  get = set: path: if path == [ ] then set else get set.${head path} (tail path);

  answer =
    query:
    let
      set = packages.${query.set};
      found = filter (has set) query.paths;
      drv = get set (head found);
      kind = tryEval (if isAttrs drv then drv.type or "set" else "value");
      isPackage = kind.success && kind.value == "derivation";
      path = tryEval (drv.drvPath or "");
      version = tryEval (drv.version or "");
    in
    if found == [ ] then
      {
        state = "missing";
        found = "";
        version = "";
      }
    else
      {
        state =
          if kind.success && !isPackage then
            "other"
          else if isPackage && path.success then
            "good"
          else
            "refused";
        found = concatStringsSep "." (head found);
        version = if isPackage && version.success then version.value else "";
      };

  answers = map answer queries;
in
{
  inherit answers;
  names =
    if all (answer: answer.state != "missing") answers then
      { }
    else
      mapAttrs (_: attrNames) packages;
}
