# stdenv, mkShell, buildEnv and the like: made of the machine's own bash, coreutils and compiler.
{
  lib,
  config,
  system,
}:
self: super:
let
  find = ../host/find.sh;

  # Runs a script with the machine's bash, outside of any stdenv.
  runHost =
    name: script: attrs:
    derivation (
      {
        inherit name system find;
        builder = "/bin/bash";
        args = [ script ];
        preferLocalBuild = true;
        allowSubstitutes = false;
      }
      // attrs
    );

  # optional: without any of the programs, the package is empty; a stdenv can do without some.
  # placeholder: without a program, there is a script that says so.
  hostProgramsWith =
    {
      optional ? false,
      placeholder ? false,
    }:
    name: programs:
    lib.addMetaAttrs { mainProgram = lib.head programs; } (
      runHost "${name}-host" ../host/programs.sh { inherit optional placeholder programs; }
      // {
        pname = name;
        version = "host";
      }
    );

  bash =
    runHost "bash-host" ../host/bash.sh { }
    // {
      pname = "bash";
      version = "host";
      shellPath = "/bin/bash";
      meta.mainProgram = "bash";
    };

  isLinux = lib.hasSuffix "linux" system;
  cpu = lib.head (lib.splitString "-" system);
  platform = {
    inherit system isLinux;
    isDarwin = !isLinux;
    isx86_64 = cpu == "x86_64";
    isAarch64 = cpu == "aarch64";
    is64bit = true;
    isUnix = true;
    isGnu = isLinux;
    isMusl = false;
    isStatic = false;
    isWindows = false;
    libc = if isLinux then "glibc" else "libSystem";
    config = if isLinux then "${cpu}-unknown-linux-gnu" else "${cpu}-apple-darwin";
    parsed = {
      cpu.name = cpu;
      kernel.name = if isLinux then "linux" else "darwin";
    };
    extensions = {
      sharedLibrary = if isLinux then ".so" else ".dylib";
      executable = "";
    };
  };

  gcc-unwrapped =
    runHost "gcc-host" ./gcc.sh {
      outputs = [
        "out"
        "lib"
      ];
    }
    // {
      pname = "gcc";
      version = "host";
      isGNU = true;
    };

  cc = mkDerivation {
    pname = "gcc-wrapper";
    version = "host";
    stdenv = stdenvNoCC;
    unwrapped = gcc-unwrapped;
    script = ./cc-script.sh;
    buildCommand = "source ${./cc-wrapper.sh}";
    setupHook = builtins.toFile "cc-setup-hook.sh" (
      lib.replaceStrings [ "@infixSalt@" ] [ (lib.replaceStrings [ "-" ] [ "_" ] platform.config) ] (
        builtins.readFile ./cc-setup-hook.sh
      )
    );
    passthru = {
      cc = gcc-unwrapped;
      isGNU = true;
      isClang = false;
      libc = null;
      bintools.dynamicLinker = lib.optionalString isLinux (
        if platform.isx86_64 then "/lib64/ld-linux-x86-64.so.2" else "/lib/ld-linux-aarch64.so.1"
      );
      targetPrefix = "";
    };
    meta.mainProgram = "gcc";
  };

  # In the order of nixpkgs' stdenv.
  initialPath = [
    self.coreutils
    self.findutils
    self.diffutils
    self.gnused
    self.gnugrep
    self.gawk
    self.gnutar
    self.gzip
    self.bzip2
    self.gnumake
    bash
    self.patch
    self.xz
    self.file
  ];

  makeStdenv =
    { name, defaultNativeBuildInputs }:
    runHost name ./make.sh {
      inherit initialPath defaultNativeBuildInputs;
      setup = ./setup.sh;
      shell = "${bash}/bin/bash";
    }
    // {
      inherit
        mkDerivation
        initialPath
        defaultNativeBuildInputs
        system
        ;
      inherit (platform) isLinux isDarwin isx86_64 isAarch64;
      defaultBuildInputs = [ ];
      hostPlatform = platform;
      buildPlatform = platform;
      targetPlatform = platform;
      shell = "${bash}/bin/bash";
      shellPackage = bash;
    };

  stdenvNoCC = makeStdenv {
    name = "stdenv-no-cc";
    defaultNativeBuildInputs = [ ];
  };
  stdenv =
    makeStdenv {
      name = "stdenv-linux";
      defaultNativeBuildInputs = [ cc ];
    }
    // {
      inherit cc;
    };

  # Refuses what the real nixpkgs refuses to evaluate.
  check =
    name: pname: meta: drv:
    let
      licenses = lib.toList (meta.license or [ ]);
      unfree = lib.any (license: !(license.free or true)) licenses;
      predicate = config.allowUnfreePredicate or (_: false);
      refuse = why: hint: throw ''
        Package ‘${name}’ in tests/nixpkgs ${why}, refusing to evaluate.

        ${hint}'';
    in
    if unfree && !(config.allowUnfree or false) && !predicate (drv // { inherit pname; }) then
      refuse "has an unfree license (‘${(lib.head licenses).shortName}’)" ''
        a) To temporarily allow unfree packages, you can use an environment variable
           for a single invocation of the nix tools.

             $ export NIXPKGS_ALLOW_UNFREE=1''
    else if meta.broken or false && !(config.allowBroken or false) then
      refuse "is marked as broken" "allowBroken = true;"
    else
      drv;

  # overrideAttrs takes a set, `previous: { … }` or `final: previous: { … }`.
  applyChange =
    change: final: previous:
    let
      first = lib.toFunction change final;
    in
    if lib.isFunction first then first previous else lib.toFunction change previous;

  notForBuilders = [
    "meta"
    "passthru"
    "pos"
    "env"
    "stdenv"
  ];
  inputs = attrs: name: map lib.getDev (lib.filter (x: x != null) (lib.flatten (attrs.${name} or [ ])));

  mkDerivation =
    argument:
    let
      make =
        function:
        let
          attrs = function final;
          final = attrs // {
            finalPackage = package;
            inherit (package) name;
          };
          pname = attrs.pname or (lib.getName attrs.name);
          name = attrs.name or "${attrs.pname}-${attrs.version}";
          meta = {
            available = true;
            broken = false;
            unfree = false;
            inherit name;
          }
          // attrs.meta or { };
          drv = derivation (
            {
              # What nixpkgs' shells hold too, empty or not.
              doCheck = false;
              doInstallCheck = false;
              configureFlags = [ ];
              cmakeFlags = [ ];
              mesonFlags = [ ];
              patches = [ ];
              strictDeps = false;
              depsBuildBuild = [ ];
              depsBuildBuildPropagated = [ ];
              depsBuildTarget = [ ];
              depsBuildTargetPropagated = [ ];
              depsHostHost = [ ];
              depsHostHostPropagated = [ ];
              depsTargetTarget = [ ];
              depsTargetTargetPropagated = [ ];
              outputs = [ "out" ];
              __ignoreNulls = true;
            }
            // removeAttrs attrs notForBuilders
            // attrs.env or { }
            // {
              inherit name system;
              builder = "${bash}/bin/bash";
              args = [
                "-e"
                ./builder.sh
              ];
              stdenv = attrs.stdenv or stdenv;
              buildInputs = inputs attrs "buildInputs";
              nativeBuildInputs = inputs attrs "nativeBuildInputs";
              propagatedBuildInputs = inputs attrs "propagatedBuildInputs";
              propagatedNativeBuildInputs = inputs attrs "propagatedNativeBuildInputs";
            }
          );
          extras = {
            inherit meta pname;
            inherit (attrs) version;
            passthru = attrs.passthru or { };
            # As given: what builders and `inputsFrom` look at.
            buildInputs = attrs.buildInputs or [ ];
            nativeBuildInputs = attrs.nativeBuildInputs or [ ];
            propagatedBuildInputs = attrs.propagatedBuildInputs or [ ];
            propagatedNativeBuildInputs = attrs.propagatedNativeBuildInputs or [ ];
            overrideAttrs =
              change:
              make (
                final':
                let
                  previous = function final';
                in
                previous // applyChange change final' previous
              );
          };
          outputs = lib.genAttrs (attrs.outputs or [ "out" ]) (
            output:
            drv.${output}
            // {
              outputSpecified = true;
              inherit meta pname;
            }
          );
          package =
            drv
            // outputs
            // (if attrs ? version then extras else removeAttrs extras [ "version" ])
            // {
              # Looked at only where the package is used, as in nixpkgs.
              outPath = (check name pname meta drv).outPath;
              drvPath = (check name pname meta drv).drvPath;
            }
            // attrs.passthru or { };
        in
        package;
    in
    make (lib.toFunction argument);

  mkShellWith =
    shellStdenv: attrs:
    let
      given = name: lib.filter (x: x != null) (lib.flatten (attrs.${name} or [ ]));
      inputsFrom = attrs.inputsFrom or [ ];
      merge =
        name: given name ++ lib.subtractLists inputsFrom (lib.flatten (lib.catAttrs name inputsFrom));
    in
    mkDerivation (
      removeAttrs attrs [
        "packages"
        "inputsFrom"
        "shellHook"
      ]
      // {
        name = attrs.name or "nix-shell";
        stdenv = attrs.stdenv or shellStdenv;
        buildInputs = merge "buildInputs";
        nativeBuildInputs = given "packages" ++ merge "nativeBuildInputs";
        propagatedBuildInputs = merge "propagatedBuildInputs";
        propagatedNativeBuildInputs = merge "propagatedNativeBuildInputs";
        shellHook = lib.concatStringsSep "\n" (
          lib.catAttrs "shellHook" (lib.reverseList inputsFrom ++ [ attrs ])
        );
        phases = [ "buildPhase" ];
        buildPhase = attrs.buildPhase or "export >\"$out\"";
        preferLocalBuild = true;
      }
    );

  runCommandWith =
    shellStdenv: name: env: buildCommand:
    mkDerivation (
      {
        inherit name buildCommand;
        stdenv = shellStdenv;
        passAsFile = [ "buildCommand" ] ++ env.passAsFile or [ ];
      }
      // removeAttrs env [ "passAsFile" ]
    );

  writeTextFile =
    {
      name,
      text,
      executable ? false,
      destination ? "",
      checkPhase ? "",
      meta ? { },
    }:
    mkDerivation {
      inherit
        name
        text
        executable
        destination
        meta
        ;
      stdenv = stdenvNoCC;
      passAsFile = [ "text" ];
      buildCommand = ''
        target=$out$destination
        mkdir -p "$(dirname "$target")"
        cp "$textPath" "$target"
        if [[ -n $executable ]]; then chmod +x "$target"; fi
        ${checkPhase}
      '';
    };

  buildEnv =
    {
      name,
      paths,
      postBuild ? "",
      ...
    }@args:
    mkDerivation (
      removeAttrs args [
        "paths"
        "extraOutputsToInstall"
        "pathsToLink"
        "ignoreCollisions"
      ]
      // {
        stdenv = args.stdenv or stdenvNoCC;
        joined = map toString paths;
        buildCommand = ''
          mkdir -p "$out"
          for path in $joined; do
            if [[ -d $path ]]; then
              cp -rsn --no-preserve=mode "$path"/. "$out" || true
            fi
          done
          rm -rf "$out/nix-support"
          ${postBuild}
        '';
        passthru = (args.passthru or { }) // {
          inherit paths;
        };
      }
    );
in
{
  inherit
    runHost
    bash
    stdenv
    stdenvNoCC
    buildEnv
    writeTextFile
    ;
  hostPrograms = hostProgramsWith { };
  placeholder = hostProgramsWith { placeholder = true; };
  optionalHostPrograms = hostProgramsWith { optional = true; };
  bashInteractive = bash;
  bashNonInteractive = bash;
  gcc = cc;
  gcc-unwrapped = gcc-unwrapped;
  binutils = cc;

  mkShell = mkShellWith stdenv;
  mkShellNoCC = mkShellWith stdenvNoCC;
  runCommand = runCommandWith stdenvNoCC;
  runCommandNoCC = runCommandWith stdenvNoCC;
  runCommandCC = runCommandWith stdenv;
  runCommandLocal = runCommandWith stdenvNoCC;
  writeText = name: text: writeTextFile { inherit name text; };
  writeScript =
    name: text:
    writeTextFile {
      inherit name text;
      executable = true;
    };
  writeScriptBin =
    name: text:
    writeTextFile {
      inherit name text;
      executable = true;
      destination = "/bin/${name}";
      meta.mainProgram = name;
    };
  writeShellScript = name: text: self.writeScript name "#!${bash}/bin/bash\n${text}";
  writeShellScriptBin = name: text: self.writeScriptBin name "#!${bash}/bin/bash\n${text}\n";
  writeShellApplication =
    {
      name,
      text,
      runtimeInputs ? [ ],
      ...
    }:
    self.writeShellScriptBin name ''
      set -o errexit -o nounset -o pipefail
      export PATH="${lib.makeBinPath runtimeInputs}:$PATH"
      ${text}'';
  symlinkJoin =
    { name, paths, ... }@args:
    buildEnv args;
}
