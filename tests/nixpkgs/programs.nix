# Programs. Most are links to the machine's own; `uv` and `ruff` are the real ones, from PyPI.
{ lib, options }:
self: super:
let
  inherit (self) hostPrograms optionalHostPrograms placeholder;

  # A program whose wheel on PyPI is nothing but the program.
  fromWheel =
    name: release:
    lib.addMetaAttrs { mainProgram = name; } (
      self.runHost "${name}-${release.version}" ./wheels/unpack-program.sh { inherit (release) src; }
      // {
        pname = name;
        inherit (release) version;
      }
    );
in
{
  wheels = import ./wheels {
    inherit lib;
    inherit (self) system;
  };

  uv = self.uvVersions.${options.uv};
  # Not in nixpkgs: one release of each minor, for tests over all of them.
  uvVersions = lib.mapAttrs (_: fromWheel "uv") (self.wheels.program "uv");
  ruff = fromWheel "ruff" (lib.head (lib.attrValues (self.wheels.program "ruff")));

  # Folders with the names of browsers.
  playwright-driver = self.stdenv.mkDerivation {
    pname = "playwright-core";
    version = "1.61.1";
    buildCommand = "mkdir $out";
    passthru.browsers = self.runCommand "playwright-browsers" { } "mkdir -p $out/chromium-1234";
  };

  coreutils = hostPrograms "coreutils" [
    "["
    "b2sum"
    "base32"
    "base64"
    "basename"
    "basenc"
    "cat"
    "chgrp"
    "chmod"
    "chown"
    "chroot"
    "cksum"
    "comm"
    "cp"
    "csplit"
    "cut"
    "date"
    "dd"
    "df"
    "dir"
    "dircolors"
    "dirname"
    "du"
    "echo"
    "env"
    "expand"
    "expr"
    "factor"
    "false"
    "fmt"
    "fold"
    "groups"
    "head"
    "hostid"
    "id"
    "install"
    "join"
    "kill"
    "link"
    "ln"
    "logname"
    "ls"
    "md5sum"
    "mkdir"
    "mkfifo"
    "mknod"
    "mktemp"
    "mv"
    "nice"
    "nl"
    "nohup"
    "nproc"
    "numfmt"
    "od"
    "paste"
    "pathchk"
    "pinky"
    "pr"
    "printenv"
    "printf"
    "ptx"
    "pwd"
    "readlink"
    "realpath"
    "rm"
    "rmdir"
    "seq"
    "sha1sum"
    "sha224sum"
    "sha256sum"
    "sha384sum"
    "sha512sum"
    "shred"
    "shuf"
    "sleep"
    "sort"
    "split"
    "stat"
    "stdbuf"
    "stty"
    "sum"
    "sync"
    "tac"
    "tail"
    "tee"
    "test"
    "timeout"
    "touch"
    "tr"
    "true"
    "truncate"
    "tsort"
    "tty"
    "uname"
    "unexpand"
    "uniq"
    "unlink"
    "uptime"
    "users"
    "vdir"
    "wc"
    "who"
    "whoami"
    "yes"
  ];
  findutils = hostPrograms "findutils" [
    "find"
    "locate"
    "updatedb"
    "xargs"
  ];
  diffutils = hostPrograms "diffutils" [
    "cmp"
    "diff"
    "diff3"
    "sdiff"
  ];
  gnused = hostPrograms "gnused" [ "sed" ];
  gnugrep = hostPrograms "gnugrep" [
    "egrep"
    "fgrep"
    "grep"
  ];
  gawk = hostPrograms "gawk" [
    "awk"
    "gawk"
  ];
  gnutar = hostPrograms "gnutar" [ "tar" ];
  gzip = hostPrograms "gzip" [
    "gunzip"
    "gzip"
    "zcat"
  ];
  # These are not on every machine, and a missing one must not take the whole stdenv with it.
  gnumake = optionalHostPrograms "gnumake" [ "make" ];
  patch = optionalHostPrograms "patch" [ "patch" ];
  which = hostPrograms "which" [ "which" ];

  git = hostPrograms "git" [ "git" ];
  nix = hostPrograms "nix" [
    "nix"
    "nix-store"
  ];
  jq = hostPrograms "jq" [ "jq" ];
  wget = hostPrograms "wget" [ "wget" ];
  cmake = hostPrograms "cmake" [
    "cmake"
    "cpack"
    "ctest"
  ];
  ninja = hostPrograms "ninja" [ "ninja" ];
  patchelf = hostPrograms "patchelf" [ "patchelf" ];

  # A link where the machine has the program, else a script that says what it is not.
  postgresql = placeholder "postgresql" [
    "psql"
    "pg_config"
  ];
  nodejs = placeholder "nodejs" [
    "node"
    "npm"
    "npx"
  ];
  ffmpeg = placeholder "ffmpeg" [ "ffmpeg" ];
  just = placeholder "just" [ "just" ];
  pandoc = placeholder "pandoc" [ "pandoc" ];
  redis = placeholder "redis" [
    "redis-cli"
    "redis-server"
  ];
  shellcheck = placeholder "shellcheck" [ "shellcheck" ];
  deadnix = placeholder "deadnix" [ "deadnix" ];
  statix = placeholder "statix" [ "statix" ];
  cargo = placeholder "cargo" [ "cargo" ];
  rustc = placeholder "rustc" [ "rustc" ];
  meson = placeholder "meson" [ "meson" ];
  swig = placeholder "swig" [ "swig" ];
  # Not PyPI's nox, which is among the Python packages only.
  nox = placeholder "nox" [ "nox" ];
  chromium = placeholder "chromium" [ "chromium" ];

  hello = self.writeShellScriptBin "hello" "echo 'Hello, world!'";

  # They leave every file as it is.
  nixfmt = self.writeShellScriptBin "nixfmt" "exit 0";
  nixfmt-rfc-style = self.nixfmt;
  nixfmt-tree = self.writeShellScriptBin "treefmt" "exit 0";
  treefmt.withConfig = _: self.nixfmt-tree;

  pkg-config = self.stdenvNoCC.mkDerivation {
    pname = "pkg-config-wrapper";
    version = "host";
    program = hostPrograms "pkg-config" [ "pkg-config" ];
    setupHook = ./host/pkg-config-hook.sh;
    buildCommand = ''
      mkdir -p "$out/bin"
      ln -s "$program/bin/pkg-config" "$out/bin/pkg-config"
    '';
    meta.mainProgram = "pkg-config";
  };

  cacert = self.runHost "nss-cacert-host" ./host/cacert.sh { };
  glibcLocales = self.runHost "glibc-locales-host" ./host/locales.sh { };
  tzdata = self.runHost "tzdata-host" ./host/tzdata.sh { };

  # Programs written in Python: each brings its own `python3` and all of its modules with it.
  inherit
    (lib.genAttrs [ "hatch" "pdm" "pipenv" "pipx" "poetry" "tox" "virtualenv" ] (
      name: self.python3.pkgs.toPythonApplication self.python3.pkgs.${name}
    ))
    hatch
    pdm
    pipenv
    pipx
    poetry
    tox
    virtualenv
    ;

  # As nixpkgs' patches do: it starts virtualenv, nodeenv and itself by their store paths, since
  # its own interpreter has none of their modules.
  pre-commit =
    let
      inherit (self.python3) interpreter sitePackages;
      inherit (self.python3.pkgs) nodeenv virtualenv;
      drv = self.python3.pkgs.toPythonApplication self.python3.pkgs.pre-commit;
    in
    drv.overrideAttrs (old: {
      buildCommand = old.buildCommand + ''

        cd "$out/${sitePackages}/pre_commit"
        sed -i "s|sys.executable, '-mvirtualenv'|'${virtualenv}/bin/virtualenv'|" languages/python.py
        sed -i "s|sys.executable, '-mnodeenv'|'${nodeenv}/bin/nodeenv'|" languages/node.py
        sed -i "s|file_args, color=color)|file_args, color=color, env={'PYTHONPATH': ':'.join(sys.path)})|" \
          languages/pygrep.py
        sed -i -e '1s|.*|#!${self.bash}/bin/bash|' -e '/^if \[ -x/,$d' resources/hook-tmpl
        echo "exec $out/bin/pre-commit \"\''${ARGS[@]}\"" >> resources/hook-tmpl
        ${interpreter} -I -B -m compileall -q -f languages
      '';
    });
}
