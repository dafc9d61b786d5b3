{
  description = "Python projects that work on Nix";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { nixpkgs, self }:
    let
      inherit (nixpkgs) lib;
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forAllSystems = f: lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});

      # The one place that says the version is nixpy/__init__.py
      version = builtins.head (
        builtins.match ".*__version__ = \"([^\"]+)\".*" (builtins.readFile ./nixpy/__init__.py)
      );
    in
    {
      packages = forAllSystems (
        pkgs:
        let
          inherit (pkgs) python3Packages;
        in
        {
          default = python3Packages.buildPythonApplication {
            pname = "nixpy";
            inherit version;
            pyproject = true;
            src = self;

            build-system = [ python3Packages.hatchling ];

            dependencies = [
              python3Packages.click
              python3Packages.jinja2
              python3Packages.packaging
              python3Packages.pyelftools
              python3Packages.pyyaml
            ];

            nativeCheckInputs = [
              pkgs.git
              python3Packages.hypothesis
              python3Packages.pytestCheckHook
            ];

            # The end-to-end tests build a Nix store of their own, which a build may not
            disabledTestPaths = [ "tests/e2e" ];

            meta = {
              description = "Python projects that work on Nix";
              license = lib.licenses.mit;
              mainProgram = "nixpy";
            };
          };
        }
      );

      apps = forAllSystems (pkgs: {
        default = {
          type = "app";
          program = lib.getExe self.packages.${pkgs.stdenv.hostPlatform.system}.default;
        };
      });

      devShells = forAllSystems (pkgs: {
        default = pkgs.mkShell {
          packages = [
            pkgs.direnv
            pkgs.fish
            pkgs.gnumake
            pkgs.patchelf
            pkgs.python3
            pkgs.shellcheck
            pkgs.uv
            pkgs.zsh
          ];
        };
      });

      checks = lib.genAttrs systems (system: {
        devShell = self.devShells.${system}.default;
        package = self.packages.${system}.default;
      });

      formatter = forAllSystems (pkgs: pkgs.nixfmt-tree or pkgs.nixfmt-rfc-style);
    };
}
