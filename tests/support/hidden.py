"""A mount namespace in which this machine lacks some of its files."""

from __future__ import annotations

import subprocess

from tests.support.lacking import lacking

_SCRIPT = """
if [ "$2" ]; then
  top=${3#/}
  top=/${top%%/*}
  mount -t tmpfs none /mnt
  mkdir /mnt/upper /mnt/work
  mount -t overlay none -o "lowerdir=$top,upperdir=/mnt/upper,workdir=/mnt/work" "$top"
fi
IFS=:
for name in $1; do
  for file in /lib/$name /lib64/$name /lib/*-linux-gnu/$name /usr/lib/$name /usr/lib64/$name \
    /usr/lib/*-linux-gnu/$name /usr/local/lib/$name /sbin/$name /usr/sbin/$name; do
    if [ -e "$file" ] && [ ! -L "$file" ]; then mount --bind /dev/null "$file"; fi
  done
done
unset IFS
if [ "$2" ]; then
  mkdir -p "$3"
  cp "$2"/* "$3"
fi
shift 3
exec "$@"
"""


def hiding(*names: str, driver: str = "", host: str = "/run/opengl-driver/lib") -> list[str]:
    """Give a command that runs the words behind it without this machine's files of these names.

    ``names`` are patterns (`libz.so.1*`), looked for where libraries and administrators' programs
    lie; ``driver`` is a folder whose files the folder ``host`` has as well, which is where NixOS
    keeps the GPU's driver. It needs a machine that allows mount namespaces.
    """
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c", _SCRIPT, "sh"]
    command += [":".join(names), driver, host]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        lacking("this machine allows no mount namespace")
    return command
