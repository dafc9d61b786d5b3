# One of nixpy's modules, with a user's choices and the options of its host that it sets. Gives a
# file of what becomes of them; building it builds all that is named in it.
{
  choices,
  host,
  module,
  pkgs,
}:
let
  inherit (pkgs) lib;

  texts = lib.mkOption {
    type = lib.types.attrsOf lib.types.str;
    default = { };
  };
  packages = lib.mkOption {
    type = lib.types.listOf lib.types.package;
    default = [ ];
  };
  hosts = {
    nixos.options = {
      environment.sessionVariables = texts;
      environment.systemPackages = packages;
      system.userActivationScripts = texts;
    };
    home.options = {
      home.activation = texts;
      home.packages = packages;
      home.sessionVariables = texts;
    };
  };
  common.options.warnings = lib.mkOption {
    type = lib.types.listOf lib.types.str;
    default = [ ];
  };

  # In which order Home Manager activates counts for nothing here
  hm.dag.entryAfter = _: text: text;

  inherit
    (lib.evalModules {
      modules = [
        (import module)
        common
        hosts.${host}
        { programs.nixpy = choices; }
      ];
      specialArgs = {
        inherit pkgs;
        lib = lib // {
          inherit hm;
        };
      };
    })
    config
    ;
  sets =
    if host == "nixos" then
      {
        activation = config.system.userActivationScripts;
        packages = config.environment.systemPackages;
        variables = config.environment.sessionVariables;
      }
    else
      {
        inherit (config.home) activation packages;
        variables = config.home.sessionVariables;
      };
in
pkgs.writeText "session.json" (builtins.toJSON (sets // { inherit (config) warnings; }))
