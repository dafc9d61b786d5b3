# What follows from the options, whoever sets it
{
  cfg,
  lib,
  pkgs,
}:
let
  first = lib.head cfg.pythons;
  packages = cfg.packages first.pkgs;
  global = if packages == [ ] then first else first.withPackages cfg.packages;

  # `python3` is one file of each: the first interpreter's is the one that counts
  ranked = lib.imap1 lib.setPrio (lib.unique ([ global ] ++ lib.tail cfg.pythons));

  path = lib.makeBinPath [
    pkgs.coreutils
    pkgs.nix
  ];

  inherit (cfg.uv.package) version;
  outdated = "programs.nixpy: uv ${version} does not know UV_PYTHON_SEARCH_PATH and takes the first Python of PATH; 0.11.8 is the first that does";
in
{
  packages = ranked ++ lib.optional cfg.uv.enable cfg.uv.package;

  # uv searches these in place of PATH. No UV_PYTHON: it would win over each project's venv
  variables = {
    UV_PYTHON_DOWNLOADS = "never";
    UV_PYTHON_PREFERENCE = "only-system";
    UV_PYTHON_SEARCH_PATH = lib.makeBinPath cfg.pythons;
  };

  keepTools = pkgs.writeShellScript "nixpy-keep-tools" ''
    PATH=${path}
    ${lib.readFile ./keep-tools.sh}
  '';

  warnings = lib.optional (cfg.uv.enable && lib.versionOlder version "0.11.8") outdated;
}
