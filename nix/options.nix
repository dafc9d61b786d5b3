# What a user chooses, in NixOS' configuration as in Home Manager's
{ lib, pkgs }:
let
  inherit (lib)
    literalExpression
    mkEnableOption
    mkOption
    mkPackageOption
    types
    ;
in
{
  enable = mkEnableOption "Pythons of Nix that uv finds, and a global one with packages";

  pythons = mkOption {
    type = types.nonEmptyListOf types.package;
    default = [ pkgs.python3 ];
    defaultText = literalExpression "[ pkgs.python3 ]";
    example = literalExpression "[ pkgs.python313 pkgs.python311 ]";
    description = ''
      Interpreters that uv may take, the default first. Without packages of their own: an installer
      would take one made by `withPackages` for a place to install into.
    '';
  };

  packages = mkOption {
    type = types.functionTo (types.listOf types.package);
    default = _: [ ];
    defaultText = literalExpression "_: [ ]";
    example = literalExpression "ps: [ ps.numpy ps.requests ]";
    description = "Packages that the global `python` has, of the first of the interpreters.";
  };

  uv = {
    enable = mkEnableOption "uv" // {
      default = true;
    };

    package = mkPackageOption pkgs "uv" { };

    keepTools = mkOption {
      type = types.bool;
      default = true;
      description = ''
        Whether what `uv tool install` made outlives garbage collection: at each activation the
        Pythons of the user's tools become roots of the collector.
      '';
    };
  };
}
