# Native libraries: store copies of the machine's own where it has them, else small shared objects
# of the right names. libraries.json says which files a package has, by nixpkgs' attribute.
{ lib }:
self: super:
let
  # Outputs as in nixpkgs, the first is what the attribute itself stands for. Others: out and dev.
  outputs = {
    alsa-lib = [
      "out"
      "dev"
    ];
    bzip2 = binFirst;
    cups = libOutput;
    curl = binFirst;
    dbus = libOutput;
    file = [ "out" ];
    fontconfig = [
      "bin"
      "dev"
      "lib"
      "out"
    ];
    glib = binFirst;
    krb5 = libOutput;
    libxml2 = binFirst;
    openssl = binFirst;
    sqlite = binFirst;
    xz = binFirst;
    zstd = binFirst;
  };
  binFirst = [
    "bin"
    "dev"
    "out"
  ];
  libOutput = [
    "out"
    "dev"
    "lib"
  ];

  # Headers and pkg-config modules for building against the machine's copy, where it has them.
  development = {
    bzip2.headers = [ "bzlib.h" ];
    expat = {
      headers = [
        "expat.h"
        "expat_external.h"
      ];
      modules = [ "expat" ];
    };
    libffi = {
      headers = [
        "ffi.h"
        "ffitarget.h"
      ];
      modules = [ "libffi" ];
    };
    libyaml = {
      headers = [ "yaml.h" ];
      modules = [ "yaml-0.1" ];
    };
    sqlite = {
      headers = [
        "sqlite3.h"
        "sqlite3ext.h"
      ];
      modules = [ "sqlite3" ];
    };
    zlib = {
      headers = [
        "zconf.h"
        "zlib.h"
      ];
      modules = [ "zlib" ];
    };
  };

  # What packages bring beside their libraries.
  programs = {
    bzip2 = [
      "bunzip2"
      "bzip2"
    ];
    curl = [ "curl" ];
    file = [ "file" ];
    openssl = [ "openssl" ];
    sqlite = [ "sqlite3" ];
    xz = [
      "unxz"
      "xz"
    ];
    zstd = [ "zstd" ];
  };

  # What there is no macOS of.
  ofLinux = [
    "alsa-lib"
    "systemd"
  ];

  library =
    pname: sonames:
    let
      wanted = development.${pname} or { };
    in
    self.runHost "${pname}-host" ./host/library.sh {
      inherit pname sonames;
      outputs =
        outputs.${pname} or [
          "out"
          "dev"
        ];
      headers = wanted.headers or [ ];
      modules = wanted.modules or [ ];
      programs = programs.${pname} or [ ];
    }
    // {
      inherit pname;
      version = "host";
      meta = {
        mainProgram = lib.head (programs.${pname} or [ pname ]);
        description = "The library ${pname}, copied from this machine or a stub";
        platforms = if lib.elem pname ofLinux then lib.platforms.linux else lib.platforms.all;
      };
    };

  libraries = lib.mapAttrs library (lib.importJSON ./libraries.json);

  # Names of before nixpkgs 26.05.
  xorg = lib.mapAttrs (_: name: self.${name}) {
    libICE = "libice";
    libSM = "libsm";
    libX11 = "libx11";
    libXau = "libxau";
    libXcomposite = "libxcomposite";
    libXcursor = "libxcursor";
    libXdamage = "libxdamage";
    libXdmcp = "libxdmcp";
    libXext = "libxext";
    libXfixes = "libxfixes";
    libXft = "libxft";
    libXi = "libxi";
    libXinerama = "libxinerama";
    libXmu = "libxmu";
    libXpm = "libxpm";
    libXrandr = "libxrandr";
    libXrender = "libxrender";
    libXScrnSaver = "libxscrnsaver";
    libXt = "libxt";
    libXtst = "libxtst";
    libXv = "libxv";
    libXxf86vm = "libxxf86vm";
    libxcb = "libxcb";
    libxkbfile = "libxkbfile";
    libxshmfence = "libxshmfence";
    xcbutil = "libxcb-util";
    xcbutilcursor = "libxcb-cursor";
    xcbutilimage = "libxcb-image";
    xcbutilkeysyms = "libxcb-keysyms";
    xcbutilrenderutil = "libxcb-render-util";
    xcbutilwm = "libxcb-wm";
  };
in
libraries
// {
  inherit xorg;
  libglvnd = self.libGL;
  unixODBC = self.unixodbc;

  # Built from text here: a library to compile against on any machine that has a compiler.
  libsodium = self.stdenv.mkDerivation {
    pname = "libsodium";
    version = "1.0.20";
    src = ./libsodium;
    outputs = [
      "out"
      "dev"
    ];
    buildPhase = ''
      $CC -shared -fPIC -O2 -I. -Wl,-soname,libsodium.so.26 sodium.c -o libsodium.so.26
    '';
    installPhase = ''
      mkdir -p "$out/lib" "$dev/include" "$dev/lib/pkgconfig"
      cp libsodium.so.26 "$out/lib"
      ln -s libsodium.so.26 "$out/lib/libsodium.so"
      cp sodium.h "$dev/include"
      substituteInPlace libsodium.pc --subst-var out --subst-var dev --subst-var version
      cp libsodium.pc "$dev/lib/pkgconfig"
    '';
    meta.license = lib.licenses.isc;
  };

  # Where NixOS keeps the driver of the graphics card.
  addDriverRunpath.driverLink = "/run/opengl-driver";
}
