# Wheels from PyPI, by the locks in this folder.
{ lib, system }:
let
  cpu = lib.head (lib.splitString "-" system);

  # A fixed-output derivation: nothing is downloaded where the store has the file.
  fetchWheel =
    {
      name,
      version,
      file,
      sha256,
      pythonVersion,
      ...
    }:
    derivation {
      name = file;
      inherit file pythonVersion system;
      requirement = "${name}==${version}";
      builder = "/bin/bash";
      args = [ ./fetch.sh ];
      find = ../host/find.sh;
      outputHashMode = "flat";
      outputHashAlgo = "sha256";
      outputHash = sha256;
      preferLocalBuild = true;
      impureEnvVars = [
        "ALL_PROXY"
        "HOME"
        "HTTPS_PROXY"
        "HTTP_PROXY"
        "NO_PROXY"
        "PATH"
        "PIP_CACHE_DIR"
        "PIP_CERT"
        "PIP_CONFIG_FILE"
        "PIP_DEFAULT_TIMEOUT"
        "PIP_EXTRA_INDEX_URL"
        "PIP_FIND_LINKS"
        "PIP_INDEX_URL"
        "PIP_PROXY"
        "PIP_TRUSTED_HOST"
        "REQUESTS_CA_BUNDLE"
        "SSL_CERT_DIR"
        "SSL_CERT_FILE"
        "STANDIN_PIP_INDEX_URL"
        "STANDIN_PYTHON"
        "all_proxy"
        "http_proxy"
        "https_proxy"
        "no_proxy"
      ];
    };
  read = file: if builtins.pathExists file then lib.importJSON file else { };
in
{
  # The wheels of one Python: { numpy = { version; src; requires; }; … }.
  forPython =
    pythonVersion:
    lib.mapAttrs (
      name: pin: pin // { src = fetchWheel (pin // { inherit name pythonVersion; }); }
    ) (read (./. + "/cp${lib.replaceStrings [ "." ] [ "" ] pythonVersion}-${cpu}.json"));

  # A program without Python: { "0.13.8" = { version; src; }; … }.
  program =
    name:
    lib.mapAttrs (
      _: pins:
      pins.${cpu}
      // {
        src = fetchWheel (
          pins.${cpu}
          // {
            inherit name;
            pythonVersion = "3.12";
          }
        );
      }
    ) (read (./. + "/${name}.json"));
}
