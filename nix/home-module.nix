{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.programs.nixpy;
  settings = import ./settings.nix { inherit cfg lib pkgs; };
in
{
  options.programs.nixpy = import ./options.nix { inherit lib pkgs; };

  config = lib.mkIf cfg.enable {
    inherit (settings) warnings;
    home.packages = settings.packages;
    home.sessionVariables = settings.variables;
    home.activation = lib.mkIf (cfg.uv.enable && cfg.uv.keepTools) {
      nixpy = lib.hm.dag.entryAfter [ "writeBoundary" ] ''
        run ${settings.keepTools}
      '';
    };
  };
}
