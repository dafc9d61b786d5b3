"""Copies the CPython that runs this to another folder, as nixpkgs lays one out.

Run as `python -I -S relocate.py OUT`. Reads from the environment: `sitecustomize` and `setupHook`
(files to put in), `hostPlatform` (such as linux-x86_64) and `sysconfigdataName`.

What comes out finds itself by its own location, whatever way the machine's interpreter was
installed: pyenv, /usr/local, Debian's patched layout, uv's python-build-standalone.
"""

import importlib
import json
import os
import pprint
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path

MINOR = "{}.{}".format(*sys.version_info)
NAME = f"python{MINOR}"
OUT = Path(sys.argv[1])
PREFIX = sys.base_prefix
STDLIB = Path(sysconfig.get_path("stdlib"))
LIB = OUT / "lib" / NAME
SITE_PACKAGES = LIB / "site-packages"

# Not in nixpkgs' python (tkinter, the tests), or of no use here (idle needs tkinter).
LEFT_OUT = {
    "__pycache__",
    "dist-packages",
    "idlelib",
    "site-packages",
    "test",
    "tests",
    "tkinter",
    "turtledemo",
    "EXTERNALLY-MANAGED",
    "sitecustomize.py",
    "_distutils_system_mod.py",
}

EXTERNALLY_MANAGED = """\
[externally-managed]
Error=This command has been disabled as it tries to modify the immutable
 `/nix/store` filesystem.

 To use Python with Nix and nixpkgs, have a look at the online documentation:
 <https://nixos.org/manual/nixpkgs/stable/#python>.
"""


def moved(text):
    """Returns a text with the machine's prefix replaced by the new one."""
    if PREFIX == "/usr":
        # Debian's: only what is Python's own, since /usr/bin and /usr/include are everyone's.
        return re.sub(rf"/usr(?=/(?:lib|include)/python{re.escape(MINOR)}\b)", str(OUT), text)
    return text.replace(PREFIX, str(OUT))


def ignore(_folder, names):
    """Returns those of a folder's names that are not copied, for `shutil.copytree`."""
    return [
        name
        for name in names
        if name in LEFT_OUT
        or name.endswith((".a", ".o", ".exe"))
        or name.startswith(("_tkinter.", "_sysconfigdata_", "_sysconfig_vars_", "_test"))
    ]


def copy_library():
    """Copies the standard library, its compiled modules and the C headers."""
    shutil.copytree(STDLIB, LIB, ignore=ignore, symlinks=False, ignore_dangling_symlinks=True)
    for folder in sys.path:
        # Where the compiled modules are elsewhere (a lib64), bring them over.
        if folder.endswith("lib-dynload") and not (LIB / "lib-dynload").exists():
            shutil.copytree(folder, LIB / "lib-dynload", ignore=ignore)
    for path in [LIB, *LIB.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
    (LIB / "lib-dynload").mkdir(exist_ok=True)
    (LIB / "EXTERNALLY-MANAGED").write_text(EXTERNALLY_MANAGED)
    include = Path(sysconfig.get_path("include"))
    if include.is_dir():
        shutil.copytree(include, OUT / "include" / NAME)
    for makefile in LIB.glob("config-*/Makefile"):
        makefile.write_text(moved(makefile.read_text()))
    pkgconfig = OUT / "lib" / "pkgconfig"
    pkgconfig.mkdir(parents=True)
    for folder in (sysconfig.get_config_var("LIBPC"), f"{PREFIX}/lib/pkgconfig"):
        for file in sorted(Path(folder or "/nonexistent").glob(f"python*{MINOR}*.pc")):
            text = re.sub(r"(?m)^prefix=.*$", f"prefix={OUT}", moved(file.read_text()))
            (pkgconfig / file.name).write_text(text)


# Debian's module `site` knows dist-packages only, and is frozen into the interpreter from 3.11 on.
# This stands beside the standard library and comes before the sitecustomize in site-packages.
DEBIAN_SITECUSTOMIZE = """\
import os
import site
import sys


def getsitepackages(prefixes=None):
    name = "python%d.%d" % sys.version_info[:2]
    prefixes = site.PREFIXES if prefixes is None else prefixes
    prefixes = dict.fromkeys(prefixes)
    return [os.path.join(prefix, "lib", name, "site-packages") for prefix in prefixes]


site.getsitepackages = getsitepackages
for folder in getsitepackages():
    if os.path.isdir(folder) and folder not in sys.path:
        site.addsitedir(folder)
with open(os.path.join(os.path.dirname(__file__), "site-packages", "sitecustomize.py")) as file:
    exec(compile(file.read(), file.name, "exec"))
"""


def undo_debian():
    """Takes back what Debian changed in where packages are looked for, and installed to."""
    if "dist-packages" not in (STDLIB / "site.py").read_text(encoding="utf-8"):
        return
    (LIB / "sitecustomize.py").write_text(DEBIAN_SITECUSTOMIZE)
    layout = [
        ("prefix_scheme = 'posix_local'", "prefix_scheme = 'posix_prefix'"),
        ("'DEB_PYTHON_INSTALL_LAYOUT', 'posix_local'", "'DEB_PYTHON_INSTALL_LAYOUT', ''"),
    ]
    edits = {
        "sysconfig.py": layout,
        "sysconfig/__init__.py": layout,
        "distutils/sysconfig.py": [('"python3", "dist-packages"', f'"{NAME}", "site-packages"')],
        "distutils/command/install.py": [
            ("local/lib/python{py_version_short}/dist-packages",
             "lib/python{py_version_short}/site-packages"),
            ("local/{platlibdir}/python{py_version_short}/dist-packages",
             "{platlibdir}/python{py_version_short}/site-packages"),
            ("{base}/local", "{base}"),
        ],
    }  # fmt: skip
    for name, replacements in edits.items():
        file = LIB / name
        if file.exists():
            text = file.read_text()
            for old, new in replacements:
                text = text.replace(old, new)
            file.write_text(text)


def write_sysconfig():
    """Writes the variables of the build under the name nixpkgs gives the module."""
    name = os.environ["sysconfigdataName"]
    own_name = sysconfig._get_sysconfigdata_name()
    original = importlib.import_module(own_name).build_time_vars
    variables = {
        key: moved(value) if isinstance(value, str) else value for key, value in original.items()
    }
    variables |= {
        "prefix": str(OUT),
        "exec_prefix": str(OUT),
        "BINDIR": f"{OUT}/bin",
        "LIBDIR": f"{OUT}/lib",
        "INCLUDEDIR": f"{OUT}/include",
        "LIBDEST": str(LIB),
        "BINLIBDEST": str(LIB),
        "SCRIPTDIR": f"{OUT}/lib",
        "MACHDESTLIB": str(LIB),
        "DESTSHARED": f"{LIB}/lib-dynload",
    }
    text = "# system configuration generated and used by the sysconfig module\n"
    text += "build_time_vars = " + pprint.pformat(variables) + "\n"
    (LIB / f"{name}.py").write_text(text)
    if own_name != name:  # Debian's interpreter asks for another
        (LIB / f"{own_name}.py").symlink_to(f"{name}.py")
    SITE_PACKAGES.mkdir()
    (SITE_PACKAGES / f"{name}.py").symlink_to(LIB / f"{name}.py")
    if sys.version_info >= (3, 14):
        vars_name = name.replace("_sysconfigdata_", "_sysconfig_vars_") + ".json"
        (LIB / vars_name).write_text(json.dumps(variables, indent=2))
        (SITE_PACKAGES / vars_name).symlink_to(LIB / vars_name)
    shutil.copy(os.environ["sitecustomize"], SITE_PACKAGES / "sitecustomize.py")


def shared_library():
    """Returns the libpython that this process runs from, or None where it is linked in."""
    with open("/proc/self/maps") as maps:
        for line in maps:
            path = line.rstrip("\n").partition("/")[2]
            if re.fullmatch(rf"libpython{re.escape(MINOR)}\.so[.\d]*", os.path.basename(path)):
                return Path("/" + path)
    return None


def copy_program():
    """Copies the program, or compiles it anew where its libpython must be found elsewhere."""
    binaries = OUT / "bin"
    binaries.mkdir(parents=True)
    program = binaries / NAME
    running = Path("/proc/self/exe").resolve()
    library = shared_library()
    if library is None:
        shutil.copy(running, program)
    else:
        soname = f"libpython{MINOR}.so.1.0"
        shutil.copy(library, OUT / "lib" / soname)
        for link in (f"libpython{MINOR}.so", "libpython3.so"):
            (OUT / "lib" / link).symlink_to(soname)
        link_program(program, running, library)
    program.chmod(0o755)
    for name, target in (("python3", NAME), ("python", "python3")):
        (binaries / name).symlink_to(target)
    write_script(binaries / f"pydoc{MINOR}", "import pydoc\npydoc.cli()\n")
    (binaries / "pydoc3").symlink_to(f"pydoc{MINOR}")
    (binaries / "pydoc").symlink_to("pydoc3")
    for config in (running.parent / f"{NAME}-config",):
        if config.is_file() and PREFIX != "/usr":
            text = re.sub(r"\A#!.*/python.*", f"#!{program}", moved(config.read_text()))
            (binaries / config.name).write_text(text)
            (binaries / config.name).chmod(0o755)
            (binaries / "python3-config").symlink_to(config.name)
            (binaries / "python-config").symlink_to("python3-config")


def link_program(program, running, library):
    """Makes a program that loads the copied libpython: it is CPython's own main(), no more."""
    if b"$ORIGIN/../lib" in running.read_bytes():
        shutil.copy(running, program)
        return
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler:
        main = "extern int Py_BytesMain(int, char **);\n"
        main += "int main(int argc, char **argv) { return Py_BytesMain(argc, argv); }\n"
        subprocess.run(
            [compiler, "-O2", "-x", "c", "-", "-x", "none", str(OUT / "lib" / library.name),
             f"-Wl,-rpath,{OUT}/lib", "-o", str(program)],
            input=main, text=True, check=True,
        )  # fmt: skip
        return
    shutil.copy(running, program)
    program.chmod(0o755)
    if shutil.which("patchelf"):
        subprocess.run(["patchelf", "--set-rpath", f"{OUT}/lib", str(program)], check=True)


def write_script(path, body):
    """Writes a program in Python."""
    path.write_text(f"#!{OUT}/bin/{NAME}\n{body}")
    path.chmod(0o755)


def write_nix_support():
    """Writes the setup hook."""
    hook = Path(os.environ["setupHook"]).read_text()
    for key, value in {
        "@out@": str(OUT),
        "@sitePackages@": f"lib/{NAME}/site-packages",
        "@hostPlatform@": os.environ["hostPlatform"],
        "@sysconfigdataName@": os.environ["sysconfigdataName"],
    }.items():
        hook = hook.replace(key, value)
    (OUT / "nix-support").mkdir()
    (OUT / "nix-support" / "setup-hook").write_text(hook)


def compile_library():
    """Compiles as nixpkgs does: pyc files that are checked by hash, since all files are of 1970."""
    subprocess.run(
        [str(OUT / "bin" / NAME), "-I", "-S", "-B", "-m", "compileall", "-q", "-f", "-j", "0",
         "-x", r"lib2to3/tests|bad_coding|badsyntax", str(LIB)],
        check=True,
    )  # fmt: skip


copy_library()
undo_debian()
write_sysconfig()
copy_program()
write_nix_support()
compile_library()
