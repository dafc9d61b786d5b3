# `python.withPackages`: a folder of links to Python and its packages, with wrapped programs.
{
  kind,
  lib,
  stdenvNoCC,
  python,
  requiredPythonModules,
  extraLibs ? [ ],
  extraOutputsToInstall ? [ ],
  postBuild ? "",
  ignoreCollisions ? false,
  permitUserSite ? false,
  makeWrapperArgs ? [ ],
}:
let
  paths = requiredPythonModules extraLibs;
  env = stdenvNoCC.mkDerivation {
    name = "${python.name}-env";
    inherit
      kind
      paths
      ignoreCollisions
      permitUserSite
      ;
    inherit (python) sitePackages executable interpreter;
    wrapperModule = ./wrapper;
    buildCommand = ''
      ${python.interpreter} -I ${./env.py}
      ${postBuild}
    '';
    preferLocalBuild = true;
    passthru = removeAttrs python.passthru [ "tests" ] // {
      interpreter = "${env}/bin/${python.executable}";
      inherit paths python;
      env = stdenvNoCC.mkDerivation {
        name = "interactive-${python.name}-environment";
        nativeBuildInputs = [ env ];
        buildCommand = ''
          echo "*** Python 'env' attributes are intended for interactive nix-shell sessions, not for building! ***" >&2
          exit 1
        '';
      };
    };
    inherit (python) meta;
  };
in
env
