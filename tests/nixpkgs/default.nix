# `import nixpkgs { … }`: the package set for one system, as the real one is imported.
{
  system ? builtins.currentSystem,
  localSystem ? { inherit system; },
  # Only `allowUnfree`, `allowUnfreePredicate` and `permittedInsecurePackages` are looked at.
  config ? { },
  overlays ? [ ],
  # What else is passed, such as nix-shell's `inNixShell`, says nothing here.
  ...
}:
let
  lib = import ./lib.nix;
  options = import ./options.nix;
  platform = localSystem.system or localSystem;

  stages = [
    (import ./stdenv { inherit config lib; system = platform; })
    (import ./programs.nix { inherit lib options; })
    (import ./libraries.nix { inherit lib; })
    (import ./python { inherit lib options; })
  ];
  base = self: {
    inherit
      config
      lib
      options
      overlays
      ;
    pkgs = self;
    system = platform;
    inherit (self.stdenv) hostPlatform buildPlatform targetPlatform;
    buildPackages = self;
    targetPackages = self;
    extend = overlay: lib.fix (lib.extends overlay all);
    appendOverlays = extra: lib.fix (lib.extends (lib.composeManyExtensions extra) all);
    callPackage = lib.callPackageWith self;
    newScope = extra: lib.callPackageWith (self // extra);
  };
  all = lib.extends (lib.composeManyExtensions (stages ++ overlays)) base;
in
lib.fix all
