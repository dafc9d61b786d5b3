"""Writes wrappers of programs, as nixpkgs' makeBinaryWrapper does."""

import shlex
import shutil
import subprocess
from pathlib import Path

HOST_PATH = "/usr/local/bin:/usr/bin:/bin"

# What a program is told as its own name, where that is not its path: the name that the wrapper was
# called by, or the full path of that name where it was found on PATH.
INHERITED = "inherited"
RESOLVED = "resolved"

RESOLVE = """
static char *resolve(char *name) {
  const char *path = getenv("PATH");
  static char candidate[4096];
  if (strchr(name, '/') || !path) return name;
  while (*path) {
    size_t length = strcspn(path, ":");
    if (length && snprintf(candidate, sizeof candidate, "%.*s/%s", (int)length, path, name)
        < (int)sizeof candidate && access(candidate, X_OK) == 0) return candidate;
    path += length;
    if (*path) path++;
  }
  return name;
}
"""

PREFIX = """
static void prefix(const char *name, const char *value) {
  const char *old = getenv(name);
  char *joined = malloc(strlen(value) + (old ? strlen(old) : 0) + 2);
  if (!joined) abort();
  strcpy(joined, value);
  if (old) { strcat(joined, ":"); strcat(joined, old); }
  setenv(name, joined, 1);
}
"""


def quote(text):
    """Returns a C string literal."""
    return '"' + "".join(f"\\{ord(c):03o}" if c in '"\\?' or c < " " else c for c in text) + '"'


def write(target, program, *, set_variables=None, prefix_path=(), argv0=None):
    """Writes an executable that sets variables and then becomes a program.

    target: the file to write.
    program: what it becomes, an absolute path.
    set_variables: environment variables to set, a mapping of str to str.
    prefix_path: folders to put first on PATH.
    argv0: `INHERITED` or `RESOLVED`; None: the program's own path.
    """
    target = Path(target)
    compiler = shutil.which("gcc", path=HOST_PATH) or shutil.which("cc", path=HOST_PATH)
    if compiler is None:
        write_script(target, program, set_variables, prefix_path, argv0)
        return
    lines = [f"  setenv({quote(k)}, {quote(v)}, 1);" for k, v in (set_variables or {}).items()]
    if prefix_path:
        lines.append(f'  prefix("PATH", {quote(":".join(map(str, prefix_path)))});')
    name = {None: f"(char *){quote(str(program))}", RESOLVED: "resolve(argv[0])"}.get(argv0)
    lines += [f"  argv[0] = {name};"] if name else []
    lines += [f"  execv({quote(str(program))}, argv);", "  return 127;"]
    source = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n"
    source += (RESOLVE if argv0 == RESOLVED else "") + (PREFIX if prefix_path else "")
    source += "int main(int argc, char **argv) {\n  (void)argc;\n" + "\n".join(lines) + "\n}\n"
    subprocess.run(
        [compiler, "-Os", "-x", "c", "-", "-o", str(target)],
        input=source, text=True, check=True, env={"PATH": HOST_PATH},
    )  # fmt: skip


def write_script(target, program, set_variables, prefix_path, argv0):
    """Writes the same as a shell script, for a machine without a compiler."""
    lines = ["#!/bin/bash"]
    lines += [f"export {k}={shlex.quote(v)}" for k, v in (set_variables or {}).items()]
    if prefix_path:
        lines.append(f"PATH={shlex.quote(':'.join(map(str, prefix_path)))}:$PATH")
    # A script's $0 is a path already where the shell found it on PATH.
    name = '-a "$0" ' if argv0 else ""
    lines.append(f'exec {name}{program} "$@"')
    target.write_text("\n".join(lines) + "\n")
    target.chmod(0o755)
