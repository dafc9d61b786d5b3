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

      checks = forAllSystems (
        pkgs:
        let
          inherit (pkgs.stdenv.hostPlatform) system;
        in
        {
          devShell = self.devShells.${system}.default;
          package = self.packages.${system}.default;

          # All Nix but what tests make ugly on purpose, the generated flakes among it
          lint =
            pkgs.runCommand "nixpy-nix-lint"
              {
                nativeBuildInputs = [
                  pkgs.deadnix
                  pkgs.nixfmt
                  pkgs.statix
                ];
              }
              ''
                cp -r ${self} source
                chmod -R +w source
                cd source
                rm tests/unit/flake/snapshots/hostile.nix
                find . -name '*.nix' -exec nixfmt --check {} +
                deadnix --fail .
                statix check .
                touch $out
              '';
        }
      );

      # uv and a global Python for one user or one machine, whatever the project
      nixosModules.default = import ./nix/nixos-module.nix;
      homeModules.default = import ./nix/home-module.nix;

      formatter = forAllSystems (
        pkgs:
        let
          # statix takes one file at a time
          statix = pkgs.writeShellScriptBin "statix-fix" ''
            for file; do ${lib.getExe pkgs.statix} fix "$file"; done
          '';
          nix = command: options: {
            inherit command options;
            includes = [ "*.nix" ];
            excludes = [ "tests/unit/flake/snapshots/*" ];
          };
        in
        pkgs.treefmt.withConfig {
          runtimeInputs = [
            pkgs.deadnix
            pkgs.nixfmt
            statix
          ];
          settings = {
            on-unmatched = "info";
            formatter = {
              deadnix = nix "deadnix" [ "--edit" ] // {
                priority = 1;
              };
              statix = nix "statix-fix" [ ] // {
                priority = 2;
              };
              nixfmt = nix "nixfmt" [ ] // {
                priority = 3;
              };
            };
          };
        }
      );
    };
}
