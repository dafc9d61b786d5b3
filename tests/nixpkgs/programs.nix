# Programs. Most are links to the machine's own; `uv` and `ruff` are the real ones, from PyPI.
{ lib, options }:
self: super:
let
  inherit (self) hostPrograms optionalHostPrograms;

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
  bzip2 = optionalHostPrograms "bzip2" [
    "bunzip2"
    "bzip2"
  ];
  xz = optionalHostPrograms "xz" [
    "unxz"
    "xz"
  ];
  # These are not on every machine: a missing one must not take the whole stdenv with it.
  gnumake = optionalHostPrograms "gnumake" [ "make" ];
  patch = optionalHostPrograms "patch" [ "patch" ];
  file = optionalHostPrograms "file" [ "file" ];
  which = hostPrograms "which" [ "which" ];

  git = hostPrograms "git" [ "git" ];
  curl = hostPrograms "curl" [ "curl" ];
  wget = hostPrograms "wget" [ "wget" ];
  jq = hostPrograms "jq" [ "jq" ];
}
