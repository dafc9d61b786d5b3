# The part of nixpkgs' module system that small modules use: options, mkIf, types that are checked.
lib:
let
  isOption = value: value._type or "" == "option";
  isIf = value: value._type or "" == "if";

  # A condition goes down to the values, so that it may ask for what other parts of a module set.
  push =
    value:
    if isIf value && builtins.isAttrs value.content && !lib.isDerivation value.content then
      lib.mapAttrs (_: one: {
        _type = "if";
        inherit (value) condition;
        content = one;
      }) value.content
    else
      value;
  settle =
    value:
    if !(isIf value) then
      [ value ]
    else if value.condition then
      settle value.content
    else
      [ ];

  type = name: check: {
    inherit name check;
    merge = values: if lib.length values == 1 then lib.head values else throw "set twice: ${name}";
  };
  types = {
    bool = type "bool" builtins.isBool;
    str = type "str" builtins.isString;
    package = type "package" lib.isDerivation;
    listOf =
      of:
      type "listOf ${of.name}" (value: builtins.isList value && lib.all of.check value)
      // {
        merge = lib.concatLists;
      };
    nonEmptyListOf =
      of:
      let
        list = types.listOf of;
      in
      list // { check = value: list.check value && value != [ ]; };
    attrsOf =
      of:
      type "attrsOf ${of.name}" (value: lib.all of.check (lib.attrValues value))
      // {
        merge = values: lib.foldl' (one: other: one // other) { } values;
      };
    functionTo = of: type "functionTo ${of.name}" builtins.isFunction;
  };

  # What options and definitions make together; `path` is for the messages.
  combine =
    path: options: definitions:
    let
      pushed = map push definitions;
      names = lib.concatLists (map builtins.attrNames pushed);
      unknown = lib.filter (name: !(options ? ${name})) names;
      below = name: map (one: one.${name}) (lib.filter (one: one ? ${name}) pushed);
    in
    if unknown != [ ] then
      throw "The option `${path}${lib.head unknown}' does not exist"
    else
      lib.mapAttrs (
        name: option:
        if isOption option then
          value "${path}${name}" option (below name)
        else
          combine "${path}${name}." option (below name)
      ) options;
  value =
    name: option: definitions:
    let
      all = lib.concatLists (map settle definitions);
      merged =
        if all != [ ] then
          option.type.merge all
        else
          option.default or (throw "The option `${name}' was accessed but has no value defined");
    in
    if option.type.check merged then
      merged
    else
      throw "A definition for option `${name}' is not of type `${option.type.name}'";
in
{
  inherit types;
  mkOption = option: option // { _type = "option"; };
  mkEnableOption =
    what:
    lib.mkOption {
      type = types.bool;
      default = false;
      description = "Whether to enable ${what}.";
    };
  mkPackageOption =
    pkgs: name: _:
    lib.mkOption {
      type = types.package;
      default = pkgs.${name};
    };
  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };
  literalExpression = text: { inherit text; };
  evalModules =
    {
      modules,
      specialArgs ? { },
    }:
    let
      loaded = map (
        module: if lib.isFunction module then module (specialArgs // { inherit config; }) else module
      ) modules;
      options = lib.foldl' lib.recursiveUpdate { } (map (one: one.options or { }) loaded);
      config = combine "" options (
        map (one: if one ? options || one ? config then one.config or { } else one) loaded
      );
    in
    {
      inherit config options;
    };
}
