# python.pkgs: the packages of one interpreter. Those written here, in ./sources, need no network;
# the others are wheels from PyPI.
{
  lib,
  pkgs,
  python,
  wheels,
}:
self:
let
  inherit (lib) licenses;

  hasPythonModule = drv: drv ? pythonModule && drv.pythonModule == python;
  requiredPythonModules =
    drvs:
    let
      modules = lib.filter hasPythonModule drvs;
    in
    lib.unique (
      [ python ] ++ modules ++ lib.concatLists (lib.catAttrs "requiredPythonModules" modules)
    );

  build =
    {
      pname,
      version,
      dependencies ? [ ],
      isModule ? true,
      ...
    }@args:
    let
      drv = pkgs.stdenvNoCC.mkDerivation (
        removeAttrs args [
          "dependencies"
          "isModule"
        ]
        // {
          name = "${lib.optionalString isModule "${python.libPrefix}-"}${pname}-${version}";
          inherit (python) interpreter executable sitePackages;
          wrapperModule = ./wrapper;
          buildCommand = "${python.interpreter} -I ${./package.py}";
          propagatedBuildInputs = dependencies ++ [ python ];
          preferLocalBuild = true;
          meta = {
            license = licenses.mit;
          }
          // args.meta or { };
          passthru =
            {
              inherit dependencies;
              pythonPath = [ ];
            }
            // lib.optionalAttrs isModule {
              pythonModule = python;
              requiredPythonModules = requiredPythonModules dependencies;
            }
            // args.passthru or { };
        }
      );
    in
    drv;

  fromWheel =
    name: pin:
    build {
      pname = name;
      inherit (pin) version;
      wheel = pin.src;
      dependencies = map (required: self.${required}) pin.requires;
    };

  # A package whose text is in ./sources/NAME: `site` goes to site-packages, `share` to share, each
  # `ext/*.c` is compiled to a module.
  fromSource =
    pname: args:
    build (
      {
        inherit pname;
        source = ./sources + "/${pname}";
        requiresDist = map (dependency: dependency.pname) (args.dependencies or [ ]);
      }
      // args
    );
in
lib.mapAttrs fromWheel wheels
// {
  inherit
    lib
    pkgs
    python
    hasPythonModule
    requiredPythonModules
    ;
  inherit (pkgs) stdenv;
  inherit (python.passthru) isPy3k pythonAtLeast pythonOlder;
  makePythonPath = drvs: lib.makeSearchPath python.sitePackages (requiredPythonModules drvs);
  callPackage = lib.callPackageWith (pkgs // self);
  pythonPackages = self;
  # The program without its modules, as nixpkgs' function of this name.
  toPythonApplication =
    drv:
    drv.overrideAttrs (old: {
      name = "${old.pname}-${old.version}";
      passthru = old.passthru // {
        pythonModule = false;
      };
    });

  cowsay = fromSource "cowsay" {
    version = "6.1";
    meta.mainProgram = "cowsay";
  };
  crc32c = fromSource "crc32c" {
    version = "2.7.1";
    meta.license = licenses.lgpl21Plus;
  };
}
