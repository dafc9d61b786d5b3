"""What programs print when a thing is the matter: regular expressions for the line, by id.

For logs that users have, and for what Nix says when it cannot evaluate a flake.
"""

from __future__ import annotations

import re

_LINES: dict[str, tuple[str, ...]] = {
    "I1": (
        r"failed to create file [`'\"]?/nix/store/.*\.lock",
        r"(?=.*/nix/store/).*Read-only file system \(os error 30\)",
    ),
    "I2": (
        r"system interpreter required",
        r"No interpreter found for Python (?:[<>=~!]+)?3\.\d+(?![.\d])",
    ),
    "I3": (r"The interpreter at `?/nix/store/\S+ is externally managed",),
    "I4": (r"Removed virtual environment at",),
    "I5": (r"VIRTUAL_ENV=\S+` does not match the project environment path",),
    "I6": (
        r"/uv/python/.*(?:stub-ld|dynamically linked executable)",
        r"Could not start dynamically linked executable: \S*python",
    ),
    "I8": (r"No interpreter found for Python 3\.\d+\.\d+",),
    "I9": (r"error: externally-managed-environment",),
    "I10": (r"No module named '_sysconfigdata_",),
    "V1": (
        r"Broken symlink at `\S+`, was the underlying Python interpreter removed",
        r"linked to non-existent Python interpreter",
        r"bad interpreter: /nix/store/",
    ),
    "V3": (r"Permission denied.*\bactivate\b",),
    "V4": (r"(?=.*(?:\.venv/|site-packages))(?!.*\bactivate\b).*Permission denied",),
    "V8": (r"No module named '?pip'?$",),
    "V9": (r"No module named '_?tkinter'",),
    "L1": (
        r"lib(?:stdc\+\+\.so\.6|gcc_s\.so\.1|gomp\.so\.1|z\.so\.1): cannot open shared object file",
    ),
    "L2": (r"lib(?!(?:stdc\+\+|gcc_s|gomp|z|cuda)\.so)[\w.+-]+: cannot open shared object file",),
    "L4": (
        r"libcuda\.so\.1: cannot open shared object file",
        r"CUDA driver library cannot be found",
    ),
    "L5": (r"/sbin/ldconfig.*(?:No such file|not found)", r"No such file.*'/sbin/ldconfig'"),
    "L6": (
        r"Could not start dynamically linked executable: (?!\S*python)",
        r"/\.venv/bin/\S+: (?:No such file or directory|cannot execute: required file not found)",
    ),
    "L7": (r"Executable doesn't exist at \S*(?:chromium|firefox|webkit|ffmpeg)",),
    "L8": (r"\b(?:git|ssh|curl|sh|bash|sudo): .*version `GLIBC_[\d.]+' not found",),
    "L9": (
        r"ImportError: .*version `(?:GLIBC|GLIBCXX|CXXABI|GCC)_[\d.]+' not found",
        r"OSError: .*version `(?:GLIBC|GLIBCXX|CXXABI|GCC)_[\d.]+' not found",
    ),
    "L11": (
        r"fatal error: [\w./-]+\.h(?:pp)?: No such file or directory",
        r"cannot find -l\w+",
        r"Package \S+ was not found in the pkg-config search path",
    ),
    "L12": (r"xcrun: error", r"\.whl is not a supported wheel on this platform"),
    "E1": (r"Version mismatch: this is the 'cffi' package",),
    "E3": (r"ZIP does not support timestamps before 1980",),
    "E5": (
        r"/nix-(?:shell|develop)[.-]\S*: No such file or directory",
        r"No usable temporary directory found",
    ),
    "E6": (
        r"CERTIFICATE_VERIFY_FAILED",
        r"/no-cert-file\.crt",
        r"invalid peer certificate: UnknownIssuer",
    ),
    "E7": (r"setlocale: .*cannot change locale", r"unsupported locale setting"),
    "E8": (
        r"nix-direnv: Evaluating current devShell failed",
        r"Falling back to previous environment",
    ),
    "E11": (r"No module named '?ipykernel_launcher'?",),
    "F1": (r"path '\S+/flake\.nix' does not exist", r"is not tracked by Git"),
    "F11": (r"error: (?:infinite recursion encountered|syntax error, )",),
    "F4": (r"does not provide attribute '.*devShells?[.']",),
    "F5": (r"[Ee]xperimental (?:Nix )?feature '(?:nix-command|flakes)' is disabled",),
    "F6": (r"has an unfree license",),
    "F7": (
        r"attribute '(?:python\d+(?:Packages)?)' missing",
        r"python\d+ (?:has been|was) removed",
    ),
    "F8": (r"collision between", r"two different versions of"),
    "F9": (
        r"attribute '(?!python\d)[\w.-]+' missing",
        r"undefined variable '[\w-]+'",
    ),
}

MESSAGES = {name: re.compile("|".join(lines)) for name, lines in _LINES.items()}
