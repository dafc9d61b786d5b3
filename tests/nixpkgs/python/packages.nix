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

  # The program uv with its module, in nixpkgs a Python package beside the program `uv`.
  uv = build {
    pname = "uv";
    inherit (pkgs.uv) version;
    wheel = pkgs.uv.src;
  };

  # tkinter is no part of nixpkgs' interpreters, and has no dist-info.
  tkinter = pkgs.stdenvNoCC.mkDerivation {
    name = "${python.libPrefix}-tkinter-${python.version}";
    pname = "tkinter";
    inherit (python) version sitePackages;
    minor = python.pythonVersion;
    inherit (pkgs.options) pythons;
    find = ../host/find.sh;
    buildCommand = "source ${./tkinter.sh}";
    propagatedBuildInputs = [ python ];
    passthru = {
      pythonModule = python;
      requiredPythonModules = [ python ];
    };
  };

  cowsay = fromSource "cowsay" {
    version = "6.1";
    meta.mainProgram = "cowsay";
  };
  crc32c = fromSource "crc32c" {
    version = "2.7.1";
    meta.license = licenses.lgpl21Plus;
  };

  # Two distributions that share a namespace without __init__.py (PEP 420).
  sphinxcontrib-jsmath = fromSource "sphinxcontrib-jsmath" { version = "1.0.1"; };
  sphinxcontrib-qthelp = fromSource "sphinxcontrib-qthelp" { version = "2.0.0"; };

  # Two that share one in pkgutil's way: an __init__.py that extends __path__. nixpkgs' hook for
  # namespaces takes it out of all but one, since one environment can have it only once.
  paste = fromSource "paste" { version = "3.10.1"; };
  pastedeploy = fromSource "pastedeploy" {
    version = "3.1.0";
    dependencies = [ self.paste ];
  };

  # With .pth files: one adds a folder to sys.path, the other runs a line of code.
  pymupdf-fonts = fromSource "pymupdf-fonts" { version = "1.0.5"; };
  coloredlogs = fromSource "coloredlogs" {
    version = "15.0.1";
    dependencies = [ self.humanfriendly ];
  };
  humanfriendly = fromSource "humanfriendly" { version = "10.0"; };

  # With data below share: a kernel for Jupyter.
  bash-kernel = fromSource "bash-kernel" { version = "0.9.3"; };

  # These two hold a module of the same name: one environment cannot have both.
  python-magic = fromSource "python-magic" { version = "0.4.27"; };
  file-magic = fromSource "file-magic" { version = "5.45"; };

  # A plugin of pytest, found by its entry point.
  pytest-randomly = fromSource "pytest-randomly" {
    version = "3.16.0";
    dependencies = lib.optional (wheels ? pytest) self.pytest;
  };

  gurobipy = fromSource "gurobipy" {
    version = "12.0.1";
    meta.license = licenses.unfree;
  };
}
