# The interpreters python310 … python315, with their package sets.
{
  lib,
  options,
}:
self: super:
let
  # The versions of nixpkgs in 2026. The interpreter itself is of the machine's patch level, which
  # no evaluation can know.
  versions = {
    python310 = "3.10.19";
    python311 = "3.11.14";
    python312 = "3.12.12";
    python313 = "3.13.9";
    python314 = "3.14.0";
    python315 = "3.15.0";
  };

  makePython = lib.makeOverridable (
    {
      pythonAttr,
      version,
      packageOverrides ? (_: _: { }),
    }:
    let
      pythonVersion = lib.versions.majorMinor version;
      executable = "python${pythonVersion}";
      sitePackages = "lib/${executable}/site-packages";
      inherit (self.stdenv.hostPlatform) parsed isLinux;
      multiarch = if isLinux then "${parsed.cpu.name}-linux-gnu" else "darwin";

      drv = self.runHost "python3-${version}" ./interpreter.sh {
        minor = pythonVersion;
        inherit (options) pythons;
        relocate = ./relocate.py;
        sitecustomize = ./sitecustomize.py;
        setupHook = ./setup-hook.sh;
        hostPlatform = "${parsed.kernel.name}-${parsed.cpu.name}";
        sysconfigdataName = "_sysconfigdata__${parsed.kernel.name}_${multiarch}";
      };

      passthru = {
        inherit
          executable
          packageOverrides
          pythonAttr
          pythonVersion
          sitePackages
          ;
        implementation = "cpython";
        libPrefix = executable;
        sourceVersion = {
          major = lib.versions.major version;
          minor = lib.versions.minor version;
          patch = lib.versions.patch version;
          suffix = "";
        };
        isPy3k = true;
        isPy3 = true;
        isPyPy = false;
        pythonOlder = lib.versionOlder pythonVersion;
        pythonAtLeast = lib.versionAtLeast pythonVersion;
        hasDistutilsCxxPatch = false;
        pythonOnBuildForHost = python;
        pkgs = packages;
        buildEnv = lib.callPackageWith {
          inherit lib python;
          inherit (options) kind;
          inherit (self) stdenvNoCC;
          inherit (packages) requiredPythonModules;
        } ./env.nix { };
        withPackages = f: passthru.buildEnv.override { extraLibs = f packages; };
        tests = { };
      }
      // lib.listToAttrs (
        map (minor: {
          name = "isPy3${toString minor}";
          value = pythonVersion == "3.${toString minor}";
        }) (lib.range 7 15)
      );

      python =
        drv
        // passthru
        // {
          inherit version passthru;
          pname = "python3";
          interpreter = "${drv}/bin/${executable}";
          meta = {
            mainProgram = executable;
            license = lib.licenses.psfl;
            description = "High-level dynamically-typed programming language";
            platforms = lib.platforms.all;
          };
          pythonModule = python;
          requiredPythonModules = [ ];
        };

      packages = lib.fix (
        lib.extends (lib.composeManyExtensions (
          [ packageOverrides ] ++ self.pythonPackagesExtensions
        )) (
          import ./packages.nix {
            inherit lib python;
            pkgs = self;
            wheels = self.wheels.forPython pythonVersion;
          }
        )
      );
    in
    python
  );

  interpreters = lib.mapAttrs (
    pythonAttr: version: makePython { inherit pythonAttr version; }
  ) versions;
  packageSets = lib.mapAttrs' (
    name: python: lib.nameValuePair "${name}Packages" (lib.recurseIntoAttrs python.pkgs)
  ) (lib.genAttrs (lib.attrNames versions) (name: self.${name}));
in
interpreters
// packageSets
// {
  pythonPackagesExtensions = [ ];
  pythonInterpreters = interpreters;
  python3 = self.${options.python3};
  python3Packages = self.python3.pkgs;
}
