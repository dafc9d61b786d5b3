"""A mount namespace in which this machine lacks some of its files."""

from __future__ import annotations

import subprocess

from tests.support.lacking import lacking

_SCRIPT = """
IFS=:
for name in $1; do
  for file in /lib/$name /lib64/$name /lib/*-linux-gnu/$name /usr/lib/$name /usr/lib64/$name \
    /usr/lib/*-linux-gnu/$name /usr/local/lib/$name /sbin/$name /usr/sbin/$name; do
    if [ -e "$file" ] && [ ! -L "$file" ]; then mount --bind /dev/null "$file"; fi
  done
done
if [ "$2" ]; then
  mount -t tmpfs none /run
  mkdir -p /run/opengl-driver/lib
  cp "$2" /run/opengl-driver/lib/
fi
unset IFS
shift 2
exec "$@"
"""


def hiding(*names: str, driver: str = "") -> list[str]:
    """Give a command that runs the words behind it without this machine's files of these names.

    ``names`` are patterns (`libz.so.1*`), looked for where libraries and administrators' programs
    lie; ``driver`` is a file to have in /run/opengl-driver/lib, as NixOS does. It needs a machine
    that allows mount namespaces.
    """
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c", _SCRIPT, "sh"]
    command += [":".join(names), driver]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        lacking("this machine allows no mount namespace")
    return command
