# The machine's tkinter, as a package: nixpkgs' interpreters are without it. Where the machine's
# Python has no compiled part (Debian's is a package of its own), only the Python part is there.
source "$find"
interpreter=$(find_python "$minor")
mkdir -p "$out/$sitePackages"
"$interpreter" -I -S - "$out/$sitePackages" <<'PY'
import glob, os, shutil, sys, sysconfig

target = sys.argv[1]
library = sysconfig.get_path("stdlib")
source = os.path.join(library, "tkinter")
if os.path.isdir(source):
    shutil.copytree(source, os.path.join(target, "tkinter"),
                    ignore=shutil.ignore_patterns("__pycache__", "test"))
else:
    os.mkdir(os.path.join(target, "tkinter"))
    with open(os.path.join(target, "tkinter", "__init__.py"), "w") as file:
        file.write('"""This machine has no tkinter."""\n')
for extension in glob.glob(os.path.join(library, "lib-dynload", "_tkinter.*")):
    shutil.copy(extension, target)
PY
chmod -R u+w "$out"
