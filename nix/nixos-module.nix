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
    environment.sessionVariables = settings.variables;
    environment.systemPackages = settings.packages;
    system.userActivationScripts = lib.mkIf (cfg.uv.enable && cfg.uv.keepTools) {
      nixpy = "${settings.keepTools}";
    };
  };
}
