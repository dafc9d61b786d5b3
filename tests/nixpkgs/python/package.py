"""Builds a Python package into $out as nixpkgs' builders leave one.

Reads from the environment: `out`, `pname`, `version`, `interpreter`, `executable`, `sitePackages`,
`propagatedBuildInputs`, `wrapperModule` (the folder of wrapper.py), and either `wheel` (a file) or
`source` (a folder: `site`, `share`, `ext/*.c`, `entry_points.txt`, each optional) with
`requiresDist` (names).

Runs in the interpreter that the package is for.
"""

import base64
import configparser
import csv
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

sys.path.insert(0, os.environ["wrapperModule"])

import wrapper

OUT = Path(os.environ["out"])
INTERPRETER = os.environ["interpreter"]
SITE_PACKAGES = OUT / os.environ["sitePackages"]
BIN = OUT / "bin"

SCRIPT = """\
#!{interpreter}
# -*- coding: utf-8 -*-
import re
import sys
from {module} import {name}
if __name__ == "__main__":
    sys.argv[0] = re.sub(r"(-script\\.pyw|\\.exe)?$", "", sys.argv[0])
    sys.exit({function}())
"""


def unpack_wheel(wheel):
    """Unpacks a wheel (PEP 427) and returns its dist-info folder."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(SITE_PACKAGES)
        for info in archive.infolist():
            if info.external_attr >> 16 & 0o111 and not info.is_dir():
                (SITE_PACKAGES / info.filename).chmod(0o755)
    for data in SITE_PACKAGES.glob("*.data"):
        for folder in sorted(data.iterdir()):
            place = {
                "purelib": SITE_PACKAGES,
                "platlib": SITE_PACKAGES,
                "data": OUT,
                "headers": OUT / "include" / os.environ["executable"] / os.environ["pname"],
                "scripts": BIN,
            }[folder.name]
            shutil.copytree(folder, place, dirs_exist_ok=True)
        shutil.rmtree(data)
    if BIN.is_dir():
        for script in BIN.iterdir():
            content = script.read_bytes()
            if content.startswith(b"#!python"):
                script.write_bytes(re.sub(rb"\A#!pythonw?", f"#!{INTERPRETER}".encode(), content))
            script.chmod(0o755)
    (info,) = SITE_PACKAGES.glob("*.dist-info")
    return info


def build_source(source):
    """Puts a package together from its text and returns its dist-info folder."""
    for name, place in (("site", SITE_PACKAGES), ("share", OUT / "share")):
        if (source / name).is_dir():
            shutil.copytree(source / name, place, dirs_exist_ok=True)
    for folder in [OUT, *OUT.rglob("*")]:
        folder.chmod(0o755 if folder.is_dir() else 0o644)
    for extension in sorted(source.glob("ext/*.c")):
        compile_extension(extension)
    # What is about the environment it ends up in.
    for file in OUT.glob("share/**/*.json"):
        file.write_text(file.read_text().replace("@interpreter@", INTERPRETER))
    name = re.sub(r"[-_.]+", "_", os.environ["pname"])
    info = SITE_PACKAGES / f"{name}-{os.environ['version']}.dist-info"
    info.mkdir()
    lines = ["Metadata-Version: 2.1", f"Name: {os.environ['pname']}"]
    lines += [f"Version: {os.environ['version']}"]
    lines += [f"Requires-Dist: {name}" for name in os.environ.get("requiresDist", "").split()]
    (info / "METADATA").write_text("\n".join(lines) + "\n")
    pure = not (source / "ext").is_dir()
    tag = "py3-none-any" if pure else "-".join((
        "cp" + sysconfig.get_config_var("py_version_nodot"),
        "cp" + sysconfig.get_config_var("py_version_nodot"),
        sysconfig.get_platform().replace("-", "_").replace(".", "_"),
    ))  # fmt: skip
    (info / "WHEEL").write_text(
        "Wheel-Version: 1.0\nGenerator: stand-in\n"
        f"Root-Is-Purelib: {str(pure).lower()}\nTag: {tag}\n"
    )
    if (source / "entry_points.txt").is_file():
        shutil.copyfile(source / "entry_points.txt", info / "entry_points.txt")
    return info


def compile_extension(file):
    """Compiles one C file; `package__module.c` becomes package/module."""
    target = SITE_PACKAGES.joinpath(*file.stem.split("__", 1))
    target = target.with_name(target.name + sysconfig.get_config_var("EXT_SUFFIX"))
    compiler = shutil.which("gcc", path=wrapper.HOST_PATH)
    if compiler is None:
        sys.exit("error: this machine has no gcc, which this package needs")
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        sys.exit("error: this machine's Python has no C headers, which this package needs")
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O2", "-I", sysconfig.get_path("include"), str(file),
         "-o", str(target)],
        check=True, env={"PATH": wrapper.HOST_PATH},
    )  # fmt: skip


def write_scripts(info):
    """Writes the scripts of the entry points."""
    file = info / "entry_points.txt"
    if not file.is_file():
        return
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str
    parser.read_string(file.read_text(encoding="utf-8"))
    for group in ("console_scripts", "gui_scripts"):
        if not parser.has_section(group):
            continue
        for name, target in parser.items(group):
            module, _, function = re.sub(r"\s*\[.*", "", target).partition(":")
            BIN.mkdir(exist_ok=True)
            (BIN / name).write_text(SCRIPT.format(
                interpreter=INTERPRETER,
                module=module.strip(),
                name=function.strip().partition(".")[0],
                function=function.strip(),
            ))  # fmt: skip
            (BIN / name).chmod(0o755)


def write_record(info):
    """Writes RECORD (PEP 376) of all that is there so far, as PyPA's installer does."""
    record = info / "RECORD"
    rows = []
    for file in sorted(path for path in OUT.rglob("*") if path.is_file() and path != record):
        digest = base64.urlsafe_b64encode(hashlib.sha256(file.read_bytes()).digest())
        name = os.path.relpath(file, SITE_PACKAGES)
        rows.append((name, f"sha256={digest.decode().rstrip('=')}", file.stat().st_size))
    rows.append((os.path.relpath(record, SITE_PACKAGES), "", ""))
    with record.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)


def closure(paths):
    """Returns store paths with all that they propagate, each once."""
    seen = []
    todo = list(paths)
    while todo:
        path = todo.pop(0)
        if path in seen:
            continue
        seen.append(path)
        propagated = Path(path, "nix-support", "propagated-build-inputs")
        if propagated.is_file():
            todo += propagated.read_text().split()
    return seen


def wrap_scripts(dependencies):
    """Makes the scripts find their modules, wherever they are started from."""
    if not BIN.is_dir():
        return
    roots = [path for path in (str(OUT), *dependencies) if path not in INTERPRETER]
    folders = [Path(path, os.environ["sitePackages"]) for path in roots]
    added = [str(folder) for folder in folders if folder.is_dir()]
    programs = [Path(INTERPRETER).parent, *(Path(path, "bin") for path in roots)]
    for script in sorted(BIN.iterdir()):
        head, newline, body = script.read_bytes().partition(b"\n")
        if not head.startswith(b"#!") or b"python" not in head:
            continue
        hidden = BIN / f".{script.name}-wrapped"
        line = (
            "import sys;import site;import functools;"
            f"sys.argv[0] = {str(script)!r};"
            "functools.reduce(lambda known, folder: site.addsitedir(folder, known), "
            f"{added!r}, site._init_pathinfo());"
        )
        hidden.write_bytes(f"#!{INTERPRETER}".encode() + newline + line.encode() + newline + body)
        hidden.chmod(0o755)
        script.unlink()
        wrapper.write(
            script, hidden, set_variables={"PYTHONNOUSERSITE": "true"},
            prefix_path=[path for path in programs if path.is_dir()], argv0=wrapper.INHERITED,
        )  # fmt: skip


def main():
    """Builds the package."""
    SITE_PACKAGES.mkdir(parents=True)
    if wheel := os.environ.get("wheel"):
        info = unpack_wheel(wheel)
    else:
        info = build_source(Path(os.environ["source"]))
    write_scripts(info)
    write_record(info)
    wrap_scripts(closure(os.environ["propagatedBuildInputs"].split()))
    subprocess.run(
        [INTERPRETER, "-I", "-B", "-m", "compileall", "-q", "-f", "-j", "0",
         str(SITE_PACKAGES)],
        check=False, stdout=subprocess.DEVNULL,
    )  # fmt: skip


main()
