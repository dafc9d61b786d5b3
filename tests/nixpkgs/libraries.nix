# Native libraries: store copies of the machine's own where it has them, else small shared objects
# of the right name.
{ lib }:
self: super:
let
  # sonames: the files of lib/. A machine without one gets a stub, which can be loaded and has no
  # functions.
  library =
    pname: sonames:
    {
      attrs ? { },
    }:
    self.runHost "${pname}-host" ./host/library.sh (
      {
        inherit sonames;
        outputs = [
          "out"
          "dev"
        ];
        inherit pname;
        headers = attrs.headers or [ ];
        pkgConfig = attrs.pkgConfig or [ ];
      }
    )
    // {
      inherit pname;
      version = "host";
    };
in
{ }
